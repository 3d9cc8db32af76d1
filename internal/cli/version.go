package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/crashproof-dev/crashproof/evidence/bundle"
	"github.com/crashproof-dev/crashproof/internal/version"
)

func newVersion(streams genericiooptions.IOStreams) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print which build this is",
		Long:    "version prints which build this is, and which form of bundles it reads and writes.",
		Example: `crashproof version`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(streams.Out, "crashproof %s (%s), bundle format %d\n", version.String(), version.Platform(), bundle.FormatVersion)
			return err
		},
	}
}
