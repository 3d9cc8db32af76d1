package golden

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/playbook"
)

// Each piece of evidence of the reviewed reports is a fact of the glossary, told by the producer that it names there.
func TestEvidenceIsInTheGlossary(t *testing.T) {
	pb := playbook.Default()
	// By the runtime's word where the event is gone; and containerd itself says Unknown, 255 of what it lost in a reboot.
	inferred := map[string]bool{"kill.liveness": true, "kill.startup": true, "end.lost": true}
	files, err := filepath.Glob(filepath.Join(testdata, "reports", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r diagnosis.Report
		if err := json.Unmarshal(b, &r); err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings {
			for _, e := range f.Evidence {
				if strings.HasPrefix(e.Fact, "says:") || strings.HasPrefix(e.Fact, "log:") {
					continue // a signature's
				}
				known, ok := pb.Fact(e.Fact)
				if !ok {
					t.Errorf("%s: %s is not in playbook/facts.yaml", file, e.Fact)
				} else if known.Producer != string(e.Source) && !inferred[e.Fact] {
					t.Errorf("%s: %s is the word of the %s there and of the %s in playbook/facts.yaml", file, e.Fact, e.Source, known.Producer)
				}
			}
		}
	}
}
