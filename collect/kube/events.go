package kube

import (
	"net/url"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// listEvents lists the events of the namespace, or of the cluster. Only core/v1 is asked: events.k8s.io shows the
// same stored objects (pkg/registry/events/rest/storage_events.go).
func (r *round) listEvents() {
	ns := r.within()
	where := "in namespace " + ns
	if ns == "" {
		where = "in all namespaces"
	}
	err := r.readEvents(ns, cached(), r.relevant())
	if err != nil {
		r.missedOrEnd(err, missed("events "+where, evidence.Kubelet, "list", resEvents, ns, err))
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.s.EventsListed = append(r.s.EventsListed, ns)
}

// listNodeEvents lists what was said about nodes, which have no namespace of their own: their events are in default
// (client-go/tools/record, recorderImpl.makeEvent).
func (r *round) listNodeEvents() {
	err := r.readEvents("default", url.Values{"fieldSelector": {"involvedObject.kind=Node"}}, nil)
	if err != nil {
		r.missedOrEnd(err, missed("events about nodes (in namespace default)", evidence.Node, "list", resEvents, "default", err))
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.s.EventsListed = append(r.s.EventsListed, evidence.NodeEvents)
}

func (r *round) readEvents(ns string, q url.Values, keep func(*corev1.Event) bool) error {
	var got []evidence.Event
	err := r.list(r.ctx, resEvents.path(ns, ""), asProtobuf, q, func(item []byte, form encoding) error {
		e, err := decode[corev1.Event](item, form)
		if err != nil {
			return err
		}
		if keep == nil || keep(e) {
			got = append(got, evidence.EventFromAPI(e))
		}
		return nil
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.s.Events = append(r.s.Events, got...)
	return err
}

// relevant keeps, of a whole cluster's events, those about what is kept: about healthy pods there are too many. It is
// nil where all are kept.
func (r *round) relevant() func(*corev1.Event) bool {
	if r.forTarget() || r.within() != "" {
		return nil
	}
	type key struct{ ns, name string }
	pods := map[key]bool{}
	for _, s := range r.pods.kept() {
		pods[key{s.pod.Namespace, s.pod.Name}] = true
	}
	spaces := map[string]bool{}
	for k := range r.pods.groups {
		spaces[k.namespace] = true
	}
	return func(e *corev1.Event) bool {
		about := e.InvolvedObject
		switch {
		case about.Kind == "Pod":
			return pods[key{about.Namespace, about.Name}]
		case about.Kind == "Node", e.Type == corev1.EventTypeWarning:
			return true
		}
		return spaces[about.Namespace] && !strings.HasPrefix(about.Kind, "Endpoint")
	}
}
