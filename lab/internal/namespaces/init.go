package namespaces

import (
	"fmt"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/crashproof-dev/crashproof/lab/internal/cgroup"
)

// IsInit says whether this process was called to be PID 1 of new namespaces.
func IsInit(args []string) bool { return args[0] == initName && len(args) == 3 }

// Init prepares the namespaces that this process is the first of and then
// becomes the reaper. It returns only after an error, which it also wrote to
// descriptor 3.
func Init(args []string) error {
	const reportFD = 3
	syscall.CloseOnExec(reportFD)
	err := prepareAndExec(args[1], args[2])
	report := os.NewFile(reportFD, "report")
	fmt.Fprintln(report, err)
	_ = report.Close()
	return err
}

func prepareAndExec(reaper, subtree string) error {
	// unshare(2) changes one thread; exec makes that thread the process.
	runtime.LockOSThread()
	if subtree != "" {
		if err := cgroup.Join(subtree); err != nil {
			return err
		}
		if err := unix.Unshare(unix.CLONE_NEWCGROUP); err != nil {
			return fmt.Errorf("making a cgroup namespace: %w", err)
		}
	}
	// Nothing mounted here may appear on the machine.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making the mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mounting /proc: %w", err)
	}
	return fmt.Errorf("starting %s: %w", reaper, unix.Exec(reaper, []string{reaper}, os.Environ()))
}
