package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
	"github.com/crashproof-dev/crashproof/internal/version"
)

func newCapture(streams genericiooptions.IOStreams) *cobra.Command {
	l := newLook(streams)
	var file string
	cmd := &cobra.Command{
		Use:   "capture [TYPE/NAME | TYPE NAME]",
		Short: "Keep the evidence in a file, without its secrets",
		Long: `capture writes the evidence that a diagnosis needs into a bundle: objects, events, logs and usage of what is sick, and
a row for every other pod. Secrets are replaced before anything is written: equal ones by equal placeholders, such as
[redacted:password:1f3a9c70]. The bundle gives the same diagnosis anywhere and at any time: crashproof diagnose -f FILE.`,
		Example: `
# one workload
crashproof capture deployment/payments -n shop --output payments.tar.gz

# everything that is sick in the cluster, under a name with the time
crashproof capture -A

# with the numbers of orders replaced, which no list of secrets knows
crashproof capture -A --redact-pattern 'order-[0-9]{12}' --redact-pattern 'pin=(?P<pin>[0-9]{6})'

# to another machine
crashproof capture -A --output - | ssh desk 'cat > monday.tar.gz'`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := target(args)
			if err != nil {
				return err
			}
			if f, ok := l.Out.(*os.File); ok && file == "-" && term.IsTerminal(int(f.Fd())) {
				return errors.New("a bundle is no text for a terminal: pipe it somewhere, or give --output FILE")
			}
			a, err := l.at(cmd.Context(), t)
			if err != nil {
				return err
			}
			return save(l, a, file)
		},
		ValidArgsFunction: completeTypes,
	}
	cmd.Flags().StringVarP(&file, "output", "o", "", "File to write, - for standard output (default crashproof-<what>-<time>.tar.gz)")
	must(cmd.MarkFlagFilename("output", "tar.gz"))
	l.addFlags(cmd)
	return cmd
}

func save(l *look, a *answer, file string) error {
	opts := bundle.Options{ToolVersion: version.String(), Unredacted: l.redact.mode == redactOff}
	if file == "-" {
		return bundle.WriteTo(l.Out, a.Snapshot, opts)
	}
	if file == "" {
		file = fileName(a.Snapshot.Target, a.Snapshot.CapturedAt)
	}
	if err := bundle.Write(file, a.Snapshot, opts); err != nil {
		return err
	}
	if l.quiet {
		return nil
	}
	s := a.Snapshot
	_, err := fmt.Fprintf(l.Out, "Wrote %s: %d pods, %d objects, %d events and %d logs of %s.\nLook at it with: crashproof diagnose -f %s\n",
		file, len(s.Population.Rows), len(s.Objects), len(s.Events), len(s.Logs), a.where, file)
	return err
}

// fileName says what was captured and when.
func fileName(t evidence.Target, at time.Time) string {
	what := []string{"crashproof"}
	for _, s := range []string{t.Namespace, t.Name} {
		if s != "" {
			what = append(what, s)
		}
	}
	return strings.Join(what, "-") + "-" + at.UTC().Format("20060102-150405") + ".tar.gz"
}
