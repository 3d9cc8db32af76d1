// Package fleet makes populations of nodes and pods on a real API server, so large or so old as no machine of the lab
// could run them: the objects are written to the API server's own etcd, with the times, states and events that kubelets
// and controllers would have written, and a kubelet's log endpoint answers for the nodes.
//
// Who writes such a population says what it looks like, not what it means: pools, workloads, their revisions, and which
// pods are how sick since when.
package fleet
