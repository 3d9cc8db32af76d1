package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/image"
	"github.com/crashproof-dev/crashproof/lab/internal/observer"
	"github.com/crashproof-dev/crashproof/lab/internal/product"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
	"github.com/crashproof-dev/crashproof/lab/internal/results"
	"github.com/crashproof-dev/crashproof/lab/internal/runner"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

// runOptions are those of run and record.
type runOptions struct {
	*options
	choice     scenario.Choice
	parallel   int
	repeat     int
	patience   float64
	keep       bool
	stepsOnly  bool
	observe    []string
	crashproof string
	results    string
	resume     string
	again      bool
	folder     string
	azure      runner.AskAzure
}

func newRun(o *options) *cobra.Command {
	ro := &runOptions{options: o}
	cmd := &cobra.Command{
		Use:   "run [SCENARIO…]",
		Short: "Make incidents happen and compare what crashproof says with what a person should conclude",
		Long: `Performs scenarios of lab/scenarios on the running lab, several at once; those that break
nodes run alone at the end. Exits with 1 when a report is not as expected.

With --observe, other programs look at the same state before it is undone: after crashproof's report, one after the
other. Each command is run by sh -c with KUBECONFIG, NAMESPACE, TARGET (Kind/name, or empty for the whole namespace), KIND
and TARGET_NAME in its environment, for at most two minutes. What it prints is kept in the folder as SCENARIO.NAME.txt,
its exit status and duration in the results. A command that fails does not fail the scenario.`,
		Example: `  crashlab run database-password-changed
  crashlab run --core --results core.json
  crashlab run --rotation 5 --seed $(git rev-parse HEAD)
  crashlab run --steps-only --keep secret-missing
  crashlab run --core --observe events='kubectl get events -n $NAMESPACE --sort-by=.lastTimestamp'`,
		RunE: func(cmd *cobra.Command, names []string) error {
			ro.choice.Names = names
			return ro.run(cmd, "")
		},
	}
	f := cmd.Flags()
	f.BoolVar(&ro.choice.Core, "core", false, "the fixed set")
	f.BoolVar(&ro.choice.All, "all", false, "all scenarios of the lab's profile")
	f.IntVar(&ro.choice.Rotation, "rotation", 0, "so many besides the core, another lot for every --seed")
	f.StringVar(&ro.choice.Seed, "seed", "", "what --rotation depends on, such as a commit")
	f.IntVar(&ro.repeat, "repeat", 1, "how often")
	f.BoolVar(&ro.stepsOnly, "steps-only", false, "do not call crashproof; show pods, events and logs instead")
	f.StringArrayVar(&ro.observe, "observe", nil, "NAME=COMMAND: let another program look before the scenario is undone, and keep what it prints; repeatable")
	f.StringVar(&ro.results, "results", "", "file to store the results in, as JSON")
	f.StringVar(&ro.resume, "resume", "", "results of an earlier run to continue: what is finished there is skipped")
	f.BoolVar(&ro.again, "again", false, "with --resume: do once more what was reported more weakly than expected; a wrong report stays")
	ro.common(cmd)
	return cmd
}

// common adds the flags that run and record share.
func (ro *runOptions) common(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&ro.parallel, "parallel", 6, "how many scenarios at once")
	f.Float64Var(&ro.patience, "patience", 2, "by what to multiply the limits of waits; they are made for a machine with nothing else to do")
	f.BoolVar(&ro.keep, "keep", false, "leave the namespaces")
	f.StringVar(&ro.crashproof, "crashproof", "", "the crashproof binary (default: built from the repository)")
	azureFlag(cmd, &ro.azure)
	f.StringVar(&ro.folder, "folder", "", "where to keep reports and bundles (default: results/ in the lab's directory)")
}

// azureFlag lets the same scenarios be run without Azure, to compare.
func azureFlag(cmd *cobra.Command, azure *runner.AskAzure) {
	*azure = runner.AzureOn
	cmd.Flags().Var(azure, "azure", "off: crashproof is told not to ask Azure, and what is expected without it is compared")
}

func (ro *runOptions) run(cmd *cobra.Command, recordDir string) error {
	ctx := cmd.Context()
	observers, err := observer.Parse(ro.observe)
	if err != nil {
		return err
	}
	lab, err := ro.running(ctx)
	if err != nil {
		return err
	}
	all, err := scenario.LoadAll(lab.LabDir)
	if err != nil {
		return err
	}
	chosen, err := scenario.Choose(all, ro.choice, string(lab.Settings.Profile))
	if err != nil {
		return err
	}
	if err := ensureImages(ctx, lab, chosen); err != nil {
		return err
	}
	r, err := ro.runner(ctx, lab)
	if err != nil {
		return err
	}
	r.RecordDir, r.Observers, r.Out = recordDir, observers, cmd.OutOrStdout()
	if len(observers) > 0 {
		progress.Say("what observers print is kept in %s", r.Folder)
	}
	runErr := r.Run(ctx, chosen)
	if judged := !ro.stepsOnly && recordDir == ""; judged || r.Results.Failed() > 0 {
		if err := r.Results.Table(cmd.OutOrStdout()); err != nil {
			return err
		}
	}
	if runErr == nil && r.Results.Failed() > 0 {
		runErr = fmt.Errorf("%d scenarios were not as expected; reports and bundles are in %s", r.Results.Failed(), r.Folder)
	}
	return runErr
}

func (ro *runOptions) runner(ctx context.Context, lab *cluster.Lab) (*runner.Runner, error) {
	file, err := ro.openResults(ctx, lab)
	if err != nil {
		return nil, err
	}
	folder := ro.folder
	if folder == "" {
		folder = filepath.Join(lab.Home.Root, "results", file.Date.Format("20060102-150405"))
	}
	r := &runner.Runner{Lab: lab, Parallel: ro.parallel, Repeat: ro.repeat, Patience: ro.patience, Azure: ro.azure, Keep: ro.keep, Again: ro.again, Folder: folder, Results: file}
	if ro.stepsOnly {
		return r, nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	path := ro.crashproof
	if path == "" {
		began := time.Now()
		if path, err = product.Build(ctx, filepath.Dir(lab.LabDir), folder); err != nil {
			return nil, err
		}
		progress.Say("crashproof built in %.0fs", time.Since(began).Seconds())
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	r.Product = &product.Program{Path: path, Kubeconfig: lab.Dir.Kubeconfig()}
	return r, nil
}

func (ro *runOptions) openResults(ctx context.Context, lab *cluster.Lab) (*results.File, error) {
	path := ro.results
	if ro.resume != "" {
		if path != "" && path != ro.resume {
			return nil, errors.New("--results and --resume name two files; with --resume, results go on in that one")
		}
		path = ro.resume
	}
	file, err := results.Open(path, ro.resume != "")
	if err != nil {
		return nil, err
	}
	file.Commit = commit(ctx, lab.LabDir)
	file.Lab, err = lab.Versions(ctx)
	return file, err
}

// commit names the repository's state; work that is not committed shows.
func commit(ctx context.Context, dir string) string {
	out, err := exec.CommandContext(ctx, "git", "-C", dir, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// ensureImages makes those images that the chosen scenarios name.
func ensureImages(ctx context.Context, lab *cluster.Lab, chosen []*scenario.Scenario) error {
	var refs []string
	for _, s := range chosen {
		more, err := s.Images()
		if err != nil {
			return err
		}
		refs = append(refs, more...)
	}
	definitions, err := image.Load(lab.LabDir)
	if err != nil {
		return err
	}
	names := image.Named(definitions, refs)
	if len(names) == 0 {
		return nil
	}
	return lab.BuildImages(ctx, names...)
}
