package daemon

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/namespaces"
	"github.com/crashproof-dev/crashproof/lab/internal/process"
)

// Spec describes a component.
type Spec struct {
	Name   string   // of the record and the log
	Path   string   // the program
	Argv   []string // its arguments; Argv[0] is the name it is called by
	Env    []string // added to the environment
	Inside int      // a process in whose namespaces it runs; 0 for those of the lab's program
	Cgroup string   // control group to join, as seen inside
}

// Supervisor starts and stops the components of one instance.
type Supervisor struct {
	Self   string // this program, for the step between fork and exec
	Book   process.Book
	LogDir string
}

// Log is the path of a component's log file.
func (s Supervisor) Log(name string) string { return filepath.Join(s.LogDir, name+".log") }

// Ensure starts the component unless it runs already with the same command
// line and environment; with another one it is restarted.
func (s Supervisor) Ensure(ctx context.Context, spec Spec) error {
	identity := slices.Concat([]string{spec.Path}, spec.Argv, spec.Env)
	if rec, running := s.Book.Get(spec.Name); running {
		if slices.Equal(rec.Argv, identity) {
			return nil
		}
		if err := s.Stop(ctx, spec.Name, syscall.SIGTERM, 10*time.Second); err != nil {
			return err
		}
	}
	log, err := os.OpenFile(s.Log(spec.Name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("opening the log of %s: %w", spec.Name, err)
	}
	defer func() { _ = log.Close() }()
	cmd := s.command(spec, log)
	if spec.Inside != 0 {
		err = namespaces.Start(spec.Inside, cmd)
	} else {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("starting %s (%s): %w", spec.Name, spec.Path, err)
	}
	go func() { _ = cmd.Wait() }() // a zombie would look like a process
	if err := s.Book.Add(spec.Name, cmd.Process.Pid, identity, s.Log(spec.Name)); err != nil {
		return fmt.Errorf("%s ended at once: %s", spec.Name, s.Tail(spec.Name))
	}
	return nil
}

func (s Supervisor) command(spec Spec, log *os.File) *exec.Cmd {
	return &exec.Cmd{
		Path:        s.Self,
		Args:        append([]string{execName, spec.Cgroup, spec.Path}, spec.Argv...),
		Env:         append(os.Environ(), spec.Env...),
		Dir:         "/",
		Stdout:      log,
		Stderr:      log,
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
}

// Stop ends a recorded component with a signal, or after grace with SIGKILL, and forgets it.
func (s Supervisor) Stop(ctx context.Context, name string, sig syscall.Signal, grace time.Duration) error {
	rec, _ := s.Book.Get(name)
	if err := rec.Stop(ctx, sig, grace); err != nil {
		return fmt.Errorf("stopping %s: %w", name, err)
	}
	s.Book.Remove(name)
	return nil
}

// Running says whether a component is there.
func (s Supervisor) Running(name string) bool {
	_, running := s.Book.Get(name)
	return running
}

// Tail is the end of a component's log, for error messages.
func (s Supervisor) Tail(name string) string {
	data, err := os.ReadFile(s.Log(name))
	if err != nil {
		return fmt.Sprintf("no log: %v", err)
	}
	const keep = 2000
	if len(data) > keep {
		data = data[len(data)-keep:]
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	lines = lines[max(0, len(lines)-5):]
	return fmt.Sprintf("the last lines of %s:\n\t%s", s.Log(name), strings.Join(lines, "\n\t"))
}

// WaitFor polls check until it says nil. It gives up after limit, or at once
// when the component has ended; the error then holds the end of its log.
func (s Supervisor) WaitFor(ctx context.Context, name, what string, limit time.Duration, check func(context.Context) error) error {
	deadline := time.Now().Add(limit)
	for {
		err := check(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case !s.Running(name):
			return fmt.Errorf("waiting for %s: %s has ended; %s", what, name, s.Tail(name))
		case time.Now().After(deadline):
			return fmt.Errorf("waiting for %s: not within %s (%w); %s", what, limit, err, s.Tail(name))
		}
		time.Sleep(100 * time.Millisecond)
	}
}
