package expect

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Report is the part of crashproof's report that comparisons need.
type Report struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Scope      Scope     `json:"scope"`
	Findings   []Finding `json:"findings"`
	Gaps       []Gap     `json:"gaps"`
}

// Gap is something that could not be seen.
type Gap struct {
	What   string `json:"what"`
	Detail string `json:"detail"`
	Close  string `json:"close"`
}

func (g Gap) String() string { return g.What + ": " + g.Detail + "; " + g.Close }

// Scope says how far something reaches.
type Scope struct {
	Level     string `json:"level"`
	Subject   string `json:"subject"`
	Statement string `json:"statement"`
}

// Finding is one disease.
type Finding struct {
	State      string       `json:"state"`
	Neighbour  bool         `json:"neighbour"`
	Workload   Workload     `json:"workload"`
	Scope      Scope        `json:"scope"`
	Verdict    string       `json:"verdict"`
	Cause      string       `json:"cause"`
	Hypotheses []Hypothesis `json:"hypotheses"`
	Evidence   []Evidence   `json:"evidence"`
}

// Workload is what a finding is about.
type Workload struct {
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	External string `json:"external"`
}

// Hypothesis is a possible cause.
type Hypothesis struct {
	Cause  string `json:"cause"`
	Status string `json:"status"`
}

// Evidence is a quotation with its producer.
type Evidence struct {
	Source string `json:"source"`
	Text   string `json:"text"`
}

// Parse reads a report.
func Parse(data []byte) (*Report, error) {
	r := &Report{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("reading crashproof's report: %w", err)
	}
	if r.Kind != "Report" {
		return nil, fmt.Errorf("reading crashproof's report: its kind is %q instead of Report", r.Kind)
	}
	return r, nil
}

func (w Workload) is(object string) bool {
	if w.External != "" {
		return strings.EqualFold("external/"+w.External, object)
	}
	kind, name, _ := strings.Cut(object, "/")
	return strings.EqualFold(w.Kind, kind) && w.Name == name
}

func (w Workload) String() string {
	if w.External != "" {
		return "external/" + w.External
	}
	return w.Kind + "/" + w.Name
}
