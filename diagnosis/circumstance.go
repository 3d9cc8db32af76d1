package diagnosis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// circumstance is a finding with what lies around it: its case, where it has one, its pods, and those of others. What it
// notices are facts that invite a wrong conclusion, with the figures that show it.
type circumstance struct {
	*input
	f    *Finding
	c    *sickCase // nil for findings that are told of by somebody else than a container
	sick []*evidence.Row
	well []*evidence.Row
	out  facts
}

// misread adds the misreadings that the evidence about a finding invites.
func (in *input) misread(f *Finding) {
	x := &circumstance{input: in, f: f, c: in.caseOf[f.ID+f.State]}
	for _, r := range in.byWorkload().of(evidence.Ref{Kind: f.Workload.Kind, Namespace: f.Workload.Namespace, Name: f.Workload.Name}) {
		if r.Active && r.Symptom == f.Symptom {
			x.sick = append(x.sick, r)
		} else if r.Symptom == "" || !r.Active {
			x.well = append(x.well, r)
		}
	}
	if x.c != nil {
		x.runs(&x.c.members[0])
	}
	x.rollouts()
	x.places()
	x.image()
	x.unread()
	x.events()
	known := x.figures()
	for _, m := range in.pb.Misreadings {
		at := slices.IndexFunc(x.out, func(o fact) bool { return slices.Contains(m.When, o.id) })
		attrs := map[string]string{}
		for k, v := range known {
			attrs[k] = v
		}
		switch {
		case at >= 0:
			for k, v := range x.out[at].attrs {
				attrs[k] = v
			}
		case x.c == nil || !x.c.facts.has(m.When...) || slices.Contains(m.Unless, f.Cause):
			continue
		}
		f.Misreadings = append(f.Misreadings, Misreading{Seen: say(m.Seen, attrs), Not: say(m.Not, attrs), Because: say(m.Because, attrs)})
	}
}

func (x *circumstance) notice(id string, attrs map[string]string) {
	x.out.add(fact{id: id, attrs: attrs})
}

// figures are those of the first member's runs, for every misreading.
func (x *circumstance) figures() map[string]string {
	out := map[string]string{"namespace": x.f.Workload.Namespace, "workload": x.f.Workload.Kind + " " + x.f.Workload.Name}
	if x.c == nil {
		return out
	}
	m := x.c.first()
	put := func(k string, t time.Time) {
		if !t.IsZero() {
			out[k], out[k+"Ago"] = clockOf(t), age(x.s.CapturedAt.Sub(t))
		}
	}
	put("ended", m.dead.FinishedAt)
	put("born", m.pod.Created)
	if d, ok := run(m.dead); ok {
		out["ran"] = age(d)
	}
	if m.c != nil {
		if n, ok := m.c.RestartCount.Get(); ok {
			out["restarts"] = fmt.Sprint(n)
		}
		put("since", m.c.State.StartedAt)
		out["limit"] = limitOf(m.c)
	}
	out["reason"] = m.dead.Reason
	return out
}

func limitOf(c *evidence.Container) string {
	if c.Spec == nil {
		return ""
	}
	if q, ok := c.Spec.Resources.Limits["memory"]; ok {
		return q.String()
	}
	return ""
}

func clockOf(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func age(d time.Duration) string { return duration.HumanDuration(max(d, 0)) }

// runs: what the container does at the moment, and what it did before.
func (x *circumstance) runs(m *member) {
	if m.c == nil {
		return
	}
	n, known := m.c.RestartCount.Get()
	up := m.c.State.Kind == evidence.Running && !m.c.State.StartedAt.IsZero()
	crashing := x.c.symptom == triage.CrashLoop
	ran, _ := run(m.dead)
	since := x.s.CapturedAt.Sub(m.c.State.StartedAt)
	switch {
	case up && crashing && x.f.State == "active" && known && n >= 2 && m.dead.Kind == evidence.Terminated:
		x.notice("seen.running-now", map[string]string{"restarts": fmt.Sprint(n), "for": age(since), "ran": age(ran)})
	case up && x.f.State == "recovered" && m.dead.Kind == evidence.Terminated && !x.mendedSince(m.dead.StartedAt):
		x.notice("seen.recovered-alone", map[string]string{"for": age(since), "restarts": fmt.Sprint(n)})
	case up && !crashing && m.c.Last.Kind == evidence.Terminated && !m.c.Last.FinishedAt.IsZero() && x.s.CapturedAt.Sub(m.c.Last.FinishedAt) > time.Hour && x.f.State == "active":
		x.notice("seen.last-state-old", map[string]string{"ended": clockOf(m.c.Last.FinishedAt), "ago": age(x.s.CapturedAt.Sub(m.c.Last.FinishedAt)), "reason": m.c.Last.Reason})
	}
	if m.current != nil && m.dead.Kind == evidence.Terminated && m.current != m.log && x.c.facts.has("log.fatal", "log.silent") {
		x.notice("seen.newer-log", nil)
	}
	if crashing && x.f.State == "active" && known && n >= 3 && ran >= backOffReset {
		x.notice("seen.helps-for-a-while", map[string]string{"restarts": fmt.Sprint(n), "ran": age(ran)})
	}
}

// mendedSince: anything changed since a moment in the workload's namespace, or of nodes. What it depends on may be anywhere, and
// be mended where nothing shows: a misreading is told only where nothing at all is known.
func (x *circumstance) mendedSince(t time.Time) bool {
	return slices.ContainsFunc(x.changed(), func(c change.Change) bool {
		return c.Time.After(t.Add(-slack)) && (c.Object.Namespace == x.f.Workload.Namespace || c.Kind == change.Rollout || c.Kind == change.Scaled || c.Kind == change.Node)
	})
}

// rollouts: a restart that changed nothing, a rollout that came too late to be the cause, no rollout where something else
// changed.
func (x *circumstance) rollouts() {
	w := x.f.Workload
	if x.f.Onset == nil || x.f.State != "active" {
		return
	}
	within, _ := time.ParseDuration(x.f.Onset.PlusMinus)
	var last *change.Change
	for _, c := range x.changed() {
		if c.Kind == change.Rollout && c.Object.Kind == w.Kind && c.Object.Namespace == w.Namespace && c.Object.Name == w.Name {
			last = &c
		}
	}
	if last == nil {
		return
	}
	crashes := 0
	for i := range x.f.Containers {
		if n := x.f.Containers[i].Restarts; n != nil {
			crashes += *n
		}
	}
	at := map[string]string{"time": clockOf(last.Time), "by": last.By}
	restart := len(last.Items) > 0 && !slices.ContainsFunc(last.Items, func(i change.Item) bool { return i.Aspect != "" })
	before := 0
	for _, r := range x.sick {
		if last.Revision != "" && r.Revision != last.Revision {
			before++
		}
	}
	early := x.f.Onset.Time.Add(within + slack).Before(last.Time)
	switch {
	case restart && x.f.Trigger != nil && !x.f.Trigger.Time.Equal(last.Time):
		at["trigger"], at["triggerTime"] = x.f.Trigger.Text, clockOf(x.f.Trigger.Time)
		x.notice("seen.restart-brought-it-out", at)
	case restart && crashes > 0 && w.Revision == last.Revision && len(x.well) == 0:
		at["crashes"] = fmt.Sprint(crashes)
		x.notice("seen.restart-did-not-help", at)
	case early && !restart:
		at["earlier"] = age(last.Time.Sub(x.f.Onset.Time))
		x.notice("seen.rollout-came-later", at)
	case before > 0 && x.f.Scope.Level != ScopeRevision && !restart && x.s.CapturedAt.Sub(last.Time) < 24*time.Hour:
		at["before"], at["sick"] = fmt.Sprint(before), fmt.Sprint(len(x.sick))
		x.notice("seen.revision-before-is-sick", at)
	case x.f.Trigger != nil && x.f.Onset.Time.Sub(last.Time) > time.Hour && x.f.Trigger.Time.After(last.Time.Add(time.Minute)):
		at["ago"], at["trigger"], at["triggerTime"] = age(x.f.Onset.Time.Sub(last.Time)), x.f.Trigger.Text, clockOf(x.f.Trigger.Time)
		x.notice("seen.no-rollout", at)
	}
}

// places: what other pods on the same nodes, in the same and in other namespaces do.
func (x *circumstance) places() {
	if x.f.State != "active" || len(x.sick) == 0 {
		return
	}
	p := &x.s.Population
	nodes, notReady := map[string]bool{}, 0
	for _, r := range x.sick {
		if r.Node != "" {
			nodes[r.Node] = true
		}
	}
	for i := range p.Nodes {
		if n := &p.Nodes[i]; n.Ready != "True" || len(n.Pressure) > 0 {
			notReady++
		}
	}
	at := map[string]string{"nodes": fmt.Sprint(len(p.Nodes)), "affected": fmt.Sprint(x.f.Scope.Affected)}
	allReady := notReady == 0 && len(p.Nodes) >= 2
	area, _, _ := strings.Cut(x.f.Cause, ".")
	switch {
	case allReady && ofNodeLevel(x.f.Scope.Level):
		at["subject"] = strings.Replace(x.f.Scope.Subject, "/", " ", 1)
		x.notice("seen.node-says-ready", at)
	case allReady && (area == "dependency" || area == "network") && x.f.Scope.Level != ScopeWorkload && x.f.Scope.Level != ScopeRevision:
		x.notice("seen.control-plane-green", at)
	}
	nodesMay := area == "node" || area == "network" || x.f.Verdict != Unexplained && x.broughtBy(x.f.Cause, "node")
	if node, one := only(nodes); one && !nodesMay && !ofNodeLevel(x.f.Scope.Level) && len(p.Nodes) >= 2 && len(x.well) == 0 {
		others, workloads := 0, map[evidence.Ref]bool{}
		for i := range p.Rows {
			r := &p.Rows[i]
			if w := x.ownerOf(r); r.Node == node && w.Name != x.f.Workload.Name {
				if r.Symptom != "" && r.Active {
					others = -1 << 20
				}
				others++
				workloads[w] = true
			}
		}
		if others >= 3 && len(workloads) >= 2 {
			x.notice("seen.all-on-one-node", map[string]string{"node": node, "others": fmt.Sprint(others), "workloads": fmt.Sprint(len(workloads)), "sick": map[bool]string{true: "the sick pod is", false: fmt.Sprintf("all %d sick pods are", len(x.sick))}[len(x.sick) == 1]})
		}
	}
	x.oneNamespace()
}

// oneNamespace: in a cluster of several namespaces only one has sick pods.
func (x *circumstance) oneNamespace() {
	p := &x.s.Population
	if !p.Complete || x.f.Scope.Level == ScopeCluster || ofNodeLevel(x.f.Scope.Level) {
		return
	}
	all, ill := map[string]bool{}, map[string]bool{}
	pods, sick := 0, 0
	for i := range p.Rows {
		r := &p.Rows[i]
		all[r.Namespace] = true
		pods++
		if r.Active && r.Symptom != "" {
			ill[r.Namespace] = true
			sick++
		}
	}
	if ns, one := only(ill); one && len(all) >= 3 && pods >= 20 && sick*4 <= pods {
		x.notice("seen.one-namespace", map[string]string{"namespace": ns, "others": fmt.Sprint(len(all) - 1), "well": fmt.Sprint(pods - sick), "pods": fmt.Sprint(pods)})
	}
}

// image: the same image runs elsewhere, from when it still could be pulled.
func (x *circumstance) image() {
	if x.c == nil || x.c.first().c == nil || !x.c.facts.has("image.failed") {
		return
	}
	ref, n := x.c.first().c.Image, 0
	for i := range x.s.Population.Rows {
		if r := &x.s.Population.Rows[i]; r.Symptom == "" && slices.Contains(r.Images, ref) {
			n++
		}
	}
	if n > 0 {
		x.notice("seen.image-runs-elsewhere", map[string]string{"image": ref, "pods": fmt.Sprint(n)})
	}
}

// unread: what could not be read is all of one node, and of others it could be read.
func (x *circumstance) unread() {
	missing, read := map[string]int{}, map[string]int{}
	nodeOf := map[string]string{}
	for _, p := range x.pods {
		nodeOf[podKey(p)] = p.Node.Or("")
	}
	for _, g := range x.s.Gaps {
		if n := nodeOf[key(g.About.Namespace, g.About.Name)]; g.About.Kind == "Pod" && n != "" && g.Reason == evidence.Unavailable && g.Source == evidence.Process {
			missing[n]++
		}
	}
	for i := range x.s.Logs {
		if n := nodeOf[key(x.s.Logs[i].Instance.Namespace, x.s.Logs[i].Instance.Pod)]; n != "" {
			read[n]++
		}
	}
	node, one := "", len(missing) == 1
	for n := range missing {
		node = n
	}
	others := 0
	for n, c := range read {
		if n != node {
			others += c
		}
	}
	here := slices.ContainsFunc(x.f.Containers, func(c ContainerFinding) bool { return c.Node == node })
	if one && here && missing[node] >= 2 && read[node] == 0 && others >= 2 {
		x.notice("seen.gaps-of-one-node", map[string]string{"node": node, "missing": fmt.Sprint(missing[node]), "read": fmt.Sprint(others)})
	}
}

// events: they do not reach back to the beginning, or are about a probe that restarts nothing.
func (x *circumstance) events() {
	if x.c == nil || x.f.State != "active" {
		return
	}
	m := x.c.first()
	list := x.s.EventsAbout(m.pod.Ref)
	var oldest time.Time
	readiness := 0
	for _, e := range list {
		if at := e.First; !at.IsZero() && (oldest.IsZero() || at.Before(oldest)) {
			oldest = at
		}
		if e.Reason == "Unhealthy" && strings.HasPrefix(e.Message, "Readiness probe") && (e.Container == "" || m.c == nil || e.Container == m.c.Name) {
			readiness += max(e.Count, 1)
		}
	}
	if o := x.f.Onset; o != nil && !oldest.IsZero() && x.s.ListedEvents(m.pod.Ref.Namespace) {
		within, _ := time.ParseDuration(o.PlusMinus)
		if oldest.Sub(o.Time.Add(within)) > 10*time.Minute {
			x.notice("seen.events-are-younger", map[string]string{"oldest": clockOf(oldest), "onset": clockOf(o.Time)})
		}
	}
	if readiness > 0 && x.c.symptom == triage.CrashLoop && !x.c.facts.has("kill.liveness", "kill.startup") {
		x.notice("seen.readiness-events", map[string]string{"count": fmt.Sprint(readiness)})
	}
}
