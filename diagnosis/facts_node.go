package diagnosis

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/triage"
)

// nodeFacts: the state of the pod's node, eviction, and what stops a pod before any container.
func (c *sickCase) nodeFacts(m *member) {
	node := m.pod.Node.Or("")
	if historical(m.pod) {
		node = "" // what its node is like today says nothing of a pod that is gone
	}
	row, ok := c.s.Population.Node(node)
	ref := evidence.Ref{Kind: "Node", Name: node}.At("status.conditions[Ready]").String()
	switch {
	case node == "" || !ok || row.Ready == "":
	case row.Ready != "True":
		c.facts.add(fact{id: "node.not-ready", strength: decisive, producer: evidence.Node, ref: ref, time: row.ReadySince,
			text:  fmt.Sprintf("Ready is %s since %s: %s: %s", row.Ready, row.ReadySince.Format("15:04:05"), row.ReadyReason, row.ReadyMessage),
			attrs: map[string]string{"node": node, "reason": row.ReadyReason}})
	default:
		c.facts.add(fact{id: "node.ready", strength: strong, producer: evidence.Node, ref: ref, time: row.ReadySince, text: "Ready is True", attrs: map[string]string{"node": node}})
	}
	c.evictionFacts(m)
	switch c.symptom {
	case triage.Blocked, triage.Pending, triage.InitStuck:
		base := fact{producer: evidence.Kubelet, ref: m.pod.Ref.At("status").String(), text: m.verdict.Why, time: c.s.CapturedAt}
		if c.symptom == triage.InitStuck {
			base.attrs = map[string]string{"container": m.verdict.Container}
			how := decisive
			if c.s.CapturedAt.Sub(m.verdict.Since) < triage.InitPatience && !c.deadlinePassed() {
				how = strong // it was still at it, for no long time or for an unknown one
			}
			c.facts.add(with(base, "init.stuck", how))
			return
		}
		c.facts.add(with(base, "never.created", weak))
		if c.symptom == triage.Pending {
			base.producer = evidence.Scheduler
			c.unscheduled(m)
			c.signatures(playbook.OnEvent, "FailedScheduling", m.verdict.Why, base, nil)
		}
	}
}

// unscheduled: a scheduler writes the condition PodScheduled and an event about every pod that it cannot place
// (pkg/scheduler/schedule_one.go, handleSchedulingFailure); of one that nobody looks at there is neither.
func (c *sickCase) unscheduled(m *member) {
	if _, told := m.pod.Conditions[corev1.PodScheduled]; told {
		return
	}
	for _, e := range c.s.EventsAbout(m.pod.Ref) {
		if e.Producer() == evidence.Scheduler {
			return
		}
	}
	name := m.pod.Spec.SchedulerName
	if name == "" {
		name = "default-scheduler"
	}
	how := strong
	if c.s.ListedEvents(m.pod.Ref.Namespace) {
		how = decisive
	}
	c.facts.add(fact{id: "sched.silent", strength: how, producer: evidence.Scheduler, ref: m.pod.Ref.At("status.conditions").String(), time: c.s.CapturedAt,
		text: fmt.Sprintf("%s has written neither a condition nor an event about the pod since %s", name, m.pod.Created.Format("15:04:05")), attrs: map[string]string{"scheduler": name}})
}

// evictionFacts reads the pod's own reason, which outlives the Evicted event.
func (c *sickCase) evictionFacts(m *member) {
	base := fact{producer: evidence.Kubelet, ref: m.pod.Ref.At("status.message").String(), text: m.pod.Reason + ": " + m.pod.Message, time: m.dead.FinishedAt}
	switch m.pod.Reason {
	case "Evicted":
		c.facts.add(with(base, "pod.evicted", strong))
		c.signatures(playbook.OnEvent, "Evicted", m.pod.Message, base, nil)
	case "NodeShutdown", "Terminated", "Shutdown", "Preempting":
		base.producer = evidence.Node
		c.facts.add(with(base, "node.shutdown", decisive))
	}
	if c.symptom == triage.Replaced && m.pod.Reason == "" && strings.Contains(m.pod.Message, "shutdown") {
		c.facts.add(with(base, "node.shutdown", decisive))
	}
}
