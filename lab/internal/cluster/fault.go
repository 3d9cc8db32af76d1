package cluster

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"time"
)

// Faults of nodes, and what mends them.
const (
	StopKubelet     = "stop-kubelet"
	StartKubelet    = "start-kubelet"
	StopContainerd  = "stop-containerd"
	StartContainerd = "start-containerd"
	KillNode        = "kill-node"
	StartNode       = "start-node"
	DropServices    = "drop-services"
	DropDNS         = "drop-dns"
	DropOutside     = "drop-outside"
	MendNetwork     = "mend-network"
)

// FaultActions lists all of them.
var FaultActions = []string{
	StopKubelet, StartKubelet, StopContainerd, StartContainerd, KillNode, StartNode,
	DropServices, DropDNS, DropOutside, MendNetwork,
}

// CheckFault says whether a fault exists.
func CheckFault(action string) error {
	if !slices.Contains(FaultActions, action) {
		return fmt.Errorf("fault %q: use one of %v", action, FaultActions)
	}
	return nil
}

// Fault breaks or mends a node, named by its alias.
func (l *Lab) Fault(ctx context.Context, node, action string) error {
	n, err := l.Settings.Node(node)
	if err != nil {
		return err
	}
	switch action {
	case StopKubelet:
		return l.stop(ctx, n.kubelet())
	case StartKubelet:
		return l.startKubelet(ctx, n)
	case StopContainerd:
		return l.stop(ctx, n.containerd())
	case StartContainerd:
		return l.startContainerd(ctx, n)
	case KillNode:
		return l.killNode(ctx, n)
	case StartNode:
		return l.startNode(ctx, n)
	case DropServices, DropDNS, DropOutside, MendNetwork:
		return l.filterPods(n, action)
	}
	return CheckFault(action)
}

// killNode ends a node as a power cut does: all of it at once.
func (l *Lab) killNode(ctx context.Context, n Node) error {
	if err := l.daemons.Stop(ctx, n.namespaces(), syscall.SIGKILL, 10*time.Second); err != nil {
		return err
	}
	for _, name := range []string{n.kubelet(), n.proxy(), n.containerd()} {
		if err := l.stop(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// Mend brings a node back whatever was done to it.
func (l *Lab) Mend(ctx context.Context, node string) error { return l.Fault(ctx, node, StartNode) }

// PrepareControl makes an already running lab controllable by this process.
func (l *Lab) PrepareControl(ctx context.Context) error {
	if !l.daemons.Running(controlPlane) {
		return fmt.Errorf("instance %s is not up; start it with `crashlab up --instance %s`", l.Dir.Name, l.Dir.Name)
	}
	return l.buildPrograms(ctx)
}
