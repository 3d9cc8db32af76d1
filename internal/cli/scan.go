package cli

import (
	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/report"
)

func newScan(streams genericiooptions.IOStreams) *cobra.Command {
	l, o := newLook(streams), &output{}
	l.azure.mode = azureOff // a scan is for the first second
	cmd := &cobra.Command{
		Use:   "scan",
		Short: "List every sick workload, worst first",
		Long:  "scan lists every crash-looping workload of the namespace, or of the cluster with -A: a line each, worst first.",
		Example: `
# the namespace of the context, another one, all of them
crashproof scan
crashproof scan -n shop
crashproof scan -A

# only some pods
crashproof scan -A -l team=payments

# in a script: status 2 where something is sick
crashproof scan -A --quiet --exit-code

# keep what only your company takes for a secret out of the report
crashproof scan -A -o json --redact-pattern 'order-[0-9]{12}'

# a captured cluster
crashproof scan -f monday.tar.gz`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			a, err := l.at(cmd.Context(), evidence.Target{})
			if err != nil {
				return err
			}
			return o.write(l, a, report.Table)
		},
	}
	o.addFlags(cmd)
	l.addFrom(cmd)
	l.addFlags(cmd)
	return cmd
}
