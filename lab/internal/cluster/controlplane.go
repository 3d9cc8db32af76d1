package cluster

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/daemon"
)

// controlPlane is the name of the control plane's namespaces.
const controlPlane = "control-plane"

func (l *Lab) startControlPlane(ctx context.Context) error {
	pid, err := l.ensureControlPlaneNamespaces()
	if err != nil {
		return err
	}
	specs := []daemon.Spec{l.forwardSpec(pid), l.outsideSpec(), l.etcdSpec(), l.apiserverSpec()}
	for _, spec := range specs {
		if spec.Name != "forward" {
			spec.Inside = pid
		}
		if err := l.daemons.Ensure(ctx, spec); err != nil {
			return err
		}
	}
	if err := l.daemons.WaitFor(ctx, "outside", "the registry", 20*time.Second, l.Registry().Ready); err != nil {
		return err
	}
	client, err := l.Client()
	if err != nil {
		return err
	}
	ready := func(ctx context.Context) error {
		return client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	}
	if err := l.daemons.WaitFor(ctx, "kube-apiserver", "the API server", 2*time.Minute, ready); err != nil {
		return err
	}
	for _, spec := range []daemon.Spec{l.controllerManagerSpec(), l.schedulerSpec()} {
		spec.Inside = pid
		if err := l.daemons.Ensure(ctx, spec); err != nil {
			return err
		}
	}
	return nil
}

// kubeSpec is one of the programs of the multi-call binary.
func (l *Lab) kubeSpec(name string, flags ...string) daemon.Spec {
	return daemon.Spec{Name: name, Path: l.programs.kube, Argv: append([]string{name}, flags...)}
}

func (l *Lab) forwardSpec(pid int) daemon.Spec {
	return daemon.Spec{Name: "forward", Path: l.programs.self, Argv: []string{
		ForwardName, fmt.Sprint(pid), fmt.Sprintf("127.0.0.1:%d", l.Settings.Port), controlPlaneIP + ":6443",
	}}
}

// Names by which this program is called as a component.
const (
	ForwardName = "crashlab-forward"
	OutsideName = "crashlab-outside"
)

// outsideSpec is the world outside the cluster: registries and a name server.
func (l *Lab) outsideSpec() daemon.Spec {
	return daemon.Spec{Name: "outside", Path: l.programs.self, Argv: []string{
		OutsideName, l.Home.Images(), l.Dir.PKI(), l.Registry().Socket, controlPlaneIP, azureDNS,
	}}
}

func (l *Lab) etcdSpec() daemon.Spec {
	const client, peer = "http://127.0.0.1:2379", "http://127.0.0.1:2380"
	return l.kubeSpec("etcd", "--name=lab", "--data-dir="+filepath.Join(l.Dir.State(), "etcd"),
		"--listen-client-urls="+client, "--advertise-client-urls="+client,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=lab="+peer,
		"--unsafe-no-fsync", "--log-level=warn")
}

func (l *Lab) apiserverSpec() daemon.Spec {
	return l.kubeSpec("kube-apiserver",
		"--advertise-address="+controlPlaneIP, "--bind-address=0.0.0.0", "--secure-port=6443",
		"--etcd-servers=http://127.0.0.1:2379", "--service-cluster-ip-range="+serviceCIDR,
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction", "--allow-privileged=true",
		"--event-ttl="+l.Settings.Profile.pace().eventTTL.String(),
		"--client-ca-file="+l.pkiFile("ca.crt"),
		"--tls-cert-file="+l.pkiFile("apiserver.crt"), "--tls-private-key-file="+l.pkiFile("apiserver.key"),
		"--kubelet-certificate-authority="+l.pkiFile("ca.crt"),
		"--kubelet-client-certificate="+l.pkiFile("apiserver-kubelet-client.crt"),
		"--kubelet-client-key="+l.pkiFile("apiserver-kubelet-client.key"),
		"--kubelet-preferred-address-types=InternalIP",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file="+l.pkiFile("sa.pub"), "--service-account-signing-key-file="+l.pkiFile("sa.key"),
		"--requestheader-client-ca-file="+l.pkiFile("front-proxy-ca.crt"),
		"--requestheader-allowed-names=front-proxy-client",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--requestheader-group-headers=X-Remote-Group", "--requestheader-username-headers=X-Remote-User",
		"--proxy-client-cert-file="+l.pkiFile("front-proxy-client.crt"),
		"--proxy-client-key-file="+l.pkiFile("front-proxy-client.key"),
		"--enable-aggregator-routing=true", "--profiling=false")
}

// faster lifts the client's limits, which on a small cluster only make scenarios wait.
var faster = []string{"--kube-api-qps=200", "--kube-api-burst=400", "--leader-elect=false", "--profiling=false", "--bind-address=127.0.0.1"}

func kubeconfigFlags(path string) []string {
	return []string{"--kubeconfig=" + path, "--authentication-kubeconfig=" + path, "--authorization-kubeconfig=" + path}
}

func (l *Lab) controllerManagerSpec() daemon.Spec {
	flags := append(kubeconfigFlags(l.pkiFile("kcm.kubeconfig")), faster...)
	return l.kubeSpec("kube-controller-manager", append(flags,
		"--use-service-account-credentials=true", "--root-ca-file="+l.pkiFile("ca.crt"),
		"--service-account-private-key-file="+l.pkiFile("sa.key"),
		"--cluster-signing-cert-file="+l.pkiFile("ca.crt"), "--cluster-signing-key-file="+l.pkiFile("ca.key"),
		"--requestheader-client-ca-file="+l.pkiFile("front-proxy-ca.crt"),
		"--allocate-node-cidrs=false", "--cluster-cidr="+podCIDR)...)
}

func (l *Lab) schedulerSpec() daemon.Spec {
	return l.kubeSpec("kube-scheduler", append(kubeconfigFlags(l.pkiFile("scheduler.kubeconfig")), faster...)...)
}

// writeIfChanged leaves an equal file alone: kube-proxy exits when its configuration is written to.
func writeIfChanged(path, text string) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == text {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
