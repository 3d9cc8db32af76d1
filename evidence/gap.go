package evidence

import "strings"

// GapReason says why something was not observed.
type GapReason string

// The reasons.
const (
	Forbidden   GapReason = "forbidden"   // a permission is missing
	NotFound    GapReason = "not-found"   // it does not exist (any more)
	Unavailable GapReason = "unavailable" // the source did not answer, or is not installed
	Expired     GapReason = "expired"     // it was there, and was dropped by design
	Truncated   GapReason = "truncated"   // only a part was read
	Mismatched  GapReason = "mismatched"  // what was read belongs to another instance
	NotAsked    GapReason = "not-asked"   // outside this collection's budget or plan
)

// PodsOutside starts the What of the gap that a reader of one namespace has; the namespace follows.
const PodsOutside = "pods outside namespace "

// Gap is something that could not be observed.
type Gap struct {
	What   string    `json:"what"`             // "previous log of container api", "events in namespace shop"
	About  Ref       `json:"about,omitzero"`   // the object concerned
	Source Producer  `json:"source"`           // whose word is missing
	Reason GapReason `json:"reason"`           //
	Detail string    `json:"detail,omitempty"` // what was answered
	Close  string    `json:"close,omitempty"`  // what would close it: a permission, a setting, a command
}

// String is the sentence for people.
func (g Gap) String() string {
	s := g.What + ": " + strings.ReplaceAll(string(g.Reason), "-", " ")
	if g.Detail != "" {
		s += " (" + g.Detail + ")"
	}
	if g.Close != "" {
		s += "; " + g.Close
	}
	return s
}
