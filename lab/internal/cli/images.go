package cli

import (
	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

func newImages(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "images [NAME…]",
		Short: "Make the images of lab/images that are missing or changed",
		Long: `Makes the images of lab/images/NAME.yaml, or all. Running labs serve them at once, and their
nodes forget what they pulled of a changed one before.`,
		RunE: func(cmd *cobra.Command, names []string) error {
			lab, _, err := o.open()
			if err != nil {
				return err
			}
			stages := progress.NewStages()
			if err := lab.InstallPackages(cmd.Context()); err != nil {
				return err
			}
			err = lab.BuildImages(cmd.Context(), names...)
			stages.Done("images")
			return err
		},
	}
}
