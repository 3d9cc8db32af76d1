package cli

import (
	"errors"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/crashproof-dev/crashproof/report"
)

func newDiagnose(streams genericiooptions.IOStreams) *cobra.Command {
	l, o := newLook(streams), &output{}
	cmd := &cobra.Command{
		Use:   "diagnose [TYPE/NAME | TYPE NAME]",
		Short: "Say why a workload crashes, and what proves it",
		Long: `diagnose says why a workload crashes: what ended its containers, why, what was ruled out, and what to do.
Without TYPE/NAME it does so for every sick workload of the namespace, or of what -f names.`,
		Example: `
# one workload, or one pod
crashproof diagnose deployment/payments -n shop
crashproof diagnose pod payments-7d4f9c-x2x8z -n shop

# everything that is sick in the cluster
crashproof diagnose -A

# for programs: the schema is schema/report.schema.json
crashproof diagnose deployment/payments -n shop -o json

# keep what only your company takes for a secret out of the report: the group, or the whole match
crashproof diagnose -A --redact-pattern 'pin=(?P<pin>[0-9]{6})'

# what was captured before, or collected by others
crashproof diagnose -f payments.tar.gz
crashproof diagnose -f cluster-info-dump/
crashproof diagnose -f pods.json -f events.json -f app.previous.log
kubectl describe pod payments-7d4f9c-x2x8z | crashproof diagnose -f -`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			t, err := target(args)
			if err != nil {
				return err
			}
			if t.Kind != "" && l.selector != "" {
				return errors.New("-l narrows many pods and TYPE/NAME names one workload: give one of them")
			}
			a, err := l.at(cmd.Context(), t)
			if err != nil {
				return err
			}
			return o.write(l, a, report.Text)
		},
		ValidArgsFunction: completeTypes,
	}
	o.addFlags(cmd)
	l.addFrom(cmd)
	l.addFlags(cmd)
	return cmd
}

// completeTypes completes the TYPE of TYPE/NAME.
func completeTypes(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"deployment/", "statefulset/", "daemonset/", "job/", "cronjob/", "pod/"}, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}
