// Package process remembers which processes the lab started, so that it ends
// these and never any other.
//
// A process is identified by its PID together with its start time and the boot
// of the machine: a PID alone may have been given to somebody else since. A
// [Book] keeps one [Record] a name in a directory.
package process
