// Package logscan reads one dead instance's log and says which signatures of the playbook stand in it, and how much
// each one weighs as the reason why the process ended.
//
// A log is full of errors that programs survive. What counts is how a message stands to the end: whether the program
// itself calls it fatal, whether it is an exception that nobody caught, and whether anything worse came after it.
package logscan
