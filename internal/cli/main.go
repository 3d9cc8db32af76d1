package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/go-logr/logr"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/klog/v2"
)

// Exit statuses beside 0, a completed run.
const (
	exitFailed      = 1
	exitFindings    = 2 // with --exit-code
	exitHidden      = 3 // with --exit-code: no findings, but gaps could hide some
	exitInterrupted = 130
)

// thrift is from how much memory on, in bytes, the garbage collector works harder instead of taking more.
const thrift = 96 << 20

// status ends the program with an exit status and says nothing.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// Main runs the program and returns its exit status.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(thrift) // large clusters are read in little room; what is really needed is taken all the same
	}
	klog.SetLogger(logr.Discard()) // what goes wrong is an error or a gap, and is told once
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second ctrl-C kills
	cmd := newRoot(programName(args), genericiooptions.IOStreams{In: in, Out: out, ErrOut: errOut})
	cmd.SetArgs(args[1:])
	err := cmd.ExecuteContext(ctx)
	var s status
	switch {
	case err == nil:
		return 0
	case errors.As(err, &s):
		return int(s)
	case ctx.Err() != nil:
		fmt.Fprintln(errOut, "crashproof: stopped; nothing was changed or written")
		return exitInterrupted
	case errors.Is(err, syscall.EPIPE): // | head
		return exitFailed
	}
	fmt.Fprintln(errOut, "crashproof: "+message(err))
	return exitFailed
}

// programName is what the user typed: kubectl runs its plugin as kubectl-crashproof.
func programName(args []string) string {
	if strings.HasPrefix(filepath.Base(args[0]), "kubectl-") {
		return "kubectl crashproof"
	}
	return "crashproof"
}
