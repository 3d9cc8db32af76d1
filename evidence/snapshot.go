package evidence

import (
	"cmp"
	"slices"
	"time"
)

// Target says what a collection was asked for. An empty Kind means every sick workload in Namespace, or everywhere.
type Target struct {
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
}

// Cluster is a cluster's identity.
type Cluster struct {
	// UID is the UID of the namespace kube-system, the usual stand-in for a cluster's identity.
	UID     string `json:"uid,omitempty"`
	Version string `json:"version,omitempty"`
	// Provider is aks, gke, eks or empty, told from the nodes' providerID.
	Provider string `json:"provider,omitempty"`
}

// Sample says how many of the pods with the same workload, revision and symptom were read in depth.
type Sample struct {
	Workload  string `json:"workload"` // Kind/namespace/name
	Revision  string `json:"revision,omitempty"`
	Container string `json:"container"`
	Symptom   string `json:"symptom"`
	Read      int    `json:"read"`
	Of        int    `json:"of"`
}

// Snapshot is all that was observed at one moment.
type Snapshot struct {
	CapturedAt time.Time
	// AtLeast: nothing told when it was captured; CapturedAt is the newest time that was seen, and the truth may be later.
	AtLeast    bool
	Target     Target
	Cluster    Cluster
	Population Population
	Objects    []Object
	Events     []Event
	Logs       []Log
	Usage      []Usage
	Samples    []Sample
	Gaps       []Gap
	// EventsListed names the namespaces whose events were listed whole; "" is the whole cluster, [NodeEvents] stands
	// for the events about nodes.
	EventsListed []string
	// Calls is the number of API requests made, log reads included; LogReads is how many of them read logs.
	Calls, LogReads int
	// Redacted is set once secrets were replaced; diagnosis refuses anything else.
	Redacted bool
}

// NodeEvents is the entry of EventsListed for the events about nodes, which live in namespace default; no namespace
// can have this name.
const NodeEvents = "#nodes"

// ListedEvents reports whether the events of a namespace, or of nodes, were listed whole.
func (s *Snapshot) ListedEvents(ns string) bool {
	return slices.Contains(s.EventsListed, "") || slices.Contains(s.EventsListed, ns) || ns == NodeEvents && slices.Contains(s.EventsListed, "default")
}

// AddGap keeps a gap once.
func (s *Snapshot) AddGap(g Gap) {
	if !slices.Contains(s.Gaps, g) {
		s.Gaps = append(s.Gaps, g)
	}
}

// Object finds an object by kind, namespace and name.
func (s *Snapshot) Object(kind, namespace, name string) (Object, bool) {
	for _, o := range s.Objects {
		if o.Kind == kind && o.Namespace == namespace && o.Name == name {
			return o, true
		}
	}
	return Object{}, false
}

// OfKind lists the objects of a kind in a namespace ("" for all).
func (s *Snapshot) OfKind(kind, namespace string) []Object {
	var out []Object
	for _, o := range s.Objects {
		if o.Kind == kind && (namespace == "" || o.Namespace == namespace) {
			out = append(out, o)
		}
	}
	return out
}

// EventsAbout lists the events about one object, oldest first. Events that carry another UID are of another object
// with the same name, such as yesterday's StatefulSet pod.
func (s *Snapshot) EventsAbout(r Ref) []Event {
	var out []Event
	for _, e := range s.Events {
		if e.About.Kind == r.Kind && e.About.Name == r.Name && (e.About.Namespace == r.Namespace || e.About.Namespace == "" || r.Namespace == "") &&
			(e.About.UID == "" || r.UID == "" || e.About.UID == r.UID || e.About.Kind == "Node") {
			out = append(out, e)
		}
	}
	return out
}

// Sort brings everything into one order, whatever order it was read in: verdicts must not depend on it.
func (s *Snapshot) Sort() {
	slices.SortStableFunc(s.Objects, func(a, b Object) int { return cmp.Compare(a.Key(), b.Key()) })
	slices.SortStableFunc(s.Events, func(a, b Event) int {
		return cmp.Or(a.Last.Compare(b.Last), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name), cmp.Compare(a.UID, b.UID), cmp.Compare(a.Message, b.Message))
	})
	slices.SortStableFunc(s.Logs, func(a, b Log) int {
		return cmp.Or(cmp.Compare(a.Instance.String(), b.Instance.String()), cmp.Compare(btoi(a.Previous), btoi(b.Previous)))
	})
	slices.SortStableFunc(s.Usage, func(a, b Usage) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Pod, b.Pod), cmp.Compare(a.Container, b.Container), a.Time.Compare(b.Time))
	})
	slices.SortStableFunc(s.Gaps, func(a, b Gap) int { return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Detail, b.Detail)) })
	slices.SortStableFunc(s.Population.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Pod, b.Pod), cmp.Compare(a.UID, b.UID))
	})
	slices.SortStableFunc(s.Population.Nodes, func(a, b NodeRow) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(s.Samples, func(a, b Sample) int {
		return cmp.Or(cmp.Compare(a.Workload, b.Workload), cmp.Compare(a.Revision, b.Revision), cmp.Compare(a.Container, b.Container), cmp.Compare(a.Symptom, b.Symptom))
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
