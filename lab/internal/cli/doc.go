// Package cli holds crashlab's commands, one file each. They only join options
// to packages.
package cli
