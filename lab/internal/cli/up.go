package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

func newUp(o *options) *cobra.Command {
	var nodes string
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Start the lab, or what of it is not running",
		Example: `  crashlab up
  crashlab up --profile defaults
  crashlab up --instance small --nodes system=1`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lab, started, err := o.open()
			if err != nil {
				return err
			}
			if started && cmd.Flags().Changed("nodes") {
				return fmt.Errorf("instance %s has its nodes already; `crashlab down --instance %s` first, or take another --instance", lab.Dir.Name, lab.Dir.Name)
			}
			if !started {
				if lab.Settings.Profile, err = cluster.ParseProfile(o.profile); err != nil {
					return err
				}
				if lab.Settings.Pools, err = cluster.ParsePools(nodes); err != nil {
					return err
				}
			}
			stages := progress.NewStages()
			if err := lab.Up(cmd.Context(), stages); err != nil {
				return fmt.Errorf("%w\n`crashlab down --instance %s` removes what was started", err, lab.Dir.Name)
			}
			progress.Say("instance %s is up after %.1fs", lab.Dir.Name, stages.Total().Seconds())
			fmt.Fprintln(cmd.OutOrStdout(), lab.Dir.Kubeconfig())
			return nil
		},
	}
	cmd.Flags().StringVar(&nodes, "nodes", "system=1,user=2", "node pools and how many nodes each has; `system` has containerd 1.6, others 2")
	return cmd
}
