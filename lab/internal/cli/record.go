package cli

import (
	"path/filepath"

	"github.com/spf13/cobra"
)

func newRecord(o *options) *cobra.Command {
	ro := &runOptions{options: o, repeat: 1}
	cmd := &cobra.Command{
		Use:   "record [SCENARIO…]",
		Short: "Make incidents happen and keep what crashproof captures of them in testdata/bundles",
		Example: `  crashlab record database-password-changed
  crashlab record --all`,
		RunE: func(cmd *cobra.Command, names []string) error {
			ro.choice.Names = names
			labDir, err := o.findLabDir()
			if err != nil {
				return err
			}
			return ro.run(cmd, filepath.Join(filepath.Dir(labDir), "testdata", "bundles"))
		},
	}
	cmd.Flags().BoolVar(&ro.choice.All, "all", false, "all scenarios of the lab's profile")
	ro.common(cmd)
	return cmd
}
