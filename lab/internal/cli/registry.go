package cli

import (
	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/registry"
)

func newRegistry(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "registry REPOSITORY [ANSWER]",
		Short: "Make the lab's registry answer a repository in a way; without ANSWER, as usual again",
		Long: `Answers: 200, 401, 403, 404, 429, 500, slow; for a whole host also tls (a certificate that
nobody trusts), tls-expired and dns (the name does not exist).`,
		Example: `  crashlab registry shop/api 429
  crashlab registry acme.azurecr.io tls
  crashlab registry shop/api`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			lab, err := o.running(cmd.Context())
			if err != nil {
				return err
			}
			answer := registry.Answer("")
			if len(args) == 2 {
				answer = registry.Answer(args[1])
			}
			return lab.Registry().Set(cmd.Context(), args[0], answer)
		},
	}
}
