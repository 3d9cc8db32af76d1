package table

import (
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer/age"
)

// Table is one table.
type Table struct {
	// Kind is that of the rows, from the columns or the names' prefix (pod/api-0); empty where neither tells.
	Kind string
	// Columns are the titles, in capitals; none where the header is missing.
	Columns []string
	Rows    []Row
	// Pods, Events and Nodes are the rows of these kinds with their values read; at most one of them has any.
	Pods   []PodRow
	Events []EventRow
	Nodes  []NodeRow
	// Start and End bound the table in the text, in bytes, header included.
	Start, End int
}

// Row is a row as it stands.
type Row struct {
	Kind      string
	Namespace string // empty where it is not shown
	Name      string
	// Cells holds the texts by column title, empty cells left out.
	Cells      map[string]string
	Start, End int // byte range
}

// PodRow is a row of pods (printPod).
type PodRow struct {
	Row
	Ready, Total evidence.Opt[int]
	// Status is the reason that kubectl computes from phase, container states and deletion: Running, CrashLoopBackOff,
	// Init:0/2, Init:Error, Terminating, ExitCode:1, Completed and so on. It is no phase.
	Status   string
	Restarts evidence.Opt[int]
	// LastRestart is how long ago a container last ended, shown since 1.23: "12 (3m ago)".
	LastRestart age.Age
	Age         age.Age
	// IP, Node and NominatedNode are known with -o wide, and empty there for <none>.
	IP, Node, NominatedNode evidence.Opt[string]
	// Labels is nil where --show-labels was not used.
	Labels map[string]string
}

// EventRow is a row of events (printEvent).
type EventRow struct {
	Row         // its kind and name are those of the event, whose name is shown with -o wide only
	Last, First age.Age
	Count       evidence.Opt[int]
	Type        string
	Reason      string
	// ObjectKind is the kind in lower case as in "pod/api-0" (up to 1.13: in a column of its own, as in the API).
	ObjectKind, ObjectName string
	SubObject              string // the field path, such as spec.containers{api}
	Source                 string // "kubelet, node-1"
	// Message ends in "..." where kubectl cut it at a line break.
	Message string
}

// NodeRow is a row of nodes (printNode).
type NodeRow struct {
	Row
	Ready         evidence.Opt[bool] // unknown for a status other than Ready and NotReady
	Unschedulable evidence.Opt[bool]
	Roles         []string
	Age           age.Age
	Version       string
	InternalIP    evidence.Opt[string]
	OSImage       string
	Kernel        string
	Runtime       string
}
