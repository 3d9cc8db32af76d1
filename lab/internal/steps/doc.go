// Package steps performs what a scenario does to a cluster, and undoes it.
package steps
