package diagnosis

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// finding puts a judged case into the report's form.
func (c *sickCase) finding(j judgement) Finding {
	cause := j.top.cause.ID
	if cause == unexplainedExit && len(j.top.fors) == 0 {
		cause = "" // not even an end was seen
	}
	cited := cite(c.facts)
	f := Finding{
		State: "active", Neighbour: j.top.cause.Neighbour, Symptom: string(c.symptom), Verdict: j.verdict, Cause: cause, Family: j.top.cause.Family, Mechanism: j.mechanism,
		Workload: Workload{Kind: c.workload.Kind, Namespace: c.workload.Namespace, Name: c.workload.Name, Revision: c.revision},
		Scope:    c.scopeOf(c, cause), Sampled: c.sampled(), Evidence: cited.list, Timeline: c.timeline(), Gaps: c.caseGaps(cause), Chain: []string{},
		Misreadings: []Misreading{}, NextChecks: []Check{}, Remedies: []Remedy{},
	}
	if !c.active {
		f.State = "recovered"
	}
	if p, ok := c.pb.Probability(string(j.verdict)); ok {
		p = math.Round(p*100) / 100
		f.Probability = &p
	}
	c.members0(&f)
	attrs := c.attrs(j)
	f.Headline = c.headline(j, cause, attrs)
	f.Hypotheses = c.hypotheses(j, cited)
	f.Chain = c.chain(j, f, attrs)
	f.NextChecks = append(f.NextChecks, c.checks(j, attrs)...)
	f.Remedies = append(f.Remedies, c.remedies(j, cited, attrs)...)
	if f.Scope.Level == ScopeRevision {
		f.Pattern = "manifest-drift-after-rollout"
	}
	f.ID = findingID(c.s.Cluster.UID, f)
	if c.caseOf[f.ID+f.State] == nil {
		c.caseOf[f.ID+f.State] = c
	}
	return f
}

// findingID is a hash of cluster, subject, revision and cause: no pod names, so the same disease has the same id tomorrow.
func findingID(cluster string, f Finding) string {
	w := f.Workload
	if w.Kind == "Job" { // a CronJob's next Job is the same disease; a bare Job keeps its name
		w.Revision = ""
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{cluster, w.Kind, w.Namespace, w.Name, w.Revision, f.Cause}, "\x00")))
	return "f-" + hex.EncodeToString(sum[:6])
}

// members0 fills in the containers, the onset and the last time it was seen.
func (c *sickCase) members0(f *Finding) {
	for i := range c.members {
		m := &c.members[i]
		cf := ContainerFinding{Pod: m.pod.Ref.Name, Container: m.verdict.Container, Role: string(m.verdict.Role), Node: m.pod.Node.Or(""), State: m.verdict.Why}
		if m.c != nil {
			if n, ok := m.c.RestartCount.Get(); ok {
				cf.Restarts = &n
			}
			cf.State = stateWord(m.c)
		}
		f.Containers = append(f.Containers, cf)
		if m.verdict.Last.After(f.LastSeen) {
			f.LastSeen = m.verdict.Last
		}
		c.onset(f, m)
	}
}

func stateWord(c *evidence.Container) string {
	switch {
	case c.State.Reason != "":
		return c.State.Reason
	case c.State.Kind != evidence.NoState:
		return string(c.State.Kind)
	}
	return "unknown"
}

func (c *sickCase) sampled() Sampled {
	w := c.workload.Kind + "/" + c.workload.Namespace + "/" + c.workload.Name
	s := Sampled{Read: len(c.members), Of: len(c.members)}
	for _, x := range c.s.Samples {
		if x.Workload == w && x.Revision == c.revision && x.Container == c.container && x.Symptom == string(c.symptom) {
			s.Of = max(s.Of, x.Of)
		}
	}
	return s
}

// caseGaps lists the gaps about the case's pods or about no object in particular.
func (c *sickCase) caseGaps(cause string) []Gap {
	var mine []evidence.Gap
	if p := c.first().pod; historical(p) {
		mine = append(mine, evidence.Gap{What: "exit codes, the spec, and events of type Normal of pod " + p.Ref.Name, Source: evidence.Runtime, Reason: evidence.Expired,
			Detail: "the pod is gone, and " + p.Annotations[evidence.HistoryAnnotation] + " never keeps them", Close: "nothing can; capture the next one while it is there: crashproof capture"})
	}
	for _, g := range c.s.Gaps {
		about := g.About.Kind == "" && (g.Source != evidence.Cloud || c.withCloud(cause))
		for _, m := range c.members {
			about = about || (g.About.Kind == "Pod" && g.About.Same(m.pod.Ref)) || g.About.Kind == "Node" && g.About.Name == m.pod.Node.Or("")
		}
		if about {
			mine = append(mine, g)
		}
	}
	return gaps(mine)
}

// hypotheses is the ledger in the form of the report: what was supported, what was refuted, and which declared
// rivals of the answer are open.
func (c *sickCase) hypotheses(j judgement, ev cited) []Hypothesis {
	var out []Hypothesis
	for _, h := range j.ledger {
		rival := slices.Contains(j.top.cause.Confusion, h.cause.ID)
		if h.status == Untested && !rival {
			continue
		}
		x := Hypothesis{Cause: h.cause.ID, Family: h.cause.Family, Layer: h.cause.Layer, Status: h.status, For: ev.ids(h.fors), Against: ev.ids(h.againsts), Why: why(h)}
		if h.status == Untested {
			x.Untested = c.missing(h)
		}
		out = append(out, x)
	}
	slices.SortStableFunc(out, func(a, b Hypothesis) int {
		return slices.Index([]Status{Supported, Untested, Refuted}, a.Status) - slices.Index([]Status{Supported, Untested, Refuted}, b.Status)
	})
	for i := range out { // the answer first
		if out[i].Cause == j.top.cause.ID && i > 0 {
			top := out[i]
			copy(out[1:i+1], out[:i])
			out[0] = top
		}
	}
	return out
}

func why(h hypothesis) string {
	list := h.fors
	if h.status == Refuted {
		list = h.againsts
	}
	if len(list) == 0 {
		return "nothing that was read speaks for or against it"
	}
	return list[0].text
}

// missing names the producers whose word would test a hypothesis, and why it is not there.
func (c *sickCase) missing(h hypothesis) []MissingWord {
	var out []MissingWord
	switch h.cause.Family {
	case "oom":
		out = append(out, MissingWord{Source: evidence.Runtime, Why: "the status does not tell how the main process ended, or the node's state is not known"})
	case "liveness":
		out = append(out, MissingWord{Source: evidence.Kubelet, Why: "the probes, the time of the run or the events of that time are not known"})
	default:
		out = append(out, MissingWord{Source: evidence.Process, Why: "no log that would say so"})
	}
	return out
}

// cited gives each fact an id.
type cited struct {
	list []Evidence
	at   map[string]string
}

func cite(fs facts) cited {
	out := cited{at: map[string]string{}}
	for i, f := range fs {
		id := fmt.Sprintf("e%d", i+1)
		out.at[f.id+"\x00"+f.cause+"\x00"+string(f.producer)] = id
		e := Evidence{ID: id, Source: f.producer, Ref: f.ref, Time: f.time, Text: f.text, Fact: f.id}
		if f.count > 1 {
			e.Count = f.count
		}
		out.list = append(out.list, e)
	}
	return out
}

func (c cited) ids(list []fact) []string {
	out := []string{}
	for _, f := range list {
		out = append(out, c.at[f.id+"\x00"+f.cause+"\x00"+string(f.producer)])
	}
	return out
}

// timeline orders what is known of the case in time.
func (c *sickCase) timeline() []TimelineEntry {
	out := []TimelineEntry{}
	m := c.first()
	add := func(e TimelineEntry) {
		if !e.Time.IsZero() {
			out = append(out, e)
		}
	}
	add(TimelineEntry{Time: m.pod.Created, Text: "pod " + m.pod.Ref.Name + " was created", Ref: m.pod.Ref.String()})
	if m.dead.Kind == evidence.Terminated {
		add(TimelineEntry{Time: m.dead.StartedAt, Text: "the run that ended started", Ref: m.ref()})
		add(TimelineEntry{Time: m.dead.FinishedAt, Text: endText(m.dead), Ref: m.ref()})
	}
	for _, f := range c.facts {
		if strings.HasPrefix(f.id, "kill.") && f.producer == evidence.Kubelet && strings.HasPrefix(f.ref, "Event/") {
			add(TimelineEntry{Time: f.time, Text: f.text, Ref: f.ref})
		}
	}
	slices.SortStableFunc(out, func(a, b TimelineEntry) int { return a.Time.Compare(b.Time) })
	return out
}
