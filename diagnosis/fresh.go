package diagnosis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
)

// startedSince tells whether a pod of the workloads that an explanation covers was made since they began to fail, and is well.
func (in *input) startedSince(e attribution.Explanation, list []*Finding) bool {
	var began time.Time
	for _, f := range list {
		if f.Onset != nil && (began.IsZero() || f.Onset.Time.Before(began)) && slices.ContainsFunc(e.Workloads, func(w attribution.Workload) bool {
			return w.Namespace == f.Workload.Namespace && w.Name == f.Workload.Name
		}) {
			began = f.Onset.Time
		}
	}
	for _, w := range e.Workloads {
		for _, r := range in.byWorkload().of(evidence.Ref{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}) {
			if r.Symptom == "" && !began.IsZero() && !r.Created.Before(began.Add(-time.Minute)) {
				return true
			}
		}
	}
	return false
}

// applyFresh looks for what those share that fail since they were started anew, among all that were started since then. Pods
// that run from before prove nothing about what is needed at the start.
func (in *widening) applyFresh(list []*Finding, unknown bool) {
	list = slices.DeleteFunc(slices.Clone(list), func(f *Finding) bool { return in.done[f] })
	if workloadsOf(list) < 2 {
		return
	}
	sick := in.shown(list)
	var first time.Time
	for r := range sick {
		if first.IsZero() || r.Created.Before(first) {
			first = r.Created
		}
	}
	first = first.Add(-time.Minute)
	p := evidence.Population{Nodes: in.s.Population.Nodes}
	ill := map[string]bool{}
	for i := range in.s.Population.Rows {
		r := &in.s.Population.Rows[i]
		if sick[r] {
			ill[r.Namespace+"/"+r.Pod] = true
		} else if r.Created.Before(first) {
			continue
		}
		p.Rows = append(p.Rows, *r)
	}
	if len(p.Rows) == len(in.s.Population.Rows) {
		return // all are young, and that was tried
	}
	o := attribution.Options{Chance: chanceOfAny}
	if !unknown {
		o.Chance = chanceOfSameCause
		o.Accept = func(v attribution.Value) bool { return in.carries(v, list[0].Cause) }
	}
	for _, e := range attribution.New(&p, func(r *evidence.Row) bool { return ill[r.Namespace+"/"+r.Pod] }).Explain(o) {
		if !in.most(e, sick) {
			continue
		}
		sc := in.sharedScope(e)
		sc.Statement += fmt.Sprintf("; of the pods that were made since %s", first.Format("2006-01-02 15:04"))
		in.covered(list, e, sc)
	}
}

// most tells whether most of those who have what is no node's are sick: of all, or of those since the first of them is.
func (in *input) most(e attribution.Explanation, sick map[*evidence.Row]bool) bool {
	return e.Attribute.OfNode() || 2*e.Sick >= e.Pods || in.since(e.Value, sick)
}

// since tells whether most of those pods that have a value, and were made since the first of them that is sick, are sick. The
// others may run from before what they have went wrong.
func (in *input) since(v attribution.Value, sick map[*evidence.Row]bool) bool {
	var first time.Time
	for r := range sick {
		if in.uses(r, v) && (first.IsZero() || r.Created.Before(first)) {
			first = r.Created
		}
	}
	ill, all := 0, 0
	for i := range in.s.Population.Rows {
		if r := &in.s.Population.Rows[i]; !r.Created.Before(first) && in.uses(r, v) {
			all++
			if sick[r] {
				ill++
			}
		}
	}
	return !first.IsZero() && 2*ill >= all
}

// uses tells whether a pod has a value that is no node's.
func (in *input) uses(r *evidence.Row, v attribution.Value) bool {
	switch v.Attribute {
	case attribution.Namespace:
		return r.Namespace == v.Value
	case attribution.Image, attribution.Digest:
		return slices.Contains(r.Uses, map[attribution.Attribute]string{attribution.Image: "Image/", attribution.Digest: "Digest/"}[v.Attribute]+v.Value)
	}
	kind, rest, _ := strings.Cut(v.Value, "/")
	namespace, name, ok := strings.Cut(rest, "/")
	if !ok {
		return slices.Contains(r.Uses, v.Value)
	}
	return r.Namespace == namespace && slices.Contains(r.Uses, kind+"/"+name)
}

// applyEdits looks for a ConfigMap that all of them read and that was edited: pods that started before go on with what they
// read then, so that only those count that started after.
func (in *widening) applyEdits(list []*Finding) {
	if !in.broughtBy(list[0].Cause, "config") && !in.broughtBy(list[0].Cause, "env") {
		return
	}
	list = slices.DeleteFunc(slices.Clone(list), func(f *Finding) bool { return in.done[f] })
	if len(list) == 0 {
		return
	}
	sick := in.shown(list)
	readers := map[string]map[string]bool{} // sick workloads by what they use
	for r := range sick {
		for _, u := range r.Uses {
			if strings.HasPrefix(u, "ConfigMap/") {
				key := r.Namespace + "/" + u
				if readers[key] == nil {
					readers[key] = map[string]bool{}
				}
				readers[key][r.WorkloadKind+"/"+r.Workload] = true
			}
		}
	}
	for _, c := range slices.Backward(in.changed()) {
		if len(readers[c.Object.Namespace+"/ConfigMap/"+c.Object.Name]) < 2 || c.Object.Kind != "ConfigMap" || c.Kind != change.Edited || slices.ContainsFunc(list, func(f *Finding) bool { return f.began().Before(c.Time.Add(-slack)) }) {
			continue
		}
		use := "ConfigMap/" + c.Object.Name
		p := evidence.Population{Nodes: in.s.Population.Nodes}
		ill := map[string]bool{}
		for i := range in.s.Population.Rows {
			r := &in.s.Population.Rows[i]
			if r.Namespace == c.Object.Namespace && slices.Contains(r.Uses, use) && r.Created.Before(c.Time.Add(-time.Second)) && !sick[r] {
				continue // what runs since before it goes on with what it read then
			}
			if sick[r] {
				ill[r.Namespace+"/"+r.Pod] = true
			}
			p.Rows = append(p.Rows, *r)
		}
		want := attribution.Value{Attribute: attribution.Reference, Value: "ConfigMap/" + c.Object.Namespace + "/" + c.Object.Name}
		found := attribution.New(&p, func(r *evidence.Row) bool { return ill[r.Namespace+"/"+r.Pod] }).Explain(attribution.Options{Chance: chanceOfEdit, Accept: func(v attribution.Value) bool { return v == want }})
		if len(found) == 0 || 2*found[0].Sick < found[0].Pods { // most of those that read it anew are well
			continue
		}
		sc := in.sharedScope(found[0])
		sc.Statement += fmt.Sprintf("; of the pods that started after it was edited, %s", c.Time.Format("15:04:05"))
		in.covered(list, found[0], sc)
		return
	}
}

// began is the latest moment at which a finding can have begun.
func (f *Finding) began() time.Time {
	if f.Onset == nil {
		return time.Time{}
	}
	within, _ := time.ParseDuration(f.Onset.PlusMinus)
	return f.Onset.Time.Add(within)
}
