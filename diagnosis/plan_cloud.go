package diagnosis

import (
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// planCloud asks Azure's side for what an open question of the case still needs. Only where Azure is read at all.
func (c *sickCase) planCloud(j judgement) []evidence.Request {
	if _, read := c.s.CloudRead(); !read {
		return nil
	}
	var out []evidence.Request
	ask := func(what, name, why string, has ...string) {
		if !slices.ContainsFunc(has, func(kind string) bool { return len(c.s.OfKind(kind, "")) > 0 }) {
			out = append(out, evidence.Request{What: what, Name: name, Why: why})
		}
	}
	id := j.top.cause.ID
	switch {
	case id == "scheduling.resources":
		ask(evidence.AskAutoscaler, "", "why no node is added", evidence.AutoscalerMessage)
		ask(evidence.AskNetwork, "", "whether the subnet has addresses for another node", evidence.SubnetUsage)
	case id == "network.sandbox" || id == "network.address-exhausted":
		ask(evidence.AskNetwork, "", "whether the subnet has addresses left", evidence.SubnetUsage)
	case slices.Contains([]string{"dependency.timeout", "image.registry-unreachable", "network.egress-blocked"}, id):
		ask(evidence.AskNetwork, "", "whether Azure's rules and routes stop what leaves the cluster", evidence.VirtualNetwork)
	case id == "image.pull-unauthorized":
		for i := range c.members {
			if m := &c.members[i]; m.c != nil {
				if server, _, _ := strings.Cut(m.c.Image, "/"); strings.HasSuffix(server, ".azurecr.io") {
					ask(evidence.AskRegistry, server, "whether the cluster may pull from that registry", evidence.RoleAssignments)
				}
			}
		}
	}
	out = append(out, c.planMachines(id)...)
	return append(out, c.planHistory(id)...)
}

// planMachines asks for the machines under the nodes, where the trouble is theirs: by its cause, or because it is on one node
// only while the workload runs well on others.
func (c *sickCase) planMachines(id string) []evidence.Request {
	nodes := map[string]bool{}
	for i := range c.members {
		nodes[c.members[i].pod.Node.Or("")] = true
	}
	ours := strings.HasPrefix(id, "node.") || strings.HasPrefix(id, "network.") || c.symptom == triage.NodeLost || c.symptom == triage.Replaced
	if w := c.byWorkload().of(c.workload); len(nodes) == 1 && len(w) > 1 {
		ours = ours || slices.ContainsFunc(w, func(r *evidence.Row) bool { return !nodes[r.Node] && r.Symptom == "" })
	}
	if !ours {
		return nil
	}
	var out []evidence.Request
	for n := range nodes {
		row, ok := c.s.Population.Node(n)
		if ok && row.Pool != "" && !c.readSet(row.Pool) {
			out = append(out, evidence.Request{What: evidence.AskScaleSet, Name: row.Pool, Why: "the state of the machines of pool " + row.Pool})
		}
	}
	if len(out) > 0 && len(c.s.OfKind(evidence.Detector, "")) == 0 {
		out = append(out, evidence.Request{What: evidence.AskDetectors, Why: "whether AKS itself has noticed something"})
	}
	slices.SortFunc(out, func(a, b evidence.Request) int { return strings.Compare(a.What+a.Name, b.What+b.Name) })
	return out
}

// planHistory asks Container Insights for what the cluster does not keep: the log of a run whose log is gone, the course of the
// memory, and who changed Secrets.
func (c *sickCase) planHistory(id string) []evidence.Request {
	var out []evidence.Request
	first := c.first()
	q := evidence.Request{Namespace: first.pod.Ref.Namespace, Name: first.pod.Ref.Name}
	if historical(first.pod) {
		return nil
	}
	if first.c != nil && first.dead.Kind == evidence.Terminated && first.log == nil {
		q.What, q.Why = evidence.AskLogs, "the log of the run that ended, which the node does not keep any more"
		out = append(out, q)
	}
	if strings.HasPrefix(id, "memory.") {
		q.What, q.Why = evidence.AskUsage, "how its memory grew"
		out = append(out, q)
	}
	cause, _ := c.pb.Cause(id)
	if cause != nil && slices.Contains(cause.ChangedBy, "secret") && slices.ContainsFunc(evidence.Uses(first.pod), func(u string) bool { return strings.HasPrefix(u, "Secret/") }) && len(c.s.OfKind(evidence.AuditEntry, "")) == 0 {
		out = append(out, evidence.Request{What: evidence.AskAudit, Namespace: first.pod.Ref.Namespace, Why: "whether somebody changed a Secret that it uses"})
	}
	return out
}

// lookBack asks for pods that are gone where one workload is asked about and none of its pods is sick now.
func (in *input) lookBack(list []judged) []evidence.Request {
	t := in.s.Target
	if _, read := in.s.CloudRead(); !read || t.Name == "" || t.Kind == "Node" {
		return nil
	}
	for i := range list {
		c := list[i].c
		if c.active && (c.workload.Name == t.Name || t.Kind == "Pod" && c.first().pod.Ref.Name == t.Name) {
			return nil
		}
	}
	if slices.ContainsFunc(in.pods, historical) {
		return nil
	}
	kind := ""
	if t.Kind == "Pod" {
		kind = t.Kind
	}
	return []evidence.Request{{What: evidence.AskHistory, Namespace: t.Namespace, Name: t.Name, Container: kind, Why: "pods that are gone"}}
}

// silent nodes have no case whose plan could ask.
func (in *input) planNodes() []evidence.Request {
	if _, read := in.s.CloudRead(); !read || in.s.Target.Name != "" {
		return nil
	}
	var out []evidence.Request
	for _, n := range in.s.Population.Nodes {
		if n.Ready != "" && n.Ready != "True" && n.Pool != "" && !in.readSet(n.Pool) {
			out = append(out, evidence.Request{What: evidence.AskScaleSet, Name: n.Pool, Why: "the state of the machines of pool " + n.Pool})
		}
	}
	return out
}

// withCloud tells whether what Azure could not tell matters for a case.
func (c *sickCase) withCloud(cause string) bool {
	if historical(c.first().pod) {
		return true
	}
	area, _, _ := strings.Cut(cause, ".")
	return slices.Contains([]string{"node", "network", "scheduling", "image"}, area) || cause == "dependency.timeout" || c.symptom == triage.NodeLost
}
