package namespaces

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// reaperVariable makes the test binary stand in for the reaper.
const reaperVariable = "CRASHLAB_TEST_REAPER"

func TestMain(m *testing.M) {
	switch {
	case IsInit(os.Args):
		_ = Init(os.Args)
		os.Exit(1)
	case os.Getenv(reaperVariable) != "":
		time.Sleep(time.Hour) // select{} would be a deadlock that the runtime ends
	}
	os.Exit(m.Run())
}

// create makes namespaces that end with the test.
func create(t *testing.T) int {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("making namespaces needs root")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(reaperVariable, "1")
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	pid, err := Create(Options{Self: self, Reaper: self, Log: log})
	if err != nil {
		t.Skipf("this machine makes no namespaces: %v", err)
	}
	os.Unsetenv(reaperVariable)
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	return pid
}

func TestWhatHappensInsideStaysInside(t *testing.T) {
	pid := create(t)
	before, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	err = Do(pid, func() error {
		if err := unix.Sethostname([]byte("inside")); err != nil {
			return err
		}
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, ""); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, "file"), nil, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Hostname(); after != before {
		t.Errorf("the machine's name changed from %s to %s", before, after)
	}
	if _, err := os.Stat(filepath.Join(dir, "file")); err == nil {
		t.Error("a file of a mount inside can be seen outside")
	}
	out, err := Output(pid, &exec.Cmd{Path: "/bin/sh", Args: []string{"sh", "-c", "hostname; echo $$; ls " + dir}, Dir: "/"})
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	words := strings.Fields(string(out))
	if len(words) != 3 || words[0] != "inside" || words[2] != "file" {
		t.Errorf("inside there is %q; want the new name, a PID and the file", words)
	}
	if len(words[1]) > 2 {
		t.Errorf("the PID inside is %s; want one of a new PID namespace", words[1])
	}
}

func TestTheEndOfTheFirstProcessEndsAllInside(t *testing.T) {
	pid := create(t)
	cmd := &exec.Cmd{Path: "/bin/sleep", Args: []string{"sleep", "60"}, Dir: "/"}
	if err := Start(pid, cmd); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the program inside ended with %v; want that it was killed", err)
	}
}

func TestCreateReportsWhatFailedInside(t *testing.T) {
	pid := create(t)
	_ = syscall.Kill(pid, syscall.SIGKILL)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	_, err = Create(Options{Self: self, Reaper: "/no/such/reaper"})
	if err == nil || !strings.Contains(err.Error(), "/no/such/reaper") {
		t.Errorf("error is %v; want one that names the reaper", err)
	}
}
