package cli

import (
	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/image"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

func newImages(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "images [NAME…]",
		Short: "Make the images of lab/images that are missing or changed",
		Long: `Makes the images of lab/images/NAME.yaml, or all. A running lab serves them at once;
nodes that pulled an earlier image of the same tag keep that one under imagePullPolicy IfNotPresent.`,
		RunE: func(cmd *cobra.Command, names []string) error {
			lab, _, err := o.open()
			if err != nil {
				return err
			}
			stages := progress.NewStages()
			builder := image.Builder{LabDir: lab.LabDir, Home: lab.Home}
			made, err := builder.Build(cmd.Context(), names...)
			stages.Done("%d images made", made)
			return err
		},
	}
}
