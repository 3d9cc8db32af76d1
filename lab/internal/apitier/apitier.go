// Package apitier runs etcd and kube-apiserver alone, on loopback, without root
// and namespaces: enough for tests that write the objects they want to see.
// Nothing schedules or runs pods.
package apitier

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/client-go/discovery"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/daemon"
	"github.com/crashproof-dev/crashproof/lab/internal/filelock"
	"github.com/crashproof-dev/crashproof/lab/internal/gobuild"
	"github.com/crashproof-dev/crashproof/lab/internal/home"
	"github.com/crashproof-dev/crashproof/lab/internal/pki"
	"github.com/crashproof-dev/crashproof/lab/internal/process"
)

// Tier is one instance.
type Tier struct {
	Home   home.Home
	Dir    home.Instance
	LabDir string
}

// ports are loopback ports that were free when the tier was first started.
type ports struct{ api, etcd, peer int }

func (p ports) etcdURL() string { return fmt.Sprintf("http://127.0.0.1:%d", p.etcd) }

func (t Tier) etcdFile() string { return filepath.Join(t.Dir.State(), "etcd.url") }

// Etcd is where the tier's etcd is reached, for what has to be written below the API server: objects with a past.
func (t Tier) Etcd() (string, error) {
	url, err := os.ReadFile(t.etcdFile())
	if err != nil {
		return "", fmt.Errorf("the API tier's etcd: %w", err)
	}
	return string(url), nil
}

func (t Tier) daemons(self string) daemon.Supervisor {
	return daemon.Supervisor{Self: self, Book: process.Book{Dir: t.Dir.Run()}, LogDir: t.Dir.Log()}
}

// Up starts both programs, unless they run, and waits until the API answers.
func (t Tier) Up(ctx context.Context) error {
	if err := t.Dir.Make(); err != nil {
		return err
	}
	release, err := filelock.Take(ctx, filepath.Join(t.Dir.Dir, "lock"))
	if err != nil {
		return err
	}
	defer release()
	self, err := gobuild.Self(t.Home.Bin())
	if err != nil {
		return err
	}
	program, err := t.program(ctx)
	if err != nil {
		return err
	}
	d := t.daemons(self)
	if d.Running("etcd") && d.Running("kube-apiserver") {
		return t.ready(ctx, d)
	}
	if err := t.stop(ctx, d); err != nil {
		return err
	}
	return t.start(ctx, d, program)
}

// program prefers the binary of the whole cluster when it is there: it has both parts too.
func (t Tier) program(ctx context.Context) (string, error) {
	programs := gobuild.Programs{LabDir: t.LabDir}
	whole, err := programs.Kube()
	if err != nil {
		return "", err
	}
	if path, ok := gobuild.Built(t.Home.Bin(), whole); ok {
		return path, nil
	}
	small, err := programs.KubeAPI()
	if err != nil {
		return "", err
	}
	return gobuild.Build(ctx, t.Home.Bin(), small)
}

func (t Tier) start(ctx context.Context, d daemon.Supervisor, program string) error {
	var p ports
	for _, port := range []*int{&p.api, &p.etcd, &p.peer} {
		var err error
		if *port, err = cluster.FreePort(); err != nil {
			return err
		}
	}
	// What was stored belongs to the previous certificates and ports.
	for _, dir := range []string{t.Dir.PKI(), t.Dir.State()} {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := t.Dir.Make(); err != nil {
		return err
	}
	server := fmt.Sprintf("https://127.0.0.1:%d", p.api)
	if err := (pki.Cluster{Dir: t.Dir.PKI(), ServerHosts: []string{"10.0.0.1"}, Inner: server, Outer: server}).Make(); err != nil {
		return err
	}
	if err := os.WriteFile(t.etcdFile(), []byte(p.etcdURL()), 0o600); err != nil {
		return err
	}
	for _, spec := range []daemon.Spec{t.etcd(program, p), t.apiserver(program, p)} {
		if err := d.Ensure(ctx, spec); err != nil {
			return err
		}
	}
	return t.ready(ctx, d)
}

func (t Tier) etcd(program string, p ports) daemon.Spec {
	client, peer := p.etcdURL(), fmt.Sprintf("http://127.0.0.1:%d", p.peer)
	return daemon.Spec{Name: "etcd", Path: program, Argv: []string{
		"etcd", "--name=api", "--data-dir=" + filepath.Join(t.Dir.State(), "etcd"),
		"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer, "--initial-cluster=api=" + peer,
		"--unsafe-no-fsync", "--log-level=warn", "--quota-backend-bytes=8589934592", // large populations
	}}
}

func (t Tier) apiserver(program string, p ports) daemon.Spec {
	file := func(name string) string { return filepath.Join(t.Dir.PKI(), name) }
	return daemon.Spec{Name: "kube-apiserver", Path: program, Argv: []string{
		"kube-apiserver", "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--endpoint-reconciler-type=none",
		fmt.Sprintf("--secure-port=%d", p.api), "--etcd-servers=" + p.etcdURL(),
		"--service-cluster-ip-range=10.0.0.0/24", "--authorization-mode=RBAC", "--disable-admission-plugins=ServiceAccount",
		"--client-ca-file=" + file("ca.crt"),
		"--tls-cert-file=" + file("apiserver.crt"), "--tls-private-key-file=" + file("apiserver.key"),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + file("sa.pub"), "--service-account-signing-key-file=" + file("sa.key"),
		"--kubelet-preferred-address-types=InternalIP", "--profiling=false",
	}}
}

func (t Tier) ready(ctx context.Context, d daemon.Supervisor) error {
	config, err := clientcmd.BuildConfigFromFlags("", t.Dir.Kubeconfig())
	if err != nil {
		return err
	}
	client, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return err
	}
	return d.WaitFor(ctx, "kube-apiserver", "the API server", time.Minute, func(ctx context.Context) error {
		return client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	})
}

// Down ends both programs and removes the instance's folder.
func (t Tier) Down(ctx context.Context) error {
	if err := t.stop(ctx, t.daemons("")); err != nil {
		return err
	}
	return os.RemoveAll(t.Dir.Dir)
}

func (t Tier) stop(ctx context.Context, d daemon.Supervisor) error {
	for _, name := range []string{"kube-apiserver", "etcd"} {
		if err := d.Stop(ctx, name, syscall.SIGTERM, 10*time.Second); err != nil {
			return err
		}
	}
	return nil
}
