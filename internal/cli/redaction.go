package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/crashproof-dev/crashproof/evidence/redact"
	"github.com/crashproof-dev/crashproof/internal/pipeline"
)

// redaction is what users say about secrets.
type redaction struct {
	mode     string
	patterns []string
}

const (
	redactOn  = "on"
	redactOff = "off"
)

var redactModes = []string{redactOn, redactOff}

func (r *redaction) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.mode, "redact", redactOn, "Replace secrets before anything is looked at, shown or written: on, off")
	f.StringArrayVar(&r.patterns, "redact-pattern", nil,
		"Regular expression of secrets of your own, such as 'order-[0-9]{12}' or 'pin=(?P<pin>[0-9]{6})', of which only the group is replaced; may be repeated")
	must(cmd.RegisterFlagCompletionFunc("redact", cobra.FixedCompletions(redactModes, cobra.ShellCompDirectiveNoFileComp)))
	must(cmd.RegisterFlagCompletionFunc("redact-pattern", cobra.NoFileCompletions))
}

// redaction reads the flags, and warns where secrets will be left in.
func (l *look) redaction() (pipeline.Redaction, error) {
	r := &l.redact
	if r.mode == "" { // a command without the flags
		return pipeline.Redaction{}, nil
	}
	if !slices.Contains(redactModes, r.mode) {
		return pipeline.Redaction{}, fmt.Errorf("--redact=%q is not known; give one of %s", r.mode, strings.Join(redactModes, ", "))
	}
	o := pipeline.Redaction{Off: r.mode == redactOff}
	if o.Off && len(r.patterns) > 0 {
		return o, fmt.Errorf("--redact=off replaces nothing, and --redact-pattern says what to replace: give one of them")
	}
	for i, expr := range r.patterns {
		p, err := redact.ParsePattern(expr)
		if err != nil {
			return o, fmt.Errorf("--redact-pattern number %d, %q: %w", i+1, expr, err)
		}
		o.Detectors = append(o.Detectors, p)
	}
	if o.Off {
		fmt.Fprintln(l.ErrOut, "crashproof: warning: --redact=off: passwords, tokens and keys of logs, events and objects stay readable in what is shown and written; do not pass it on")
	}
	return o, nil
}
