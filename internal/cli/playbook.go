package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

func newPlaybook(streams genericiooptions.IOStreams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "playbook",
		Short: "List the causes that can be found, and explain one",
		Long: `playbook shows what crashproof knows: every cause that a report may name, what settles it, what it is confused
with, and what to do. It needs no cluster.`,
		Example: `
# what can be found
crashproof playbook list

# everything about one cause
crashproof playbook explain memory.container-limit`,
		Args: noSubcommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPlaybookList(streams), newPlaybookExplain(streams))
	return cmd
}

// noSubcommand explains an argument that is no command of its parent.
func noSubcommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return fmt.Errorf("%q is no command of `%s`; it has %s", args[0], cmd.CommandPath(), strings.Join(names, ", "))
}

// addForm adds the flag -o to a command that prints something else than a report.
func addForm(cmd *cobra.Command, form *string, forms []string) {
	cmd.Flags().StringVarP(form, "output", "o", forms[0], "Form of the output: "+strings.Join(forms, ", "))
	must(cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(forms, cobra.ShellCompDirectiveNoFileComp)))
}

func checkForm(form string, forms []string) error {
	if !slices.Contains(forms, form) {
		return fmt.Errorf("-o %q is no form of this output; give one of %s", form, strings.Join(forms, ", "))
	}
	return nil
}
