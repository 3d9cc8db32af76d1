package process

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

// Stop sends sig to the process, waits for its end, and after grace kills it.
// A process that is gone, or whose PID belongs to another one now, is left alone.
func (id Identity) Stop(ctx context.Context, sig syscall.Signal, grace time.Duration) error {
	if !id.Running() {
		return nil
	}
	_ = syscall.Kill(id.PID, sig)
	if id.waitEnd(ctx, grace) {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_ = syscall.Kill(id.PID, syscall.SIGKILL)
	if id.waitEnd(ctx, 10*time.Second) {
		return nil
	}
	return fmt.Errorf("process %d is still there 10s after SIGKILL", id.PID)
}

func (id Identity) waitEnd(ctx context.Context, limit time.Duration) bool {
	deadline := time.Now().Add(limit)
	for id.Running() {
		if time.Now().After(deadline) || ctx.Err() != nil {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
	return true
}
