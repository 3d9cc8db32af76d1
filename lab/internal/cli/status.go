package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

func newStatus(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show the lab's processes and nodes; fails when something is not well",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lab, started, err := o.open()
			if err != nil {
				return err
			}
			if !started {
				return fmt.Errorf("instance %s is down", lab.Dir.Name)
			}
			well, err := lab.Status(cmd.Context(), cmd.OutOrStdout())
			if err == nil && !well {
				err = errors.New("not everything is well; `crashlab up` starts what has ended")
			}
			return err
		},
	}
}
