package diagnosis

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
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

// around is how far before and after those whose scope is known what lies within that scope may have begun.
const around = 15 * time.Minute

// contain gives what lies within the scope of several others that scope, where it began with them and can come of the same.
func (in *widening) contain(list []*Finding) {
	for _, f := range list {
		if in.done[f] || f.Onset == nil || f.Scope.Level != ScopeWorkload {
			continue
		}
		for _, o := range list {
			if !in.done[o] || o.Onset == nil || o.Scope.Level != ScopeNamespace || o.Scope.Subject != "Namespace/"+f.Workload.Namespace {
				continue
			}
			if d := f.Onset.Time.Sub(o.Onset.Time); d > -around && d < around && slices.ContainsFunc(aspectsOf(attribution.Value{Attribute: attribution.Namespace}), func(a string) bool { return in.broughtBy(f.Cause, a) }) {
				f.Scope = o.Scope
				break
			}
		}
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
		if !e.Attribute.OfNode() && 2*e.Sick < e.Pods && !in.since(e.Value, sick) {
			continue
		}
		sc := in.sharedScope(e)
		sc.Statement += fmt.Sprintf("; of the pods that were made since %s", first.Format("2006-01-02 15:04"))
		in.covered(list, e, sc)
	}
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

// sameName gives findings that name one and the same object of their namespace as missing that object as their scope.
func (in *widening) sameName(list []*Finding) {
	by := map[string][]*Finding{}
	for _, f := range list {
		kind := map[string]string{"config.secret-missing": "Secret", "config.configmap-missing": "ConfigMap"}[f.Cause]
		if kind == "" || f.Verdict != Proven && f.Verdict != Likely {
			continue
		}
		for _, r := range f.Remedies {
			if name := r.Parameters["object"]; name != "" {
				key := kind + "/" + f.Workload.Namespace + "/" + name
				by[key] = append(by[key], f)
				break
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(by)) {
		if same := by[key]; workloadsOf(same) >= 2 {
			affected := 0
			for _, f := range same {
				affected += f.Scope.Affected
			}
			sc := Scope{Level: ScopeReference, Subject: key, Affected: affected, Population: len(in.s.Population.Rows), Confidence: "high",
				Statement: fmt.Sprintf("%s of %s, all of which miss %s", plural(affected, "pod"), plural(workloadsOf(same), "workload"), strings.Replace(key, "/", " ", 1))}
			for _, f := range same {
				f.Scope, in.done[f] = sc, true
			}
		}
	}
}

// fitting leaves out the remedies that mend nothing at the finding's scope.
func (in *input) fitting(f *Finding) {
	c, ok := in.pb.Cause(f.Cause)
	if !ok {
		return
	}
	no := f.Cause == "dependency.dns" && noSuchName(firstQuote(f))
	f.Remedies = slices.DeleteFunc(f.Remedies, func(r Remedy) bool {
		if no && !ofNodeLevel(f.Scope.Level) { // names are at fault, for they were looked up
			return strings.HasPrefix(r.ID, "name-server")
		}
		if !no && r.ID == "dependency-name" && (f.Scope.Level == ScopeNamespace || f.Scope.Level == ScopeCluster) {
			return true
		}
		i := slices.IndexFunc(c.Remedies, func(x playbook.Remedy) bool { return x.ID == r.ID })
		return i >= 0 && len(c.Remedies[i].Where) > 0 && !slices.Contains(c.Remedies[i].Where, string(f.Scope.Level))
	})
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
		if !e.Attribute.OfNode() && 2*e.Sick < e.Pods && !in.since(e.Value, sick) {
			continue
		}
		in.covered(list, e, in.sharedScope(e))
	}
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

// broughtBy tells whether a change of an aspect can bring a cause about; of an unknown cause everything can.
func (in *input) broughtBy(cause, aspect string) bool {
	c, ok := in.pb.Cause(cause)
	return !ok || cause == unexplainedExit || slices.Contains(c.ChangedBy, aspect)
}

// aspectsOf are the aspects by which a shared attribute can make pods sick. A namespace is where quotas, policies and rights
// live.
func aspectsOf(v attribution.Value) []string {
	switch v.Attribute {
	case attribution.Image, attribution.Digest:
		return []string{"image", "lifecycle"}
	case attribution.Namespace:
		return []string{"network", "quota", "identity", "admission", "dependency"}
	case attribution.Reference:
		kind, _, _ := strings.Cut(v.Value, "/")
		return map[string][]string{"ConfigMap": {"config", "env"}, "Secret": {"secret"}, "SecretProviderClass": {"secret", "volumes"}, "PersistentVolumeClaim": {"volumes"},
			"StorageDriver": {"volumes"}, "ServiceAccount": {"identity"}, "Host": {"dependency", "network"}, "PriorityClass": {"placement"}, "RuntimeClass": {"node"}}[kind]
	}
	return []string{"node"}
}

func (in *input) carries(v attribution.Value, cause string) bool {
	return slices.ContainsFunc(aspectsOf(v), func(a string) bool { return in.broughtBy(cause, a) })
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

// A cause is everywhere where this many workloads have it, in so many namespaces, and at least this part of those that are
// not the platform's own.
const (
	manyWorkloads  = 3
	manyNamespaces = 2
	bigPart        = 0.5
)

// everywhere makes the cluster the scope of a cause that nothing narrower explains and that most have.
func (in *widening) everywhere(list []*Finding) {
	if len(list) == 0 || !in.s.Population.Complete {
		return
	}
	if !aroundPods(list[0]) {
		return
	}
	namespaces, nodes, workloads := map[string]bool{}, map[string]bool{}, map[Workload]bool{}
	for _, f := range list {
		if slices.Contains([]ScopeLevel{ScopeNode, ScopeNodePool, ScopeZone, ScopeNamespace, ScopeReference, ScopeContainerImage}, f.Scope.Level) {
			return
		}
		namespaces[f.Workload.Namespace] = true
		workloads[Workload{Kind: f.Workload.Kind, Namespace: f.Workload.Namespace, Name: f.Workload.Name}] = true
	}
	all := 0
	for w := range in.byWorkload().by {
		if w.Namespace != "kube-system" || workloads[Workload{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}] {
			all++
		}
	}
	sick := in.shown(list)
	for r := range sick {
		if r.Node != "" {
			nodes[r.Node] = true
		}
	}
	if len(workloads) < manyWorkloads || len(namespaces) < manyNamespaces || float64(len(workloads)) < bigPart*float64(all) || len(nodes) < 2 && len(in.s.Population.Nodes) > 1 {
		return
	}
	sc := Scope{Level: ScopeCluster, Subject: cmp.Or(in.s.Cluster.UID, "cluster"), Affected: len(sick), Population: len(in.s.Population.Rows), Confidence: "medium",
		Statement: fmt.Sprintf("%d of %d workloads outside kube-system, in %s, on %s; nothing that some have and others lack explains it",
			len(workloads), all, plural(len(namespaces), "namespace"), plural(len(nodes), "node"))}
	for _, f := range list {
		f.Scope = sc
	}
}

// ofEverybody are areas and causes of which two workloads have one and the same rather than each its own, because they are
// about what lies around pods.
var ofEverybody = []string{"network.", "node.", "scheduling.resources", "scheduling.admission", "scheduling.scheduler-down", "image.registry-unreachable", "image.pull-rate-limited",
	"dependency.dns", "dependency.timeout", "app.api-missing", "memory.node", "storage.mount-failed"}

// aroundPods tells whether a finding's cause is one of those, and told with some certainty.
func aroundPods(f *Finding) bool {
	return (f.Verdict == Proven || f.Verdict == Likely) && slices.ContainsFunc(ofEverybody, func(p string) bool { return strings.HasPrefix(f.Cause, p) })
}

// together: several workloads have a cause that lies around them, and there are too few to say by counting what it is that
// they share. The narrowest that they all have is named, with low confidence.
func (in *widening) together(list []*Finding) {
	if workloadsOf(list) < 2 || !aroundPods(list[0]) {
		return
	}
	namespaces, nodes, pods := map[string]bool{}, map[string]bool{}, 0
	for _, f := range list {
		if f.Scope.Level != ScopeWorkload && f.Scope.Level != ScopeRevision || f.Verdict != Proven && f.Verdict != Likely {
			return
		}
		namespaces[f.Workload.Namespace] = true
		pods += max(f.Scope.Affected, len(f.Containers))
		for _, c := range f.Containers {
			if c.Node != "" {
				nodes[c.Node] = true
			}
		}
	}
	sc := Scope{Affected: pods, Population: len(in.s.Population.Rows), Confidence: "low"}
	of := fmt.Sprintf("%s of %s have the same cause, which lies around them", plural(pods, "pod"), plural(workloadsOf(list), "workload"))
	name, one := only(nodes)
	ns, inOne := only(namespaces)
	switch {
	case one && name != "" && in.broughtBy(list[0].Cause, "node"):
		sc.Level, sc.Subject, sc.Statement = ScopeNode, "Node/"+name, of+", and all are on node "+name+"; too few to say whether it is the node"
	case inOne && (in.broughtBy(list[0].Cause, "quota") || in.broughtBy(list[0].Cause, "network") && !in.broughtBy(list[0].Cause, "node")):
		sc.Level, sc.Subject, sc.Statement = ScopeNamespace, "Namespace/"+ns, of+", all in namespace "+ns+"; too few to say more"
	default:
		sc.Level, sc.Statement = ScopeUndetermined, of+map[bool]string{true: ", on " + plural(len(nodes), "node")}[len(nodes) > 0]+"; too few to say how far it reaches"
	}
	for _, f := range list {
		f.Scope = sc
	}
}

// only is the one member of a set, where it has one.
func only(set map[string]bool) (string, bool) {
	for k := range set {
		return k, len(set) == 1
	}
	return "", false
}
