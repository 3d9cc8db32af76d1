package diagnosis

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis/logscan"
	"github.com/crashproof-dev/crashproof/evidence"
)

// inferKill concludes a probe's kill without its Killing event, which expires after an hour and which a busy pod's
// event budget drops. Three witnesses have to agree: the status (the container was stopped by a signal and started again
// in place, more than once, while its pod and node stayed), the probe's interval (the run is long enough, and only one of
// the probes can have ended it), and the log (it tells of SIGTERM, or falls silent for as long as the failures take,
// and blames nothing). What else stops a container in place is looked for and must be absent.
func (c *sickCase) inferKill(m *member) {
	if m.c == nil || m.c.Spec == nil || c.facts.has("kill.liveness", "kill.startup", "kill.poststart", "kill.poststart.before", "probe.no-kill-event") {
		return
	}
	if m.dead.Kind != evidence.Terminated || m.c.RestartCount.Or(0) < 2 || !c.stoppedInPlace(m) {
		return
	}
	id, p, w, ok := c.onlyKiller(m)
	if !ok {
		return
	}
	how, ok := c.logOfKilled(m, p)
	if !ok {
		return
	}
	d, _ := run(m.dead)
	code, _ := m.dead.ExitCode.Get()
	if code == 0 && !c.facts.has("log.sigterm") && how != toldOfSignal {
		return // it may have been done
	}
	f := fact{producer: evidence.Runtime, ref: m.ref(), time: m.dead.FinishedAt, attrs: c.probeAttrs(m, p, w), strength: strong,
		text: fmt.Sprintf("stopped with exit code %d after %s, within the reach of its %s probe (%s); %s; no Killing event of this run is left", code, d.Round(time.Second), c.probeAttrs(m, p, w)["probe"], probeText(p), how)}
	c.facts.add(with(f, id, strong))
	if !c.facts.has(id + ".before") {
		c.facts.add(with(f, "kill.inferred", weak))
	}
}

// stoppedInPlace: a signal ended the container, and neither its pod nor its node went, nor all its siblings with it.
func (c *sickCase) stoppedInPlace(m *member) bool {
	code, known := m.dead.ExitCode.Get()
	if !known || code != 143 && code != 137 && code != 0 || m.dead.Reason == "OOMKilled" || m.dead.Synthetic() {
		return false
	}
	if !m.pod.Deleted.IsZero() || m.pod.Reason != "" {
		return false
	}
	if cond, ok := m.pod.Conditions[corev1.DisruptionTarget]; ok && cond.Status == corev1.ConditionTrue {
		return false
	}
	if n, ok := c.s.Population.Node(m.pod.Node.Or("")); ok && n.Ready != "" && (n.Ready != "True" || n.ReadySince.After(m.dead.StartedAt)) {
		return false
	}
	for i := range m.pod.Containers { // the whole sandbox may have gone
		o := &m.pod.Containers[i]
		if o == m.c || o.Role != evidence.RoleMain {
			continue
		}
		for _, s := range m.pod.Dead(o) {
			if gap := s.FinishedAt.Sub(m.dead.FinishedAt); gap > -skew && gap < skew {
				return false
			}
		}
	}
	return true
}

// onlyKiller names the one probe that can have ended the run: the startup probe only in its own window, liveness only
// once the startup probe has succeeded.
func (c *sickCase) onlyKiller(m *member) (string, *corev1.Probe, killWindow, bool) {
	d, timed := run(m.dead)
	if !timed {
		return "", nil, killWindow{}, false
	}
	grace := graceOf(m.pod)
	live, start, _ := killers(m.c)
	switch {
	case live == nil && start == nil:
		return "", nil, killWindow{}, false
	case start == nil:
		w := windowOf(live, grace)
		return "kill.liveness", live, w, d >= w.from
	}
	sw := windowOf(start, grace)
	byStart := d >= sw.from && d <= sw.to
	if live == nil {
		return "kill.startup", start, sw, byStart
	}
	w, p, _ := c.window(m)
	return "kill.liveness", p, w, !byStart && d >= w.from
}

const toldOfSignal = "its log tells of the signal"

// logOfKilled: what the log of a run that a probe had killed looks like.
func (c *sickCase) logOfKilled(m *member, p *corev1.Probe) (how string, ok bool) {
	if m.log == nil || !m.log.Tail {
		return "", false
	}
	res := logscan.Scan(m.log, c.pb)
	told := false
	for _, h := range res.Hits {
		if h.Signature.Cause != "" && h.Weight == logscan.Deadly {
			return "", false
		}
		told = told || h.Signature.Fact == "log.sigterm"
	}
	if told {
		return toldOfSignal, true
	}
	if res.LastLine == nil || res.LastLine.Time.IsZero() || res.LastLine.Level >= logscan.Error {
		return "", false
	}
	quiet := m.dead.FinishedAt.Sub(res.LastLine.Time)
	failing := time.Duration(max(p.FailureThreshold, 1)-1)*time.Duration(max(p.PeriodSeconds, 1))*time.Second - time.Second
	return fmt.Sprintf("its log had been silent for %s and blames nothing", quiet.Round(time.Second)), quiet >= max(failing, 2*time.Second)
}

func graceOf(p *evidence.Pod) time.Duration {
	if g := p.Spec.TerminationGracePeriodSeconds; g != nil {
		return time.Duration(*g) * time.Second
	}
	return 30 * time.Second
}
