package importer

import (
	"cmp"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// toldEvent is an event with how long before the capture it last happened, whatever way its time is given.
type toldEvent struct {
	evidence.Event
	ago   time.Duration
	order int // as it was read, for events of which the time is not known
}

// sketch makes pods of which nothing but events is known, and adds to those of which no more than a row is, what their
// events say of their state. The kubelet and the scheduler write these events in the same breath as the status, so the
// state must have been so; that it still is, and that nothing else is the matter, stays an assumption.
func (b *builder) sketch() {
	b.eventNamespaces()
	listed := b.listedPods()
	byPod := map[evidence.Ref][]toldEvent{}
	add := func(e evidence.Event, ago time.Duration) {
		if e.About.Kind == "Pod" && e.About.Name != "" {
			r := evidence.Ref{Kind: "Pod", Namespace: e.About.Namespace, Name: e.About.Name}
			byPod[r] = append(byPod[r], toldEvent{e, ago, len(byPod[r])})
		}
	}
	for _, e := range b.events {
		ago := time.Duration(-1)
		if !e.Last.IsZero() {
			ago = b.newest.Sub(e.Last)
		}
		add(e, ago)
	}
	for _, e := range b.ages {
		add(e.Event, e.last)
	}
	refs := slices.SortedFunc(func(yield func(evidence.Ref) bool) {
		for r := range byPod {
			if !yield(r) {
				return
			}
		}
	}, func(x, y evidence.Ref) int {
		return cmp.Or(cmp.Compare(x.Namespace, y.Namespace), cmp.Compare(x.Name, y.Name))
	})
	for _, r := range refs {
		b.sketchPod(r, byPod[r], listed)
	}
}

// eventNamespaces gives the events of a table that does not show the namespace that of their pod: the kubelet's and the
// scheduler's words name it, or the pod itself was given. Where two fit, it stays unknown.
func (b *builder) eventNamespaces() {
	known := map[string]map[string]bool{}
	add := func(ns, name string) {
		if known[name] == nil {
			known[name] = map[string]bool{}
		}
		if ns != "" {
			known[name][ns] = true
		}
	}
	for _, o := range b.objects {
		if o.Kind == "Pod" {
			add(o.Namespace, o.Name)
		}
	}
	each := func(f func(e *evidence.Event)) {
		for i := range b.ages {
			f(&b.ages[i].Event)
		}
		for i := range b.events {
			f(&b.events[i])
		}
	}
	each(func(e *evidence.Event) {
		if e.About.Kind != "Pod" {
			return
		}
		add(e.About.Namespace, e.About.Name)
		if ns, name := podIn(e.Message); name == e.About.Name {
			add(ns, name)
		}
	})
	each(func(e *evidence.Event) {
		if e.About.Kind == "Pod" && e.About.Namespace == "" && len(known[e.About.Name]) == 1 {
			for ns := range known[e.About.Name] {
				e.Namespace, e.About.Namespace = ns, ns
			}
		}
	})
	for _, key := range slices.Clone(b.order) {
		if o := b.objects[key]; o.Kind == "Pod" && o.Namespace == "" && o.rank < fromAPI && len(known[o.Name]) == 1 {
			for ns := range known[o.Name] {
				b.moveTo(o, ns)
			}
		}
	}
}

// moveTo gives a pod the namespace that was found out.
func (b *builder) moveTo(o *object, ns string) {
	key := o.Key()
	delete(b.objects, key)
	b.order = slices.DeleteFunc(b.order, func(k string) bool { return k == key })
	if meta, ok := o.Raw["metadata"].(map[string]any); ok {
		meta["namespace"] = ns
	}
	b.keep(evidence.NewObject(o.Raw, "v1", "Pod", "paste"), o.rank)
}

func (b *builder) sketchPod(r evidence.Ref, events []toldEvent, listed map[string]bool) {
	key := (evidence.Object{Kind: "Pod", Namespace: r.Namespace, Name: r.Name}).Key()
	if _, well := b.rows[key]; well {
		return
	}
	o := b.objects[key]
	if o != nil && !b.bare(o) {
		return
	}
	slices.SortStableFunc(events, func(x, y toldEvent) int { // oldest first
		if x.ago < 0 || y.ago < 0 {
			return cmp.Compare(x.order, y.order)
		}
		return cmp.Compare(y.ago, x.ago)
	})
	found := readStory(events)
	if found == nil {
		return
	}
	raw := found.raw(r)
	if o != nil {
		fill(o.Raw, raw, false)
		return
	}
	if listed[r.Namespace] || listed[""] || r.Namespace == "" && len(listed) > 0 {
		// one that is not among them is gone, as most pods of a busy namespace's events are
		if b.gone++; b.gone > maxSkippedGaps {
			return
		}
		b.gap(evidence.Gap{What: "pod " + r.Name, Source: evidence.Kubelet, Reason: evidence.NotFound, Detail: "events tell of it and it is not among the pods that were given, so it is taken for gone",
			Close: "kubectl get pod " + evidence.Fill(r.Name, "POD") + " -n " + evidence.Fill(r.Namespace, "NAMESPACE") + " -o json"})
		return
	}
	b.keep(evidence.NewObject(raw, "v1", "Pod", "events"), fromTable)
	b.gap(evidence.Gap{What: "status of pod " + r.Name, Source: evidence.Kubelet, Reason: evidence.NotAsked, Detail: "only its events were given; what they say of its state may be over",
		Close: "kubectl get pod " + evidence.Fill(r.Name, "POD") + " -n " + evidence.Fill(r.Namespace, "NAMESPACE") + " -o json"})
}

// listedPods are the namespaces of which pods were given as objects or rows; "" is one that is not known.
func (b *builder) listedPods() map[string]bool {
	out := map[string]bool{}
	for _, o := range b.objects {
		if o.Kind == "Pod" && o.Name != evidence.Unnamed && (o.rank == fromAPI || o.Raw.Has("status")) {
			out[o.Namespace] = true
		}
	}
	for _, r := range b.population.Rows {
		out[r.Namespace] = true
	}
	return out
}

// bare tells whether a pod's object shows no more than that it is not running, or nothing of its containers at all.
func (b *builder) bare(o *object) bool {
	if o.rank == fromAPI {
		return false
	}
	for _, list := range []string{"containerStatuses", "initContainerStatuses"} {
		for _, c := range o.Raw.List("status", list) {
			if list == "initContainerStatuses" && c.Str("name") == evidence.Unnamed {
				continue // of a row such as Init:0/2
			}
			if reason := c.Str("state", "waiting", "reason"); reason != "ContainerCreating" && reason != "PodInitializing" && c.Has("state") || c.Has("lastState", "terminated") {
				return false
			}
		}
	}
	return !o.Raw.Has("status", "reason") && o.Raw.Str("status", "phase") != string(corev1.PodSucceeded) && o.Raw.Str("status", "phase") != string(corev1.PodFailed)
}
