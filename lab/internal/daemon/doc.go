// Package daemon starts the lab's components in the background, each with a
// log file and a record of its own, and stops what is recorded.
package daemon
