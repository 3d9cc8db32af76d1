package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
)

func newRoot(name string, streams genericiooptions.IOStreams) *cobra.Command {
	root := newScan(streams)
	root.Use = "crashproof"
	root.Annotations = map[string]string{cobra.CommandDisplayNameAnnotation: name}
	root.Short = "Prove why pods crash-loop"
	root.Long = `crashproof proves why pods crash-loop: what ended the container, why, and what changed.

Without a command it scans: a line for each sick workload in the namespace, worst first.
It reads pods, their owners, events, logs and usage; it never reads Secrets and changes nothing.`
	root.Example = examples(name, `
# every sick workload of the namespace, or of the cluster
crashproof
crashproof -A

# why one of them crashes
crashproof diagnose deployment/payments -n shop

# keep the evidence, and look at it later or elsewhere
crashproof capture deployment/payments -n shop --output payments.tar.gz
crashproof diagnose -f payments.tar.gz`)
	root.Args = noArgs
	root.SuggestionsMinimumDistance = 2
	root.SetUsageTemplate(usageTemplate(root.UsageTemplate()))
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; `%s --help` lists the flags", err, cmd.CommandPath())
	})
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.ErrOut)
	root.AddCommand(newScan(streams), newDiagnose(streams), newCapture(streams), newDemo(streams), newPlaybook(streams), newAzure(streams), newVersion(streams))
	for _, c := range root.Commands() {
		nameExamples(name, c)
	}
	return root
}

// noArgs explains what an argument without a command may have meant.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if strings.Contains(args[0], "/") {
		return fmt.Errorf("%q is no command; to look at one workload use `%s diagnose %s`", args[0], cmd.Root().DisplayName(), args[0])
	}
	s := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		s = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return fmt.Errorf("%q is no command of crashproof%s `%s --help` lists them", args[0], or(s, ";"), cmd.Root().DisplayName())
}

func or(s, empty string) string {
	if s == "" {
		return empty
	}
	return s
}

// nameExamples writes the examples of a command and of those below it for the program's name.
func nameExamples(name string, c *cobra.Command) {
	c.Example = examples(name, c.Example)
	for _, sub := range c.Commands() {
		nameExamples(name, sub)
	}
}

// examples indents examples and writes the program's name as the user types it.
func examples(name, text string) string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "crashproof"); ok {
			line = name + rest
		}
		if line = strings.TrimSpace(line); line != "" {
			line = "  " + line
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
