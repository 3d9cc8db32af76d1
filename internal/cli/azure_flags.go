package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"

	"github.com/crashproof-dev/crashproof/collect/azure"
	"github.com/crashproof-dev/crashproof/collect/kube"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/internal/pipeline"
)

// When Azure's side is read.
const (
	azureAuto = "auto"
	azureOn   = "on"
	azureOff  = "off"
)

// azureFlags say whether Azure's side is read too, and where it is.
type azureFlags struct {
	mode    string
	options azure.Options
}

func (a *azureFlags) addFlags(cmd *cobra.Command, mode string) {
	f := cmd.Flags()
	if mode != "" {
		f.StringVar(&a.mode, "azure", mode, "Read Azure's side too: on, off, or auto: where the cluster is one of AKS and a login to Azure is at hand")
		must(cmd.RegisterFlagCompletionFunc("azure", cobra.FixedCompletions([]string{azureAuto, azureOn, azureOff}, cobra.ShellCompDirectiveNoFileComp)))
	}
	f.StringVar(&a.options.Cluster, "azure-cluster", "", "Resource ID of the managed cluster (default: found by its nodes)")
	f.StringVar(&a.options.Workspace, "azure-workspace", "", "GUID or resource ID of the Log Analytics workspace (default: that of the cluster's monitoring add-on)")
	f.StringVar(&a.options.Subscription, "azure-subscription", "", "Subscription to look for the cluster in, where no node tells (default: the nodes')")
	f.StringVar(&a.options.Cloud, "azure-cloud", "", "AzureCloud, AzureUSGovernment or AzureChinaCloud (default: AzureCloud)")
	f.StringVar(&a.options.ResourceManager, "azure-resource-manager", "", "Endpoint of Azure Resource Manager, for other clouds and proxies")
	f.StringVar(&a.options.LogsEndpoint, "azure-logs", "", "Endpoint of the Log Analytics query API, for other clouds and proxies")
	f.DurationVar(&a.options.Limit, "azure-timeout", 20*time.Second, "How long Azure may take in each of two rounds; what takes longer becomes a gap")
}

func (a *azureFlags) check() error {
	switch a.mode {
	case "", azureAuto, azureOn, azureOff:
		return nil
	}
	return fmt.Errorf("--azure=%s is not known: on, off or auto", a.mode)
}

// wanted tells whether Azure is to be read: in mode auto where a login is at hand, for without one the SDK would look for
// it in many places, some of them slow.
func (a *azureFlags) wanted() bool {
	o := a.options
	named := o.Cluster+o.Workspace+o.Subscription+o.Cloud+o.ResourceManager+o.LogsEndpoint != ""
	return a.mode == azureOn || a.mode == azureAuto && (named || loggedIn())
}

// loggedIn looks for what the SDK's default chain would use: environment, workload identity, managed identity of a
// service, the Azure CLI's login. It asks nobody.
func loggedIn() bool {
	for _, name := range []string{"AZURE_FEDERATED_TOKEN_FILE", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH", "IDENTITY_ENDPOINT", "MSI_ENDPOINT"} {
		if os.Getenv(name) != "" {
			return true
		}
	}
	dir := os.Getenv("AZURE_CONFIG_DIR")
	if home, err := os.UserHomeDir(); dir == "" && err == nil {
		dir = filepath.Join(home, ".azure")
	}
	for _, name := range []string{"msal_token_cache.json", "msal_token_cache.bin"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil && dir != "" {
			return true
		}
	}
	return false
}

// beside puts Azure's side beside the cluster's, where it is wanted.
func (l *look) beside(c *kube.Collector, cfg *rest.Config, o kube.Options, show *progress) (pipeline.Collector, error) {
	if !l.azure.wanted() {
		return c, nil
	}
	opts := l.azure.options
	opts.Progress = func(what string) { show.say("reading Azure: " + what) }
	opts.OnlyAKS = l.azure.mode == azureAuto
	opts.Server = host(cfg)
	side, err := azure.New(opts)
	if err != nil && l.azure.mode == azureAuto && opts.Cluster == "" {
		return c, nil // a login that cannot be used is no reason not to look at the cluster
	}
	if err != nil {
		return nil, err
	}
	return &pipeline.Joined{Collector: c, Side: side, Lost: func(err error) pipeline.Collector { return l.history(err, cfg, o) }}, nil
}

// host is the API server's name.
func host(cfg *rest.Config) string {
	u, err := url.Parse(cfg.Host)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// history is what to look at when the workload is gone: its namespace; Azure may tell of the rest.
func (l *look) history(err error, cfg *rest.Config, o kube.Options) pipeline.Collector {
	var e *kube.Error
	if !errors.As(err, &e) || e.Reason != kube.TargetMissing {
		return nil
	}
	target := o.Target
	target.Kind = pipeline.Kind(target.Kind)
	o.Target = evidence.Target{}
	c, err := kube.New(cfg, o)
	if err != nil {
		return nil
	}
	l.gone = &gone{e, target}
	return &inItsPlace{c, target, e, l.azure.options.Cluster != ""}
}

// gone is a workload that does not exist any more, in the words of the API.
type gone struct {
	error
	target evidence.Target
}

// inItsPlace collects the namespace of a workload that is gone, and says what it was asked about.
type inItsPlace struct {
	*kube.Collector
	target evidence.Target
	gone   error
	named  bool // which cluster of Azure it is
}

// Collect collects.
func (p *inItsPlace) Collect(ctx context.Context) (*evidence.Snapshot, error) {
	s, err := p.Collector.Collect(ctx)
	if err != nil {
		return nil, err
	}
	if s.Cluster.Provider != "aks" && !p.named {
		return nil, p.gone // no other source knows of it
	}
	s.Target = p.target
	return s, nil
}

// narrow keeps of a result what is about the workload that is gone; where nothing is, the API's words stand.
func (g *gone) narrow(res *pipeline.Result) error {
	if err := pipeline.Narrow(res, g.target); err != nil || len(res.Report.Findings) == 0 {
		return fmt.Errorf("%w; and Azure tells of no pod of it that failed%s", g.error, why(res.Snapshot))
	}
	return nil
}

// why says what kept Azure from telling.
func why(s *evidence.Snapshot) string {
	for _, what := range []string{azure.What + "pods ", azure.What + "the Log Analytics", azure.What + "Container Insights", azure.What + "the managed cluster"} {
		for _, g := range s.Gaps {
			if strings.HasPrefix(g.What, what) {
				return ": " + g.String()
			}
		}
	}
	return ""
}
