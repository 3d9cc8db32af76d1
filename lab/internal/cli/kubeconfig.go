package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newKubeconfig(o *options) *cobra.Command {
	return &cobra.Command{
		Use:     "kubeconfig",
		Short:   "Print the path of the administrator's kubeconfig",
		Example: `  export KUBECONFIG=$(crashlab kubeconfig)`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lab, started, err := o.open()
			if err != nil {
				return err
			}
			if !started {
				return fmt.Errorf("instance %s is down; start it with `crashlab up`", lab.Dir.Name)
			}
			fmt.Fprintln(cmd.OutOrStdout(), lab.Dir.Kubeconfig())
			return nil
		},
	}
}
