package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/expect"
	"github.com/crashproof-dev/crashproof/lab/internal/product"
	"github.com/crashproof-dev/crashproof/lab/internal/results"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

// replayOptions are those of replay.
type replayOptions struct {
	*options
	crashproof string
	bundles    string
	results    string
}

func newReplay(o *options) *cobra.Command {
	ro := &replayOptions{options: o}
	cmd := &cobra.Command{
		Use:   "replay [SCENARIO…]",
		Short: "Compare what crashproof says about recorded bundles with what a person should conclude",
		Long: `Asks crashproof about the recorded bundle of each scenario, without a cluster, and compares
the report with the scenario's expectation. Exits with 1 when a report is not as expected.`,
		Example: `  crashlab replay --crashproof bin/crashproof
  crashlab replay database-password-changed
  crashlab replay --bundles results/20261123-063725`,
		RunE: func(cmd *cobra.Command, names []string) error { return ro.run(cmd, names) },
	}
	f := cmd.Flags()
	f.StringVar(&ro.crashproof, "crashproof", "", "the crashproof binary (default: built from the repository)")
	f.StringVar(&ro.bundles, "bundles", "", "folder with SCENARIO.tar.gz (default: testdata/bundles of the repository)")
	f.StringVar(&ro.results, "results", "", "file to store the results in, as JSON")
	return cmd
}

func (ro *replayOptions) run(cmd *cobra.Command, names []string) error {
	ctx := cmd.Context()
	labDir, err := ro.findLabDir()
	if err != nil {
		return err
	}
	all, err := scenario.LoadAll(labDir)
	if err != nil {
		return err
	}
	if ro.bundles == "" {
		ro.bundles = filepath.Join(filepath.Dir(labDir), "testdata", "bundles")
	}
	for _, n := range names {
		if !slices.ContainsFunc(all, func(s *scenario.Scenario) bool { return s.Name == n }) {
			return fmt.Errorf("there is no scenario %s in %s", n, filepath.Join(labDir, "scenarios"))
		}
	}
	path, done, err := binary(ctx, ro.crashproof, filepath.Dir(labDir))
	if err != nil {
		return err
	}
	defer done()
	program := product.Program{Path: path}
	file, err := results.Open(ro.results, false)
	if err != nil {
		return err
	}
	file.Commit = commit(ctx, labDir)
	for _, s := range all {
		if len(names) > 0 && !slices.Contains(names, s.Name) {
			continue
		}
		bundle := filepath.Join(ro.bundles, s.Name+".tar.gz")
		if _, err := os.Stat(bundle); errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(cmd.OutOrStdout(), "%s: not recorded\n", s.Name)
			continue
		}
		if err := file.Add(replay(ctx, program, s, bundle)); err != nil {
			return err
		}
	}
	if err := file.Table(cmd.OutOrStdout()); err != nil {
		return err
	}
	switch n := file.Failed(); {
	case len(file.Scenarios) == 0:
		return fmt.Errorf("no recorded bundle in %s", ro.bundles)
	case n > 0:
		return fmt.Errorf("%d recorded incidents were not diagnosed as expected", n)
	}
	return nil
}

func replay(ctx context.Context, p product.Program, s *scenario.Scenario, bundle string) results.Result {
	r := results.Result{Name: s.Name, Round: 1, Expected: s.Expect}
	fail := func(err error) results.Result {
		r.Error = err.Error()
		return r
	}
	sum, err := results.Checksum(bundle)
	if err != nil {
		return fail(err)
	}
	r.BundleSHA256 = sum
	data, took, err := p.Replay(ctx, s.Namespace, s.Target, bundle)
	if err != nil {
		return fail(err)
	}
	r.Seconds, r.DiagnoseMS = took.Seconds(), took.Milliseconds()
	report, err := expect.Parse(data)
	if err != nil {
		return fail(err)
	}
	r.Found, r.Differences = expect.Compare(s.Expect, s.Target, report)
	judged(s, &r, report)
	return r
}
