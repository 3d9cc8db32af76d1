package scenario

import (
	"fmt"
	"time"
)

// Scenario is one incident.
type Scenario struct {
	Name string `json:"-"` // of the folder
	Dir  string `json:"-"`

	Title      string `json:"title"`
	Conclusion string `json:"conclusion"`
	Family     string `json:"family"`
	Namespace  string `json:"namespace"`
	Profile    string `json:"profile"`
	Core       bool   `json:"core"`
	Exclusive  bool   `json:"exclusive"`
	// Split is empty for incidents that rules may be written from, else the name of a set that nobody has looked at:
	// test-1, test-2, …
	Split string `json:"split,omitempty"`
	// Confounder is what misleads beside the cause: noise, an unrelated crash, an earlier change.
	Confounder string `json:"confounder,omitempty"`
	// Missed says what is known not to be told as expected, and why; it is shown and fails no run, unless the report claims what is
	// not so.
	Missed string `json:"missed,omitempty"`
	Target string `json:"target"`
	// Azure is the file that says how the Azure under the cluster differs from a healthy one; crashproof then asks it too.
	Azure  string `json:"azure,omitempty"`
	Steps  []Step `json:"steps"`
	Expect Expect `json:"expect"`
}

// Step is one thing to do; exactly one of its fields is set.
type Step struct {
	Apply        string    `json:"apply,omitempty"`
	Wait         *Wait     `json:"wait,omitempty"`
	Sleep        Duration  `json:"sleep,omitempty"`
	Delete       string    `json:"delete,omitempty"`
	Scale        *Scale    `json:"scale,omitempty"`
	Fault        *Fault    `json:"fault,omitempty"`
	Registry     *Registry `json:"registry,omitempty"`
	ExpireEvents *struct{} `json:"expire-events,omitempty"`
	// Fleet is the file of a population for the API tier.
	Fleet string `json:"fleet,omitempty"`
}

// ProfileAPI is the profile of scenarios that need no more than an API server: populations that are written to it.
const ProfileAPI = "api"

// What a step can wait for.
const (
	Ready        = "ready"
	Restarts     = "restarts"
	Waiting      = "waiting"
	Event        = "event"
	Phase        = "phase"
	NodeNotReady = "node-not-ready"
	NodeReady    = "node-ready"
)

// Wait is a condition with a limit.
type Wait struct {
	For     string   `json:"for"`
	Object  string   `json:"object,omitempty"`
	Node    string   `json:"node,omitempty"`
	Reason  string   `json:"reason,omitempty"`
	Phase   string   `json:"phase,omitempty"`
	Count   int      `json:"count,omitempty"`
	Timeout Duration `json:"timeout,omitempty"`
}

// Limit is how long to wait.
func (w Wait) Limit() time.Duration {
	if w.Timeout == 0 {
		return 2 * time.Minute
	}
	return time.Duration(w.Timeout)
}

func (w Wait) String() string {
	text := w.For
	for _, part := range []string{w.Object, w.Node, w.Reason, w.Phase} {
		if part != "" {
			text += " " + part
		}
	}
	if w.Count > 0 {
		text += fmt.Sprintf(" ≥ %d", w.Count)
	}
	return text
}

// Scale sets the replicas of a workload.
type Scale struct {
	Object   string `json:"object"`
	Replicas int    `json:"replicas"`
}

// Fault breaks or mends a node.
type Fault struct {
	Node   string `json:"node"`
	Action string `json:"action"`
}

// Registry changes how pulls of a repository are answered.
type Registry struct {
	Repository string `json:"repository"`
	Answer     string `json:"answer"`
}

// Expect is what a person should conclude.
type Expect struct {
	Finding  bool     `json:"finding"`
	Cause    []string `json:"cause,omitempty"`
	Verdict  []string `json:"verdict,omitempty"`
	Scope    []string `json:"scope,omitempty"`
	State    string   `json:"state,omitempty"`
	Workload string   `json:"workload,omitempty"`
	// Reach is how far everything reaches that is sick there: the accepted levels of the report's own scope.
	Reach []string `json:"reach,omitempty"`
	// Subject is a regular expression for the subject of the report's own scope; Scopes are such as some finding must have.
	Subject string  `json:"subject,omitempty"`
	Scopes  []Place `json:"scopes,omitempty"`
	// Change is what the trigger must say, or "none" where nothing changed that the API keeps.
	Change   string     `json:"change,omitempty"`
	Refuted  []string   `json:"refuted,omitempty"`
	Never    []string   `json:"never,omitempty"`
	Evidence []Evidence `json:"evidence,omitempty"`
	// Gaps are regular expressions for what the report must say that it could not see.
	Gaps []string `json:"gaps,omitempty"`
	// WithoutAzure has the fields that differ when Azure is not asked.
	WithoutAzure map[string]any `json:"withoutAzure,omitempty"`
}

// Place is a scope of a finding: its level, and a regular expression for its subject.
type Place struct {
	Level   string `json:"level"`
	Subject string `json:"subject"`
}

// Evidence is a regular expression that a cited text of a producer must match.
type Evidence struct {
	Source string `json:"source"`
	Match  string `json:"match"`
}

// Duration is written as in Go: 90s, 2m.
type Duration time.Duration

// UnmarshalJSON reads the text form.
func (d *Duration) UnmarshalJSON(data []byte) error {
	if len(data) < 2 || data[0] != '"' {
		return fmt.Errorf("duration %s: write it with a unit, such as 20s", data)
	}
	v, err := time.ParseDuration(string(data[1 : len(data)-1]))
	*d = Duration(v)
	return err
}

// MarshalJSON writes the text form.
func (d Duration) MarshalJSON() ([]byte, error) {
	return []byte(`"` + time.Duration(d).String() + `"`), nil
}
