package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/report"
)

var explainForms = []string{"text", "markdown", "json", "yaml"}

func newPlaybookExplain(streams genericiooptions.IOStreams) *cobra.Command {
	var form string
	cmd := &cobra.Command{
		Use:   "explain CAUSE",
		Short: "Explain a cause: what settles it, what it is confused with, what to do",
		Long: `explain shows everything about a cause: what it means, which facts settle, support and refute it, its rivals, what
each producer shows when it is true, how programs say it, what to check and to do, and where it holds.
CAUSE is the id that a report gives, or an end of it that no other id has.`,
		Example: `
crashproof playbook explain dependency.refused

# the end of an id will do
crashproof playbook explain container-limit

# a page for your runbook
crashproof playbook explain probe.too-aggressive -o markdown`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return nil
			}
			return fmt.Errorf("give one CAUSE, such as memory.container-limit; `%s list` lists them", cmd.Parent().CommandPath())
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkForm(form, explainForms); err != nil {
				return err
			}
			pb := playbook.Default()
			cause, err := pb.Find(args[0])
			if err != nil {
				return fmt.Errorf("%w `%s list` lists the causes", err, cmd.Parent().CommandPath())
			}
			e := pb.Explain(cause)
			switch form {
			case "json":
				return report.CauseJSON(streams.Out, e)
			case "yaml":
				return report.CauseYAML(streams.Out, e)
			case "markdown":
				return report.CauseMarkdown(streams.Out, e)
			}
			return report.CauseText(streams.Out, e, terminal(streams.Out))
		},
		ValidArgsFunction: completeCauses,
	}
	addForm(cmd, &form, explainForms)
	return cmd
}

// completeCauses completes ids, with their meanings where the shell shows them.
func completeCauses(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, c := range playbook.Default().Family("") {
		out = append(out, cobra.CompletionWithDesc(c.ID, c.Means))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
