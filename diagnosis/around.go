package diagnosis

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
)

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
