package triage

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// stuck finds pods in which no container did anything wrong and that are not well all the same: never placed, never
// created, waiting for an init container, or never ready.
func stuck(p *evidence.Pod, initDone bool, at Clock) []Verdict {
	now := at.Now
	if sched, ok := p.Conditions[corev1.PodScheduled]; ok && sched.Status == corev1.ConditionFalse {
		if sched.Reason == corev1.PodReasonSchedulingGated { // held on purpose: a queue, an operator, has put spec.schedulingGates (KEP-3521)
			return nil
		}
		return []Verdict{{Symptom: Pending, Active: true, Since: p.Created, Last: now, Why: "not scheduled: " + sched.Reason + ": " + sched.Message}}
	}
	if symptom, why, ok := assumed(p.Annotations[evidence.AssumedPodAnnotation]); ok {
		return []Verdict{{Symptom: symptom, Active: true, Since: p.Created, Last: now, Why: why}}
	}
	if phase, _ := p.Phase.Get(); phase == corev1.PodPending && len(p.Containers) == 0 && p.Age >= patience {
		return []Verdict{{Symptom: Pending, Active: true, Last: now, Why: "Pending for " + p.Age.String()}}
	}
	if _, told := p.Conditions[corev1.PodScheduled]; !told && p.SpecComplete && p.Node.Or("") == "" && p.Phase.Or("") == corev1.PodPending && longer(p.Created, now, patience) {
		return []Verdict{{Symptom: Pending, Active: true, Since: p.Created, Last: now, Why: "no scheduler has said anything about it"}}
	}
	if !initDone {
		for i := range p.Containers {
			c := &p.Containers[i]
			if c.Role == evidence.RoleInit && c.State.Kind == evidence.Running && waitsLong(c, p.Age, at) {
				return []Verdict{{Container: c.Name, Role: c.Role, Symptom: InitStuck, Active: true, Since: c.State.StartedAt, Last: now, Why: "init container still runs"}}
			}
		}
	}
	if v, ok := blocked(p, now); ok {
		return []Verdict{v}
	}
	if v, ok := held(p, now); ok {
		return []Verdict{v}
	}
	return notReady(p, now)
}

// waitsLong tells whether an init container runs for long: since it started, or as long as the pod is there.
func waitsLong(c *evidence.Container, age time.Duration, at Clock) bool {
	if c.State.StartedAt.IsZero() && age > 0 {
		return age >= InitPatience
	}
	return at.AtLeast || longer(c.State.StartedAt, at.Now, initGlance)
}

// blocked: containers wait in ContainerCreating although the pod was placed long ago.
func blocked(p *evidence.Pod, now time.Time) (Verdict, bool) {
	waiting := 0
	for i := range p.Containers {
		c := &p.Containers[i]
		if c.State.Kind == evidence.Running || c.State.Kind == evidence.Terminated {
			return Verdict{}, false
		}
		if c.State.Kind == evidence.Waiting {
			waiting++
		}
	}
	start := p.StartTime
	if start.IsZero() {
		start = p.Created
	}
	if waiting == 0 || !longer(start, now, creation) && p.Age < creation {
		return Verdict{}, false
	}
	return Verdict{Symptom: Blocked, Active: true, Since: start, Last: now, Why: "no container was created"}, true
}

// held: a pod that is to run to its end has a main container that did, and another that goes on long after. Native sidecars
// are ended by the kubelet then (KEP-753); a sidecar among the main containers is not.
func held(p *evidence.Pod, now time.Time) (Verdict, bool) {
	if owner, _ := p.Owner.Get(); restartsAlways(p) && owner.Kind != "Job" { // descriptions do not show the policy; a Job's is never Always
		return Verdict{}, false
	}
	var done time.Time
	var on *evidence.Container
	for i := range p.Containers {
		c := &p.Containers[i]
		switch {
		case c.Role != evidence.RoleMain:
		case c.State.Kind == evidence.Running:
			on = c
		case c.State.Kind == evidence.Terminated && evidence.Is(c.State.ExitCode, 0):
			if c.State.FinishedAt.After(done) {
				done = c.State.FinishedAt
			}
		default:
			return Verdict{}, false
		}
	}
	if on == nil || done.IsZero() {
		return Verdict{}, false
	}
	since := now.Sub(done)
	if p.Age > 0 && !p.StartTime.IsZero() { // a row of a table tells how old the pod is
		since = max(since, p.Age-done.Sub(p.StartTime))
	}
	if since < backoffReset {
		return Verdict{}, false
	}
	return Verdict{Container: on.Name, Role: on.Role, Symptom: Held, Active: true, Since: done, Last: now, Why: "it runs on after the pod's work was done"}, true
}

func notReady(p *evidence.Pod, now time.Time) []Verdict {
	for i := range p.Containers {
		c := &p.Containers[i]
		ready, known := c.Ready.Get()
		if c.Role != evidence.RoleMain || !known || ready || c.State.Kind != evidence.Running || c.RestartCount.Or(0) > 0 {
			continue
		}
		aged := p.Age // a row of a table tells how old the pod is, where nothing tells when it was printed
		if !c.State.StartedAt.IsZero() && !p.StartTime.IsZero() {
			aged -= c.State.StartedAt.Sub(p.StartTime)
		}
		if longer(c.State.StartedAt, now, patience/4) || p.Age > 0 && aged >= patience {
			return []Verdict{{Container: c.Name, Role: c.Role, Symptom: NotReady, Active: true, Since: c.State.StartedAt, Last: now, Why: "runs without a restart and is not ready"}}
		}
	}
	return nil
}

func longer(from, to time.Time, d time.Duration) bool {
	return !from.IsZero() && to.Sub(from) >= d
}
