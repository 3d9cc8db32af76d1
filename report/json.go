package report

import (
	"bytes"
	"encoding/json"
	"io"

	"sigs.k8s.io/yaml"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

// JSON writes a report as the schema describes it.
func JSON(w io.Writer, r *diagnosis.Report) error {
	b, err := marshal(r)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// YAML writes the same in YAML.
func YAML(w io.Writer, r *diagnosis.Report) error {
	b, err := marshal(r)
	if err != nil {
		return err
	}
	if b, err = yaml.JSONToYAML(b); err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

func marshal(r *diagnosis.Report) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // quotes of logs hold < and >
	e.SetIndent("", "  ")
	err := e.Encode(withLists(r))
	return b.Bytes(), err
}

// withLists copies a report and makes absent lists empty ones: readers need not tell null from [].
func withLists(r *diagnosis.Report) *diagnosis.Report {
	out := *r
	out.Gaps = some(r.Gaps)
	out.Findings = make([]diagnosis.Finding, len(r.Findings))
	for i, f := range r.Findings {
		f.Containers, f.Chain, f.Evidence, f.Timeline = some(f.Containers), some(f.Chain), some(f.Evidence), some(f.Timeline)
		f.Misreadings, f.Gaps, f.NextChecks, f.Remedies = some(f.Misreadings), some(f.Gaps), some(f.NextChecks), some(f.Remedies)
		hypotheses := make([]diagnosis.Hypothesis, len(f.Hypotheses))
		for j, h := range f.Hypotheses {
			h.For, h.Against = some(h.For), some(h.Against)
			hypotheses[j] = h
		}
		f.Hypotheses = hypotheses
		out.Findings[i] = f
	}
	return &out
}

func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
