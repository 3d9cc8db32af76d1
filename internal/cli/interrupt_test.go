//go:build unix

package cli

import (
	"bytes"
	"strings"
	"syscall"
	"testing"
)

// TestInterrupt: ctrl-C while a request hangs ends the program at once, with the shell's exit status for it.
func TestInterrupt(t *testing.T) {
	c := newCluster(t)
	c.hang = make(chan struct{})
	config := kubeconfig(t, t.TempDir(), "hang.yaml", c.URL)
	go func() {
		<-c.hang
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGINT); err != nil {
			t.Error(err)
		}
	}()
	var out, errOut bytes.Buffer
	if code := Main([]string{"crashproof", "scan", "--kubeconfig", config}, nil, &out, &errOut); code != exitInterrupted {
		t.Errorf("exit status %d, want %d", code, exitInterrupted)
	}
	if out.Len() > 0 || !strings.Contains(errOut.String(), "stopped") || strings.Count(errOut.String(), "\n") != 1 {
		t.Errorf("printed %q, and as errors %q", out.String(), errOut.String())
	}
}
