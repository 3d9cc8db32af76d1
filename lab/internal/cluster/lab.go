package cluster

import (
	"context"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/daemon"
	"github.com/crashproof-dev/crashproof/lab/internal/home"
	"github.com/crashproof-dev/crashproof/lab/internal/process"
	"github.com/crashproof-dev/crashproof/lab/internal/registry"
	"github.com/crashproof-dev/crashproof/lab/internal/sysctl"
)

// Lab is one instance.
type Lab struct {
	Home     home.Home
	Dir      home.Instance
	LabDir   string // the Go module of the lab, with build/, images/ and scenarios/
	Settings Settings

	programs programs
	daemons  daemon.Supervisor
}

// Open returns the lab of an instance; its settings are those it was started with, if it was.
func Open(h home.Home, instance, labDir string) (*Lab, bool, error) {
	dir, err := h.Instance(instance)
	if err != nil {
		return nil, false, err
	}
	settings, started, err := LoadSettings(dir)
	if err != nil {
		return nil, false, err
	}
	l := &Lab{Home: h, Dir: dir, LabDir: labDir, Settings: settings}
	l.daemons = daemon.Supervisor{Book: process.Book{Dir: dir.Run()}, LogDir: dir.Log()}
	return l, started, nil
}

// Registry is the control socket of the lab's registry.
func (l *Lab) Registry() registry.Control {
	return registry.Control{Socket: l.Dir.RegistrySocket()}
}

func (l *Lab) sysctls() sysctl.Keeper {
	return sysctl.Keeper{File: filepath.Join(l.Home.Root, "sysctls.json")}
}

// inside is the PID of the first process of a set of namespaces.
func (l *Lab) inside(name string) (int, error) {
	rec, running := l.daemons.Book.Get(name)
	if !running {
		return 0, fmt.Errorf("%s is not running; `crashlab up` starts it", name)
	}
	return rec.PID, nil
}

func (l *Lab) stop(ctx context.Context, name string) error {
	return l.daemons.Stop(ctx, name, syscall.SIGTERM, 5*time.Second)
}
