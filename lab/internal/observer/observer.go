// Package observer runs other programs on an incident that has just been performed, and keeps what they say: what else
// would a person have learned, from another explainer or from kubectl, at that moment?
package observer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// Limit is how long one command may take.
const Limit = 2 * time.Minute

// Observer is a command for sh -c and the name under which its output is kept.
type Observer struct {
	Name    string
	Command string
}

// names become part of file names.
var names = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// Parse reads NAME=COMMAND, each name once.
func Parse(texts []string) ([]Observer, error) {
	var list []Observer
	seen := map[string]bool{}
	for _, text := range texts {
		name, command, ok := strings.Cut(text, "=")
		if !ok || !names.MatchString(name) || strings.TrimSpace(command) == "" {
			return nil, fmt.Errorf("observer %q: write it as NAME=COMMAND; names have letters, digits, - and _", text)
		}
		if seen[name] {
			return nil, fmt.Errorf("two observers are called %s", name)
		}
		seen[name] = true
		list = append(list, Observer{Name: name, Command: command})
	}
	return list, nil
}

// Scene is what a command learns from its environment.
type Scene struct {
	Kubeconfig string
	Namespace  string
	Target     string // Kind/name; empty when the whole namespace is meant
}

func (s Scene) environ() []string {
	kind, name, _ := strings.Cut(s.Target, "/")
	return append(os.Environ(), "KUBECONFIG="+s.Kubeconfig, "NAMESPACE="+s.Namespace, "TARGET="+s.Target, "KIND="+kind, "TARGET_NAME="+name)
}

// Observation is how a command ended.
type Observation struct {
	Name       string  `json:"name"`
	File       string  `json:"file,omitempty"` // in the folder of reports
	ExitStatus int     `json:"exitStatus"`     // -1: it did not end by itself, or did not start
	Seconds    float64 `json:"seconds"`
	Error      string  `json:"error,omitempty"` // why there is no exit status
}

// Run performs the command and writes its standard output and error, as they come, to file. Nothing that it does is an
// error of the caller: what went wrong is part of the observation.
func (o Observer) Run(ctx context.Context, scene Scene, file string) Observation {
	return o.run(ctx, scene, file, Limit)
}

func (o Observer) run(ctx context.Context, scene Scene, file string, limit time.Duration) Observation {
	seen := Observation{Name: o.Name, ExitStatus: -1}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		seen.Error = err.Error()
		return seen
	}
	out, err := os.Create(file)
	if err != nil {
		seen.Error = err.Error()
		return seen
	}
	defer func() { _ = out.Close() }()
	seen.File = filepath.Base(file)
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	began := time.Now()
	err = o.command(limited, scene, out).Run()
	seen.Seconds = time.Since(began).Seconds()
	var exited *exec.ExitError
	switch {
	case err == nil:
		seen.ExitStatus = 0
	case ctx.Err() != nil:
		seen.Error = "interrupted"
	case limited.Err() != nil:
		seen.Error = fmt.Sprintf("stopped after %s", limit)
	case errors.As(err, &exited) && exited.Exited():
		seen.ExitStatus = exited.ExitCode()
	default:
		seen.Error = err.Error()
	}
	return seen
}

func (o Observer) command(ctx context.Context, scene Scene, out *os.File) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-c", o.Command)
	cmd.Env = scene.environ()
	cmd.Stdout, cmd.Stderr = out, out
	// The shell's children have to end with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

func (o Observation) String() string {
	if o.Error != "" {
		return fmt.Sprintf("%s: %s", o.Name, o.Error)
	}
	return fmt.Sprintf("%s: exit status %d after %.1fs, in %s", o.Name, o.ExitStatus, o.Seconds, o.File)
}
