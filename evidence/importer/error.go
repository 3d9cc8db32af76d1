package importer

import "fmt"

// Problem says why nothing could be learned from an input.
type Problem string

// The problems.
const (
	Unreadable Problem = "unreadable" // it cannot be opened or read
	Empty      Problem = "empty"      // there is nothing in it
	Foreign    Problem = "foreign"    // nothing in it is about Kubernetes
	Damaged    Problem = "damaged"    // it is broken, and nothing before the break is of use
	Unsafe     Problem = "unsafe"     // it is refused
)

// Error is what is wrong with an input from which nothing could be learned.
type Error struct {
	Path    string
	Problem Problem
	Detail  string
	Err     error
}

// Error is one sentence: what was read, what is wrong, what to do.
func (e *Error) Error() string {
	switch e.Problem {
	case Unreadable:
		return fmt.Sprintf("%s cannot be read: %s; check the path and its permissions", e.Path, e.Detail)
	case Empty:
		return fmt.Sprintf("%s is empty; give objects (kubectl get pods,events -o json), logs, or the text of kubectl describe", e.Path)
	case Foreign:
		return fmt.Sprintf("%s holds nothing about Kubernetes that crashproof knows: %s; give a bundle of `crashproof capture`, a cluster-info dump, a support bundle, objects as JSON or YAML, logs, or the text of kubectl describe or get", e.Path, e.Detail)
	case Damaged:
		return fmt.Sprintf("%s is damaged: %s; copy or collect it again", e.Path, e.Detail)
	case Unsafe:
		return fmt.Sprintf("%s is refused: %s; unpack it yourself if you trust it, and give the folder", e.Path, e.Detail)
	}
	return e.Path + ": " + e.Detail
}

// Unwrap returns the cause, where there is one.
func (e *Error) Unwrap() error { return e.Err }
