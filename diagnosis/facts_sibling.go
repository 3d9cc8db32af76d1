package diagnosis

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/crashproof-dev/crashproof/evidence"
)

// siblingFacts: pods of the same workload that are well say how long a start takes, and that an endpoint answers.
// They count only with the same image: another version may start otherwise; and what another revision's environment makes
// the program serve says nothing of this one's.
func (c *sickCase) siblingFacts(m *member) {
	w, p, ok := c.window(m)
	if !ok || !c.facts.has("kill.liveness", "kill.startup", "kill.fits") {
		return
	}
	for _, s := range c.pods {
		sc := s.Container(m.c.Name)
		if s == m.pod || sc == nil || sc.Image != m.c.Image || c.input.workload[podKey(s)] != c.workload || !evidence.Is(sc.Ready, true) || len(c.verdicts[podKey(s)]) > 0 {
			continue
		}
		if !c.startCovered(m) {
			c.startedLate(s, sc, m, w, p)
		}
		if setAlike(sc, m.c) && answers(sc, p) && (sc.Spec.ReadinessProbe != nil && endpoint(sc.Spec.ReadinessProbe) == endpoint(p) || c.s.CapturedAt.Sub(sc.State.StartedAt) > w.to) {
			c.facts.add(fact{id: "sibling.endpoint-works", strength: strong, producer: evidence.Kubelet, ref: s.Ref.At("status.containers[" + sc.Name + "].ready").String(),
				time: c.s.CapturedAt, text: "pod " + s.Ref.Name + " with the same image is ready, and a probe of it asks " + endpoint(p)})
		}
	}
}

// setAlike: nothing in the spec makes the one's program serve otherwise than the other's.
func setAlike(a, b *evidence.Container) bool {
	return a.Spec != nil && b.Spec != nil && slices.Equal(a.Spec.Command, b.Spec.Command) && slices.Equal(a.Spec.Args, b.Spec.Args) &&
		equality.Semantic.DeepEqual(a.Spec.Env, b.Spec.Env) && equality.Semantic.DeepEqual(a.Spec.EnvFrom, b.Spec.EnvFrom)
}

// startedLate: from the start of the sibling's container to its pod's readiness. The Ready condition's transition is
// the last one, so it is an upper bound; it counts only where the container never restarted.
func (c *sickCase) startedLate(s *evidence.Pod, sc *evidence.Container, m *member, w killWindow, p *corev1.Probe) {
	ready, ok := s.Conditions[corev1.PodReady]
	if !ok || ready.Status != corev1.ConditionTrue || !evidence.Is(sc.RestartCount, 0) || sc.State.StartedAt.IsZero() {
		return
	}
	took := ready.LastTransitionTime.UTC().Sub(sc.State.StartedAt)
	slack := time.Duration(2) * time.Second
	if sc.Spec != nil && sc.Spec.ReadinessProbe != nil {
		slack += time.Duration(sc.Spec.ReadinessProbe.PeriodSeconds+sc.Spec.ReadinessProbe.InitialDelaySeconds) * time.Second
	}
	if took-slack <= w.budget {
		return
	}
	attrs := merged(c.probeAttrs(m, p, w), map[string]string{"took": took.Round(time.Second).String()})
	c.facts.add(fact{id: "sibling.ready-late", strength: decisive, producer: evidence.Kubelet, ref: s.Ref.At("status.conditions[Ready]").String(), time: ready.LastTransitionTime.UTC(), attrs: attrs,
		text: fmt.Sprintf("pod %s with the same image got ready %s after its start; the probe of the sick one allows %s", s.Ref.Name, took.Round(time.Second), w.budget)})
}

// answers: one of the sibling's own probes asks the same place.
func answers(sc *evidence.Container, p *corev1.Probe) bool {
	if sc.Spec == nil {
		return false
	}
	for _, q := range []*corev1.Probe{sc.Spec.ReadinessProbe, sc.Spec.LivenessProbe, sc.Spec.StartupProbe} {
		if q == nil {
			continue
		}
		a, _ := probePort(sc, q)
		b, known := probePort(sc, p)
		if known && a == b && endpoint(q) == endpoint(p) {
			return true
		}
	}
	return false
}
