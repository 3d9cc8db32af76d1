package change

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
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
	out = append(out, replicas(s)...)
	out = append(out, members(s)...)
	for _, kind := range []string{"Deployment", "StatefulSet"} {
		for _, o := range s.OfKind(kind, "") {
			n, _ := o.Raw.Get("spec", "replicas")
			f, known := n.(float64)
			if !known || f != 0 {
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

// runs tells of Jobs, of a CronJob the last one: what they do is load for what they use, and for the node that they are on.
func runs(s *evidence.Snapshot) []Change {
	last := map[evidence.Ref]*evidence.Row{}
	for i := range s.Population.Rows {
		r := &s.Population.Rows[i]
		if w := (evidence.Ref{Kind: r.WorkloadKind, Namespace: r.Namespace, Name: r.Workload}); (w.Kind == "Job" || w.Kind == "CronJob") && !r.Created.IsZero() && (last[w] == nil || r.Created.After(last[w].Created)) {
			last[w] = r
		}
	}
	var out []Change
	for w, r := range last {
		ref := evidence.Ref{Kind: "Pod", Namespace: r.Namespace, Name: r.Pod}
		out = append(out, Change{Time: r.Created, PlusMinus: time.Second, Kind: Started, Object: w, Ref: ref.String(), Items: []Item{{"load", "pod " + r.Pod}}})
	}
	return out
}

// scaled is what the Deployment controller says (pkg/controller/deployment/sync.go, scaleReplicaSet).
var scaled = regexp.MustCompile(`^Scaled (up|down) replica set (\S+) from (\d+) to (\d+)$`)

// rolling is how far apart the steps of one rollout may be.
const rolling = 2 * time.Minute

// replicas tells of Deployments whose number of pods somebody set: the API keeps no time of that. The steps of a rollout look
// alike, but go up in one ReplicaSet while they go down in another.
func replicas(s *evidence.Snapshot) []Change {
	type step struct {
		e        *evidence.Event
		way, set string
		from, to int
	}
	var steps []step
	for i := range s.Events {
		e := &s.Events[i]
		if found := scaled.FindStringSubmatch(e.Message); found != nil && e.Reason == "ScalingReplicaSet" {
			from, _ := strconv.Atoi(found[3])
			to, _ := strconv.Atoi(found[4])
			steps = append(steps, step{e, found[1], found[2], from, to})
		}
	}
	var out []Change
	for _, a := range steps {
		if a.from == 0 || slices.ContainsFunc(steps, func(b step) bool {
			d := a.e.Last.Sub(b.e.Last)
			near := d < rolling && d > -rolling
			return b.e.About.Same(a.e.About) && b.set != a.set && b.way != a.way && (near || a.to == 0 && d > 0)
		}) || a.to == 0 && wanted(s, a.e.About) {
			continue
		}
		aspect := "load"
		if a.to == 0 {
			aspect = "dependency"
		}
		out = append(out, Change{Time: a.e.Last, PlusMinus: time.Second, Kind: Scaled, Object: a.e.About, Ref: a.e.Ref().String(), Items: []Item{{aspect, fmt.Sprintf("from %d to %d replicas", a.from, a.to)}}})
	}
	return out
}

// wanted tells whether a Deployment is to have pods.
func wanted(s *evidence.Snapshot, r evidence.Ref) bool {
	o, ok := s.Object(r.Kind, r.Namespace, r.Name)
	n, _ := o.Raw.Get("spec", "replicas")
	f, _ := n.(float64)
	return ok && f > 0
}

// taken is what the StatefulSet controller says (pkg/controller/statefulset/stateful_pod_control.go, recordPodEvent).
var taken = regexp.MustCompile(`^(Delete|Create) Pod (\S+) in StatefulSet `)

// members tells of StatefulSets that lost a pod and did not make it anew.
func members(s *evidence.Snapshot) []Change {
	last := map[string]*evidence.Event{}
	for i := range s.Events { // in the order of time
		e := &s.Events[i]
		if found := taken.FindStringSubmatch(e.Message); found != nil && (e.Reason == "SuccessfulDelete" || e.Reason == "SuccessfulCreate") {
			last[e.About.Namespace+"/"+found[2]] = e
		}
	}
	var out []Change
	for pod, e := range last {
		if e.Reason == "SuccessfulDelete" && !slices.ContainsFunc(s.Population.Rows, func(r evidence.Row) bool { return r.Namespace+"/"+r.Pod == pod }) {
			out = append(out, Change{Time: e.Last, PlusMinus: time.Second, Kind: Scaled, Object: e.About, Ref: e.Ref().String(), Items: []Item{{"dependency", "a pod of it was deleted and not made anew"}}})
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
		if e.About.Kind == "Node" && slices.Contains(telling, e.Reason) && !toldByCondition(s, &e) {
			add(e.About.Name, e.Last, e.Ref().String(), e.Reason+": "+e.Message)
		}
	}
	return out
}

// toldByCondition: the event says of the node's readiness what its condition says better.
func toldByCondition(s *evidence.Snapshot, e *evidence.Event) bool {
	n, ok := s.Population.Node(e.About.Name)
	d := e.Last.Sub(n.ReadySince)
	return ok && (e.Reason == "NodeNotReady" || e.Reason == "NodeReady") && d > -settle && d < settle
}
