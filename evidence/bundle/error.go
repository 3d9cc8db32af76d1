package bundle

import (
	"fmt"

	"github.com/crashproof-dev/crashproof/evidence/archive"
)

// Problem says in what way a bundle cannot be read.
type Problem = archive.Problem

// The problems.
const (
	Foreign   = archive.Foreign   // it is something else
	Truncated = archive.Truncated // its end is missing
	Damaged   = archive.Damaged   // a file is missing, or is not as it was written
	Unsafe    = archive.Unsafe    // it holds what no bundle holds: links, paths that lead out of it, the same file twice
	TooBig    = archive.TooBig    // it unpacks to more than a bundle does

	Newer Problem = "newer" // a later version of crashproof wrote it
)

// Error is what is wrong with a bundle.
type Error struct {
	Path    string // of the bundle
	Problem Problem
	Detail  string // what was found
	Err     error
}

// Error is one sentence: what was read, what is wrong, what to do.
func (e *Error) Error() string {
	switch e.Problem {
	case Foreign:
		return fmt.Sprintf("%s is not a crashproof bundle: %s; give a .tar.gz written by `crashproof capture`, or the folder it unpacks to", e.Path, e.Detail)
	case Truncated:
		return fmt.Sprintf("%s is cut off: %s; copy or capture it again", e.Path, e.Detail)
	case Damaged:
		return fmt.Sprintf("%s is damaged: %s; copy or capture it again", e.Path, e.Detail)
	case Unsafe:
		return fmt.Sprintf("%s is refused as unsafe: %s; crashproof writes no such bundle", e.Path, e.Detail)
	case TooBig:
		return fmt.Sprintf("%s is refused: %s; crashproof writes no such bundle", e.Path, e.Detail)
	case Newer:
		return fmt.Sprintf("%s was written by a later crashproof: %s; update crashproof", e.Path, e.Detail)
	}
	return e.Path + ": " + e.Detail
}

// Unwrap returns the cause, where there is one.
func (e *Error) Unwrap() error { return e.Err }

func problem(p Problem, format string, args ...any) *Error {
	e := &Error{Problem: p, Detail: fmt.Sprintf(format, args...)}
	for _, a := range args {
		if err, ok := a.(error); ok {
			e.Err = err
		}
	}
	return e
}
