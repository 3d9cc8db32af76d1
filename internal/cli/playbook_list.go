package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/report"
)

var listForms = []string{"text", "json", "yaml"}

func newPlaybookList(streams genericiooptions.IOStreams) *cobra.Command {
	var form, family string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the causes that can be found, by family",
		Long:  "list shows every cause that a report may name, by family, with its meaning.",
		Example: `
crashproof playbook list

# what a probe may have to do with it
crashproof playbook list --family liveness

# for programs
crashproof playbook list -o json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := checkForm(form, listForms); err != nil {
				return err
			}
			if family != "" && !slices.Contains(families(), family) {
				return fmt.Errorf("%q is no family of causes; give one of %s", family, strings.Join(families(), ", "))
			}
			causes := playbook.Default().Family(family)
			switch form {
			case "json":
				return report.CausesJSON(streams.Out, causes)
			case "yaml":
				return report.CausesYAML(streams.Out, causes)
			}
			return report.CausesText(streams.Out, causes, terminal(streams.Out))
		},
	}
	addForm(cmd, &form, listForms)
	cmd.Flags().StringVar(&family, "family", "", "Only the causes of one family: "+strings.Join(families(), ", "))
	must(cmd.RegisterFlagCompletionFunc("family", cobra.FixedCompletions(families(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func families() []string {
	var out []string
	for _, f := range playbook.Families {
		out = append(out, f.ID)
	}
	return out
}
