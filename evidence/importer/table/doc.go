// Package table reads the tables that `kubectl get` prints: with or without -A, -o wide and --show-labels, the several
// tables of `kubectl get all`, rows of pods without their header.
//
// Columns are found by the offsets of their titles, for values contain spaces and empty cells; where a chat has eaten
// the spaces, rows of pods and events are recognised by their form. A column that was not shown is unknown, a shown
// <none> is known to be empty. Parse never fails; text that is no table is left out of every table's range.
//
// The columns are those of k8s.io/kubernetes pkg/printers/internalversion/printers.go over its versions.
package table
