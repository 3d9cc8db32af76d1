package cgroup

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Root is where hierarchies are mounted, on the machine and inside each node.
const Root = "/sys/fs/cgroup"

// Hierarchy is one mounted tree of version 1 with the controllers it carries.
type Hierarchy struct {
	Controllers []string // cpu and cpuacct may share one
	Named       bool     // a tree without controllers, such as systemd's
}

// Dir is the name of the mount point under [Root].
func (h Hierarchy) Dir() string { return strings.Join(h.Controllers, ",") }

// MountOptions are what mount(2) wants as data.
func (h Hierarchy) MountOptions() string {
	if h.Named {
		return "none,name=" + h.Dir()
	}
	return h.Dir()
}

// needed are the controllers without which the kubelet or runc does not start a container.
var needed = []string{"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids"}

// Hierarchies lists those of this machine that nodes need.
func Hierarchies() ([]Hierarchy, error) {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, fmt.Errorf("listing the control group hierarchies: %w", err)
	}
	return parse(string(text))
}

// parse reads lines such as "4:cpu,cpuacct:/" and "1:name=systemd:/" (cgroups(7)).
func parse(text string) ([]Hierarchy, error) {
	var found []Hierarchy
	have := map[string]bool{}
	for line := range strings.Lines(text) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 || parts[1] == "" { // "0::/" is version 2
			continue
		}
		if name, ok := strings.CutPrefix(parts[1], "name="); ok {
			if name == "systemd" {
				found = append(found, Hierarchy{Controllers: []string{name}, Named: true})
			}
			continue
		}
		controllers := strings.Split(parts[1], ",")
		wanted := false
		for _, c := range controllers {
			have[c] = true
			wanted = wanted || contains(needed, c)
		}
		if wanted {
			found = append(found, Hierarchy{Controllers: controllers})
		}
	}
	for _, c := range needed {
		if !have[c] {
			return nil, fmt.Errorf("this machine mounts no cgroup v1 hierarchy for %s; the lab's nodes need version 1 (boot with systemd.unified_cgroup_hierarchy=0), only `crashlab api-up` works without", c)
		}
	}
	return found, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func path(h Hierarchy, subtree string) string { return filepath.Join(Root, h.Dir(), subtree) }
