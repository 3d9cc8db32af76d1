package namespaces

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// kinds are entered in this order: the mount namespace last, because the others are opened through /proc.
var kinds = []struct {
	file string
	flag int
}{
	{"cgroup", unix.CLONE_NEWCGROUP}, {"ipc", unix.CLONE_NEWIPC}, {"uts", unix.CLONE_NEWUTS},
	{"net", unix.CLONE_NEWNET}, {"pid", unix.CLONE_NEWPID}, {"mnt", unix.CLONE_NEWNS},
}

// Do runs work inside the namespaces of the process pid, on a thread of its
// own that ends with it. Only what work does on this goroutine happens inside;
// goroutines that it starts do not.
func Do(pid int, work func() error) error {
	result := make(chan error, 1)
	go func() {
		// Never unlocked: the runtime ends the thread together with the goroutine.
		runtime.LockOSThread()
		if err := enter(pid); err != nil {
			result <- err
			return
		}
		result <- work()
	}()
	return <-result
}

func enter(pid int) error {
	fds := make([]int, len(kinds))
	for i, k := range kinds {
		fd, err := unix.Open(fmt.Sprintf("/proc/%d/ns/%s", pid, k.file), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			return fmt.Errorf("opening the %s namespace of process %d: %w", k.file, pid, err)
		}
		defer func() { _ = unix.Close(fd) }()
		fds[i] = fd
	}
	// setns(2) refuses a mount namespace to a thread that shares its root and working directory with others.
	if err := unix.Unshare(unix.CLONE_FS); err != nil {
		return fmt.Errorf("separating a thread: %w", err)
	}
	for i, k := range kinds {
		if err := unix.Setns(fds[i], k.flag); err != nil {
			return fmt.Errorf("entering the %s namespace of process %d: %w", k.file, pid, err)
		}
	}
	return nil
}

// Start starts cmd inside the namespaces of the process pid. The PID in
// cmd.Process is the one outside.
func Start(pid int, cmd *exec.Cmd) error {
	return Do(pid, cmd.Start)
}

// Output runs cmd inside the namespaces of the process pid to its end.
func Output(pid int, cmd *exec.Cmd) ([]byte, error) {
	out, err := os.CreateTemp("", "crashlab-output-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(out.Name()) }()
	defer func() { _ = out.Close() }()
	cmd.Stdout, cmd.Stderr = out, out
	if err := Start(pid, cmd); err != nil {
		return nil, err
	}
	waitErr := cmd.Wait()
	text, err := os.ReadFile(out.Name())
	if waitErr != nil {
		err = waitErr
	}
	return text, err
}
