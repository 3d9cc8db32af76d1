package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
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
	told := fact{id: "node.not-ready", strength: decisive, producer: evidence.Node, time: n.ReadySince,
		text:  fmt.Sprintf("Ready is %s since %s: %s: %s", n.Ready, n.ReadySince.Format("15:04:05"), n.ReadyReason, n.ReadyMessage),
		attrs: map[string]string{"node": n.Name, "reason": n.ReadyReason},
		ref:   evidence.Ref{Kind: "Node", Name: n.Name}.At("status.conditions[Ready]").String()}
	f := in.toldFinding(cause, told, Workload{Kind: "Node", Name: n.Name}, triage.NodeLost)
	f.Headline, f.LastSeen = say(cause.Says, told.attrs), in.s.CapturedAt
	f.Scope = Scope{Level: ScopeNode, Subject: "Node/" + n.Name, Affected: pods, Population: len(in.s.Population.Rows), Confidence: "high",
		Statement: fmt.Sprintf("node %s; %d pods are on it, and what they show is from before", n.Name, pods)}
	if !n.ReadySince.IsZero() {
		f.Onset = &Moment{Time: n.ReadySince, PlusMinus: "1m0s"} // the node controller waits for missing heartbeats first
	}
	return f, true
}

// toldFinding is a finding that rests on one producer's own words about something without containers.
func (in *input) toldFinding(cause *playbook.Cause, told fact, w Workload, symptom triage.Symptom) Finding {
	ev := cite(facts{told})
	ids := ev.ids(facts{told})
	says := say(cause.Says, told.attrs)
	who := evidence.Ref{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}.String()
	f := Finding{
		State: "active", Symptom: string(symptom), Verdict: Proven, Cause: cause.ID, Family: cause.Family, Mechanism: cause.ID, Workload: w, LastSeen: told.time,
		Headline: strings.Replace(who, "/", " ", 1) + ": " + says, Containers: []ContainerFinding{}, Chain: []string{string(symptom) + ": " + told.text, "because " + says},
		Hypotheses: []Hypothesis{{Cause: cause.ID, Family: cause.Family, Layer: cause.Layer, Status: Supported, For: ids, Against: []string{}, Why: told.text}},
		Evidence:   ev.list, Timeline: []TimelineEntry{}, Misreadings: []Misreading{}, Gaps: []Gap{}, NextChecks: []Check{}, Remedies: []Remedy{},
	}
	for _, r := range cause.Remedies {
		f.Remedies = append(f.Remedies, Remedy{ID: r.ID, Action: r.Action, Target: who, Text: say(r.Text, told.attrs), Parameters: map[string]string{}, Evidence: ids})
	}
	for _, k := range cause.Checks {
		f.NextChecks = append(f.NextChecks, Check{Why: k.Why, Command: say(k.Command, told.attrs)})
	}
	f.ID = findingID(in.s.Cluster.UID, f)
	return f
}
