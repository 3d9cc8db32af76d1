package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/crashproof-dev/crashproof/lab/internal/expect"
	"github.com/crashproof-dev/crashproof/lab/internal/look"
	"github.com/crashproof-dev/crashproof/lab/internal/observer"
	"github.com/crashproof-dev/crashproof/lab/internal/product"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
	"github.com/crashproof-dev/crashproof/lab/internal/results"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
	"github.com/crashproof-dev/crashproof/lab/internal/steps"
)

// one performs a scenario, looks at it, and undoes it whatever happened.
func (r *Runner) one(ctx context.Context, s *scenario.Scenario, round int) results.Result {
	began := time.Now()
	result := results.Result{Name: s.Name, Round: round}
	say := func(format string, args ...any) { progress.Say("%-32s %s", s.Name, fmt.Sprintf(format, args...)) }
	var stage *steps.Stage
	var err error
	if result.Expected, err = r.Azure.Expected(s); err == nil {
		stage, err = steps.New(r.Lab, s, say)
	}
	if err == nil {
		stage.Patience = r.Patience
		err = stage.Perform(ctx)
		performed := err == nil
		if performed || r.Product == nil {
			err = firstError(err, r.inspect(ctx, stage, &result))
		}
		if performed {
			r.observe(ctx, s, &result, say)
		}
		undoCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Minute)
		err = firstError(err, stage.Undo(undoCtx, r.Keep))
		cancel()
	}
	result.Seconds = time.Since(began).Seconds()
	if err != nil {
		result.Error = err.Error()
		result.OK = false
		say("failed: %v", err)
		return result
	}
	say("%s after %.0fs", r.outcome(result), result.Seconds)
	if result.Azure != nil {
		say("  %s", *result.Azure)
	}
	for _, d := range result.Differences {
		say("  %s", d)
	}
	return result
}

func (r *Runner) outcome(result results.Result) string {
	switch {
	case r.Product == nil:
		return "performed"
	case r.RecordDir != "":
		return "recorded in " + filepath.Join(r.RecordDir, result.Name+".tar.gz")
	case result.OK:
		return "as expected"
	}
	return "NOT as expected"
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (r *Runner) inspect(ctx context.Context, stage *steps.Stage, result *results.Result) (err error) {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if r.Product == nil {
		result.OK = true
		return r.show(ctx, stage)
	}
	program, done, err := r.Azure.Prepare(ctx, *r.Product, stage.Clients, stage.Scenario, result)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, done()) }()
	if err := r.capture(ctx, program, stage.Scenario, result); err != nil {
		return err
	}
	if r.RecordDir != "" {
		result.OK = true
		return r.describe(ctx, stage.Scenario)
	}
	return r.diagnose(ctx, program, stage.Scenario, result)
}

// describe keeps what kubectl prints of the scenario's objects beside its bundle.
func (r *Runner) describe(ctx context.Context, s *scenario.Scenario) error {
	config, err := r.Lab.RESTConfig()
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := look.Describe(ctx, &text, config, s.Namespace); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.RecordDir, s.Name+".describe.txt"), text.Bytes(), 0o644)
}

// observe lets the other programs look, one after the other, at what crashproof has just looked at.
func (r *Runner) observe(ctx context.Context, s *scenario.Scenario, result *results.Result, say func(string, ...any)) {
	scene := observer.Scene{Kubeconfig: r.Lab.Dir.Kubeconfig(), Namespace: s.Namespace, Target: s.Target}
	for _, o := range r.Observers {
		if ctx.Err() != nil {
			return
		}
		seen := o.Run(ctx, scene, r.file(result, "."+o.Name+".txt"))
		result.Observations = append(result.Observations, seen)
		say("%s", seen)
	}
}

func (r *Runner) show(ctx context.Context, stage *steps.Stage) error {
	var text bytes.Buffer
	fmt.Fprintf(&text, "\n══ %s: %s\n", stage.Scenario.Name, stage.Scenario.Title)
	err := look.Namespace(ctx, &text, stage.Clients, stage.Scenario.Namespace)
	r.print(text.String())
	return err
}

func (r *Runner) diagnose(ctx context.Context, program product.Program, s *scenario.Scenario, result *results.Result) error {
	data, took, err := program.Diagnose(ctx, s.Namespace, s.Target)
	if err != nil {
		return err
	}
	result.DiagnoseMS = took.Milliseconds()
	if err := os.WriteFile(r.file(result, ".json"), data, 0o644); err != nil {
		return fmt.Errorf("keeping the report: %w", err)
	}
	report, err := expect.Parse(data)
	if err != nil {
		return err
	}
	result.Found, result.Differences = expect.Compare(result.Expected, s.Target, report)
	result.OK, result.Wrong = len(result.Differences) == 0, expect.Wrong(result.Expected, s.Target, report)
	return nil
}

// file is where something of a result is kept.
func (r *Runner) file(result *results.Result, suffix string) string {
	name := result.Name
	if result.Round > 1 {
		name = fmt.Sprintf("%s.%d", name, result.Round)
	}
	return filepath.Join(r.Folder, name+suffix)
}

func (r *Runner) capture(ctx context.Context, program product.Program, s *scenario.Scenario, result *results.Result) error {
	file := r.file(result, ".tar.gz")
	if r.RecordDir != "" {
		file = filepath.Join(r.RecordDir, s.Name+".tar.gz")
	}
	if err := program.Capture(ctx, s.Namespace, s.Target, file); err != nil {
		if errors.Is(err, product.ErrGone) && r.RecordDir == "" {
			return nil // there is nothing to capture
		}
		return err
	}
	sum, err := results.Checksum(file)
	if err != nil {
		return err
	}
	result.BundleSHA256 = sum
	return nil
}
