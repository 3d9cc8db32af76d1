package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/lab/internal/apitier"
	"github.com/crashproof-dev/crashproof/lab/internal/home"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

// apiInstance is the default name of the API tier.
const apiInstance = "api"

func (o *options) tier() (apitier.Tier, error) {
	name := o.instance
	if name == "" {
		name = apiInstance
	}
	h, err := home.Default()
	if err != nil {
		return apitier.Tier{}, err
	}
	dir, err := h.Instance(name)
	if err != nil {
		return apitier.Tier{}, err
	}
	labDir, err := o.findLabDir()
	return apitier.Tier{Home: h, Dir: dir, LabDir: labDir}, err
}

func newAPIUp(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "api-up",
		Short: "Start etcd and kube-apiserver alone, on loopback and without root",
		Long: `For tests that write the objects they want to see: nothing schedules or runs pods.
Prints the path of the kubeconfig.`,
		Example: `  export KUBECONFIG=$(crashlab api-up)
  crashlab api-down`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			tier, err := o.tier()
			if err != nil {
				return err
			}
			stages := progress.NewStages()
			if err := tier.Up(cmd.Context()); err != nil {
				return fmt.Errorf("%w\n`crashlab api-down` removes what was started", err)
			}
			stages.Done("API server")
			fmt.Fprintln(cmd.OutOrStdout(), tier.Dir.Kubeconfig())
			return nil
		},
	}
}

func newAPIDown(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "api-down",
		Short: "End what api-up started",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			tier, err := o.tier()
			if err != nil {
				return err
			}
			return tier.Down(context.WithoutCancel(cmd.Context()))
		},
	}
}
