package cli

import (
	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

func newAzure(streams genericiooptions.IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "azure",
		Short: "Access checks, log queries, alert rules and a role for clusters on Azure (AKS)",
		Long: `azure says what of Azure's side can be read, shows and runs the queries that find crashing pods in a Log Analytics
workspace, and writes them, alert rules and a role as files for a pipeline. It changes nothing in Azure.`,
		Example: `
# what can be read of Azure's side, and which role is missing
crashproof azure check

# the queries, and one of them to paste into the portal
crashproof azure queries
crashproof azure queries restarts-by-container

# alert rules and all the rest as Bicep files
crashproof azure export --dir infra/crashproof`,
		Args: noSubcommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAzureCheck(streams), newAzureQueries(streams), newAzureExport(streams))
	return cmd
}
