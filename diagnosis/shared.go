package diagnosis

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
	"github.com/crashproof-dev/crashproof/evidence"
)

// Up to what probability of chance a shared reason is believed. Workloads that are sick for one and the same cause share
// something already, so that less is asked of where they meet.
const (
	chanceOfAny       = 0.005
	chanceOfSameCause = 0.02
	// One thing that all of them read, and that was edited before: only how many there are is left to chance.
	chanceOfEdit = 0.1
)

// widen gives findings of several workloads the scope of what these share: of those with the same cause a ConfigMap that was
// edited; of those that are sick in parts what the nodes have in common where they are; of those with the same cause again
// whatever it is that they share; then of all, whatever their causes, where a node may be behind them.
func (in *input) widen(findings []Finding) {
	(&widening{input: in, done: map[*Finding]bool{}}).all(findings)
}

// widening remembers which findings have been given what they share with others.
type widening struct {
	*input
	done map[*Finding]bool
}

func (in *widening) all(findings []Finding) {
	groups := map[string][]*Finding{}
	var all, every []*Finding // those that a node may be behind, and all
	for i := range findings {
		f := &findings[i]
		if f.State != "active" || f.Workload.Kind == "" || f.Workload.Kind == "Node" || f.Workload.Kind == "Service" || ofNodeLevel(f.Scope.Level) && f.Cause == "node.not-ready" {
			continue
		}
		key := f.Cause
		if f.Verdict != Proven && f.Verdict != Likely {
			key = "\x00" + f.Symptom
		}
		groups[key] = append(groups[key], f)
		every = append(every, f)
		if f.Verdict != Proven || in.broughtBy(f.Cause, "node") {
			all = append(all, f)
		}
	}
	in.sameName(every)
	var readers []*Finding
	for _, f := range every {
		if in.broughtBy(f.Cause, "config") || in.broughtBy(f.Cause, "env") {
			readers = append(readers, f)
		}
	}
	if workloadsOf(readers) >= manyWorkloads {
		in.applyEdits(readers)
	}
	keys := slices.Sorted(maps.Keys(groups))
	for _, key := range keys {
		if workloadsOf(groups[key]) >= 2 || in.s.Target.Name != "" {
			in.applyEdits(groups[key])
		}
	}
	in.inParts(every)
	for _, key := range keys {
		same := groups[key]
		if workloadsOf(same) < 2 {
			continue
		}
		o := attribution.Options{Chance: chanceOfAny}
		if !strings.HasPrefix(key, "\x00") {
			o.Chance = chanceOfSameCause
			o.Accept = func(v attribution.Value) bool { return in.carries(v, same[0].Cause) }
		}
		in.apply(same, o)
	}
	if workloadsOf(all) >= 2 {
		in.apply(all, attribution.Options{Chance: chanceOfAny, Accept: onlyNodes})
	}
	for _, key := range keys {
		in.applyFresh(groups[key], strings.HasPrefix(key, "\x00"))
	}
	in.contain(every)
	for _, key := range keys {
		in.everywhere(groups[key])
		in.together(groups[key])
	}
}

// inParts looks at the workloads that are sick on some nodes and well on others with the same template. Where these nodes
// have something in common it is that, whatever the words are in which each program complains.
func (in *widening) inParts(list []*Finding) {
	if workloadsOf(list) < 2 {
		return
	}
	sick := in.shown(list)
	t := attribution.New(&in.s.Population, func(r *evidence.Row) bool { return sick[r] })
	for _, e := range t.ExplainWithin(attribution.Options{Chance: chanceOfAny, Accept: onlyNodes}) {
		sc := in.sharedScope(e)
		if !in.startedSince(e, list) {
			sc.Confidence = "medium"
			sc.Statement += "; the well ones run from before it began, so that it may be what is needed at the start"
		}
		in.covered(list, e, sc)
	}
}

func onlyNodes(v attribution.Value) bool { return v.Attribute.OfNode() }

// sharing gives findings what they share with others before those about one target are made one: a ConfigMap that was edited,
// or a host that their settings name, where it is something else that does not do its part.
func (in *input) sharing(list []judged) {
	w := &widening{input: in, done: map[*Finding]bool{}}
	groups := map[string][]*Finding{}
	var others []*Finding
	for i := range list {
		f := &list[i].f
		if f.State != "active" || f.Cause == "lifecycle.init-container" {
			continue
		}
		if in.broughtBy(f.Cause, "dependency") {
			others = append(others, f)
		}
		if slices.Contains(elsewhere, f.Cause) {
			groups[f.Cause] = append(groups[f.Cause], f)
		}
	}
	for _, cause := range slices.Sorted(maps.Keys(groups)) {
		if workloadsOf(groups[cause]) >= 2 {
			w.applyEdits(groups[cause])
		}
	}
	if workloadsOf(others) >= manyWorkloads {
		w.apply(others, attribution.Options{Chance: chanceOfAny, Accept: func(v attribution.Value) bool { return strings.HasPrefix(v.Value, "Host/") }})
	}
	for _, cause := range slices.Sorted(maps.Keys(groups)) {
		if diverse(list, groups[cause]) {
			w.everywhere(groups[cause])
		}
	}
}

// diverse tells whether so many of a cause's findings have another target than most, or none that is known, that it is no
// single target's.
func diverse(list []judged, group []*Finding) bool {
	of, most := map[string]int{}, 0
	for i := range list {
		if !slices.Contains(group, &list[i].f) {
			continue
		}
		if host := hostOf(list[i].target); host != "" {
			of[host]++
			most = max(most, of[host])
		}
	}
	return len(group)-most >= manyWorkloads
}

// onNodes gives findings with one cause the scope of the nodes that they share, where they do.
func (in *input) onNodes(findings []Finding) {
	var list []*Finding
	for i := range findings {
		list = append(list, &findings[i])
	}
	w := &widening{input: in, done: map[*Finding]bool{}}
	w.inParts(list)
	w.apply(list, attribution.Options{Chance: chanceOfSameCause, Accept: onlyNodes})
}

func ofNodeLevel(l ScopeLevel) bool { return l == ScopeNode || l == ScopeNodePool || l == ScopeZone }

func workloadsOf(list []*Finding) int {
	seen := map[Workload]bool{}
	for _, f := range list {
		w := f.Workload
		w.Revision = ""
		seen[w] = true
	}
	return len(seen)
}

// apply explains the pods of findings, and gives those that an explanation covers its scope.
func (in *widening) apply(list []*Finding, o attribution.Options) {
	sick := in.shown(list)
	t := attribution.New(&in.s.Population, func(r *evidence.Row) bool { return sick[r] })
	for _, e := range t.Explain(o) {
		if !in.most(e, sick) {
			continue
		}
		in.covered(list, e, in.sharedScope(e))
	}
}

// covered gives a scope to the findings that an explanation covers.
func (in *widening) covered(list []*Finding, e attribution.Explanation, sc Scope) {
	for _, f := range list {
		if !in.done[f] && slices.ContainsFunc(e.Workloads, func(w attribution.Workload) bool {
			return w.Namespace == f.Workload.Namespace && w.Kind == f.Workload.Kind && w.Name == f.Workload.Name
		}) {
			f.Scope, in.done[f] = sc, true
		}
	}
}

// shown marks the pods of the population that show what findings are about. Where only one workload was asked about, others
// that show the same are taken for the same: they were not looked at.
func (in *input) shown(list []*Finding) map[*evidence.Row]bool {
	out := map[*evidence.Row]bool{}
	for _, f := range list {
		if in.s.Target.Name != "" {
			for i := range in.s.Population.Rows {
				if r := &in.s.Population.Rows[i]; r.Active && r.Symptom == f.Symptom {
					out[r] = true
				}
			}
			continue
		}
		for _, r := range in.byWorkload().of(evidence.Ref{Kind: f.Workload.Kind, Namespace: f.Workload.Namespace, Name: f.Workload.Name}) {
			if r.Active && r.Symptom == f.Symptom {
				out[r] = true
			}
		}
	}
	return out
}

// sharedScope puts an explanation into the report's form.
func (in *input) sharedScope(e attribution.Explanation) Scope {
	sc := Scope{Affected: e.Sick, Population: e.Pods + e.Elsewhere, Confidence: "medium", Chance: &e.Chance}
	if e.Chance <= chanceOfAny {
		sc.Confidence = "high"
	}
	var what string
	switch e.Attribute {
	case attribution.Node:
		sc.Level, sc.Subject, what = ScopeNode, "Node/"+e.Value.Value, "on node "+e.Value.Value
	case attribution.Pool:
		sc.Level, sc.Subject, what = ScopeNodePool, "NodePool/"+e.Value.Value, "on nodes of pool "+e.Value.Value
	case attribution.Zone:
		sc.Level, sc.Subject, what = ScopeZone, "Zone/"+e.Value.Value, "in zone "+e.Value.Value
	case attribution.Namespace:
		sc.Level, sc.Subject, what = ScopeNamespace, "Namespace/"+e.Value.Value, "in namespace "+e.Value.Value
	case attribution.Image, attribution.Digest:
		sc.Level, sc.Subject, what = ScopeContainerImage, "Image/"+e.Value.Value, "with image "+e.Value.Value
	case attribution.Reference:
		kind, name, _ := strings.Cut(e.Value.Value, "/")
		sc.Level, sc.Subject, what = ScopeReference, e.Value.Value, "that use "+kind+" "+name
		if kind == "Host" {
			what = "whose settings name " + name
		}
	default: // a property of nodes that is no pool
		sc.Level, sc.Subject, what = ScopeNode, "Nodes with "+string(e.Attribute)+" "+e.Value.Value, fmt.Sprintf("on nodes with %s %s", e.Attribute, e.Value.Value)
	}
	sc.Statement = fmt.Sprintf("%s %s, of %s; %d of %d elsewhere", counts(e.Sick, e.Pods), what, plural(len(e.Workloads), "workload"), e.SickElsewhere, e.Elsewhere)
	if e.Within {
		sc.Statement = fmt.Sprintf("%s of %s %s; elsewhere %d of %d of the same", counts(e.Sick, e.Pods), plural(len(e.Workloads), "workload"), what, e.SickElsewhere, e.Elsewhere)
	}
	if e.Attribute.OfNode() && e.Nodes > 1 {
		sc.Statement += fmt.Sprintf("; on %d nodes", e.Nodes)
	}
	sc.Statement += "; " + odds(e.Chance)
	for i, v := range e.Same {
		if i == 3 {
			sc.Statement += fmt.Sprintf(" and %d more", len(e.Same)-i)
			break
		}
		sc.Statement += map[bool]string{true: ". What cannot be told from it: ", false: ", "}[i == 0] + strings.TrimSpace(string(v.Attribute)+" "+v.Value)
	}
	return sc
}

// odds says in words how often chance does the same.
func odds(chance float64) string {
	return fmt.Sprintf("chance does so less than once in %d times", max(1, int(1/max(chance, 1e-6))))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
