package cluster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/crashproof-dev/crashproof/lab/internal/daemon"
	"github.com/crashproof-dev/crashproof/lab/internal/namespaces"
	"github.com/crashproof-dev/crashproof/lab/internal/pki"
)

// Both configurations pull from registries as any node does: by DNS, over TLS.
// The lab's name server and authority make these pulls end at the lab's registry.

const containerd1Config = `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs", "io.containerd.internal.v1.opt"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  restrict_oom_score_adj = %t
  sandbox_image = "registry.k8s.io/pause:3.10"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = %q
`

const containerd2Config = `version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs", "io.containerd.nri.v1.nri"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "registry.k8s.io/pause:3.10"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = %t
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
      SystemdCgroup = false
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = %q
`

const cniConfig = `{"cniVersion": "0.4.0", "name": "lab", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "ranges": [[{"subnet": %q}]], "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
`

// writeNodeFiles writes what has to be there before a node boots.
func (l *Lab) writeNodeFiles(n Node) error {
	etc := l.nodeEtc(n)
	form := containerd2Config
	if n.Pool.Runtime == Containerd1 {
		form = containerd1Config
	}
	files := map[string]string{
		"cni/10-lab.conflist": fmt.Sprintf(cniConfig, n.podSubnet()),
		"containerd.toml":     fmt.Sprintf(form, !mayLowerOOMScore(), filepath.Join(etc, "cni")),
		"resolv.conf":         "nameserver " + azureDNS + "\n",
		"hosts":               fmt.Sprintf("127.0.0.1 localhost\n%s %s\n", n.IP(), n.Name),
		"machine-id":          machineID(l.Dir.Name, n.Name) + "\n",
		"kubelet.yaml":        l.kubeletConfig(n),
		"kube-proxy.yaml":     l.proxyConfig(n),
	}
	for name, text := range files {
		if err := writeIfChanged(filepath.Join(etc, name), text); err != nil {
			return fmt.Errorf("writing the configuration of %s: %w", n.Alias, err)
		}
	}
	return nil
}

// machineID is the same in every life of a node and another on every node.
func machineID(instance, node string) string {
	sum := sha256.Sum256([]byte(instance + "/" + node))
	return hex.EncodeToString(sum[:16])
}

// mayLowerOOMScore says whether this process has CAP_SYS_RESOURCE. Without it
// nobody may lower an oom_score_adj (proc(5)), and runc would end with "can't
// get final child's PID from pipe: EOF".
func mayLowerOOMScore() bool {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false
	}
	var effective uint64
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "CapEff:"); ok {
			_, _ = fmt.Sscanf(strings.TrimSpace(rest), "%x", &effective)
		}
	}
	return effective&(1<<unix.CAP_SYS_RESOURCE) != 0
}

const basePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// runtimePrograms are the runtime's daemon and client, and where its shim is found.
func (l *Lab) runtimePrograms(n Node) (daemonPath, client, path string, err error) {
	if n.Pool.Runtime == Containerd1 {
		return "/usr/bin/containerd", "/usr/bin/ctr", basePath, nil
	}
	// containerd looks its shim up in PATH by name, the built one carries a hash.
	dir := filepath.Join(l.nodeEtc(n), "bin")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", "", "", err
	}
	link := filepath.Join(dir, "containerd-shim-runc-v2")
	if old, err := os.Readlink(link); err != nil || old != l.programs.shim {
		_ = os.Remove(link)
		if err := os.Symlink(l.programs.shim, link); err != nil {
			return "", "", "", err
		}
	}
	return l.programs.containerd, l.programs.ctr, dir + ":" + basePath, nil
}

func (l *Lab) startContainerd(ctx context.Context, n Node) error {
	pid, err := l.inside(n.namespaces())
	if err != nil {
		return err
	}
	program, client, path, err := l.runtimePrograms(n)
	if err != nil {
		return err
	}
	err = l.daemons.Ensure(ctx, daemon.Spec{
		Name: n.containerd(), Path: program, Inside: pid, Cgroup: "system/containerd",
		Argv: []string{"containerd", "--config", filepath.Join(l.nodeEtc(n), "containerd.toml"), "--log-level", "info"},
		Env:  []string{"PATH=" + path, "SSL_CERT_FILE=" + l.pkiFile(pki.OutsideCA+".crt")},
	})
	if err != nil {
		return err
	}
	return l.daemons.WaitFor(ctx, n.containerd(), "containerd on "+n.Alias, time.Minute, func(context.Context) error {
		out, err := namespaces.Output(pid, &exec.Cmd{Path: client, Args: []string{"ctr", "--connect-timeout", "2s", "version"}, Dir: "/"})
		if err != nil {
			return errors.Join(err, errors.New(strings.TrimSpace(string(out))))
		}
		return nil
	})
}
