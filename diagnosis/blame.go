package diagnosis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// judged is a case with its finding, before it is known who is to blame.
type judged struct {
	c *sickCase
	f Finding
	// target is host:port, or a name, of what the case's process could not use; empty where the cause is its own.
	target string
	attrs  map[string]string
}

// elsewhere are the causes that say that somebody else does not do its part.
var elsewhere = []string{"dependency.refused", "dependency.timeout", "dependency.dns", "dependency.overloaded", "dependency.read-only",
	"dependency.unavailable", "dependency.scaled-to-zero", "lifecycle.init-container"}

func newJudged(c *sickCase, j judgement) judged {
	d := judged{c: c, f: c.finding(j), attrs: c.attrs(j)}
	if slices.Contains(elsewhere, d.f.Cause) && d.f.State == "active" {
		d.target = cmp.Or(d.attrs["target"], d.attrs["host"], d.attrs["service"])
	}
	return d
}

// blame hangs victims under their culprit: a finding whose process could not use another workload that is sick itself
// is told with that workload's, and findings of several workloads about one target are one finding about the target.
func (in *input) blame(list []judged) []Finding {
	in.sharing(list)
	culprit := map[int]int{}
	for i := range list {
		if k := in.culpritOf(list, i); k >= 0 {
			culprit[i] = k
		}
	}
	for i := range list {
		if root, ok := rootOf(culprit, i); ok {
			if list[root].nameServer() {
				list[root].f.Scope = in.unresolved(&list[root])
			}
			how := "its settings name it"
			if list[i].f.Cause == "dependency.dns" {
				how = "to look a name up"
			}
			list[root].f.suffers(&list[i].f, cmp.Or(list[i].target, how))
		}
	}
	var out []Finding
	groups := map[string][]int{}
	for i := range list {
		if _, ok := rootOf(culprit, i); ok {
			continue
		}
		if k := in.sharedTarget(&list[i]); k != "" {
			groups[k] = append(groups[k], i)
			continue
		}
		out = append(out, list[i].f)
	}
	for _, members := range groups {
		out = append(out, in.shared(list, members)...)
	}
	return out
}

// rootOf follows culprits to the one that is nobody's victim; false where there is none, as in a circle.
func rootOf(culprit map[int]int, i int) (int, bool) {
	at, ok := culprit[i]
	for range culprit {
		next, more := culprit[at]
		if !ok || !more {
			break
		}
		at = next
	}
	if _, circle := culprit[at]; circle {
		return 0, false
	}
	return at, ok
}

// culpritOf finds the active finding about the workload behind a finding's target, -1 where there is none.
func (in *input) culpritOf(list []judged, i int) int {
	v := &list[i]
	if v.f.State != "active" || !slices.Contains(elsewhere, v.f.Cause) {
		return -1
	}
	if v.target == "" && v.f.Cause != "dependency.dns" {
		return in.downBehind(list, i)
	}
	for k := range list {
		o := &list[k]
		if k == i || o.f.State != "active" || o.c.workload == v.c.workload || !serves(o, v, in) {
			continue
		}
		return k
	}
	return -1
}

// serves: the sick workload o is what v's process wanted: the Service that the target names selects o's pods; where no
// Services are known, the target's host is called as the workload; and what resolves no name suffers from the sick DNS.
func serves(o, v *judged, in *input) bool {
	pod := o.c.first().pod
	if v.f.Cause == "dependency.dns" {
		if o.nameServer() {
			return !noSuchName(v.attrs["error"] + " " + firstQuote(&v.f))
		}
	}
	ns := v.c.workload.Namespace
	svc, ok := v.c.serviceOf(ns, v.target, "")
	if v.f.Cause == "dependency.dns" && (!ok || !unresolvable(v, svc)) {
		return false
	}
	if ok {
		return svc.Namespace == pod.Ref.Namespace && selects(svc, pod.Labels)
	}
	if len(in.s.OfKind("Service", ns)) > 0 {
		return false
	}
	parts := strings.Split(hostOf(v.target), ".")
	called := parts[0] == o.c.workload.Name || len(parts) > 1 && parts[1] == o.c.workload.Name && strings.HasPrefix(parts[0], parts[1]+"-")
	there := o.c.workload.Namespace == ns && (len(parts) == 1 || !slices.Contains(parts, "svc") || slices.Contains(parts, ns)) ||
		len(parts) > 1 && slices.Contains(parts[1:], o.c.workload.Namespace)
	return called && there
}

// nameServer tells whether a case is about the cluster's own name server.
func (d *judged) nameServer() bool {
	pod := d.c.first().pod
	return pod.Labels["k8s-app"] == "kube-dns" || pod.Ref.Namespace == "kube-system" && (d.c.workload.Name == "coredns" || d.c.workload.Name == "kube-dns")
}

// unresolved is the scope of a name server without a pod that is well: nobody in the cluster can look names up.
func (in *input) unresolved(d *judged) Scope {
	s := d.f.Scope
	if s.Affected < s.Population || s.Population == 0 || s.Level != ScopeWorkload {
		return s
	}
	return Scope{Level: ScopeCluster, Subject: cmp.Or(in.s.Cluster.UID, "cluster"), Affected: s.Affected, Population: len(in.s.Population.Rows), Confidence: "high",
		Statement: s.Statement + ": nobody in the cluster can look names up, and what starts and needs to fails"}
}

func hostOf(target string) string {
	target = target[strings.LastIndex(target, "//")+1:]
	target = strings.TrimLeft(target, "/")
	if i := strings.LastIndexByte(target, ':'); i > 0 {
		target = target[:i]
	}
	return strings.Trim(target, "[]")
}

func selects(svc evidence.Object, labels map[string]string) bool {
	sel := svc.Raw.Map("spec", "selector")
	for k, v := range sel {
		if labels[k] != v {
			return false
		}
	}
	return len(sel) > 0
}

// suffers takes a victim's finding into the culprit's.
func (f *Finding) suffers(v *Finding, target string) {
	w := Workload{Kind: v.Workload.Kind, Namespace: v.Workload.Namespace, Name: v.Workload.Name, Revision: v.Workload.Revision}
	if !slices.Contains(f.Victims, w) {
		f.Victims = append(f.Victims, w)
		f.Chain = append(f.Chain, fmt.Sprintf("and %s %s/%s cannot use it (%s): %s", w.Kind, w.Namespace, w.Name, target, v.Cause))
		f.quote(v)
	}
	for _, x := range v.Victims {
		if !slices.Contains(f.Victims, x) {
			f.Victims = append(f.Victims, x)
		}
	}
	slices.SortFunc(f.Victims, func(a, b Workload) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Revision, b.Revision))
	})
}

// best is the best evidence for a finding's answer.
func (f *Finding) best() (Evidence, bool) {
	if len(f.Hypotheses) == 0 || len(f.Hypotheses[0].For) == 0 {
		return Evidence{}, false
	}
	i := slices.IndexFunc(f.Evidence, func(e Evidence) bool { return e.ID == f.Hypotheses[0].For[0] })
	if i < 0 {
		return Evidence{}, false
	}
	return f.Evidence[i], true
}

// quote cites the best evidence of a victim.
func (f *Finding) quote(v *Finding) {
	e, ok := v.best()
	if !ok || slices.ContainsFunc(f.Evidence, func(o Evidence) bool { return o.Ref == e.Ref && o.Text == e.Text }) {
		return
	}
	e.ID = fmt.Sprintf("e%d", len(f.Evidence)+1)
	f.Evidence = append(f.Evidence, e)
}

// sharedTarget is what findings have in common that are told as one: cause and target. A target without a port or a
// domain means something else in each namespace.
func (in *input) sharedTarget(v *judged) string {
	if v.target == "" || v.f.Cause == "lifecycle.init-container" || loopback(hostOf(v.target)) {
		return ""
	}
	where := ""
	if host := hostOf(v.target); !strings.Contains(host, ".") {
		where = v.c.workload.Namespace
	}
	if svc, ok := v.c.serviceOf(v.c.workload.Namespace, v.target, ""); ok {
		return v.f.Cause + "\x00" + svc.Namespace + "/" + svc.Name
	}
	return v.f.Cause + "\x00" + where + "\x00" + v.target
}

// shared makes one finding about the target of those that several workloads have about it.
func (in *input) shared(list []judged, members []int) []Finding {
	var fs []Finding
	var workloads []evidence.Ref
	for _, i := range members {
		fs = append(fs, list[i].f)
		if w := list[i].c.workload; !slices.Contains(workloads, w) {
			workloads = append(workloads, w)
		}
	}
	if len(workloads) < 2 {
		return fs
	}
	if fs[0].Scope.Chance == nil && fs[0].Scope.Level != ScopeCluster {
		in.onNodes(fs) // it may be the way from some nodes, and not what is at its end
	}
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(verdictRank(a.Verdict), verdictRank(b.Verdict)), cmp.Compare(a.Workload.Namespace, b.Workload.Namespace), cmp.Compare(a.Workload.Name, b.Workload.Name), cmp.Compare(a.ID, b.ID))
	})
	first := &list[members[0]]
	one := fs[0]
	affected := 0
	for i := range fs {
		v := fs[i]
		affected += v.Scope.Affected
		if i > 0 {
			one = joinTwo(one, v)
		}
	}
	for i := range fs {
		one.suffers(&fs[i], first.target)
	}
	one.Chain = fs[0].Chain
	one.Workload = in.targetOf(first)
	name := first.target
	if one.Workload.External == "" {
		name = one.Workload.Kind + "/" + one.Workload.Namespace + "/" + one.Workload.Name
	}
	one.Headline = fmt.Sprintf("%s: %d workloads cannot use it: %s", name, len(workloads), fs[0].Headline)
	one.Scope = Scope{Level: ScopeReference, Subject: name, Affected: affected, Population: len(in.s.Population.Rows), Confidence: "high",
		Statement: fmt.Sprintf("%d pods of %d workloads, all of which use %s", affected, len(workloads), name)}
	if narrow := fs[0].Scope; !slices.ContainsFunc(fs, func(f Finding) bool { return f.Scope.Level != narrow.Level || f.Scope.Subject != narrow.Subject }) && (ofNodeLevel(narrow.Level) || narrow.Chance != nil || narrow.Level == ScopeCluster) {
		one.Scope = narrow
	}
	one.ID = findingID(in.s.Cluster.UID, one)
	return []Finding{one}
}

// targetOf is the workload behind a Service without endpoints, the Service where none is known, or what is outside.
func (in *input) targetOf(v *judged) Workload {
	svc, ok := v.c.serviceOf(v.c.workload.Namespace, v.target, "")
	if !ok {
		return Workload{External: v.target}
	}
	for _, kind := range []string{"Deployment", "StatefulSet", "DaemonSet"} {
		for _, o := range in.s.OfKind(kind, svc.Namespace) {
			if selects(svc, templateLabels(o)) {
				return Workload{Kind: kind, Namespace: o.Namespace, Name: o.Name}
			}
		}
	}
	return Workload{Kind: "Service", Namespace: svc.Namespace, Name: svc.Name}
}

func verdictRank(v Verdict) int {
	return slices.Index([]Verdict{Proven, Likely, Ambiguous, Unexplained}, v)
}
