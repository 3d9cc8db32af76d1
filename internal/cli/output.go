package cli

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/report"
)

// output is the form of a report.
type output struct {
	form     string
	exitCode bool
}

var forms = []string{"text", "wide", "json", "yaml"}

func (o *output) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&o.form, "output", "o", "text", "Form of the report: "+strings.Join(forms, ", "))
	cmd.Flags().BoolVar(&o.exitCode, "exit-code", false,
		"Exit with 2 where there are findings, with 3 where there are none but what could not be seen may hide some")
	must(cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(forms, cobra.ShellCompDirectiveNoFileComp)))
}

func (o *output) check() error {
	if !slices.Contains(forms, o.form) {
		return fmt.Errorf("-o %q is no form of a report; give one of %s", o.form, strings.Join(forms, ", "))
	}
	return nil
}

// human writes a report for people.
type human func(io.Writer, *diagnosis.Report, report.Options) error

// write prints a report and returns the exit status that was asked for.
func (o *output) write(l *look, a *answer, text human) error {
	if err := o.print(l, a, text); err != nil {
		return err
	}
	switch {
	case o.exitCode && len(a.Report.Findings) > 0:
		return status(exitFindings)
	case o.exitCode && hides(a.Snapshot):
		return status(exitHidden)
	}
	return nil
}

// hides tells whether what could not be seen may hide sick pods: pods and nodes that were not listed, or a collection
// that was stopped. Logs, usage and objects explain findings and make none.
func hides(s *evidence.Snapshot) bool {
	return slices.ContainsFunc(s.Gaps, func(g evidence.Gap) bool {
		asked := s.Target.Namespace == "" || !strings.HasPrefix(g.What, evidence.PodsOutside)
		return asked && (g.Source == evidence.Kubelet || g.Source == evidence.Node || g.Reason == evidence.NotAsked)
	})
}

func (o *output) print(l *look, a *answer, text human) error {
	switch o.form {
	case "json":
		return report.JSON(l.Out, a.Report)
	case "yaml":
		return report.YAML(l.Out, a.Report)
	}
	opts := terminal(l.Out)
	opts.Wide, opts.Quiet, opts.Where, opts.Seen = o.form == "wide", l.quiet, a.where, a.seen
	opts.More = "crashproof diagnose TYPE/NAME -n NAMESPACE"
	for _, f := range l.from {
		opts.More += " -f " + f
	}
	if err := text(l.Out, a.Report, opts); err != nil {
		return err
	}
	if hint := elsewhere(a); hint != "" && !l.quiet {
		_, err := fmt.Fprintln(l.Out, hint)
		return err
	}
	return nil
}

// terminal finds out what the output can show. Nothing is coloured or broken to a width that goes into a pipe.
func terminal(w io.Writer) report.Options {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return report.Options{}
	}
	o := report.Options{Color: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
	if width, _, err := term.GetSize(int(f.Fd())); err == nil {
		o.Width = width
	}
	return o
}

// elsewhere tells who looked at a healthy namespace that others are sick: pods of all namespaces were seen anyway.
func elsewhere(a *answer) string {
	s := a.Snapshot
	if len(a.Report.Findings) > 0 || s.Target.Kind != "" || s.Target.Namespace == "" {
		return ""
	}
	pods, namespaces := 0, map[string]bool{}
	for _, r := range s.Population.Rows {
		if r.Active && r.Namespace != s.Target.Namespace {
			pods++
			namespaces[r.Namespace] = true
		}
	}
	if pods == 0 {
		return ""
	}
	return fmt.Sprintf("Elsewhere there are sick pods: %d, in %s. Add -A.", pods, strings.Join(firstOf(slices.Sorted(maps.Keys(namespaces)), 5), ", "))
}

// firstOf names n of a list and counts the rest.
func firstOf(list []string, n int) []string {
	if len(list) <= n {
		return list
	}
	return append(slices.Clone(list[:n]), fmt.Sprintf("%d more", len(list)-n))
}
