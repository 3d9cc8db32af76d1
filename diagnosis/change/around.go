package change

import (
	"fmt"
	"slices"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// scalings tells of autoscalers that changed the number of pods, and of workloads that were scaled to zero.
func scalings(s *evidence.Snapshot) []Change {
	var out []Change
	for _, e := range s.Events {
		if e.Reason == "SuccessfulRescale" && !e.Last.IsZero() {
			out = append(out, Change{Time: e.Last, PlusMinus: time.Second, Kind: Scaled, Object: e.About, By: "horizontal-pod-autoscaler", Ref: e.Ref().String(), Items: []Item{{"load", e.Message}}})
		}
	}
	for _, kind := range []string{"Deployment", "StatefulSet"} {
		for _, o := range s.OfKind(kind, "") {
			n, known := o.Raw.Get("spec", "replicas")
			if f, ok := n.(float64); !known || !ok || f != 0 {
				continue
			}
			for _, m := range o.Raw.List("metadata", "managedFields") {
				if at := stamp(m.Str("time")); m.Map("fieldsV1").Has("f:spec", "f:replicas") && !at.IsZero() {
					out = append(out, Change{Time: at, PlusMinus: time.Second, Kind: Scaled, Object: o.Ref(), By: m.Str("manager"), Owner: Keeper(o), Ref: o.Ref().At("spec.replicas").String(),
						Items: []Item{{"dependency", "it has 0 replicas"}}})
				}
			}
		}
	}
	return out
}

// telling are the events about nodes that tell of a change, by who sends them: the kubelet (Starting, Rebooted, …), the node
// controller, the cluster autoscaler, AKS' own agents.
var telling = []string{"Starting", "Rebooted", "NodeNotReady", "NodeReady", "NodeHasDiskPressure", "NodeHasInsufficientMemory", "NodeHasInsufficientPID", "EvictionThresholdMet", "SystemOOM",
	"OOMKilling", "RegisteredNode", "RemovingNode", "DeletingNode", "NodeNotSchedulable", "NodeSchedulable", "Drain", "Upgrade", "Surge", "Cordon", "ScaleDown", "ContainerdStart", "DockerStart",
	"KubeletIsDown", "ContainerRuntimeIsDown", "NetworkUnavailable", "VMEventScheduled", "PreemptScheduled", "RebootScheduled", "RedeployScheduled", "TerminateScheduled", "FreezeScheduled"}

// nodes tells what happened to nodes: when they came, when they stopped being ready, and what events say.
func nodes(s *evidence.Snapshot) []Change {
	var out []Change
	add := func(node string, at time.Time, ref, text string) {
		if !at.IsZero() {
			out = append(out, Change{Time: at, PlusMinus: time.Second, Kind: Node, Object: evidence.Ref{Kind: "Node", Name: node}, Ref: ref, Items: []Item{{"node", text}}})
		}
	}
	for _, n := range s.Population.Nodes {
		ref := evidence.Ref{Kind: "Node", Name: n.Name}
		text := "it joined the cluster"
		if n.Image != "" {
			text += " with image " + n.Image
		}
		add(n.Name, n.Created, ref.At("metadata.creationTimestamp").String(), text)
		if n.Ready != "" {
			text := "it is ready since then"
			if n.Ready != "True" {
				text = fmt.Sprintf("Ready became %s: %s", n.Ready, n.ReadyReason)
			}
			if n.ReadySince.Sub(n.Created) > 5*time.Minute {
				add(n.Name, n.ReadySince, ref.At("status.conditions[Ready]").String(), text)
			}
		}
	}
	for _, e := range s.Events {
		if e.About.Kind == "Node" && slices.Contains(telling, e.Reason) {
			add(e.About.Name, e.Last, e.Ref().String(), e.Reason+": "+e.Message)
		}
	}
	return out
}
