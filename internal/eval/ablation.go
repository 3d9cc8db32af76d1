package eval

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Producers are those whose word can be taken away. What a registry or a dependency says reaches us through the
// kubelet and the API's objects.
var Producers = []evidence.Producer{evidence.Process, evidence.Runtime, evidence.Kubelet, evidence.Controller,
	evidence.Scheduler, evidence.Spec, evidence.Metrics, evidence.Node, evidence.Cloud}

// Ablations are the sets of producers to remove: each one, and each pair.
func Ablations() [][]evidence.Producer {
	var out [][]evidence.Producer
	for i, a := range Producers {
		out = append(out, []evidence.Producer{a})
		for _, b := range Producers[i+1:] {
			out = append(out, []evidence.Producer{a, b})
		}
	}
	return out
}

// Clone copies a snapshot so deeply that everything in it can be changed.
func Clone(from *evidence.Snapshot) (*evidence.Snapshot, error) {
	s := *from
	s.Events, s.Logs, s.Usage = slices.Clone(s.Events), slices.Clone(s.Logs), slices.Clone(s.Usage)
	s.Gaps, s.Samples, s.EventsListed = slices.Clone(s.Gaps), slices.Clone(s.Samples), slices.Clone(s.EventsListed)
	s.Population.Rows, s.Population.Nodes = slices.Clone(s.Population.Rows), slices.Clone(s.Population.Nodes)
	s.Objects = slices.Clone(s.Objects)
	for i := range s.Objects {
		b, err := json.Marshal(s.Objects[i].Raw)
		if err != nil {
			return nil, fmt.Errorf("copying %s: %w", s.Objects[i].Key(), err)
		}
		s.Objects[i].Raw = nil
		if err := json.Unmarshal(b, &s.Objects[i].Raw); err != nil {
			return nil, fmt.Errorf("copying %s: %w", s.Objects[i].Key(), err)
		}
	}
	return &s, nil
}

// Without is a copy of a snapshot that lacks all that some producers said.
func Without(from *evidence.Snapshot, producers ...evidence.Producer) (*evidence.Snapshot, error) {
	s, err := Clone(from)
	if err != nil {
		return nil, err
	}
	for _, p := range producers {
		if n := len(s.Events); n > 0 {
			s.Events = slices.DeleteFunc(s.Events, func(e evidence.Event) bool { return e.Producer() == p })
			if len(s.Events) < n {
				s.EventsListed = nil // a list with holes is no list
			}
		}
		for i := range s.Objects {
			if o := &s.Objects[i]; o.Kind == "Pod" {
				silence(o.Raw, p)
			}
		}
		switch p {
		case evidence.Process:
			s.Logs = nil
		case evidence.Controller:
			s.Objects = slices.DeleteFunc(s.Objects, func(o evidence.Object) bool { return o.Kind == "ReplicaSet" || o.Kind == "EndpointSlice" })
			for i := range s.Objects {
				if s.Objects[i].Kind != "Pod" {
					delete(s.Objects[i].Raw, "status")
				}
			}
		case evidence.Spec:
			s.Objects = slices.DeleteFunc(s.Objects, func(o evidence.Object) bool { return o.Kind != "Pod" && o.Kind != "ReplicaSet" && o.Kind != "Node" })
			for i := range s.Objects {
				if s.Objects[i].Kind == "ReplicaSet" {
					delete(s.Objects[i].Raw, "spec")
				}
			}
		case evidence.Metrics:
			s.Usage = nil
		case evidence.Cloud:
			withoutAzure(s)
		case evidence.Node:
			s.Population.Nodes = nil
			s.Objects = slices.DeleteFunc(s.Objects, func(o evidence.Object) bool { return o.Kind == "Node" })
		}
	}
	return s, nil
}

// withoutAzure leaves what the cluster's own API tells: no resource of Azure, and nothing that Azure's monitoring kept.
func withoutAzure(s *evidence.Snapshot) {
	s.Objects = slices.DeleteFunc(s.Objects, func(o evidence.Object) bool {
		return o.FromCloud() || o.Raw.Str("metadata", "annotations", evidence.HistoryAnnotation) != ""
	})
	s.Events = slices.DeleteFunc(s.Events, func(e evidence.Event) bool { return e.Source == evidence.ContainerInsights })
	s.Logs = slices.DeleteFunc(s.Logs, func(l evidence.Log) bool { return l.Source == evidence.ContainerInsights })
	s.Usage = slices.DeleteFunc(s.Usage, func(u evidence.Usage) bool { return u.Source == evidence.ContainerInsights || u.Source == "prometheus" })
	s.Gaps = slices.DeleteFunc(s.Gaps, func(g evidence.Gap) bool { return g.Source == evidence.Cloud })
}

// states are the keys under which a status has the present and the last finished run.
var states = []string{"state", "lastState"}

// silence removes a producer's word from a pod: what the kubelet writes into the status is partly its own, partly what
// it learnt from the runtime, and the termination message is the process's (pkg/kubelet/kuberuntime,
// toKubeContainerStatus) except where the runtime could not start the container.
func silence(pod evidence.Raw, p evidence.Producer) {
	switch p {
	case evidence.Scheduler:
		dropConditions(pod, func(kind string) bool { return kind == "PodScheduled" })
	case evidence.Kubelet:
		dropConditions(pod, func(kind string) bool { return kind != "PodScheduled" })
		if st := pod.Map("status"); st != nil {
			delete(st, "reason")
			delete(st, "message")
		}
	case evidence.Spec:
		bare(pod)
	}
	for _, list := range []string{"initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"} {
		for _, c := range pod.List("status", list) {
			if p == evidence.Kubelet {
				for _, k := range []string{"restartCount", "ready", "started"} {
					delete(c, k)
				}
			}
			for _, state := range states {
				silenceState(c.Map(state), p)
			}
		}
	}
}

func silenceState(state evidence.Raw, p evidence.Producer) {
	if w := state.Map("waiting"); w != nil && p == evidence.Kubelet {
		delete(w, "reason")
		delete(w, "message")
	}
	t := state.Map("terminated")
	if t == nil {
		return
	}
	byRuntime := slices.Contains([]string{"StartError", "ContainerCannotRun", "RunContainerError"}, t.Str("reason"))
	switch p {
	case evidence.Process:
		if !byRuntime {
			delete(t, "message")
		}
	case evidence.Runtime:
		if byRuntime {
			delete(t, "message")
		}
		for _, k := range []string{"exitCode", "signal", "reason"} {
			delete(t, k)
		}
	case evidence.Kubelet:
		delete(t, "startedAt")
		delete(t, "finishedAt")
	}
}

func dropConditions(pod evidence.Raw, drop func(kind string) bool) {
	st := pod.Map("status")
	list, _ := st["conditions"].([]any)
	if list == nil {
		return
	}
	st["conditions"] = slices.DeleteFunc(list, func(v any) bool {
		c, _ := v.(map[string]any)
		kind, _ := c["type"].(string)
		return drop(kind)
	})
}

// bare leaves of a pod's spec where it runs and what its containers are called.
func bare(pod evidence.Raw) {
	spec := pod.Map("spec")
	if spec == nil {
		return
	}
	left := map[string]any{}
	if n, ok := spec["nodeName"]; ok {
		left["nodeName"] = n
	}
	for _, list := range []string{"initContainers", "containers", "ephemeralContainers"} {
		var names []any
		for _, c := range spec.List(list) {
			only := map[string]any{"name": c.Str("name")}
			if v, ok := c["restartPolicy"]; ok {
				only["restartPolicy"] = v // a sidecar is told from an init container by it
			}
			names = append(names, only)
		}
		if names != nil {
			left[list] = names
		}
	}
	pod["spec"] = left
}
