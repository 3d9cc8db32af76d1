// Package cluster runs a real Kubernetes cluster of several nodes on one
// machine.
//
// A [Lab] is one instance: its [Settings] (profile, node pools, port), its
// directories and its processes. The control plane lives in one set of
// namespaces, every node in another; a bridge in the control plane's network
// namespace joins them, and nothing leads out. Up and Down can be repeated;
// [Lab.Fault] breaks nodes and mends them.
package cluster
