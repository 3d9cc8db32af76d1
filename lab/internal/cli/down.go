package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

func newDown(o *options) *cobra.Command {
	var keepLogs bool
	cmd := &cobra.Command{
		Use:   "down",
		Short: "End the lab and remove what it left on the machine",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lab, _, err := o.open()
			if err != nil {
				return err
			}
			began := time.Now()
			// An impatient second ctrl-C must not leave half of it.
			if err := lab.Down(context.WithoutCancel(cmd.Context()), keepLogs); err != nil {
				return err
			}
			progress.Say("instance %s is down after %.1fs", lab.Dir.Name, time.Since(began).Seconds())
			return nil
		},
	}
	cmd.Flags().BoolVar(&keepLogs, "keep-logs", false, "leave the log files")
	return cmd
}
