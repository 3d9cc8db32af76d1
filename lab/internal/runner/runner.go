package runner

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/observer"
	"github.com/crashproof-dev/crashproof/lab/internal/product"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
	"github.com/crashproof-dev/crashproof/lab/internal/results"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

// Runner performs scenarios.
type Runner struct {
	Lab       *cluster.Lab
	Product   *product.Program // nil: only the steps, shown as a person would look at them
	Observers []observer.Observer
	Parallel  int
	Repeat    int
	Patience  float64
	Azure     AskAzure
	Keep      bool   // leave namespaces
	Again     bool   // do once more what an earlier attempt reported more weakly than expected
	Folder    string // reports, bundles, and what observers said
	RecordDir string // where to keep bundles by the scenario's name; empty for not at all
	Results   *results.File
	Out       io.Writer

	mu sync.Mutex
}

// Run performs all of them and returns an error only when it could not go on.
func (r *Runner) Run(ctx context.Context, chosen []*scenario.Scenario) error {
	for round := 1; round <= max(1, r.Repeat); round++ {
		var together, alone []*scenario.Scenario
		for _, s := range chosen {
			switch {
			case r.Results.Done(s.Name, round, r.Again):
				progress.Say("%s: done before", s.Name)
			case s.Exclusive:
				alone = append(alone, s)
			default:
				together = append(together, s)
			}
		}
		if err := r.each(ctx, together, round, max(1, r.Parallel)); err != nil {
			return err
		}
		if err := r.each(ctx, alone, round, 1); err != nil {
			return err
		}
	}
	return nil
}

// each performs scenarios with so many at once.
func (r *Runner) each(ctx context.Context, list []*scenario.Scenario, round, parallel int) error {
	room := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for _, s := range list {
		room <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-room }()
			if err := r.Results.Add(r.one(ctx, s, round)); err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted: %w", ctx.Err())
	}
	return failed
}

// print keeps what belongs together in one piece.
func (r *Runner) print(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprint(r.Out, text)
}
