package golden

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence/importer"
	"github.com/crashproof-dev/crashproof/evidence/redact"
	"github.com/crashproof-dev/crashproof/playbook"
)

// One incident of the lab (database-password-changed) as other tools wrote it down within a minute: kubectl 1.32 and
// troubleshoot 0.133. What each form shows of it is what crashproof says of it, and no more.
func TestForeignForms(t *testing.T) {
	for _, tt := range []struct {
		files   string
		verdict diagnosis.Verdict
		cause   string
	}{
		{"support-bundle.tar.gz", diagnosis.Proven, "access.credentials-rejected"},
		{"cluster-info-dump-json.tar.gz", diagnosis.Proven, "access.credentials-rejected"},
		{"cluster-info-dump-yaml.tar.gz", diagnosis.Proven, "access.credentials-rejected"},
		{"get.json.gz", diagnosis.Unexplained, "app.unexplained-exit"},
		{"get.yaml.gz", diagnosis.Unexplained, "app.unexplained-exit"},
		{"get.json.gz nodes.txt app.previous.log", diagnosis.Likely, "access.credentials-rejected"},
		{"describe.txt", diagnosis.Unexplained, "app.unexplained-exit"},
		{"describe.txt app.previous.log", diagnosis.Likely, "access.credentials-rejected"},
		{"wide.txt", diagnosis.Unexplained, "app.unexplained-exit"},
		{"wide.txt events.txt nodes.txt app.previous.log", diagnosis.Likely, "access.credentials-rejected"},
		{"app.previous.log", diagnosis.Likely, "access.credentials-rejected"},
		{"issue.md", diagnosis.Likely, "access.credentials-rejected"},
	} {
		t.Run(tt.files, func(t *testing.T) {
			var sources []importer.Source
			for _, f := range strings.Fields(tt.files) {
				sources = append(sources, importer.Source{Path: filepath.Join(testdata, "foreign", f)})
			}
			s, err := importer.Import(t.Context(), sources, importer.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := redact.Snapshot(s, redact.Options{}); err != nil {
				t.Fatal(err)
			}
			r, _, err := diagnosis.Diagnose(s, playbook.Default())
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Findings) != 1 {
				t.Fatalf("%d findings", len(r.Findings))
			}
			if f := r.Findings[0]; f.Verdict != tt.verdict || f.Cause != tt.cause || f.Workload.Name != "billing-api" && tt.files != "app.previous.log" {
				t.Errorf("got %s %s about %s, want %s %s", f.Verdict, f.Cause, f.Workload, tt.verdict, tt.cause)
			}
			for _, g := range s.Gaps {
				if strings.HasPrefix(g.What, "file ") {
					t.Errorf("a file of a whole input was left out: %s", g)
				}
			}
		})
	}
}
