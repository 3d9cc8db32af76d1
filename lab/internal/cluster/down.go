package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/cgroup"
	"github.com/crashproof-dev/crashproof/lab/internal/filelock"
)

// Down ends every process of the instance and removes what it left: control
// groups, its folder, and, after the last lab of the machine, changed kernel
// settings. Logs go with the folder unless keepLogs.
func (l *Lab) Down(ctx context.Context, keepLogs bool) error {
	if _, err := os.Stat(l.Dir.Dir); os.IsNotExist(err) {
		return nil
	}
	release, err := filelock.Take(ctx, filepath.Join(l.Dir.Dir, "lock"))
	if err != nil {
		return err
	}
	defer release()
	if err := l.stopAll(ctx); err != nil {
		return err
	}
	if err := cgroup.Remove(ctx, l.cgroup()); err != nil {
		return err
	}
	if err := l.restoreMachine(); err != nil {
		return err
	}
	return l.removeFiles(keepLogs)
}

// stopAll goes from what uses to what is used; the first processes of the
// namespaces come last, and the kernel ends with them whatever is left inside.
func (l *Lab) stopAll(ctx context.Context) error {
	for _, prefixes := range [][]string{
		{"kubelet-", "kube-proxy-", "kube-scheduler", "kube-controller-manager", "forward"},
		{"kube-apiserver", "containerd-", "outside"},
		{"etcd"},
	} {
		if err := l.stopMatching(ctx, syscall.SIGTERM, prefixes); err != nil {
			return err
		}
	}
	return l.stopMatching(ctx, syscall.SIGKILL, []string{"node-", controlPlane})
}

func (l *Lab) stopMatching(ctx context.Context, sig syscall.Signal, prefixes []string) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed []error
	for _, name := range l.daemons.Book.Names() {
		if !hasPrefix(name, prefixes) {
			continue
		}
		wg.Go(func() {
			if err := l.daemons.Stop(ctx, name, sig, 5*time.Second); err != nil {
				mu.Lock()
				failed = append(failed, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return errors.Join(failed...)
}

func hasPrefix(name string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// restoreMachine puts kernel settings back unless another instance still runs.
func (l *Lab) restoreMachine() error {
	names, err := l.Home.Instances()
	if err != nil {
		return err
	}
	for _, name := range names {
		if name == l.Dir.Name {
			continue
		}
		other, _, err := Open(l.Home, name, l.LabDir)
		if err == nil && other.daemons.Running(controlPlane) {
			return nil
		}
	}
	return l.sysctls().Restore()
}

func (l *Lab) removeFiles(keepLogs bool) error {
	dirs := []string{l.Dir.Run(), l.Dir.State(), l.Dir.PKI(), l.Dir.Etc(), settingsFile(l.Dir)}
	if !keepLogs {
		dirs = []string{l.Dir.Dir}
	}
	for _, dir := range dirs {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("removing the files of instance %s: %w", l.Dir.Name, err)
		}
	}
	return nil
}
