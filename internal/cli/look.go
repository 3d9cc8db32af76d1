package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/crashproof-dev/crashproof/collect/kube"
	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/internal/pipeline"
	"github.com/crashproof-dev/crashproof/playbook"
)

// look is what scan, diagnose and capture have in common: where to look, and how.
type look struct {
	genericiooptions.IOStreams
	config   *genericclioptions.ConfigFlags
	all      bool
	selector string
	from     []string
	quiet    bool
	redact   redaction
	azure    azureFlags
	gone     *gone // the workload that was asked about, where the API has it no more
}

func newLook(streams genericiooptions.IOStreams) *look {
	return &look{IOStreams: streams, config: genericclioptions.NewConfigFlags(true)}
}

// wellKnown are the connection flags that help shows, in the words of this program; the rest of kubectl's work too.
var wellKnown = map[string]string{
	"namespace":       "Namespace to look at (default: the context's)",
	"context":         "Context of the kubeconfig",
	"kubeconfig":      "Kubeconfig file (default: $KUBECONFIG, then ~/.kube/config)",
	"as":              "User to act as",
	"request-timeout": "How long to wait for one answer of the server, such as 20s; 0 is for ever",
}

// addConnection adds the flags that say which cluster is meant.
func (l *look) addConnection(cmd *cobra.Command) {
	connection := pflag.NewFlagSet("connection", pflag.ContinueOnError)
	l.config.AddFlags(connection)
	connection.VisitAll(func(flag *pflag.Flag) {
		usage, known := wellKnown[flag.Name]
		flag.Hidden = !known
		flag.Usage = or(usage, flag.Usage)
	})
	cmd.Flags().AddFlagSet(connection)
	must(cmd.RegisterFlagCompletionFunc("context", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return contexts(l.config), cobra.ShellCompDirectiveNoFileComp
	}))
}

func (l *look) addFlags(cmd *cobra.Command) {
	l.addConnection(cmd)
	f := cmd.Flags()
	f.BoolVarP(&l.all, "all-namespaces", "A", false, "Look at all namespaces")
	f.StringVarP(&l.selector, "selector", "l", "", "Label selector that narrows the pods, such as app=payments")
	f.BoolVarP(&l.quiet, "quiet", "q", false, "Print findings only: no progress, nothing where there is nothing")
	l.redact.addFlags(cmd)
	l.azure.addFlags(cmd, or(l.azure.mode, azureAuto))
}

func (l *look) addFrom(cmd *cobra.Command) {
	cmd.Flags().StringArrayVarP(&l.from, "from", "f", nil,
		"Look at files in place of a cluster: a captured bundle, a cluster-info dump, a support bundle, a folder or file of objects (JSON, YAML), logs and kubectl's text; may be repeated, - is standard input")
}

// answer is a result and the words for what was looked at.
type answer struct {
	*pipeline.Result
	where string
	seen  int // pods there
}

// at looks at the cluster or at what -f names.
func (l *look) at(ctx context.Context, t evidence.Target) (*answer, error) {
	if err := l.azure.check(); err != nil {
		return nil, err
	}
	r, err := l.redaction()
	if err != nil {
		return nil, err
	}
	if len(l.from) > 0 {
		return l.recorded(ctx, t, r)
	}
	return l.live(ctx, t, r)
}

func diagnose(s *evidence.Snapshot) (*diagnosis.Report, []evidence.Request, error) {
	return diagnosis.Diagnose(s, playbook.Default())
}

func (l *look) live(ctx context.Context, t evidence.Target, r pipeline.Redaction) (*answer, error) {
	ns, _, err := l.config.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return nil, explain(l.config, err)
	}
	if l.all && t.Kind != "" {
		return nil, errors.New("a workload has one namespace: give -n in place of -A")
	}
	if l.all {
		ns = ""
	}
	cfg, err := l.connection()
	if err != nil {
		return nil, err
	}
	show := l.progress()
	defer show.end()
	if t.Kind != "" {
		t.Namespace = ns
	}
	o := kube.Options{Target: t, Namespace: ns, AllNamespaces: l.all, Selector: l.selector, Progress: show.step}
	c, err := kube.New(cfg, o)
	if err != nil {
		return nil, err
	}
	both, err := l.beside(c, cfg, o, show)
	if err != nil {
		return nil, err
	}
	res, err := pipeline.Live(ctx, both, diagnose, r)
	if err != nil {
		return nil, err
	}
	if l.gone != nil {
		if err := l.gone.narrow(res); err != nil {
			return nil, err
		}
	}
	return &answer{res, place(ns), seen(res.Snapshot, ns)}, nil
}

// connection reads the kubeconfig. Without one, client-go would try localhost:8080, where nothing has listened for years.
func (l *look) connection() (*rest.Config, error) {
	raw, err := l.config.ToRawKubeConfigLoader().RawConfig()
	if err != nil {
		return nil, explain(l.config, err)
	}
	if _, notInPod := rest.InClusterConfig(); notInPod != nil && len(raw.Clusters) == 0 && *l.config.APIServer == "" && *l.config.Context == "" {
		return nil, explain(l.config, clientcmd.ErrEmptyConfig)
	}
	cfg, err := l.config.ToRESTConfig()
	if err != nil {
		return nil, explain(l.config, err)
	}
	return cfg, nil
}

// place names a namespace, or the cluster.
func place(ns string) string {
	if ns == "" {
		return "the cluster"
	}
	return "namespace " + ns
}

// seen counts the pods of a namespace.
func seen(s *evidence.Snapshot, ns string) int {
	n := 0
	for i := range s.Population.Rows {
		if ns == "" || s.Population.Rows[i].Namespace == ns {
			n++
		}
	}
	return n
}

func (l *look) recorded(ctx context.Context, t evidence.Target, r pipeline.Redaction) (*answer, error) {
	if l.selector != "" {
		return nil, errors.New("-l needs a live cluster, for a bundle holds the labels of sick pods only; name the workload in its place")
	}
	s, err := l.given(ctx)
	if err != nil {
		return nil, err
	}
	if !l.all {
		t.Namespace = *l.config.Namespace // only where it was given: a kubeconfig says nothing about a bundle
	}
	res, err := pipeline.Recorded(s, diagnose, r)
	if err != nil {
		return nil, err
	}
	if t != (evidence.Target{}) {
		if err := pipeline.Narrow(res, t); err != nil {
			return nil, err
		}
	}
	return &answer{res, recordedPlace(t.Namespace), seen(s, t.Namespace)}, nil
}

func must(err error) {
	if err != nil {
		panic(err) // a flag that is not there: found by the first test
	}
}

func recordedPlace(ns string) string {
	if ns == "" {
		return "what was captured"
	}
	return place(ns)
}
