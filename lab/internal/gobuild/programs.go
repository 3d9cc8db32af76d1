package gobuild

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Programs are the targets of the lab whose Go module is in labDir.
type Programs struct{ LabDir string }

// Pause is PID 1 of nodes and of pods' sandboxes.
func (p Programs) Pause() Target {
	return Target{Name: "pause", Dir: p.dir("pause"), Package: ".", Sources: []string{"main.go"}}
}

// Kube is etcd and all of Kubernetes in one binary.
func (p Programs) Kube() (Target, error) { return p.kube("kubelab") }

// KubeAPI is etcd and kube-apiserver in one binary.
func (p Programs) KubeAPI() (Target, error) { return p.kube("kubelab-api") }

func (p Programs) kube(name string) (Target, error) {
	dir := p.dir("kube")
	version, err := Version(dir, "k8s.io/kubernetes")
	if err != nil {
		return Target{}, err
	}
	minor := strings.Split(version, ".")[1]
	const pkg = "k8s.io/component-base/version."
	flags := fmt.Sprintf("-X %sgitVersion=%s -X %sgitMajor=1 -X %sgitMinor=%s -X %sgitTreeState=clean", pkg, version, pkg, pkg, minor, pkg)
	return Target{Name: name, Dir: dir, Package: "./cmd/" + name, LDFlags: flags, Sources: []string{"cmd/" + name}}, nil
}

// Containerd is one of containerd's programs: containerd, containerd-shim-runc-v2 or ctr.
func (p Programs) Containerd(name string) (Target, error) {
	const module = "github.com/containerd/containerd/v2"
	dir := p.dir("containerd")
	version, err := Version(dir, module)
	if err != nil {
		return Target{}, err
	}
	return Target{Name: name, Dir: dir, Package: module + "/cmd/" + name, LDFlags: "-X " + module + "/version.Version=" + version}, nil
}

// CoreDNS answers the cluster's names.
func (p Programs) CoreDNS() Target {
	return Target{Name: "coredns", Dir: p.dir("coredns"), Package: ".", Sources: []string{"main.go"}}
}

// MetricsServer serves metrics.k8s.io.
func (p Programs) MetricsServer() Target {
	return Target{Name: "metrics-server", Dir: p.dir("metrics-server"), Package: "sigs.k8s.io/metrics-server/cmd/metrics-server"}
}

func (p Programs) dir(name string) string { return filepath.Join(p.LabDir, "build", name) }

// Version reads which version of a module the go.mod in dir requires.
func Version(dir, module string) (string, error) {
	file, err := os.Open(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", fmt.Errorf("reading the version of %s: %w", module, err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(lines.Text()), "require "))
		if len(fields) >= 2 && fields[0] == module {
			return fields[1], nil
		}
	}
	return "", fmt.Errorf("%s requires no %s", file.Name(), module)
}
