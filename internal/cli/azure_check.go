package cli

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/client-go/rest"

	"github.com/crashproof-dev/crashproof/collect/azure"
	"github.com/crashproof-dev/crashproof/collect/kube"
	"github.com/crashproof-dev/crashproof/evidence"
)

func newAzureCheck(streams genericiooptions.IOStreams) *cobra.Command {
	l := newLook(streams)
	form, exit := "", false
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Say which of Azure's sources can be read, and which role is missing",
		Long: `check reads every source on Azure's side once and says which answered; for the others, what was answered and which role
or step mends it. Machines are read for one node pool. It writes nothing.`,
		Example: `
# for the cluster of the current context
crashproof azure check

# for a cluster that the context does not reach
crashproof azure check --azure-cluster /subscriptions/…/managedClusters/shop

# in a pipeline, before an incident finds out: status 2 where something cannot be read
crashproof azure check --exit-code -o json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkForm(form, queryForms); err != nil {
				return err
			}
			c, s, err := l.azureOf(cmd.Context())
			if err != nil {
				return err
			}
			states := c.Check(cmd.Context(), s)
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			if form == "json" {
				err = writeJSON(l.Out, states)
			} else {
				err = l.printStates(states)
			}
			for _, s := range states {
				if err == nil && exit && s.Readable != nil && !*s.Readable && !s.Absent {
					return status(exitFindings)
				}
			}
			return err
		},
	}
	addForm(cmd, &form, queryForms)
	cmd.Flags().BoolVar(&exit, "exit-code", false, "Exit with 2 where a source cannot be read")
	l.addConnection(cmd)
	l.azure.addFlags(cmd, "")
	return cmd
}

// azureOf makes a collector of Azure's side for the cluster that the flags name, or that the context reaches: its nodes say
// which it is.
func (l *look) azureOf(ctx context.Context) (*azure.Collector, *evidence.Snapshot, error) {
	show := l.progress()
	defer show.end()
	opts := l.azure.options
	opts.Progress = show.say
	s := &evidence.Snapshot{}
	cfg, err := l.connection()
	if err == nil {
		opts.Server = host(cfg)
		s, err = l.nodes(ctx, cfg)
	}
	if err != nil && opts.Cluster == "" {
		return nil, nil, err
	}
	c, err := azure.New(opts)
	return c, s, err
}

// nodes looks at a namespace that every cluster has, and so at the nodes.
func (l *look) nodes(ctx context.Context, cfg *rest.Config) (*evidence.Snapshot, error) {
	c, err := kube.New(cfg, kube.Options{Namespace: "kube-system"})
	if err != nil {
		return &evidence.Snapshot{}, err
	}
	s, err := c.Collect(ctx)
	if s == nil {
		s = &evidence.Snapshot{}
	}
	return s, err
}

func (l *look) printStates(states []azure.State) error {
	t := tabwriter.NewWriter(l.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SOURCE\tWHAT\tREADABLE\tROLE\tON")
	for _, s := range states {
		word := "not asked"
		if s.Readable != nil {
			word = map[bool]string{true: "yes", false: "no"}[*s.Readable]
		}
		if s.Absent {
			word = "there is none"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", s.Source, s.What, word, s.Role, s.On)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, s := range states {
		for _, why := range s.Why {
			fmt.Fprintf(l.Out, "\n%s\n", strings.TrimPrefix(why, azure.What))
		}
	}
	return nil
}
