package diagnosis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
	"github.com/crashproof-dev/crashproof/evidence"
)

// scopeOf says what the sick pods of a case's workload share and the well ones do not.
func (in *input) scopeOf(c *sickCase, cause string) Scope {
	w := c.workload
	sick, all := in.rowsOf(w, string(c.symptom))
	sc := Scope{Affected: len(sick), Population: len(all), Confidence: "high"}
	name := w.String()
	if strings.HasPrefix(cause, "node.") && cause != "node.limits" && cause != "node.pressure" {
		if s, ok := in.nodeScope(c); ok {
			return s
		}
	}
	if len(all) == 0 {
		return Scope{Level: ScopeUndetermined, Subject: name, Affected: len(c.members), Population: len(c.members), Confidence: "low",
			Statement: fmt.Sprintf("%d pods of %s; no population to compare with", len(c.members), name)}
	}
	if len(in.s.OfKind("ReplicaSet", w.Namespace)) > 0 || c.revision != "" {
		if s, ok := revisionScope(c, name, sick, all); ok {
			return s
		}
	}
	if len(sick) == len(all) {
		sc.Level, sc.Subject = ScopeWorkload, name
		sc.Statement = fmt.Sprintf("%s of %s", counts(len(sick), len(all)), name)
		if n := nodesOf(sick); len(n) > 1 {
			sc.Statement += fmt.Sprintf(", on %d nodes", len(n))
		}
		if len(all) == 1 {
			sc.Confidence = "medium"
			sc.Statement += "; a single pod cannot separate the workload from its node"
		}
		return sc
	}
	return in.partScope(sc, name, cause, c.beginning(), sick, all)
}

// revisionScope: one revision is sick and another one, with pods, is well.
func revisionScope(c *sickCase, name string, sick, all []evidence.Row) (Scope, bool) {
	mine, sickMine, others, sickOthers := 0, 0, 0, 0
	for _, r := range all {
		if r.Revision == c.revision {
			mine++
			continue
		}
		others++
		if r.Symptom == string(c.symptom) && r.Active {
			sickOthers++
		}
	}
	for _, r := range sick {
		if r.Revision == c.revision {
			sickMine++
		}
	}
	if others == 0 || sickOthers > 0 || sickMine == 0 || sickMine < mine {
		return Scope{}, false
	}
	return Scope{Level: ScopeRevision, Subject: name + "@" + c.revision, Affected: sickMine, Population: mine + others, Confidence: confidence(sickMine, others),
		Statement: fmt.Sprintf("%s of revision %s of %s, 0 of %d of the other revisions", counts(sickMine, mine), c.revision, name, others)}, true
}

// ofTheWay are causes that lie between a node and what its pods want to reach: the same image with the same settings gets
// there from other nodes.
var ofTheWay = []string{"network.service-unreachable", "network.egress-blocked", "dependency.dns", "dependency.timeout"}

// ofTheNodes tells whether a cause lies in nodes or between them and what their pods want to reach.
func ofTheNodes(cause string) bool {
	return slices.Contains(ofTheWay, cause) || strings.HasPrefix(cause, "node.")
}

// sinceThen: well pods were made since the sick ones began to fail. Those that run from before prove nothing about what is
// needed at the start.
func sinceThen(began time.Time, sick, all []evidence.Row) bool {
	ill := map[string]bool{}
	for i := range sick {
		ill[sick[i].Pod] = true
	}
	return slices.ContainsFunc(all, func(r evidence.Row) bool {
		well := !r.Active || r.Symptom == ""
		return well && !ill[r.Pod] && !began.IsZero() && !r.Created.Before(began.Add(-time.Minute))
	})
}

// beginning is the earliest moment at which one of the members can have begun to fail.
func (c *sickCase) beginning() time.Time {
	var first time.Time
	for i := range c.members {
		t, within := c.began(&c.members[i])
		if t = t.Add(-within); !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// partScope: some pods of one workload are sick and others with the same template are well.
func (in *input) partScope(sc Scope, name, cause string, began time.Time, sick, all []evidence.Row) Scope {
	nodes := nodesOf(sick)
	wellThere, wellElsewhere := 0, 0
	for _, r := range all {
		if r.Active && r.Symptom != "" {
			continue
		}
		if slices.Contains(nodes, r.Node) {
			wellThere++
		} else {
			wellElsewhere++
		}
	}
	sc.Statement = fmt.Sprintf("%s of %s", counts(len(sick), len(all)), name)
	if len(nodes) == 1 && wellThere == 0 && sinceThen(began, sick, all) && ofTheNodes(cause) {
		sc.Level, sc.Subject, sc.Confidence = ScopeNode, "Node/"+nodes[0], "medium"
		sc.Statement += fmt.Sprintf(", all on node %s, and the %d on other nodes get through", nodes[0], wellElsewhere)
		return sc
	}
	if len(nodes) == 1 && wellThere == 0 && wellElsewhere > 0 {
		sc.Level, sc.Subject, sc.Confidence = ScopeWorkload, name, "low"
		sc.Statement += fmt.Sprintf(", all on node %s, and the %d on other nodes are well: one workload alone cannot say whether it is the node", nodes[0], wellElsewhere)
		return sc
	}
	sc.Level, sc.Subject, sc.Confidence = ScopeWorkload, name, "medium"
	if e, ok := alone(sick, all, in.s.Population.Nodes); ok {
		there := in.sharedScope(e)
		if ofTheNodes(cause) {
			return there
		}
		sc.Statement += "; all " + there.Statement[strings.Index(there.Statement, " on nodes")+1:]
	}
	sc.Statement += byAge(sick, all)
	return sc
}

// alone finds what the nodes have in common on which a workload's pods are sick, where that is no chance.
func alone(sick, all []evidence.Row, nodes []evidence.NodeRow) (attribution.Explanation, bool) {
	p := evidence.Population{Rows: all}
	on := nodesOf(all)
	for i := range nodes {
		if _, ok := slices.BinarySearch(on, nodes[i].Name); ok {
			p.Nodes = append(p.Nodes, nodes[i])
		}
	}
	ill := map[string]bool{}
	for _, r := range sick {
		ill[r.Pod] = true
	}
	found := attribution.New(&p, func(r *evidence.Row) bool { return ill[r.Pod] }).Explain(attribution.Options{Alone: true, Chance: chanceOfSameCause,
		Accept: func(v attribution.Value) bool { return v.Attribute != attribution.Node && v.Attribute.OfNode() }})
	if len(found) == 0 || found[0].SickElsewhere > 0 {
		return attribution.Explanation{}, false
	}
	return found[0], true
}

// byAge says where all sick pods were made after all well ones: what changed in between meets only who starts anew.
func byAge(sick, all []evidence.Row) string {
	var firstSick, lastWell time.Time
	well := 0
	ill := map[string]bool{}
	for _, r := range sick {
		ill[r.Pod] = true
		if r.Created.IsZero() {
			return ""
		}
		if firstSick.IsZero() || r.Created.Before(firstSick) {
			firstSick = r.Created
		}
	}
	for _, r := range all {
		if !ill[r.Pod] {
			well++
			if r.Created.After(lastWell) {
				lastWell = r.Created
			}
		}
	}
	if well == 0 || lastWell.IsZero() || len(sick)+well < 3 || !firstSick.After(lastWell) || firstSick.Sub(lastWell) < time.Minute {
		return ""
	}
	return fmt.Sprintf("; the sick were made from %s on, the well by %s: something that is read at the start changed in between, or is gone", firstSick.Format("2006-01-02 15:04:05"), lastWell.Format("2006-01-02 15:04:05"))
}

// nodeScope: the pods of a node that does not report.
func (in *input) nodeScope(c *sickCase) (Scope, bool) {
	node := c.first().pod.Node.Or("")
	row, ok := in.s.Population.Node(node)
	if !ok || row.Ready == "True" {
		return Scope{}, false
	}
	down, pool := 0, 0
	for _, n := range in.s.Population.Nodes {
		if n.Pool == row.Pool {
			pool++
			if n.Ready != "True" && n.Ready != "" {
				down++
			}
		}
	}
	affected := 0
	for _, r := range in.s.Population.Rows {
		if r.Node == node {
			affected++
		}
	}
	if down > 1 && down == pool && row.Pool == "" && pool == len(in.s.Population.Nodes) {
		return Scope{Level: ScopeCluster, Subject: cmp.Or(in.s.Cluster.UID, "cluster"), Affected: len(in.s.Population.Rows), Population: len(in.s.Population.Rows), Confidence: "high",
			Statement: fmt.Sprintf("none of the %d nodes is ready", down)}, true
	}
	if down > 1 && down == pool && row.Pool != "" {
		return Scope{Level: ScopeNodePool, Subject: "NodePool/" + row.Pool, Affected: affected, Population: len(in.s.Population.Rows), Confidence: "high",
			Statement: fmt.Sprintf("all %d nodes of pool %s are not ready", pool, row.Pool)}, true
	}
	return Scope{Level: ScopeNode, Subject: "Node/" + node, Affected: affected, Population: len(in.s.Population.Rows), Confidence: "high",
		Statement: fmt.Sprintf("node %s, one of %d in pool %s; %d pods are on it", node, pool, row.Pool, affected)}, true
}

// rowsOf lists the population's rows of a workload, and those among them that show the symptom.
func (in *input) rowsOf(w evidence.Ref, symptom string) (sick, all []evidence.Row) {
	for _, r := range in.byWorkload().of(w) {
		all = append(all, *r)
		if r.Symptom == symptom && r.Symptom != "" {
			sick = append(sick, *r)
		}
	}
	return sick, all
}

func nodesOf(rows []evidence.Row) []string {
	var out []string
	for i := range rows {
		if rows[i].Node != "" {
			out = append(out, rows[i].Node)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func confidence(sick, well int) string {
	switch {
	case sick >= 2 && well >= 2:
		return "high"
	case sick+well >= 2:
		return "medium"
	}
	return "low"
}

func counts(n, of int) string {
	if of == 1 {
		return fmt.Sprintf("%d of %d pod", n, of)
	}
	return fmt.Sprintf("%d of %d pods", n, of)
}

// Overall is the smallest explanation of everything that findings say is sick now, of so many pods that were looked at. What
// only is taken for a crash loop counts where there is nothing else, or where it has a scope with others.
func Overall(findings []Finding, pods int) Scope {
	var active, neighbours []Finding
	for _, f := range findings {
		switch {
		case f.State != "active":
		case f.Neighbour && f.Scope.Chance == nil:
			neighbours = append(neighbours, f)
		default:
			active = append(active, f)
		}
	}
	if len(active) == 0 {
		active = neighbours
	}
	switch len(active) {
	case 0:
		return Scope{Level: ScopeNone, Population: pods, Statement: nothingNow(findings, pods)}
	case 1:
		return active[0].Scope
	}
	first, sick := active[0].Scope, 0
	same, workloads, scopes := true, map[string]bool{}, map[string]bool{}
	for _, f := range active {
		same = same && f.Scope.Level == first.Level && f.Scope.Subject == first.Subject
		workloads[f.Workload.Kind+f.Workload.Namespace+f.Workload.Name] = true
		if key := string(f.Scope.Level) + f.Scope.Subject; !scopes[key] {
			scopes[key] = true
			sick += f.Scope.Affected
		}
	}
	if same {
		return first
	}
	if len(workloads) == 1 {
		w := active[0].Workload
		return Scope{Level: ScopeWorkload, Subject: evidence.Ref{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}.String(), Affected: first.Affected, Population: first.Population,
			Confidence: "medium", Statement: fmt.Sprintf("%d findings in one workload", len(active))}
	}
	return Scope{Level: ScopeMixed, Affected: sick, Population: pods, Confidence: "medium",
		Statement: fmt.Sprintf("%d findings in %d workloads, and nothing that they share explains them together", len(active), len(workloads))}
}

func nothingNow(findings []Finding, pods int) string {
	s := fmt.Sprintf("nothing is crash-looping among %d pods", pods)
	if len(findings) > 0 {
		s += "; what was has recovered"
	}
	return s
}
