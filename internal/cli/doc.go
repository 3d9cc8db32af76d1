// Package cli is the command line: one file a command, no logic. Commands turn flags into options, hand them to
// [pipeline], and print what it answers.
package cli
