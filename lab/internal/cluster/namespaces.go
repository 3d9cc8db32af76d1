package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"

	"github.com/crashproof-dev/crashproof/lab/internal/cgroup"
	"github.com/crashproof-dev/crashproof/lab/internal/namespaces"
	"github.com/crashproof-dev/crashproof/lab/internal/sysctl"
)

// ensureNamespaces returns the PID of a set's first process and whether the set is new.
func (l *Lab) ensureNamespaces(name, subtree string) (pid int, fresh bool, err error) {
	if rec, running := l.daemons.Book.Get(name); running {
		return rec.PID, false, nil
	}
	log, err := os.OpenFile(l.daemons.Log(name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = log.Close() }()
	pid, err = namespaces.Create(namespaces.Options{Self: l.programs.self, Reaper: l.programs.pause, Cgroup: subtree, Log: log})
	if err != nil {
		return 0, false, fmt.Errorf("%s: %w", name, err)
	}
	return pid, true, l.daemons.Book.Add(name, pid, []string{l.programs.pause}, log.Name())
}

func (l *Lab) ensureControlPlaneNamespaces() (int, error) {
	pid, fresh, err := l.ensureNamespaces(controlPlane, "")
	if err != nil || !fresh {
		return pid, err
	}
	return pid, namespaces.Do(pid, func() error {
		if err := unix.Sethostname([]byte("lab-control-plane")); err != nil {
			return err
		}
		if err := mount("tmpfs", "/run", "tmpfs", 0, ""); err != nil {
			return err
		}
		if err := setUpControlPlaneNetwork(); err != nil {
			return err
		}
		return sysctl.Set("net.ipv4.ip_forward", "1")
	})
}

// ensureNodeNamespaces makes what a machine has when it has booted.
func (l *Lab) ensureNodeNamespaces(ctx context.Context, n Node) (int, error) {
	if rec, running := l.daemons.Book.Get(n.namespaces()); running {
		return rec.PID, nil
	}
	// What a killed node left behind; a reboot would clear it too.
	if err := cgroup.Remove(ctx, l.nodeCgroup(n)); err != nil {
		return 0, err
	}
	if err := cgroup.Make(l.nodeCgroup(n)); err != nil {
		return 0, err
	}
	if err := writeIfChanged(filepath.Join(l.nodeEtc(n), "boot_id"), uuid.NewString()+"\n"); err != nil {
		return 0, err
	}
	pid, _, err := l.ensureNamespaces(n.namespaces(), l.nodeCgroup(n))
	if err != nil {
		return 0, err
	}
	cpPID, err := l.inside(controlPlane)
	if err != nil {
		return 0, err
	}
	if err := l.connect(n, pid, cpPID); err != nil {
		return 0, err
	}
	// Asked here: inside, /proc does not know this process.
	hierarchies, err := cgroup.Hierarchies()
	if err != nil {
		return 0, err
	}
	return pid, namespaces.Do(pid, func() error { return l.boot(n, hierarchies) })
}

// boot runs inside a node's new namespaces.
func (l *Lab) boot(n Node, hierarchies []cgroup.Hierarchy) error {
	if err := unix.Sethostname([]byte(n.Name)); err != nil {
		return fmt.Errorf("naming the host %s: %w", n.Name, err)
	}
	// The kubelet needs mounts to travel between it and containers.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_SHARED, ""); err != nil {
		return fmt.Errorf("sharing the mounts: %w", err)
	}
	if err := l.mountNodeFiles(n); err != nil {
		return err
	}
	if err := mountControlGroups(hierarchies); err != nil {
		return err
	}
	for key, value := range map[string]string{
		"net.ipv4.ip_forward": "1", "net.bridge.bridge-nf-call-iptables": "1", "net.ipv4.conf.all.route_localnet": "1",
	} {
		if err := sysctl.Set(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lab) mountNodeFiles(n Node) error {
	// The whole of /var/lib and /var/log are the node's own, so that the paths in
	// messages are those of any node and nothing has to exist on the machine.
	state, etc := l.nodeState(n), l.nodeEtc(n)
	for _, dir := range []string{"lib/kubelet", "lib/containerd", "lib/cni", "log/pods", "log/containers"} {
		if err := os.MkdirAll(filepath.Join(state, dir), 0o755); err != nil {
			return err
		}
	}
	binds := [][2]string{{filepath.Join(state, "lib"), "/var/lib"}, {filepath.Join(state, "log"), "/var/log"}}
	if err := mount("tmpfs", "/run", "tmpfs", 0, ""); err != nil {
		return err
	}
	for _, b := range binds {
		if err := mount(b[0], b[1], "", unix.MS_BIND, ""); err != nil {
			return err
		}
	}
	for name, target := range map[string]string{
		"resolv.conf": "/etc/resolv.conf", "hosts": "/etc/hosts", "machine-id": "/etc/machine-id",
		// The kubelet tells a reboot by this number.
		"boot_id": "/proc/sys/kernel/random/boot_id",
	} {
		if err := bindFile(filepath.Join(etc, name), target); err != nil {
			return err
		}
	}
	return nil
}

// bindFile covers a file that may be a link into /run, which is empty now.
func bindFile(source, target string) error {
	if link, err := os.Readlink(target); err == nil {
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(target), link)
		}
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			return err
		}
		file, err := os.OpenFile(link, os.O_CREATE, 0o644)
		if err != nil {
			return err
		}
		_ = file.Close()
	}
	if _, err := os.Stat(target); os.IsNotExist(err) {
		return nil // this machine does without
	}
	return mount(source, target, "", unix.MS_BIND, "")
}

func mountControlGroups(hierarchies []cgroup.Hierarchy) error {
	if err := mount("sysfs", "/sys", "sysfs", 0, ""); err != nil {
		return err
	}
	if err := mount("tmpfs", cgroup.Root, "tmpfs", 0, "mode=755"); err != nil {
		return err
	}
	for _, h := range hierarchies {
		dir := filepath.Join(cgroup.Root, h.Dir())
		if err := os.Mkdir(dir, 0o755); err != nil {
			return err
		}
		if err := mount("cgroup", dir, "cgroup", 0, h.MountOptions()); err != nil {
			return err
		}
		for _, c := range h.Controllers {
			if c != h.Dir() {
				if err := os.Symlink(h.Dir(), filepath.Join(cgroup.Root, c)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func mount(source, target, kind string, flags uintptr, data string) error {
	if err := unix.Mount(source, target, kind, flags, data); err != nil {
		return fmt.Errorf("mounting %s on %s: %w", source, target, err)
	}
	return nil
}
