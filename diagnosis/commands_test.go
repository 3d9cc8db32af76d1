package diagnosis

import (
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence/importer"
	"github.com/crashproof-dev/crashproof/evidence/redact"
	"github.com/crashproof-dev/crashproof/playbook"
)

// What is not known of a paste stands in capitals in the commands to type: none has a flag without its value.
func TestCommandsNameWhatIsUnknown(t *testing.T) {
	for _, text := range []string{
		"NAME    READY   STATUS             RESTARTS       AGE\napi-0   0/1     CrashLoopBackOff   12 (3m ago)    40m\n",
		"2026-11-23T02:00:00Z INFO starting\nError: boom, giving up\n",
		"Name: api-0\nContainers:\n  api:\n    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       Error\n      Exit Code:    1\n    Restart Count:  3\n",
	} {
		s, err := importer.Import(t.Context(), []importer.Source{{Path: "input", Stream: strings.NewReader(text)}}, importer.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := redact.Snapshot(s, redact.Options{}); err != nil {
			t.Fatal(err)
		}
		r, _, err := Diagnose(s, playbook.Default())
		if err != nil {
			t.Fatal(err)
		}
		var commands []string
		for _, f := range r.Findings {
			for _, k := range f.NextChecks {
				commands = append(commands, k.Command)
			}
		}
		for _, g := range r.Gaps {
			commands = append(commands, g.Close)
		}
		seen := 0
		for _, c := range commands {
			if !strings.HasPrefix(c, "kubectl") {
				continue
			}
			seen++
			words := strings.Fields(c)
			for i, w := range words {
				if (w == "-n" || w == "-c") && (i+1 == len(words) || strings.HasPrefix(words[i+1], "-")) || w == "unnamed" {
					t.Errorf("%q cannot be typed", c)
				}
			}
		}
		if seen == 0 {
			t.Errorf("no command is suggested for %q", text)
		}
	}
}
