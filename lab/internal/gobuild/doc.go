// Package gobuild builds the lab's programs with the go command.
//
// A program's file name carries a hash of what it is built from (go.mod,
// go.sum, its sources, the flags and the Go version), so a change builds anew
// and what is there is never stale.
package gobuild
