package diagnosis

import (
	"fmt"
	"slices"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// silentNodes reports the nodes that are not ready and of which no finding tells yet. The statuses of the pods there
// are the kubelet's last word, frozen: they look well, so nothing else would mention the node. A question about one
// workload is not answered with nodes, nor is one about a namespace with nodes on which it has no pod.
func (in *input) silentNodes(told []Finding) []Finding {
	if in.s.Target.Name != "" {
		return nil
	}
	var out []Finding
	for _, n := range in.s.Population.Nodes {
		if n.Ready == "" || n.Ready == "True" || slices.ContainsFunc(told, func(f Finding) bool { return f.Scope.Subject == "Node/"+n.Name }) {
			continue
		}
		pods := 0
		for _, r := range in.s.Population.Rows {
			if r.Node == n.Name {
				pods++
			}
		}
		if in.s.Target.Namespace != "" && pods == 0 {
			continue
		}
		if f, ok := in.nodeFinding(n, pods); ok {
			out = append(out, f)
		}
	}
	return out
}

func (in *input) nodeFinding(n evidence.NodeRow, pods int) (Finding, bool) {
	cause, ok := in.pb.Cause("node.not-ready")
	if !ok {
		return Finding{}, false
	}
	attrs := map[string]string{"node": n.Name, "reason": n.ReadyReason}
	text := fmt.Sprintf("Ready is %s since %s: %s: %s", n.Ready, n.ReadySince.Format("15:04:05"), n.ReadyReason, n.ReadyMessage)
	fs := facts{{id: "node.not-ready", strength: decisive, producer: evidence.Node, time: n.ReadySince, text: text, attrs: attrs,
		ref: evidence.Ref{Kind: "Node", Name: n.Name}.At("status.conditions[Ready]").String()}}
	ev := cite(fs)
	says := say(cause.Says, attrs)
	f := Finding{
		State: "active", Symptom: string(triage.NodeLost), Verdict: Proven, Cause: cause.ID, Family: cause.Family, Mechanism: cause.ID,
		Headline: says, Workload: Workload{Kind: "Node", Name: n.Name}, LastSeen: in.s.CapturedAt, Containers: []ContainerFinding{},
		Scope: Scope{Level: ScopeNode, Subject: "Node/" + n.Name, Affected: pods, Population: len(in.s.Population.Rows), Confidence: "high",
			Statement: fmt.Sprintf("node %s; %d pods are on it, and what they show is from before", n.Name, pods)},
		Chain:      []string{string(triage.NodeLost) + ": " + text, "because " + says},
		Hypotheses: []Hypothesis{{Cause: cause.ID, Family: cause.Family, Layer: cause.Layer, Status: Supported, For: ev.ids(fs), Against: []string{}, Why: text}},
		Evidence:   ev.list, Timeline: []TimelineEntry{}, Misreadings: []Misreading{}, Gaps: []Gap{}, NextChecks: []Check{}, Remedies: []Remedy{},
	}
	if !n.ReadySince.IsZero() {
		f.Onset = &Moment{Time: n.ReadySince, PlusMinus: "1m0s"} // the node controller waits for missing heartbeats first
	}
	for _, r := range cause.Remedies {
		f.Remedies = append(f.Remedies, Remedy{ID: r.ID, Action: r.Action, Target: "Node/" + n.Name, Text: say(r.Text, attrs), Parameters: map[string]string{}, Evidence: ev.ids(fs)})
	}
	for _, k := range cause.Checks {
		f.NextChecks = append(f.NextChecks, Check{Why: k.Why, Command: say(k.Command, attrs)})
	}
	f.ID = findingID(in.s.Cluster.UID, f)
	return f, true
}
