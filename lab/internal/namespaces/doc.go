// Package namespaces makes sets of Linux namespaces and works inside them.
//
// Each part of the lab (the control plane, every node) lives in PID, mount,
// network, UTS and IPC namespaces of its own; nodes have a cgroup namespace
// too. PID 1 of a set is a small reaper: when it is killed the kernel ends all
// that is left inside, and mounts and interfaces go with it.
//
// [Create] makes a set, [Do] runs a function inside one, [Start] a program.
package namespaces
