package namespaces

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Options describe a set of namespaces to make.
type Options struct {
	Self   string // this program, which becomes PID 1 for a moment
	Reaper string // the program that stays as PID 1
	Cgroup string // subtree that becomes the root of a cgroup namespace; empty for none
	Log    *os.File
}

// initName is the name under which this program is called as PID 1 (see [Init]).
const initName = "crashlab-init"

// Create makes a set of namespaces and returns the PID of its first process.
func Create(o Options) (int, error) {
	report, child, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer func() { _ = report.Close() }()
	cmd := &exec.Cmd{
		Path:       o.Self,
		Args:       []string{initName, o.Reaper, o.Cgroup},
		Stdout:     o.Log,
		Stderr:     o.Log,
		ExtraFiles: []*os.File{child},
		SysProcAttr: &syscall.SysProcAttr{
			Setsid:     true,
			Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC,
		},
	}
	err = cmd.Start()
	_ = child.Close()
	if err != nil {
		return 0, fmt.Errorf("making namespaces: %w; root with CAP_SYS_ADMIN is needed", err)
	}
	go func() { _ = cmd.Wait() }()
	// The pipe closes when the reaper has taken over; before that only errors are written to it.
	said, _ := io.ReadAll(report)
	if len(said) > 0 {
		return 0, fmt.Errorf("making namespaces: %s", strings.TrimSpace(string(said)))
	}
	return cmd.Process.Pid, nil
}
