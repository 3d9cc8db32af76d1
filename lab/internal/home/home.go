// Package home names the directories that the lab keeps its things in.
//
// Everything lies under one directory: what is expensive to make and shared by
// all labs of a machine (bin, images, debs), and one folder for each instance
// of the lab.
package home

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Home is the directory under which everything of the lab lies.
type Home struct{ Root string }

// Default is $CRASHPROOF_LAB_HOME, else crashproof-lab in the user's cache directory.
func Default() (Home, error) {
	if dir := os.Getenv("CRASHPROOF_LAB_HOME"); dir != "" {
		abs, err := filepath.Abs(dir)
		return Home{abs}, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return Home{}, fmt.Errorf("finding a directory for the lab: %w; set CRASHPROOF_LAB_HOME", err)
	}
	return Home{filepath.Join(cache, "crashproof-lab")}, nil
}

// Bin holds the programs that were built, each named with the hash of its sources.
func (h Home) Bin() string { return filepath.Join(h.Root, "bin") }

// Images is an OCI image layout with every image of the lab.
func (h Home) Images() string { return filepath.Join(h.Root, "images") }

// Debs holds the Debian packages that images are made of.
func (h Home) Debs() string { return filepath.Join(h.Root, "debs") }

// Instances lists the names of the instances that have a folder.
func (h Home) Instances() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(h.Root, "instances"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Instance is the folder of one lab.
type Instance struct{ Name, Dir string }

// instanceName keeps names usable as a directory, a control group and a host name.
var instanceName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$`)

// Instance returns the folder of the instance with this name.
func (h Home) Instance(name string) (Instance, error) {
	if !instanceName.MatchString(name) {
		return Instance{}, fmt.Errorf("instance name %q: use up to 20 lower-case letters, digits and inner dashes", name)
	}
	return Instance{Name: name, Dir: filepath.Join(h.Root, "instances", name)}, nil
}

// Run holds what describes the running processes.
func (i Instance) Run() string { return filepath.Join(i.Dir, "run") }

// Log holds one log file for each component.
func (i Instance) Log() string { return filepath.Join(i.Dir, "log") }

// State holds etcd's data and the nodes' disks.
func (i Instance) State() string { return filepath.Join(i.Dir, "state") }

// PKI holds the certificates and kubeconfigs.
func (i Instance) PKI() string { return filepath.Join(i.Dir, "pki") }

// Etc holds the components' configuration.
func (i Instance) Etc() string { return filepath.Join(i.Dir, "etc") }

// Kubeconfig is the administrator's.
func (i Instance) Kubeconfig() string { return filepath.Join(i.PKI(), "admin.kubeconfig") }

// Make creates the folders of the instance.
func (i Instance) Make() error {
	for _, dir := range []string{i.Run(), i.Log(), i.State(), i.PKI(), i.Etc()} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("making the folders of instance %s: %w", i.Name, err)
		}
	}
	return nil
}

// longestSocket is what fits into an address of a unix socket (unix(7)).
const longestSocket = 107

// VisibleInNodes says whether the instance can be used from inside a node. A
// node covers /var/lib, /var/log and /run with directories of its own.
func (i Instance) VisibleInNodes() error {
	for _, covered := range []string{"/var/lib/", "/var/log/", "/run/", "/sys/", "/proc/"} {
		if strings.HasPrefix(i.Dir+"/", covered) {
			return fmt.Errorf("the lab's directory %s lies under %s, which every node of the lab covers with its own; set CRASHPROOF_LAB_HOME to another place", i.Dir, covered)
		}
	}
	if socket := i.RegistrySocket(); len(socket) > longestSocket {
		return fmt.Errorf("the path %s is longer than a socket's may be (%d bytes); set CRASHPROOF_LAB_HOME to a shorter one", socket, longestSocket)
	}
	return nil
}

// RegistrySocket is where the lab's registry takes orders.
func (i Instance) RegistrySocket() string { return filepath.Join(i.Run(), "registry.sock") }
