// Command crashlab runs a real Kubernetes cluster on one machine and makes
// incidents happen in it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/crashproof-dev/crashproof/lab/internal/cli"
)

// The first thread stays with main: a thread that enters another namespace
// must not be the one that /proc/self shows.
func init() { runtime.LockOSThread() }

func main() {
	if err := run(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "crashlab:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	called, err := cli.Component(ctx, args)
	if !called {
		err = cli.New().ExecuteContext(ctx)
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = fmt.Errorf("interrupted: %w", err)
	}
	return err
}
