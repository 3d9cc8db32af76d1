package golden

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/evidence/redact"
)

// The diagnoses of all recorded incidents do not change by redaction: each is redacted once more, as text that was never
// looked at, and gives the same report to the byte.
func TestRedactionDoesNotChangeDiagnoses(t *testing.T) {
	for _, file := range bundles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := diagnose(t, read(t, file))
			s := read(t, file)
			s.Redacted = false
			if err := redact.Snapshot(s, redact.Options{}); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(diagnose(t, s))); diff != "" {
				t.Errorf("redaction changed the report:\n%s", diff)
			}
		})
	}
}

// Recorded incidents were redacted when they were captured, so all that redaction takes from them now is harmless, but
// for what an earlier version did not know.
func TestRedactionTakesNothingMore(t *testing.T) {
	for _, file := range bundles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s, want := read(t, file), read(t, file)
			if err := redact.Snapshot(s, redact.Options{}); err != nil {
				t.Fatal(err)
			}
			for i, l := range want.Logs {
				if diff := cmp.Diff(string(l.Text), string(s.Logs[i].Text)); diff != "" {
					t.Errorf("log of %s:\n%s", l.Instance, diff)
				}
			}
			if diff := cmp.Diff(want.Objects, s.Objects); diff != "" {
				t.Errorf("objects:\n%s", diff)
			}
			if diff := cmp.Diff(want.Events, s.Events); diff != "" {
				t.Errorf("events:\n%s", diff)
			}
		})
	}
}
