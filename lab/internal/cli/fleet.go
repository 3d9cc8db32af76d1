package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/crashproof-dev/crashproof/lab/internal/apitier"
	"github.com/crashproof-dev/crashproof/lab/internal/azure"
	"github.com/crashproof-dev/crashproof/lab/internal/expect"
	"github.com/crashproof-dev/crashproof/lab/internal/fleet"
	"github.com/crashproof-dev/crashproof/lab/internal/product"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
	"github.com/crashproof-dev/crashproof/lab/internal/results"
	"github.com/crashproof-dev/crashproof/lab/internal/runner"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

// fleetOptions are those of fleet.
type fleetOptions struct {
	*options
	choice     scenario.Choice
	record     bool
	dryRun     bool
	crashproof string
	results    string
	azure      runner.AskAzure
}

func newFleet(o *options) *cobra.Command {
	fo := &fleetOptions{options: o}
	cmd := &cobra.Command{
		Use:   "fleet [SCENARIO…]",
		Short: "Write populations to an API server and compare what crashproof says with what a person should conclude",
		Long: `Starts an API server with nothing else, without root, writes the population of each scenario
of the profile "api" to it (nodes, pods with a past, revisions, events; a kubelet's endpoint answers for logs),
asks crashproof about all namespaces, and compares. Exits with 1 when a report is not as expected.
With --record it keeps what crashproof captures in testdata/bundles instead.`,
		Example: `  crashlab fleet --all
  crashlab fleet zone-lost-its-name-server
  crashlab fleet --record --all`,
		RunE: func(cmd *cobra.Command, names []string) error {
			fo.choice.Names = names
			return fo.run(cmd)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&fo.choice.All, "all", false, "all populations")
	f.IntVar(&fo.choice.Rotation, "rotation", 0, "so many, another lot for every --seed")
	f.StringVar(&fo.choice.Seed, "seed", "", "what --rotation depends on, such as a commit")
	f.BoolVar(&fo.record, "record", false, "keep the bundles in testdata/bundles")
	f.BoolVar(&fo.dryRun, "dry-run", false, "write nothing; print what each population consists of")
	azureFlag(cmd, &fo.azure)
	f.StringVar(&fo.crashproof, "crashproof", "", "the crashproof binary (default: built from the repository)")
	f.StringVar(&fo.results, "results", "", "file to store the results in, as JSON")
	return cmd
}

func (fo *fleetOptions) run(cmd *cobra.Command) (err error) {
	ctx := cmd.Context()
	if fo.instance == "" {
		fo.instance = "fleet"
	}
	tier, err := fo.tier()
	if err != nil {
		return err
	}
	all, err := scenario.LoadAll(tier.LabDir)
	if err != nil {
		return err
	}
	chosen, err := scenario.Choose(all, fo.choice, scenario.ProfileAPI)
	if err != nil {
		return err
	}
	if fo.dryRun {
		return describe(cmd.OutOrStdout(), chosen)
	}
	file, err := results.Open(fo.results, false)
	if err != nil {
		return err
	}
	file.Commit = commit(ctx, tier.LabDir)
	g, done, err := onGround(ctx, tier, fo.crashproof, progress.NewStages())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	g.azure = fo.azure
	if fo.record {
		g.bundles = filepath.Join(filepath.Dir(tier.LabDir), "testdata", "bundles")
	}
	for _, s := range chosen {
		if err := file.Add(g.try(ctx, s)); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted: %w", ctx.Err())
		}
	}
	if err := file.Table(cmd.OutOrStdout()); err != nil {
		return err
	}
	if n := file.Failed(); n > 0 {
		return fmt.Errorf("%d populations were not as expected", n)
	}
	return nil
}

// ground is where populations are written, one after the other.
type ground struct {
	store   *fleet.Store
	kubelet *fleet.Kubelet
	config  *rest.Config
	product product.Program
	azure   runner.AskAzure
	bundles string // where to keep what is captured; empty for asking instead
}

// onGround starts an API server to write populations to; done ends it.
func onGround(ctx context.Context, tier apitier.Tier, crashproof string, stages *progress.Stages) (g *ground, done func() error, err error) {
	path, remove, err := binary(ctx, crashproof, filepath.Dir(tier.LabDir))
	if err != nil {
		return nil, nil, err
	}
	down := func() error {
		remove()
		return tier.Down(context.WithoutCancel(ctx))
	}
	if err := tier.Up(ctx); err != nil {
		return nil, nil, errors.Join(err, down())
	}
	stages.Done("API server")
	g, err = newGround(tier, product.Program{Path: path, Kubeconfig: tier.Dir.Kubeconfig()})
	if err != nil {
		return nil, nil, errors.Join(err, down())
	}
	return g, func() error {
		g.close()
		return down()
	}, nil
}

func newGround(t apitier.Tier, p product.Program) (*ground, error) {
	url, err := t.Etcd()
	if err != nil {
		return nil, err
	}
	store, err := fleet.Open(url)
	if err != nil {
		return nil, err
	}
	config, err := clientcmd.BuildConfigFromFlags("", t.Dir.Kubeconfig())
	if err != nil {
		return nil, err
	}
	k, err := fleet.NewKubelet()
	return &ground{store: store, kubelet: k, config: config, product: p}, err
}

func (g *ground) close() { _, _ = g.store.Close(), g.kubelet.Close() }

// try writes one population, lets crashproof look, and removes it.
func (g *ground) try(ctx context.Context, s *scenario.Scenario) results.Result {
	began := time.Now()
	r := results.Result{Name: s.Name, Round: 1}
	var err error
	if r.Expected, err = g.azure.Expected(s); err == nil {
		err = g.look(ctx, s, &r)
	}
	r.Seconds = time.Since(began).Seconds()
	if err != nil {
		r.Error = err.Error()
	}
	progress.Say("%-44s %.1fs %s", s.Name, r.Seconds, r.Error)
	if r.Azure != nil {
		progress.Say("  %s", *r.Azure)
	}
	for _, d := range r.Differences {
		progress.Say("  %s", d)
	}
	return r
}

// write makes the objects of a scenario's population.
func write(s *scenario.Scenario, kubeletPort int32) (*fleet.Written, error) {
	data, err := s.Read(s.Steps[0].Fleet)
	if err != nil {
		return nil, err
	}
	f, err := fleet.Parse(data)
	if err != nil {
		return nil, err
	}
	return f.Write(time.Now(), kubeletPort)
}

// describe prints the pods of populations as `kubectl get pods -A -o wide` would.
func describe(out io.Writer, chosen []*scenario.Scenario) error {
	for _, s := range chosen {
		w, err := write(s, 1)
		if err != nil {
			return fmt.Errorf("scenario %s: %w", s.Name, err)
		}
		fmt.Fprintf(out, "%s: %d objects\n", s.Name, len(w.Objects))
		for _, line := range w.Pods() {
			fmt.Fprintln(out, "  "+line)
		}
		if err := describeAzure(out, s, w); err != nil {
			return fmt.Errorf("scenario %s: %w", s.Name, err)
		}
	}
	return nil
}

// describeAzure prints what a population's Azure says beside that of a healthy cluster.
func describeAzure(out io.Writer, s *scenario.Scenario, w *fleet.Written) error {
	if s.Azure == "" {
		return nil
	}
	data, err := s.Read(s.Azure)
	if err != nil {
		return err
	}
	text, err := azure.Describe(data, w.Nodes(), w.PodList())
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "  "+text)
	return nil
}

func (g *ground) look(ctx context.Context, s *scenario.Scenario, r *results.Result) (err error) {
	w, err := write(s, g.kubelet.Port)
	if err != nil {
		return err
	}
	defer func() {
		if gone := g.store.Remove(context.WithoutCancel(ctx), w.Objects); err == nil {
			err = gone
		}
	}()
	if err := g.store.Put(ctx, w.Objects); err != nil {
		return err
	}
	if err := g.served(ctx, w); err != nil {
		return err
	}
	g.kubelet.Serve(w.Logs)
	clients, err := kubernetes.NewForConfig(g.config)
	if err != nil {
		return err
	}
	program, done, err := g.azure.Prepare(ctx, g.product, clients, s, r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	return g.ask(ctx, program, s, r)
}

// ask captures what is there, or compares a report about it.
func (g *ground) ask(ctx context.Context, program product.Program, s *scenario.Scenario, r *results.Result) error {
	if g.bundles != "" {
		r.OK = true
		file := filepath.Join(g.bundles, s.Name+".tar.gz")
		err := program.Capture(ctx, s.Namespace, s.Target, file)
		if err == nil {
			r.BundleSHA256, err = results.Checksum(file)
		}
		return err
	}
	report, took, err := program.Diagnose(ctx, s.Namespace, s.Target)
	if err != nil {
		return err
	}
	r.DiagnoseMS = took.Milliseconds()
	parsed, err := expect.Parse(report)
	if err != nil {
		return err
	}
	r.Found, r.Differences = expect.Compare(r.Expected, s.Target, parsed)
	r.Differences = append(r.Differences, expect.Place(r.Expected, parsed)...)
	judged(s, r, parsed)
	return nil
}

// judged says whether a report is as expected. What is known to be missed is told and fails nothing, unless the report claims what
// is not so.
func judged(s *scenario.Scenario, r *results.Result, report *expect.Report) {
	r.Wrong = expect.Wrong(r.Expected, s.Target, report)
	if s.Missed != "" && !r.Wrong && len(r.Differences) > 0 {
		progress.Say("%-44s known to be missed (%s): %s", s.Name, s.Missed, strings.Join(r.Differences, "; "))
		r.Differences = nil
	}
	r.OK = len(r.Differences) == 0
}

// served waits until the API server's own cache, which answers lists, has all that was written.
func (g *ground) served(ctx context.Context, w *fleet.Written) error {
	clients, err := kubernetes.NewForConfig(g.config)
	if err != nil {
		return err
	}
	cached := metav1.ListOptions{ResourceVersion: "0"}
	for deadline := time.Now().Add(time.Minute); ; {
		pods, err := clients.CoreV1().Pods("").List(ctx, cached)
		if err != nil {
			return err
		}
		nodes, err := clients.CoreV1().Nodes().List(ctx, cached)
		if err != nil {
			return err
		}
		events, err := clients.CoreV1().Events("").List(ctx, cached)
		if err != nil {
			return err
		}
		if w.Count("pods") == len(pods.Items) && w.Count("minions") == len(nodes.Items) && w.Count("events") <= len(events.Items) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the API server serves %d pods of %d, %d nodes of %d and %d events of %d after a minute", len(pods.Items), w.Count("pods"), len(nodes.Items), w.Count("minions"), len(events.Items), w.Count("events"))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// binary is the given program, or one built for this run; done removes that.
func binary(ctx context.Context, given, repository string) (path string, done func(), err error) {
	if given != "" {
		path, err = filepath.Abs(given)
		return path, func() {}, err
	}
	dir, err := os.MkdirTemp("", "crashlab-")
	if err != nil {
		return "", nil, err
	}
	done = func() { _ = os.RemoveAll(dir) }
	if path, err = product.Build(ctx, repository, dir); err != nil {
		done()
	}
	return path, done, err
}
