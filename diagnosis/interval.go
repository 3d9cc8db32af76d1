package diagnosis

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// killWindow is the interval in which the end of a run lies that a probe had killed without one success.
//
// A probe worker starts with the container, skips until initialDelaySeconds have passed since its start, then probes
// every periodSeconds at a phase of its own (pkg/kubelet/prober/worker.go, run and doProbe); failureThreshold failures
// in a row kill. So the kill comes no sooner than initialDelay + (threshold-1)·period after the start, and no later
// than that plus one period of phase and the time-outs; the process may then use the grace period up.
type killWindow struct {
	from, to time.Duration
	budget   time.Duration // what the program is given to get healthy
}

func windowOf(p *corev1.Probe, grace time.Duration) killWindow {
	sec := func(n int32, def int32) time.Duration {
		if n <= 0 {
			n = def
		}
		return time.Duration(n) * time.Second
	}
	period, timeout := sec(p.PeriodSeconds, 10), sec(p.TimeoutSeconds, 1)
	threshold := time.Duration(p.FailureThreshold)
	if threshold <= 0 {
		threshold = 3
	}
	if p.TerminationGracePeriodSeconds != nil {
		grace = time.Duration(*p.TerminationGracePeriodSeconds) * time.Second
	}
	initial := time.Duration(p.InitialDelaySeconds) * time.Second
	w := killWindow{from: initial + (threshold-1)*period, budget: initial + (threshold-1)*period + timeout}
	// A second of rounding at each end, and two for the kill itself; grace of two seconds is the least the kubelet leaves.
	w.to = w.from + period + threshold*timeout + max(grace, 2*time.Second) + 4*time.Second
	w.from -= time.Second
	return w
}

// killers returns the probes that may kill the container, and whether that is known.
func killers(c *evidence.Container) (liveness, startup *corev1.Probe, known bool) {
	if c == nil || c.Spec == nil {
		return nil, nil, false
	}
	return c.Spec.LivenessProbe, c.Spec.StartupProbe, c.SpecShown || c.Spec.LivenessProbe != nil || c.Spec.StartupProbe != nil
}

// window returns the window of the probe that killed the run, or could have: the one that the Killing event names,
// else liveness, else startup. Liveness waits for the startup probe's success (prober/worker.go, doProbe: "Disable
// other probes until container has started"), which may come at its first try or at the end of its budget.
func (c *sickCase) window(m *member) (killWindow, *corev1.Probe, bool) {
	live, start, _ := killers(m.c)
	grace := graceOf(m.pod)
	switch {
	case live == nil && start == nil:
		return killWindow{}, nil, false
	case live == nil || start != nil && c.facts.has("kill.startup"):
		return windowOf(start, grace), start, true
	case start == nil:
		return windowOf(live, grace), live, true
	}
	w, first := windowOf(live, grace), windowOf(start, 0)
	if early := time.Duration(start.InitialDelaySeconds-live.InitialDelaySeconds) * time.Second; early > 0 {
		w.from += early
	}
	w.to += first.to
	return w, live, true
}

// soonest is the earliest end that any of the container's probes could bring about.
func (c *sickCase) soonest(m *member, w killWindow) time.Duration {
	if _, start, _ := killers(m.c); start != nil {
		return min(w.from, windowOf(start, 0).from)
	}
	return w.from
}

// fitsKill: the run ended inside the window.
func (c *sickCase) fitsKill(m *member) bool {
	if _, start, _ := killers(m.c); start != nil {
		return false // its window is as wide as the startup probe's budget and says nothing
	}
	if !signalled(m.dead) {
		return false
	}
	w, _, ok := c.window(m)
	d, known := run(m.dead)
	return ok && known && d >= w.from && d <= w.to
}

// startCovered: liveness killed, so the startup probe had succeeded; a slow start is not the reason.
func (c *sickCase) startCovered(m *member) bool {
	_, start, _ := killers(m.c)
	return start != nil && c.facts.has("kill.liveness")
}

// signalled: the exit code is what SIGTERM and SIGKILL usually leave, or not known.
func signalled(s evidence.State) bool {
	code, known := s.ExitCode.Get()
	return !known || code == 0 || code == 137 || code == 143
}
