package diagnosis

import (
	"fmt"
	"os"
	"testing"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
)

func TestZZ(t *testing.T) {
	s, err := bundle.Read(os.Getenv("B"))
	if err != nil {
		t.Skip()
	}
	tb := attribution.New(&s.Population, func(r *evidence.Row) bool { return r.Active && r.Symptom != "" })
	for _, e := range tb.ExplainWithin(attribution.Options{Chance: 1}) {
		fmt.Printf("W %+v\n", e)
	}
	for _, e := range tb.Explain(attribution.Options{Chance: 1}) {
		fmt.Printf("E %+v\n", e)
	}
	for _, r := range s.Population.Rows {
		if r.Symptom != "" {
			fmt.Println(r.Namespace, r.Workload, r.Node, r.Symptom, r.Active)
		}
	}
}
