package process

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestParseStatCountsFromTheLastParenthesis(t *testing.T) {
	const tail = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 98765 20 21"
	for _, command := range []string{"(sleep)", "(tmux: server)", "(a) R 7 (b)"} {
		state, start, err := parseStat([]byte("42 " + command + tail))
		if err != nil || state != 'S' || start != 98765 {
			t.Errorf("parseStat with command %s = %c, %d, %v; want S, 98765", command, state, start, err)
		}
	}
	for _, broken := range []string{"", "42 sleep S 1", "42 (sleep) S 1 2"} {
		if _, _, err := parseStat([]byte(broken)); err == nil {
			t.Errorf("parseStat(%q) gave no error", broken)
		}
	}
}

func startSleep(t *testing.T) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-done })
	return cmd
}

func TestStopEndsTheRecordedProcess(t *testing.T) {
	cmd := startSleep(t)
	book := Book{Dir: t.TempDir()}
	if err := book.Add("sleeper", cmd.Process.Pid, []string{"sleep"}, ""); err != nil {
		t.Fatal(err)
	}
	rec, running := book.Get("sleeper")
	if !running {
		t.Fatal("the process was just started, but its record says that it is not running")
	}
	if err := rec.Stop(context.Background(), syscall.SIGTERM, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	if rec.Running() {
		t.Error("the process is still running after Stop")
	}
}

func TestStopLeavesAnotherProcessWithTheSamePIDAlone(t *testing.T) {
	cmd := startSleep(t)
	id, err := Identify(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]Identity{
		"started at another time": {PID: id.PID, Start: id.Start - 1, Boot: id.Boot},
		"of another boot":         {PID: id.PID, Start: id.Start, Boot: "another"},
	} {
		if other.Running() {
			t.Errorf("a process %s counts as the recorded one", name)
		}
		if err := other.Stop(context.Background(), syscall.SIGKILL, time.Second); err != nil {
			t.Error(err)
		}
	}
	if !id.Running() {
		t.Error("Stop ended a process that is not the recorded one")
	}
}

func TestZombieIsNotRunning(t *testing.T) {
	cmd := exec.Command("true")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(5 * time.Second)
	for {
		if _, err := Identify(cmd.Process.Pid); err != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("a process that has ended, but was not waited for, still counts as running")
		}
		time.Sleep(10 * time.Millisecond)
	}
	_ = cmd.Wait()
}

func TestBookForgets(t *testing.T) {
	book := Book{Dir: t.TempDir()}
	if err := book.Add("self", os.Getpid(), nil, ""); err != nil {
		t.Fatal(err)
	}
	if names := book.Names(); len(names) != 1 || names[0] != "self" {
		t.Fatalf("Names() = %v, want [self]", names)
	}
	book.Remove("self")
	if _, running := book.Get("self"); running || len(book.Names()) != 0 {
		t.Error("a removed name is still there")
	}
}
