package cli

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/crashproof-dev/crashproof/internal/demo"
	"github.com/crashproof-dev/crashproof/internal/pipeline"
	"github.com/crashproof-dev/crashproof/report"
)

func newDemo(streams genericiooptions.IOStreams) *cobra.Command {
	l, o := &look{IOStreams: streams}, &output{}
	cmd := &cobra.Command{
		Use:   "demo [NAME]",
		Short: "Diagnose a recorded incident; needs no cluster",
		Long:  "demo diagnoses real incidents that were recorded with crashproof capture and are part of the program. Without NAME it lists them.",
		Example: `
# what there is
crashproof demo

# look at one
crashproof demo database-password-changed
crashproof demo database-password-changed -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := o.check(); err != nil {
				return err
			}
			if len(args) == 0 {
				return listDemos(streams)
			}
			a, err := play(args[0])
			if err != nil {
				return err
			}
			return o.write(l, a, report.Text)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return demo.Names(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	o.addFlags(cmd)
	return cmd
}

func play(name string) (*answer, error) {
	s, err := demo.Open(name)
	if err != nil {
		return nil, err
	}
	res, err := pipeline.Recorded(s, diagnose, pipeline.Redaction{})
	if err != nil {
		return nil, err
	}
	return &answer{res, "the recorded incident", len(s.Population.Rows)}, nil
}

// listDemos gives each incident the headline of its first finding, which is diagnosed anew.
func listDemos(streams genericiooptions.IOStreams) error {
	names := demo.Names()
	if len(names) == 0 {
		return errors.New("this build holds no recorded incidents; capture one with `crashproof capture`")
	}
	w := tabwriter.NewWriter(streams.Out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(w, "NAME\tVERDICT\tCAUSE")
	for _, name := range names {
		a, err := play(name)
		if err != nil {
			return err
		}
		if list := report.Worst(a.Report.Findings); len(list) > 0 {
			fmt.Fprintf(w, "%s\t%s\t%s\n", name, list[0].Verdict, list[0].Cause)
		} else {
			fmt.Fprintf(w, "%s\t-\t-\n", name)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(streams.Out, "\nLook at one: crashproof demo NAME")
	return err
}
