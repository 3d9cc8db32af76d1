package diagnosis

import (
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// APIVersion and Kind identify a report. The JSON form is a contract: schema/report.schema.json.
const (
	APIVersion = "crashproof.dev/v1alpha1"
	Kind       = "Report"
)

// Verdict says how sure a finding is, by rule and not by a number.
type Verdict string

// The verdicts, strongest first.
const (
	Proven      Verdict = "proven"      // decisive or corroborated, every rival refuted, nothing contradicts
	Likely      Verdict = "likely"      // supported, a rival is still open
	Ambiguous   Verdict = "ambiguous"   // rivals equally supported
	Unexplained Verdict = "unexplained" // the evidence does not say
)

// Status is what the evidence does to a hypothesis.
type Status string

// The statuses.
const (
	Supported Status = "supported"
	Refuted   Status = "refuted"
	Untested  Status = "untested"
)

// Report is everything that crashproof concludes from one snapshot.
type Report struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	CapturedAt time.Time `json:"capturedAt"`
	Cluster    Cluster   `json:"cluster"`
	Target     string    `json:"target,omitempty"`
	Scope      Scope     `json:"scope"`
	Findings   []Finding `json:"findings"`
	Gaps       []Gap     `json:"gaps"`
	Coverage   Coverage  `json:"coverage"`
}

// Cluster identifies the cluster.
type Cluster struct {
	UID      string `json:"uid"`
	Version  string `json:"version,omitempty"`
	Provider string `json:"provider,omitempty"`
}

// Coverage says whether everything that was asked about could be seen, and what it took.
type Coverage struct {
	Complete bool `json:"complete"`
	Pods     int  `json:"pods"`
	Nodes    int  `json:"nodes"`
	APICalls int  `json:"apiCalls,omitempty"`
	LogReads int  `json:"logReads,omitempty"`
}

// ScopeLevel is how far a disease reaches.
type ScopeLevel string

// The levels.
const (
	ScopeWorkload       ScopeLevel = "workload"
	ScopeRevision       ScopeLevel = "revision"
	ScopeContainerImage ScopeLevel = "container-image"
	ScopeNode           ScopeLevel = "node"
	ScopeNodePool       ScopeLevel = "node-pool"
	ScopeZone           ScopeLevel = "zone"
	ScopeNamespace      ScopeLevel = "namespace"
	ScopeReference      ScopeLevel = "reference"
	ScopeCluster        ScopeLevel = "cluster"
	ScopeMixed          ScopeLevel = "mixed"
	ScopeUndetermined   ScopeLevel = "undetermined"
	ScopeNone           ScopeLevel = "none"
)

// Scope is the smallest explanation of which pods are sick.
type Scope struct {
	Level ScopeLevel `json:"level"`
	// Subject is what they share: Deployment/shop/payments@5f4c, Node/x, NodePool/y.
	Subject    string `json:"subject,omitempty"`
	Affected   int    `json:"affected"`
	Population int    `json:"population"`
	// Confidence is high, medium or low.
	Confidence string `json:"confidence,omitempty"`
	// Chance is how often sickness that is dealt anew among workloads, and within each among its nodes, lies as well on one
	// side; where pods of several workloads share the scope.
	Chance    *float64 `json:"chance,omitempty"`
	Statement string   `json:"statement"`
}

// Finding is one disease of one workload revision.
type Finding struct {
	ID        string `json:"id"`
	State     string `json:"state"` // active or recovered
	Neighbour bool   `json:"neighbour"`
	Symptom   string `json:"symptom"`
	// Headline is the conclusion in one sentence.
	Headline    string             `json:"headline"`
	Onset       *Moment            `json:"onset,omitempty"`
	LastSeen    time.Time          `json:"lastSeen,omitzero"`
	Workload    Workload           `json:"workload"`
	Containers  []ContainerFinding `json:"containers"`
	Sampled     Sampled            `json:"sampled"`
	Scope       Scope              `json:"scope"`
	Verdict     Verdict            `json:"verdict"`
	Cause       string             `json:"cause"`
	Family      string             `json:"family"`
	Probability *float64           `json:"probability,omitempty"`
	Mechanism   string             `json:"mechanism"`
	Chain       []string           `json:"chain"`
	Trigger     *Trigger           `json:"trigger,omitempty"`
	Victims     []Workload         `json:"victims,omitempty"`
	Hypotheses  []Hypothesis       `json:"hypotheses"`
	Pattern     string             `json:"pattern,omitempty"`
	Evidence    []Evidence         `json:"evidence"`
	Timeline    []TimelineEntry    `json:"timeline"`
	// Path is the way from the symptom to the cause: what was asked, and what the evidence answered.
	Path        []Step       `json:"path,omitempty"`
	Misreadings []Misreading `json:"misreadings"`
	Gaps        []Gap        `json:"gaps"`
	NextChecks  []Check      `json:"nextChecks"`
	Remedies    []Remedy     `json:"remedies"`
}

// Moment is a time with its uncertainty.
type Moment struct {
	Time      time.Time `json:"time"`
	PlusMinus string    `json:"plusMinus"`
}

// Workload names what a finding is about; External names a target outside the cluster instead.
type Workload struct {
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	Revision  string `json:"revision,omitempty"`
	External  string `json:"external,omitempty"`
}

// ContainerFinding is one sick container.
type ContainerFinding struct {
	Pod       string `json:"pod"`
	Container string `json:"container"`
	Role      string `json:"role"`
	Restarts  *int   `json:"restarts,omitempty"` // absent where unknown
	State     string `json:"state"`
	Node      string `json:"node,omitempty"`
}

// Sampled says how many of the sick pods were read in depth.
type Sampled struct {
	Read int `json:"read"`
	Of   int `json:"of"`
}

// Trigger is the change that brought it about, by time, by what it touches and by what it can cause.
type Trigger struct {
	// Change is the id of the entry of the timeline.
	Change string    `json:"change"`
	Text   string    `json:"text,omitempty"`
	Time   time.Time `json:"time,omitzero"`
	// Score is how well it explains the finding, from 0 to 1.
	Score float64 `json:"score,omitempty"`
	// By is the field manager that made the change, KeptBy the tool that would undo a change of that object by hand.
	By     string `json:"by,omitempty"`
	KeptBy string `json:"keptBy,omitempty"`
}

// Hypothesis is one line of the ledger. For and Against are ids of evidence.
type Hypothesis struct {
	Cause    string        `json:"cause"`
	Family   string        `json:"family"`
	Layer    string        `json:"layer"`
	Status   Status        `json:"status"`
	For      []string      `json:"for"`
	Against  []string      `json:"against"`
	Untested []MissingWord `json:"untested,omitempty"`
	Why      string        `json:"why"` // one clause for people
}

// MissingWord says which producer's word is missing for a hypothesis and why.
type MissingWord struct {
	Source evidence.Producer `json:"source"`
	Why    string            `json:"why"`
}

// Evidence quotes what was seen. Ref can be resolved inside the bundle.
type Evidence struct {
	ID     string            `json:"id"`
	Source evidence.Producer `json:"source"`
	Ref    string            `json:"ref"`
	Time   time.Time         `json:"time,omitzero"`
	Text   string            `json:"text"`
	Fact   string            `json:"fact"`
	Count  int               `json:"count,omitempty"`
}

// TimelineEntry is something that happened around the onset.
type TimelineEntry struct {
	// ID names a change: c1, c2, …
	ID   string    `json:"id,omitempty"`
	Time time.Time `json:"time"`
	Text string    `json:"text"`
	Ref  string    `json:"ref,omitempty"`
	// Score is how well the change explains the finding, from 0 to 1; KeptBy the tool that keeps the changed object as it is.
	Score  float64 `json:"score,omitempty"`
	KeptBy string  `json:"keptBy,omitempty"`
}

// Misreading is a wrong conclusion that this evidence invites.
type Misreading struct {
	Seen    string `json:"seen"`
	Not     string `json:"not"`
	Because string `json:"because"`
}

// Check is something that would move the verdict, as a command.
type Check struct {
	Why     string `json:"why"`
	Command string `json:"command"`
}

// Remedy is a typed step; only package fix turns it into a patch.
type Remedy struct {
	ID         string            `json:"id"`
	Action     string            `json:"action"`
	Target     string            `json:"target"`
	Text       string            `json:"text"`
	Parameters map[string]string `json:"parameters,omitempty"`
	Evidence   []string          `json:"evidence,omitempty"`
}

// Gap is a gap of the snapshot, in the form of the report.
type Gap struct {
	What   string `json:"what"`
	Source string `json:"source"`
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"`
	Close  string `json:"close,omitempty"`
}
