// Package objects handles objects of a cluster by "Kind/name", as people write
// them: it applies manifests, scales, deletes, and finds a workload's pods.
package objects
