// Package cgroup makes and removes the lab's subtrees of control groups.
//
// The lab needs the hierarchies of version 1: there a node can be given a
// cgroup namespace of its own with all controllers mounted afresh inside,
// without the delegation rules of version 2.
package cgroup
