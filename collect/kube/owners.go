package kube

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// maxOwners bounds the way up: Pod → ReplicaSet → Deployment → an operator's object → another's.
const maxOwners = 5

// fewOwners is how many owners of one kind in one namespace are read one by one; for more, one list is cheaper.
const fewOwners = 4

// owner is a reference to a controller, as an ownerReference makes it.
type owner struct{ apiVersion, kind, namespace, name string }

func (o owner) compare(p owner) int {
	return cmp.Or(cmp.Compare(o.namespace, p.namespace), cmp.Compare(o.apiVersion, p.apiVersion), cmp.Compare(o.kind, p.kind), cmp.Compare(o.name, p.name))
}

// readOwners reads the controllers above the kept pods and above the target, level by level, up to the top.
func (r *round) readOwners() {
	level := r.firstOwners()
	for range maxOwners {
		if len(level) == 0 || r.ctx.Err() != nil {
			return
		}
		level = r.readLevel(level)
	}
}

// firstOwners are the direct owners of the kept pods and of what was read of the target.
func (r *round) firstOwners() []owner {
	var out []owner
	for _, s := range r.pods.kept() {
		if ref := metav1.GetControllerOf(s.pod); ref != nil && s.pod.Annotations[corev1.MirrorPodAnnotationKey] == "" {
			out = append(out, owner{ref.APIVersion, ref.Kind, s.pod.Namespace, ref.Name})
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range r.s.Objects {
		if up, ok := above(o); ok {
			out = append(out, up)
		}
	}
	return r.unread(out)
}

// above is the controller of an object.
func above(o evidence.Object) (owner, bool) {
	for _, ref := range o.Raw.List("metadata", "ownerReferences") {
		if c, _ := ref["controller"].(bool); c {
			return owner{ref.Str("apiVersion"), ref.Str("kind"), o.Namespace, ref.Str("name")}, true
		}
	}
	return owner{}, false
}

// unread drops duplicates, what is there already, and what was asked for in vain; r.mu is held.
func (r *round) unread(in []owner) []owner {
	slices.SortFunc(in, owner.compare)
	return slices.DeleteFunc(slices.Compact(in), func(o owner) bool {
		_, have := r.have[evidence.Object{Kind: o.kind, Namespace: o.namespace, Name: o.name}.Key()]
		skip := have || r.asked[o] || o.kind == "Node"
		r.asked[o] = true
		return skip
	})
}

// readLevel reads owners, many of one kind in one namespace with one list, and returns those above them.
func (r *round) readLevel(level []owner) []owner {
	var mu sync.Mutex
	var next []owner
	found := func(o evidence.Object) {
		r.keep(o)
		if up, ok := above(o); ok {
			mu.Lock()
			next = append(next, up)
			mu.Unlock()
		}
	}
	var wg sync.WaitGroup
	for same := range groupOwners(level) {
		wg.Go(func() { r.readSame(same, found) })
	}
	wg.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unread(next)
}

// groupOwners cuts a sorted list where namespace or kind changes.
func groupOwners(level []owner) func(func([]owner) bool) {
	return func(yield func([]owner) bool) {
		for len(level) > 0 {
			n := 1
			for n < len(level) && level[n].namespace == level[0].namespace && level[n].kind == level[0].kind && level[n].apiVersion == level[0].apiVersion {
				n++
			}
			if !yield(level[:n]) {
				return
			}
			level = level[n:]
		}
	}
}

// readSame reads owners of one kind in one namespace.
func (r *round) readSame(same []owner, found func(evidence.Object)) {
	first := same[0]
	res, err := r.kinds.byKind(first.apiVersion, first.kind)
	if err != nil {
		r.gap(evidence.Gap{What: first.kind + " " + first.namespace + "/" + first.name, About: evidence.Ref{Kind: first.kind, Namespace: first.namespace, Name: first.name},
			Source: evidence.Spec, Reason: evidence.Unavailable, Detail: trim(err), Close: "check that the API " + first.apiVersion + " is served (kubectl api-resources)"})
		return
	}
	// Of ReplicaSets a list is read in any case: it brings the templates of the revisions before.
	if len(same) > fewOwners || (res.kind == "ReplicaSet" && !r.forTarget()) {
		r.listOwners(res, same, found)
		return
	}
	var wg sync.WaitGroup
	for _, o := range same {
		wg.Go(func() {
			obj, err := r.get(r.ctx, res, o.namespace, o.name, asJSON)
			if err != nil {
				g := missed(o.kind+" "+o.namespace+"/"+o.name, evidence.Spec, "get", res, o.namespace, err)
				g.About = evidence.Ref{Kind: o.kind, Namespace: o.namespace, Name: o.name}
				r.missedOrEnd(err, g)
				return
			}
			found(obj)
		})
	}
	wg.Wait()
}

// listOwners keeps from a namespace's list the owners themselves and, of ReplicaSets, their siblings of the same Deployment.
func (r *round) listOwners(res resource, same []owner, found func(evidence.Object)) {
	wanted := map[string]bool{}
	for _, o := range same {
		wanted[o.name] = true
	}
	ns := same[0].namespace
	parents := map[string]bool{}
	var rest []evidence.Object
	err := r.list(r.ctx, res.path(ns, ""), asJSON, cached(), func(item []byte, _ encoding) error {
		var raw evidence.Raw
		if err := json.Unmarshal(item, &raw); err != nil {
			return err
		}
		o := object(raw, res)
		up, _ := o.ControllerOf()
		switch {
		case wanted[o.Name]:
			parents[up.UID] = true
			found(o)
		case res.kind == "ReplicaSet" && up.UID != "":
			rest = append(rest, o)
		}
		return nil
	})
	for _, o := range rest {
		if up, _ := o.ControllerOf(); parents[up.UID] {
			found(o)
		}
	}
	if err != nil {
		r.missedOrEnd(err, missed(res.name+" in namespace "+ns, evidence.Spec, "list", res, ns, err))
	}
}

// confirm drops the candidates of a target of an unknown kind whose owners do not lead to it.
func (p *podPass) confirm(r *round) {
	leads := func(s *sample) bool {
		ref := s.owner()
		if ref == nil {
			return true // a bare pod that the target's selector picked
		}
		at := owner{ref.APIVersion, ref.Kind, s.pod.Namespace, ref.Name}
		for range maxOwners {
			if at.kind == r.target.res.kind && at.name == r.target.name {
				return true
			}
			o, ok := r.object(at.kind, at.namespace, at.name)
			if !ok {
				return false
			}
			if at, ok = above(o); !ok {
				return false
			}
		}
		return false
	}
	for k, g := range p.groups {
		if g.best = slices.DeleteFunc(g.best, func(s *sample) bool { return !leads(s) }); len(g.best) == 0 {
			delete(p.groups, k)
		}
	}
	for rev, g := range p.well {
		if g.best = slices.DeleteFunc(g.best, func(s *sample) bool { return !leads(s) }); len(g.best) == 0 {
			delete(p.well, rev)
		}
	}
}
