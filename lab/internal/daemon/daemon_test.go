package daemon

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/process"
)

// The test binary stands in for crashlab between fork and exec.
func TestMain(m *testing.M) {
	if IsExec(os.Args) {
		_, _ = os.Stderr.WriteString(Exec(os.Args).Error())
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func supervisor(t *testing.T) Supervisor {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := Supervisor{Self: self, Book: process.Book{Dir: t.TempDir()}, LogDir: t.TempDir()}
	t.Cleanup(func() {
		for _, name := range s.Book.Names() {
			_ = s.Stop(context.Background(), name, syscall.SIGKILL, time.Second)
		}
	})
	return s
}

func shell(name, script string) Spec {
	return Spec{Name: name, Path: "/bin/sh", Argv: []string{name, "-c", script}}
}

func TestEnsureStartsOnceAndRestartsAfterAChange(t *testing.T) {
	ctx, s := context.Background(), supervisor(t)
	ensure := func(script string) int {
		t.Helper()
		if err := s.Ensure(ctx, shell("sleeper", script)); err != nil {
			t.Fatal(err)
		}
		rec, running := s.Book.Get("sleeper")
		if !running {
			t.Fatal("it does not run after Ensure")
		}
		return rec.PID
	}
	first := ensure("sleep 60; true")
	if again := ensure("sleep 60; true"); again != first {
		t.Errorf("the same command was started again: %d, then %d", first, again)
	}
	changed := ensure("sleep 61; true")
	if changed == first {
		t.Error("another command line was not started")
	}
	if _, err := process.Identify(first); err == nil {
		t.Error("the process with the old command line is still there")
	}
	if err := s.Stop(ctx, "sleeper", syscall.SIGTERM, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	if s.Running("sleeper") || len(s.Book.Names()) != 0 {
		t.Error("it is still there after Stop")
	}
}

func TestWaitForTellsWhyAComponentEnded(t *testing.T) {
	ctx, s := context.Background(), supervisor(t)
	if err := s.Ensure(ctx, shell("broken", "sleep 0.3; echo port 443 is taken >&2; exit 1")); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	err := s.WaitFor(ctx, "broken", "the registry", time.Minute, func(context.Context) error { return errors.New("not yet") })
	if err == nil || !strings.Contains(err.Error(), "port 443 is taken") || !strings.Contains(err.Error(), s.Log("broken")) {
		t.Errorf("error is %v; want one with the log's name and last line", err)
	}
	if time.Since(began) > 20*time.Second {
		t.Error("it waited for a component that had ended")
	}
}

func TestWaitForGivesUp(t *testing.T) {
	ctx, s := context.Background(), supervisor(t)
	if err := s.Ensure(ctx, shell("slow", "sleep 60; true")); err != nil {
		t.Fatal(err)
	}
	err := s.WaitFor(ctx, "slow", "nothing", 200*time.Millisecond, func(context.Context) error { return errors.New("connection refused") })
	if err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Errorf("error is %v; want one with the last answer", err)
	}
}

func TestEnsureSaysWhatCouldNotBeStarted(t *testing.T) {
	s := supervisor(t)
	spec := Spec{Name: "missing", Path: "/no/such/program", Argv: []string{"missing"}}
	err := s.Ensure(context.Background(), spec)
	if err == nil {
		err = s.WaitFor(context.Background(), "missing", "it", 5*time.Second, func(context.Context) error { return errors.New("no") })
	}
	if err == nil || !strings.Contains(err.Error(), "/no/such/program") {
		t.Errorf("error is %v; want one that names the program", err)
	}
}
