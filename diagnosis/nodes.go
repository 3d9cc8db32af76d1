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
	id := "node.not-ready"
	away, gone := in.gone(n)
	if gone && away.strength == decisive {
		id = "node.replaced"
	}
	cause, ok := in.pb.Cause(id)
	if !ok {
		return Finding{}, false
	}
	told := fact{id: "node.not-ready", strength: decisive, producer: evidence.Node, time: n.ReadySince,
		text:  fmt.Sprintf("Ready is %s since %s: %s: %s", n.Ready, n.ReadySince.Format("15:04:05"), n.ReadyReason, n.ReadyMessage),
		attrs: map[string]string{"node": n.Name, "reason": n.ReadyReason},
		ref:   evidence.Ref{Kind: "Node", Name: n.Name}.At("status.conditions[Ready]").String()}
	words := facts{told}
	if gone {
		words = append(facts{away}, words...)
	}
	f := in.toldFinding(cause, Workload{Kind: "Node", Name: n.Name}, triage.NodeLost, words...)
	f.LastSeen = in.s.CapturedAt
	if id == "node.not-ready" {
		f.Headline = say(cause.Says, told.attrs)
	}
	f.Scope = Scope{Level: ScopeNode, Subject: "Node/" + n.Name, Affected: pods, Population: len(in.s.Population.Rows), Confidence: "high",
		Statement: fmt.Sprintf("node %s; %d pods are on it, and what they show is from before", n.Name, pods)}
	if !n.ReadySince.IsZero() {
		f.Onset = &Moment{Time: n.ReadySince, PlusMinus: "1m0s"} // the node controller waits for missing heartbeats first
	}
	return f, true
}

// toldFinding is a finding that rests on producers' own words about something without containers, the most telling first.
func (in *input) toldFinding(cause *playbook.Cause, w Workload, symptom triage.Symptom, words ...fact) Finding {
	ev := cite(words)
	ids := ev.ids(words)
	told := words[0]
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

// lostBehind hangs those who cannot use a Service under the node that does not report, where all of the Service's pods are: what
// is left are the other findings.
func (in *input) lostBehind(findings, silent []Finding) []Finding {
	return slices.DeleteFunc(findings, func(f Finding) bool {
		if f.Workload.Kind != "Service" || f.State != "active" {
			return false
		}
		nodes := in.nodesBehind(f.Workload)
		if len(nodes) == 0 {
			return false
		}
		at := -1
		for _, n := range nodes {
			if at = slices.IndexFunc(silent, func(s Finding) bool { return s.Workload.Name == n }); at < 0 {
				return false // a pod of it is on a node that reports
			}
		}
		silent[at].suffers(&f, "the Service "+f.Workload.Namespace+"/"+f.Workload.Name+", whose pods are there")
		return true
	})
}

// nodesBehind are the nodes on which the pods of a Service are, by its EndpointSlices; none where one is not told.
func (in *input) nodesBehind(svc Workload) []string {
	var out []string
	for _, o := range in.s.OfKind("EndpointSlice", svc.Namespace) {
		if o.Label("kubernetes.io/service-name") != svc.Name {
			continue
		}
		for _, e := range o.Raw.List("endpoints") {
			node := e.Str("nodeName")
			if node == "" {
				return nil
			}
			out = append(out, node)
		}
	}
	return out
}
