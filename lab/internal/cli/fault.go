package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
)

func newFault(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "fault NODE ACTION",
		Short: "Break or mend a node by hand",
		Long: fmt.Sprintf(`Actions: %s.
drop-services, drop-dns and drop-outside lose packets of the node's pods: to Service addresses, to port 53, to what is
neither pod, Service nor node. One of them replaces the other; mend-network ends them, start-node mends everything.`,
			strings.Join(cluster.FaultActions, ", ")),
		Example: `  crashlab fault user-0 kill-node
  crashlab fault user-1 drop-dns`,
		Args:      cobra.ExactArgs(2),
		ValidArgs: cluster.FaultActions,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := cluster.CheckFault(args[1]); err != nil {
				return err
			}
			lab, err := o.running(cmd.Context())
			if err != nil {
				return err
			}
			return lab.Fault(cmd.Context(), args[0], args[1])
		},
	}
}
