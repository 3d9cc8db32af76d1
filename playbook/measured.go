package playbook

import "fmt"

// Measured is how often findings were right on incidents that no rule had been written against.
type Measured struct {
	// Verdicts has the count for each verdict that claims a cause.
	Verdicts map[string]Count `json:"verdicts"`
	// Sets are the incidents that were counted.
	Sets []MeasuredSet `json:"sets"`
}

// Count is how many of some were right.
type Count struct {
	Right int `json:"right"`
	Of    int `json:"of"`
}

// MeasuredSet is one set of incidents, scored once.
type MeasuredSet struct {
	Name      string `json:"name"`
	Incidents int    `json:"incidents"`
	Scored    string `json:"scored"` // the day
	What      string `json:"what"`
}

// Probability is the measured share of findings with a verdict that were right; false where none was counted.
func (p *Playbook) Probability(verdict string) (float64, bool) {
	c, ok := p.Measured.Verdicts[verdict]
	if !ok || c.Of == 0 {
		return 0, false
	}
	return float64(c.Right) / float64(c.Of), true
}

func (m Measured) check() error {
	for v, c := range m.Verdicts {
		if c.Right < 0 || c.Right > c.Of {
			return fmt.Errorf("measured.yaml: %d of %d findings with verdict %s cannot have been right", c.Right, c.Of, v)
		}
	}
	return nil
}
