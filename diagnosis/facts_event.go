package diagnosis

import (
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// skew is how far the times of events and statuses of one kubelet may differ: statuses have whole seconds.
const skew = 3 * time.Second

// eventFacts reads the events about a pod and, for kills, whether they belong to the run at hand.
func (c *sickCase) eventFacts(m *member) {
	events := c.s.EventsAbout(m.pod.Ref)
	for _, e := range events {
		if e.Container != "" && m.c != nil && e.Container != m.c.Name {
			continue
		}
		base := fact{producer: e.Producer(), ref: e.Ref().String(), text: e.Reason + ": " + e.Message, time: e.Last, count: max(e.Count, 1)}
		switch {
		case e.Reason == "Killing" && strings.Contains(e.Message, "failed liveness probe"):
			c.killFact(m, e, base, "kill.liveness")
		case e.Reason == "Killing" && strings.Contains(e.Message, "failed startup probe"):
			c.killFact(m, e, base, "kill.startup")
		case e.Reason == "Killing" && strings.Contains(e.Message, "definition changed, will be restarted"): // kuberuntime_manager.go, computePodActions
			c.killFact(m, e, base, "kill.redefined")
		case e.Reason == "FailedPostStartHook":
			c.killFact(m, e, base, "kill.poststart")
		case e.Reason == "SandboxChanged" && e.Count >= 5 && m.c != nil && 2*e.Count >= m.c.RestartCount.Or(0):
			c.facts.add(with(base, "sandbox.changed", strong))
		case e.Reason == "Unhealthy": // read below, once it is known which probe kills
		default:
			c.platformFact(m, e, base)
		}
	}
	for _, e := range events {
		if e.Reason == "Unhealthy" && (e.Container == "" || m.c == nil || e.Container == m.c.Name) {
			c.unhealthyFact(m, e, fact{producer: e.Producer(), ref: e.Ref().String(), text: e.Reason + ": " + e.Message, time: e.Last, count: max(e.Count, 1)})
		}
	}
	if m.c != nil && m.c.State.Reason == "PostStartHookError" { // the kubelet waits with the hook's own words
		c.facts.add(fact{id: "kill.poststart", strength: decisive, producer: evidence.Kubelet, ref: m.ref(), time: c.s.CapturedAt, text: "waiting: PostStartHookError: " + m.c.State.Message})
	}
	if c.noKillEvent(m, events) {
		c.facts.add(fact{id: "probe.no-kill-event", strength: strong, producer: evidence.Kubelet, ref: m.pod.Ref.String(), time: c.s.CapturedAt,
			text: "no Killing event for a probe, although the events of this run are all there"})
	}
}

// killFact: the event must fall into the run that ended; an older one counts where the run fits the probe's interval.
// A kill is written down before it is done, and no probe kills in the second in which a container starts, so a kill of
// that second is the end of the run before; a postStart hook may fail at once.
func (c *sickCase) killFact(m *member, e evidence.Event, base fact, id string) {
	s := m.dead
	from := s.StartedAt.Add(time.Second)
	if id == "kill.poststart" {
		from = s.StartedAt.Add(-skew)
	}
	during := s.FinishedAt.IsZero() || e.Last.IsZero() ||
		(!e.Last.Before(from) && !e.Last.After(s.FinishedAt.Add(skew)))
	if during {
		c.facts.add(with(base, id, decisive))
		c.facts.add(with(base, "kill.by-kubelet", strong))
		return
	}
	running := m.c != nil && m.c.State.Kind == evidence.Running && !m.c.State.StartedAt.IsZero() && e.Last.After(m.c.State.StartedAt)
	if running || c.fitsKill(m) {
		c.facts.add(with(base, id, strong))
		return
	}
	c.facts.add(with(base, id+".before", weak))
}

// platformFact tries the signatures of events: pulls, mounts, sandboxes, hooks, scheduling, eviction.
func (c *sickCase) platformFact(m *member, e evidence.Event, base fact) {
	attrs := map[string]string{}
	if m.c != nil {
		attrs["image"] = m.c.Image
		if m.c.State.Kind == evidence.Running && (e.Reason == "Failed" || e.Reason == "FailedMount") {
			return // it got over it
		}
	}
	if e.Reason == "Failed" && strings.HasPrefix(e.Message, "Error: ") {
		return // about creating or starting the container, whose status says the same; pulls are told of in other words
	}
	if e.Reason == "Failed" && strings.HasPrefix(e.Message, "Failed to pull") {
		if c.facts.has("image.failed") || m.c == nil {
			base.producer = evidence.Registry
		} else {
			return // an earlier pull; the container ran since
		}
	}
	if e.Reason == "FailedMount" && m.c != nil && m.dead.Kind == evidence.Terminated {
		return // mounts succeeded: it ran
	}
	c.signatures(playbook.OnEvent, e.Reason, e.Message, base, attrs)
}

// noKillEvent: a missing Killing event means something only where the events of the run provably are all there: the
// run's own Started event or an older event is still listed, and the kubelet's event budget for this pod (a burst of
// 25 per object, client-go tools/events and tools/record: EventSourceObjectSpamFilter) cannot have been exhausted.
func (c *sickCase) noKillEvent(m *member, events []evidence.Event) bool {
	if m.dead.Kind != evidence.Terminated || m.dead.StartedAt.IsZero() || !c.s.ListedEvents(m.pod.Ref.Namespace) {
		return false
	}
	sum, covered := 0, false
	for _, e := range events {
		if e.Reason == "Killing" && strings.Contains(e.Message, "probe") {
			return false
		}
		if e.Component == "kubelet" || e.Component == "" {
			sum += max(e.Count, 1)
		}
		if !e.Last.IsZero() && !e.Last.After(m.dead.StartedAt.Add(skew)) {
			covered = true
		}
	}
	return covered && sum < 25
}
