package diagnosis

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/triage"
)

// input is a snapshot made ready for reasoning.
type input struct {
	s    *evidence.Snapshot
	pb   *playbook.Playbook
	pods []*evidence.Pod
	// verdicts of triage by pod key
	verdicts map[string][]triage.Verdict
	workload map[string]evidence.Ref
	past     map[string]bool      // UIDs of pods that are known from a history only
	rows     *rows                // see byWorkload
	changes  []change.Change      // see changed
	caseOf   map[string]*sickCase // by the id and the state of its finding
}

func key(ns, name string) string { return ns + "/" + name }

// podKey tells pods apart; one that is gone may have had the name of one that is there.
func podKey(p *evidence.Pod) string {
	if historical(p) {
		return key(p.Ref.Namespace, p.Ref.Name) + "@" + p.Ref.UID
	}
	return key(p.Ref.Namespace, p.Ref.Name)
}

func newInput(s *evidence.Snapshot, pb *playbook.Playbook) (*input, error) {
	in := &input{s: s, pb: pb, verdicts: map[string][]triage.Verdict{}, workload: map[string]evidence.Ref{}, past: map[string]bool{}, caseOf: map[string]*sickCase{}}
	for _, o := range s.Objects {
		if o.Kind != "Pod" {
			continue
		}
		p, err := evidence.PodFromObject(o)
		if err != nil {
			return nil, fmt.Errorf("reading pod %s/%s: %w", o.Namespace, o.Name, err)
		}
		in.pods = append(in.pods, p)
		in.past[p.Ref.UID] = in.past[p.Ref.UID] || historical(p)
		k := podKey(p)
		in.verdicts[k] = in.onNode(p, triage.Pod(p, triage.Clock{Now: s.CapturedAt, AtLeast: s.AtLeast}))
		in.workload[k] = s.Workload(p)
	}
	slices.SortFunc(in.pods, func(a, b *evidence.Pod) int {
		return cmp.Or(cmp.Compare(a.Ref.Namespace, b.Ref.Namespace), cmp.Compare(a.Ref.Name, b.Ref.Name))
	})
	return in, nil
}

// onNode adds what a pod's own status cannot show: its node is not ready, so that what looks well is not looked after.
func (in *input) onNode(p *evidence.Pod, own []triage.Verdict) []triage.Verdict {
	node, ok := in.s.Population.Node(p.Node.Or(""))
	if len(own) > 0 || !ok || historical(p) || node.Ready == "" || node.Ready == "True" || p.Phase.Or("") == corev1.PodSucceeded {
		return own
	}
	return []triage.Verdict{{Symptom: triage.NodeLost, Active: true, Since: node.ReadySince, Last: node.ReadySince,
		Why: "its node " + node.Name + " is not ready: " + node.ReadyReason + ": " + node.ReadyMessage}}
}

// member is one sick container of one pod.
type member struct {
	pod     *evidence.Pod
	c       *evidence.Container // nil where the pod is sick as a whole
	verdict triage.Verdict
	dead    evidence.State // the newest finished run; Kind is empty where there is none
	log     *evidence.Log  // of that run
	alike   *evidence.Log  // of the run before dead, where both ended in the same way
	current *evidence.Log  // of the present run
}

// sickCase is what is reasoned about at once: containers of one workload revision with one symptom and one kind of
// end. A workload whose pods end differently has several cases.
type sickCase struct {
	*input
	workload  evidence.Ref
	revision  string
	container string
	role      evidence.Role
	symptom   triage.Symptom
	active    bool
	end       string
	members   []member
	facts     facts
}

// cases groups the sick containers of the pods that were read in depth.
func (in *input) cases() []*sickCase {
	by := map[string]*sickCase{}
	for _, p := range in.pods {
		k := podKey(p)
		w := in.workload[k]
		for _, v := range in.verdicts[k] {
			if v.Symptom == triage.LostContainer && v.Role == evidence.RoleMain && in.startsAnew(k) {
				v.Active = false // it was lost in an earlier life of the pod, and what keeps it from running is another container
			}
			v.Active = v.Active && !historical(p) && !in.finished(p) && (v.Symptom != triage.Replaced || !in.replaced(p))
			m := in.member(p, v)
			end := endKey(m)
			id := fmt.Sprint(w.Kind, "/", w.Namespace, "/", w.Name, "@", evidence.RevisionOf(p.Labels), "/", v.Container, "/", v.Symptom, "/", v.Active, "/", end)
			c := by[id]
			if c == nil {
				c = &sickCase{input: in, workload: w, revision: evidence.RevisionOf(p.Labels), container: v.Container, role: v.Role,
					symptom: v.Symptom, active: v.Active, end: end}
				by[id] = c
			}
			c.members = append(c.members, m)
		}
	}
	var out []*sickCase
	for _, c := range by {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *sickCase) int {
		return cmp.Or(cmp.Compare(a.symptom.Rank(), b.symptom.Rank()), cmp.Compare(a.workload.String(), b.workload.String()),
			cmp.Compare(a.revision, b.revision), cmp.Compare(a.container, b.container), cmp.Compare(a.end, b.end))
	})
	return out
}

// startsAnew: an init container of the pod is sick.
func (in *input) startsAnew(pod string) bool {
	return slices.ContainsFunc(in.verdicts[pod], func(v triage.Verdict) bool { return v.Active && v.Role == evidence.RoleInit })
}

// finished reports whether the pod belongs to a Job that has completed all the same: its failed attempts are over. The
// Job's conditions say so; where they are not known, a later pod of the Job that succeeded does.
func (in *input) finished(p *evidence.Pod) bool {
	owner, ok := p.Owner.Get()
	if !ok || owner.Kind != "Job" {
		return false
	}
	job, ok := in.s.Object("Job", p.Ref.Namespace, owner.Name)
	if ok && in.nextRunSucceeded(job) {
		return true
	}
	if ok && job.Raw.Has("status") {
		for _, c := range job.Raw.List("status", "conditions") {
			if c.Str("type") == "Complete" && c.Str("status") == "True" {
				return true
			}
		}
		return false
	}
	return slices.ContainsFunc(in.pods, func(o *evidence.Pod) bool {
		of, _ := o.Owner.Get()
		return of == owner && o.Ref.Namespace == p.Ref.Namespace && o.Phase.Or("") == corev1.PodSucceeded && o.Created.After(p.Created)
	})
}

// nextRunSucceeded: the CronJob's last success came after this Job had been created.
func (in *input) nextRunSucceeded(job evidence.Object) bool {
	owner, ok := job.ControllerOf()
	if !ok || owner.Kind != "CronJob" {
		return false
	}
	if cron, ok := in.s.Object("CronJob", job.Namespace, owner.Name); ok {
		if t, err := time.Parse(time.RFC3339, cron.Raw.Str("status", "lastSuccessfulTime")); err == nil && t.After(created(job)) {
			return true
		}
	}
	return slices.ContainsFunc(in.s.OfKind("Job", job.Namespace), func(o evidence.Object) bool {
		of, _ := o.ControllerOf()
		return of.Kind == owner.Kind && of.Name == owner.Name && created(o).After(created(job)) && slices.ContainsFunc(o.Raw.List("status", "conditions"), func(c evidence.Raw) bool {
			return c.Str("type") == "Complete" && c.Str("status") == "True"
		})
	})
}

// replaced: a pod that failed for good, once, and whose workload runs a newer pod that is well. A second failed pod of the
// workload makes it a loop.
func (in *input) replaced(p *evidence.Pod) bool {
	w := in.workload[podKey(p)]
	if w.Kind == "Pod" || w.Kind == "Job" || w.Kind == "CronJob" || w.Kind == "" {
		return false
	}
	failed, well := 0, false
	for _, o := range in.pods {
		if in.workload[podKey(o)] == w && o.Phase.Or("") == corev1.PodFailed {
			failed++
		}
	}
	for _, r := range in.byWorkload().of(w) {
		if r.Pod != p.Ref.Name {
			if r.Symptom != "" && r.Active {
				return false
			}
			well = well || r.Created.After(p.Created) && in.s.CapturedAt.Sub(r.Created) > r.Created.Sub(p.Created) // and has outlived it
		}
	}
	return failed == 1 && well
}

func (in *input) member(p *evidence.Pod, v triage.Verdict) member {
	m := member{pod: p, verdict: v}
	if v.Container == "" {
		return m
	}
	m.c = p.Container(v.Container)
	if dead := p.Dead(m.c); len(dead) > 0 {
		m.dead = dead[0]
	}
	for i := range in.s.Logs {
		l := &in.s.Logs[i]
		if other := in.past[l.Instance.PodUID] && l.Instance.PodUID != p.Ref.UID || historical(p) && l.Instance.PodUID != p.Ref.UID; !other && l.Instance.Namespace == p.Ref.Namespace && l.Instance.Pod == p.Ref.Name && l.Instance.Container == v.Container {
			m.take(l)
		}
	}
	if m.log == nil {
		m.log = m.alike
	}
	return m
}

// take keeps a log as that of the newest finished run, or of the present one. Where neither the container's ID nor the
// run's times are known, the kubelet's rule tells: a log that is not "previous" is the present run's where one runs.
func (m *member) take(l *evidence.Log) {
	in := l.Instance
	present := m.c.State.Kind == evidence.Running
	switch {
	case in.ContainerID != "" && m.dead.ContainerID != "":
		if in.ContainerID == m.dead.ContainerID {
			m.log = better(m.log, l)
			return
		}
	case !in.Finish.IsZero() && !m.dead.FinishedAt.IsZero():
		if in.Finish.Equal(m.dead.FinishedAt) {
			m.log = better(m.log, l)
			return
		}
	case l.Previous || !present:
		m.log = better(m.log, l)
		return
	}
	if present && (in.ContainerID != "" && in.ContainerID == m.c.ContainerID || !l.Previous) {
		m.current = l
	}
	m.takeAlike(l)
}

// takeAlike keeps the log of the run before the newest finished one, where both ended in the same way: `kubectl logs
// --previous` gives it while the newest run's end is the container's present state. It is not that run's own word.
func (m *member) takeAlike(l *evidence.Log) {
	in, last, code := l.Instance, m.c.Last, m.dead.ExitCode
	of := in.ContainerID != "" && in.ContainerID == last.ContainerID || in.ContainerID == "" && !in.Finish.IsZero() && in.Finish.Equal(last.FinishedAt)
	if m.c.State.Kind != evidence.Terminated || !of || len(l.Text) == 0 || !code.Known() || code.Or(-1) != last.ExitCode.Or(-2) || m.dead.Reason != last.Reason {
		return
	}
	unsure := *l
	unsure.Sure = false
	m.alike = &unsure
}

// better prefers the log that says something, and of two the one that was asked for as the previous run's.
func better(a, b *evidence.Log) *evidence.Log {
	if a == nil || len(a.Text) == 0 || !a.Previous && b.Previous && len(b.Text) > 0 {
		return b
	}
	return a
}

// endKey tells kinds of end apart, so that an OOM kill and a failing start of one container are two cases.
func endKey(m member) string {
	switch {
	case m.c == nil:
		return m.pod.Reason
	case m.dead.Kind == evidence.Terminated && m.verdict.Symptom != triage.ImagePull && m.verdict.Symptom != triage.ConfigFailure:
		code, ok := m.dead.ExitCode.Get()
		if !ok {
			return m.dead.Reason
		}
		return m.dead.Reason + "/" + strconv.Itoa(code)
	}
	return m.c.State.Reason
}

func (c *sickCase) first() *member { return &c.members[0] }

// run is how long an instance ran; unknown where a time is missing.
func run(s evidence.State) (time.Duration, bool) {
	if s.StartedAt.IsZero() || s.FinishedAt.IsZero() {
		return 0, false
	}
	return s.FinishedAt.Sub(s.StartedAt), true
}

// ref points to the newest finished run in the pod's status, or to the present state where there is none.
func (m *member) ref() string {
	if m.c == nil {
		return m.pod.Ref.At("status").String()
	}
	field := "state"
	if m.dead.Kind == evidence.Terminated && m.dead == m.c.Last {
		field = "lastState"
	}
	return m.pod.Ref.At("status.containers[" + m.c.Name + "]." + field).String()
}
