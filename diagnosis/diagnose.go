package diagnosis

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/triage"
)

// ErrNotRedacted is returned for a snapshot that still may hold secrets.
var ErrNotRedacted = errors.New("the snapshot has not been redacted; redact it before diagnosis so that live and captured evidence give the same report")

// Diagnose concludes what a snapshot supports, and asks for what would make it conclude more.
func Diagnose(s *evidence.Snapshot, pb *playbook.Playbook) (*Report, []evidence.Request, error) {
	if !s.Redacted {
		return nil, nil, ErrNotRedacted
	}
	s.Sort()
	in, err := newInput(s, pb)
	if err != nil {
		return nil, nil, err
	}
	r := &Report{APIVersion: APIVersion, Kind: Kind, CapturedAt: s.CapturedAt, Findings: []Finding{}, Gaps: gaps(s.Gaps),
		Cluster:  Cluster{UID: s.Cluster.UID, Version: s.Cluster.Version, Provider: s.Cluster.Provider},
		Coverage: Coverage{Complete: len(s.Gaps) == 0 && s.Population.Complete, Pods: len(s.Population.Rows), Nodes: len(s.Population.Nodes), APICalls: s.Calls, LogReads: s.LogReads}}
	if s.Target.Name != "" {
		r.Target = s.Target.Kind + "/" + s.Target.Namespace + "/" + s.Target.Name
	}
	var plan []evidence.Request
	var list []judged
	for _, c := range in.cases() {
		c.collectFacts()
		j := judge(pb, c.facts)
		if skip(c, j) {
			continue
		}
		plan = append(plan, c.plan(j)...)
		plan = append(plan, c.planCloud(j)...)
		list = append(list, newJudged(c, j))
	}
	plan = append(plan, in.lookBack(list)...)
	plan = append(plan, in.planNodes()...)
	findings := in.blame(list)
	refused := in.uncreated()
	plan = append(plan, in.webhooks(refused)...)
	refused = in.unasked(findings, refused)
	silent := in.silentNodes(findings)
	findings = in.lostBehind(findings, silent)
	r.Findings = joinFindings(slices.Concat(findings, silent, refused, in.beyond(), in.misrouted()))
	in.widen(r.Findings)
	for i := range r.Findings {
		in.fitting(&r.Findings[i])
		in.trigger(&r.Findings[i])
		in.misread(&r.Findings[i])
		in.walk(&r.Findings[i])
	}
	r.Scope = Overall(r.Findings, len(s.Population.Rows))
	return r, dedupe(plan), nil
}

// collectFacts runs the makers of facts. The order matters: what the kubelet says about kills is known before the
// log is weighed, and the log before the objects that it names are looked at.
func (c *sickCase) collectFacts() {
	for i := range c.members {
		m := &c.members[i]
		c.endFacts(m)
		c.eventFacts(m)
		c.inferKill(m)
		c.probeFacts(m)
		c.swallowed(m)
		c.logFacts(m)
		c.saidUnsupported()
		c.portFacts(m)
		c.hairTrigger(m)
		c.sidecarFacts(m)
		c.holdFacts(m)
		c.mismatchFacts(m)
		c.listenFacts(m)
		c.siblingFacts(m)
		c.memoryFacts(m)
		c.nodeFacts(m)
		c.pullFacts(m)
		c.hookFacts(m)
		c.specFacts(m)
		c.policyFacts(m)
		c.admissionFacts(m)
		c.cloudFacts(m)
	}
}

// skip leaves out what is no finding: a pod on a lost node is one finding of the node, made from its first container.
func skip(c *sickCase, j judgement) bool {
	silent := j.top.cause == nil || len(j.top.fors) == 0
	switch c.symptom {
	case triage.Restarted:
		return silent && c.first().dead.Kind == evidence.NoState || c.facts.has("kill.redefined") // somebody gave it another image
	case triage.InitStuck: // still at it, for a short or unknown time, and saying nothing that tells waiting from working
		return c.s.CapturedAt.Sub(c.first().verdict.Since) < triage.InitPatience && !c.deadlinePassed() && !c.facts.has("log.repeats") &&
			!slices.ContainsFunc(c.facts, func(f fact) bool { return strings.HasPrefix(f.id, "log:") && f.strength >= strong })
	case triage.Held: // whether the other container has work of its own, only its name can tell
		return !c.facts.has("sidecar.holds")
	case triage.NotReady: // still starting, unless the rollout has given up on it or a minute has passed
		return c.s.CapturedAt.Sub(c.first().verdict.Since) < time.Minute && !c.deadlinePassed() && !c.facts.has("probe.readiness-broken")
	case triage.Blocked: // slow so far, and nobody says that anything is wrong
		return silent && c.s.CapturedAt.Sub(c.first().verdict.Since) < 2*time.Minute
	}
	return false
}

// deadlinePassed reads the Deployment's own word: reason ProgressDeadlineExceeded (deployment/util, TimedOutReason).
func (c *sickCase) deadlinePassed() bool {
	d, ok := c.s.Object(c.workload.Kind, c.workload.Namespace, c.workload.Name)
	if !ok {
		return false
	}
	for _, cond := range d.Raw.List("status", "conditions") {
		if cond.Str("reason") == "ProgressDeadlineExceeded" {
			return true
		}
	}
	return false
}

// joinFindings makes one finding of those with the same id, and sorts: active first, then what needs attention most.
func joinFindings(list []Finding) []Finding {
	out := []Finding{}
	at := map[string]int{}
	for _, f := range list {
		if i, ok := at[f.ID+f.State]; ok {
			out[i] = joinTwo(out[i], f)
			continue
		}
		at[f.ID+f.State] = len(out)
		out = append(out, f)
	}
	explained := map[Workload]bool{}
	for _, f := range out {
		w := f.Workload
		explained[w] = explained[w] || f.State == "active" && (f.Verdict == Proven || f.Verdict == Likely)
	}
	open := func(f Finding) bool { return f.Verdict == Unexplained && explained[f.Workload] }
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.State, b.State), boolCompare(!a.Neighbour, !b.Neighbour), boolCompare(!open(a), !open(b)), cmp.Compare(triage.Symptom(a.Symptom).Rank(), triage.Symptom(b.Symptom).Rank()),
			cmp.Compare(len(b.Victims), len(a.Victims)), cmp.Compare(a.Workload.Namespace, b.Workload.Namespace), cmp.Compare(a.Workload.Name, b.Workload.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// joinTwo adds the containers of a second case to a finding; the surer case's words stay.
func joinTwo(a, b Finding) Finding {
	if verdictRank(b.Verdict) < verdictRank(a.Verdict) {
		a, b = b, a
	}
	a.Containers = append(a.Containers, b.Containers...)
	slices.SortFunc(a.Containers, func(x, y ContainerFinding) int {
		return cmp.Or(cmp.Compare(x.Pod, y.Pod), cmp.Compare(x.Container, y.Container))
	})
	a.Containers = slices.Compact(a.Containers)
	for _, e := range b.Evidence { // what another container says may be the word that is missing
		if strings.HasPrefix(e.Fact, "log:") && !slices.ContainsFunc(a.Evidence, func(o Evidence) bool { return o.Text == e.Text || o.Fact == e.Fact }) {
			e.ID = fmt.Sprintf("e%d", len(a.Evidence)+1)
			a.Evidence = append(a.Evidence, e)
		}
	}
	a.Sampled.Read += b.Sampled.Read
	a.Sampled.Of += b.Sampled.Of
	if b.LastSeen.After(a.LastSeen) {
		a.LastSeen = b.LastSeen
	}
	if b.Onset != nil && (a.Onset == nil || b.Onset.Time.Before(a.Onset.Time)) {
		a.Onset = b.Onset
	}
	return a
}

func dedupe(plan []evidence.Request) []evidence.Request {
	var out []evidence.Request
	seen := map[evidence.Request]bool{}
	for _, r := range plan {
		k := r
		k.Why = ""
		if !seen[k] {
			seen[k] = true
			out = append(out, r)
		}
	}
	return out
}

func gaps(list []evidence.Gap) []Gap {
	out := []Gap{}
	for _, g := range list {
		out = append(out, Gap{What: g.What, Source: string(g.Source), Reason: string(g.Reason), Detail: g.Detail, Close: g.Close})
	}
	return out
}
