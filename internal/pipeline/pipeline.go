// Package pipeline joins the parts: collect, redact, reason, collect what the reasoning still needs, reason again.
//
//	base round → redact → diagnose ─┬─ nothing more is needed → report
//	                                └─ plan → second round → redact → diagnose → report
//
// The same happens to a recorded bundle from its first "diagnose" on: the bundle holds what both rounds brought.
package pipeline

import (
	"context"
	"fmt"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/redact"
)

// Collector reads a live system in two rounds.
type Collector interface {
	Collect(context.Context) (*evidence.Snapshot, error)
	// Follow adds what a plan asks for.
	Follow(context.Context, *evidence.Snapshot, []evidence.Request) error
}

// Diagnose concludes, and returns a plan of what it would like to know beside.
type Diagnose func(*evidence.Snapshot) (*diagnosis.Report, []evidence.Request, error)

// Result is the report and the evidence for it, redacted.
type Result struct {
	Snapshot *evidence.Snapshot
	Report   *diagnosis.Report
}

// Redaction says how secrets are replaced before the diagnosis.
type Redaction struct {
	redact.Options
	// Off leaves everything as it was observed; only a user may ask for that.
	Off bool
}

// redactor returns what redacts every round of one look with one key.
func (o Redaction) redactor() (func(*evidence.Snapshot), error) {
	if o.Off {
		return func(s *evidence.Snapshot) { s.Redacted = true }, nil
	}
	r, err := redact.New(o.Options)
	if err != nil {
		return nil, err
	}
	return r.Snapshot, nil
}

// Live looks at a live system.
func Live(ctx context.Context, c Collector, d Diagnose, o Redaction) (*Result, error) {
	redacted, err := o.redactor()
	if err != nil {
		return nil, err
	}
	s, err := c.Collect(ctx)
	if err = stopped(ctx, err); err != nil {
		return nil, err
	}
	redacted(s)
	report, plan, err := d(s)
	if err != nil {
		return nil, fmt.Errorf("diagnosing: %w", err)
	}
	if len(plan) == 0 {
		return &Result{s, report}, nil
	}
	s.Redacted = false // the second round brings new text
	err = c.Follow(ctx, s, plan)
	if err = stopped(ctx, err); err != nil {
		return nil, err
	}
	redacted(s)
	return conclude(s, d)
}

// Recorded looks at evidence that was captured before. Where a user knows secrets of a form of their own, what was
// redacted before is redacted again: that changes nothing else.
func Recorded(s *evidence.Snapshot, d Diagnose, o Redaction) (*Result, error) {
	if !s.Redacted || len(o.Detectors) > 0 && !o.Off {
		redacted, err := o.redactor()
		if err != nil {
			return nil, err
		}
		redacted(s)
	}
	return conclude(s, d)
}

func conclude(s *evidence.Snapshot, d Diagnose) (*Result, error) {
	report, _, err := d(s)
	if err != nil {
		return nil, fmt.Errorf("diagnosing: %w", err)
	}
	return &Result{s, report}, nil
}

// stopped puts the end of the context above all else: collectors return what they have when they are stopped.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
