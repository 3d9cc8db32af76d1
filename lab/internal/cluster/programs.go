package cluster

import (
	"context"

	"github.com/crashproof-dev/crashproof/lab/internal/gobuild"
	"github.com/crashproof-dev/crashproof/lab/internal/process"
)

// programs are the paths of what the lab runs.
type programs struct {
	self, pause, kube     string
	containerd, shim, ctr string // of containerd 2
}

func (l *Lab) buildPrograms(ctx context.Context) error {
	var err error
	if l.programs.self, err = gobuild.Self(l.Home.Bin()); err != nil {
		return err
	}
	l.daemons.Self = l.programs.self
	gobuild.PruneSelf(l.Home.Bin(), l.runsAnywhere)
	source := gobuild.Programs{LabDir: l.LabDir}
	kube, err := source.Kube()
	if err != nil {
		return err
	}
	wanted := []struct {
		path   *string
		target gobuild.Target
	}{{&l.programs.pause, source.Pause()}, {&l.programs.kube, kube}}
	for name, path := range map[string]*string{
		"containerd": &l.programs.containerd, "containerd-shim-runc-v2": &l.programs.shim, "ctr": &l.programs.ctr,
	} {
		target, err := source.Containerd(name)
		if err != nil {
			return err
		}
		wanted = append(wanted, struct {
			path   *string
			target gobuild.Target
		}{path, target})
	}
	for _, w := range wanted {
		if *w.path, err = gobuild.Build(ctx, l.Home.Bin(), w.target); err != nil {
			return err
		}
	}
	return nil
}

// runsAnywhere says whether a component of any instance was started from a program.
func (l *Lab) runsAnywhere(program string) bool {
	names, err := l.Home.Instances()
	if err != nil {
		return true
	}
	for _, name := range names {
		dir, err := l.Home.Instance(name)
		if err != nil {
			continue
		}
		book := process.Book{Dir: dir.Run()}
		for _, component := range book.Names() {
			if rec, running := book.Get(component); running && len(rec.Argv) > 0 && rec.Argv[0] == program {
				return true
			}
		}
	}
	return false
}
