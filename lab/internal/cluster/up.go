package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/crashproof-dev/crashproof/lab/internal/cgroup"
	"github.com/crashproof-dev/crashproof/lab/internal/filelock"
	"github.com/crashproof-dev/crashproof/lab/internal/hostpackages"
	"github.com/crashproof-dev/crashproof/lab/internal/pki"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
	"github.com/crashproof-dev/crashproof/lab/internal/sysctl"
)

// machineSettings are kernel settings that the nodes need; the kubelet itself
// changes the first three (pkg/kubelet/cm, setupKernelTunables).
var machineSettings = []string{"vm.overcommit_memory", "kernel.panic", "kernel.panic_on_oops", "fs.inotify.max_user_instances"}

// systemImages are needed before any pod runs.
var systemImages = []string{"pause", "busybox", "coredns", "metrics-server"}

// Up starts what is not running and waits until the cluster is ready. After an
// error or an interruption, Down cleans up what was started.
func (l *Lab) Up(ctx context.Context, stages *progress.Stages) error {
	if os.Geteuid() != 0 {
		return errors.New("starting the lab: it needs root, for namespaces and control groups; `crashlab api-up` works without")
	}
	if err := l.Dir.VisibleInNodes(); err != nil {
		return err
	}
	if _, err := cgroup.Hierarchies(); err != nil {
		return err
	}
	if err := l.Dir.Make(); err != nil {
		return err
	}
	release, err := filelock.Take(ctx, filepath.Join(l.Dir.Dir, "lock"))
	if err != nil {
		return err
	}
	defer release()
	if err := l.prepare(ctx, stages); err != nil {
		return err
	}
	return l.start(ctx, stages)
}

// InstallPackages installs what the lab needs of Debian and is missing.
func (l *Lab) InstallPackages(ctx context.Context) error {
	if err := os.MkdirAll(l.Home.Root, 0o755); err != nil {
		return err
	}
	return hostpackages.Ensure(ctx, filepath.Join(l.Home.Root, "apt.log"))
}

// prepare makes everything that can be made before a process starts.
func (l *Lab) prepare(ctx context.Context, stages *progress.Stages) error {
	if err := l.InstallPackages(ctx); err != nil {
		return err
	}
	stages.Done("Debian packages")
	if err := l.buildPrograms(ctx); err != nil {
		return err
	}
	stages.Done("programs")
	if err := l.BuildImages(ctx, systemImages...); err != nil {
		return err
	}
	stages.Done("images of the system")
	var err error
	if l.Settings.Port == 0 {
		if l.Settings.Port, err = FreePort(); err != nil {
			return err
		}
	}
	if err := l.Settings.save(l.Dir); err != nil {
		return err
	}
	nodes := map[string]string{}
	for _, n := range l.Settings.Nodes() {
		nodes[n.Name] = n.IP()
	}
	certificates := pki.Cluster{
		Dir: l.Dir.PKI(), ServerHosts: []string{controlPlaneIP, "10.0.0.1"}, Nodes: nodes,
		Inner: "https://" + controlPlaneIP + ":6443", Outer: fmt.Sprintf("https://127.0.0.1:%d", l.Settings.Port),
	}
	return certificates.Make()
}

func (l *Lab) start(ctx context.Context, stages *progress.Stages) error {
	keeper := l.sysctls()
	if err := keeper.Save(machineSettings...); err != nil {
		return err
	}
	if err := sysctl.Set("fs.inotify.max_user_instances", "1024"); err != nil {
		return err
	}
	if err := l.startControlPlane(ctx); err != nil {
		return err
	}
	stages.Done("control plane")
	// Before the nodes, so that the first pods need not wait for a later round of the scheduler.
	if err := l.applyAddons(ctx); err != nil {
		return err
	}
	group, groupCtx := errgroup.WithContext(ctx)
	for _, n := range l.Settings.Nodes() {
		group.Go(func() error { return l.startNode(groupCtx, n) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	stages.Done("%d nodes ready", len(l.Settings.Nodes()))
	if err := l.waitAddons(ctx, 3*time.Minute); err != nil {
		return err
	}
	stages.Done("cluster DNS and metrics")
	return nil
}
