package diagnosis

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/crashproof-dev/crashproof/evidence"
)

// memoryFacts: the limit in force, the runtime's own settings against it, usage, and the node.
func (c *sickCase) memoryFacts(m *member) {
	if m.c == nil {
		return
	}
	limit, known := m.c.MemoryLimit.Get()
	base := fact{strength: strong, producer: evidence.Spec, ref: m.pod.Ref.At("spec.containers[" + m.c.Name + "].resources").String()}
	switch {
	case known && limit > 0:
		base.text, base.attrs = "memory limit "+bytesText(limit), map[string]string{"limit": bytesText(limit)}
		c.facts.add(with(base, "limit.set", strong))
		c.heapFact(m, limit, base)
		c.usageFact(m, limit)
	case known && podLimit(m.pod) == 0:
		base.text = "no memory limit"
		c.facts.add(with(base, "limit.none", strong))
	}
	c.nodeMemoryFacts(m)
}

// podLimit is the pod-level limit (KEP-2837), which binds containers without one of their own.
func podLimit(p *evidence.Pod) int64 {
	if p.Spec.Resources == nil {
		return 0
	}
	return evidence.Quantity(p.Spec.Resources.Limits, "memory")
}

// usageFact: working set near the limit while it runs. The metric lags by up to a minute, so its absence says nothing.
func (c *sickCase) usageFact(m *member, limit int64) {
	for _, u := range c.s.Usage {
		if u.Namespace == m.pod.Ref.Namespace && u.Pod == m.pod.Ref.Name && u.Container == m.c.Name && u.WorkingSet > limit*85/100 {
			c.facts.add(fact{id: "usage.near-limit", strength: strong, producer: evidence.Metrics, ref: m.pod.Ref.String(), time: u.Time,
				text: fmt.Sprintf("working set %s of a limit of %s", bytesText(u.WorkingSet), bytesText(limit))})
		}
	}
}

var (
	xmx        = regexp.MustCompile(`(?:^|\s)-Xmx(\d+)([kKmMgG]?)`)
	ramPercent = regexp.MustCompile(`-XX:MaxRAMPercentage=([\d.]+)`)
	oldSpace   = regexp.MustCompile(`--max[-_]old[-_]space[-_]size[= ](\d+)`)
	goMemLimit = regexp.MustCompile(`^(\d+)([KMGT]i?B|B)$`)
)

// heapFact: the runtime is told that it may use more than the container has. A JVM needs memory beside its heap
// (metaspace, threads, code cache), so a heap of the limit's size cannot fit.
func (c *sickCase) heapFact(m *member, limit int64, base fact) {
	c.pickedUp(m, limit)
	if m.c.Spec == nil {
		return
	}
	texts := append([]string{strings.Join(append(append([]string{}, m.c.Spec.Command...), m.c.Spec.Args...), " ")}, "")
	for _, e := range m.c.Spec.Env {
		texts = append(texts, e.Value)
		if e.Name == "GOMEMLIMIT" {
			if g := goMemLimit.FindStringSubmatch(e.Value); g != nil {
				c.heapOver("heap.exceeds-limit", base, "GOMEMLIMIT="+e.Value, unit(g[1], strings.TrimSuffix(g[2], "B")), limit)
			}
		}
	}
	for _, t := range texts {
		if g := xmx.FindStringSubmatch(t); g != nil {
			c.heapOver("heap.exceeds-limit", base, strings.TrimSpace(g[0]), unit(g[1], g[2]), limit)
		}
		if g := oldSpace.FindStringSubmatch(t); g != nil {
			c.heapOver("heap.exceeds-limit", base, g[0], unit(g[1], "M"), limit)
		}
		if g := ramPercent.FindStringSubmatch(t); g != nil {
			if pc, _ := strconv.ParseFloat(g[1], 64); pc >= 90 {
				c.heapOver("heap.exceeds-limit", base, g[0], int64(pc/100*float64(limit))+limit/10, limit)
			}
		}
	}
}

// pickedUp reads the settings that a JVM takes from its environment and says so in its first line (Arguments::
// parse_options_for_env_var; the launcher's JDK_JAVA_OPTIONS): the variable may come from a ConfigMap that nobody gave.
func (c *sickCase) pickedUp(m *member, limit int64) {
	for _, l := range []*evidence.Log{m.log, m.current} {
		if l == nil {
			continue
		}
		at := options.FindIndex(l.Text[:min(len(l.Text), 4096)])
		if at == nil {
			continue
		}
		line := string(l.Text[at[0]:at[1]])
		if g := xmx.FindStringSubmatch(line); g != nil {
			c.heapOver("log.heap-exceeds", fact{producer: evidence.Process, ref: logRef(l, at[0], at[1])}, strings.TrimSpace(g[0]), unit(g[1], g[2]), limit)
		}
		return
	}
}

// options is how a JVM says which settings it took from its environment.
var options = regexp.MustCompile(`Picked up (?:JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|IBM_JAVA_OPTIONS|OPENJ9_JAVA_OPTIONS): [^\n]*`)

func (c *sickCase) heapOver(id string, base fact, setting string, heap, limit int64) {
	if heap*100 < limit*95 {
		return
	}
	base.text = fmt.Sprintf("%s against a memory limit of %s", setting, bytesText(limit))
	base.attrs = map[string]string{"setting": setting, "heap": bytesText(heap), "limit": bytesText(limit)}
	c.facts.add(with(base, id, decisive))
}

func unit(n, u string) int64 {
	v, _ := strconv.ParseInt(n, 10, 64)
	if u == "" {
		return v
	}
	switch strings.ToUpper(u[:1]) {
	case "K":
		return v << 10
	case "M":
		return v << 20
	case "G":
		return v << 30
	case "T":
		return v << 40
	}
	return v
}

func bytesText(n int64) string {
	return resource.NewQuantity(n, resource.BinarySI).String()
}

// ofNode tells how surely an event speaks of the whole node's memory. The kubelet's SystemOOM leaves out kills inside
// control groups (pkg/kubelet/oom, Start); node-problem-detector's OOMKilling quotes the kernel, which says which it was:
// "Memory cgroup out of memory" is a container's limit (mm/oom_kill.c, __oom_kill_process), and old kernels do not say.
func ofNode(e evidence.Event) strength {
	lower := strings.ToLower(e.Message)
	switch {
	case e.Reason == "SystemOOM":
		return decisive
	case e.Reason != "OOMKilling" || strings.Contains(lower, "cgroup out of memory"):
		return 0
	case strings.Contains(lower, "out of memory"):
		return decisive
	}
	return weak
}

// nodeMemoryFacts: did the node have memory left? A node-level OOM may leave no event, so "it had" needs the node's
// own condition, and is refuted by any sign of pressure.
func (c *sickCase) nodeMemoryFacts(m *member) {
	node, ok := m.pod.Node.Get()
	if !ok || node == "" {
		return
	}
	ref := evidence.Ref{Kind: "Node", Name: node}
	for _, e := range c.s.EventsAbout(ref) {
		if how := ofNode(e); how > 0 {
			c.facts.add(fact{id: "node.system-oom", strength: how, producer: evidence.Node, ref: e.Ref().String(), text: e.Reason + ": " + e.Message, time: e.Last})
			return
		}
	}
	row, ok := c.s.Population.Node(node)
	if !ok || row.Ready == "" {
		return
	}
	base := fact{strength: strong, producer: evidence.Node, ref: ref.At("status.conditions").String(), time: c.s.CapturedAt}
	if hasString(row.Pressure, "MemoryPressure") {
		base.text = "MemoryPressure is True"
		c.facts.add(with(base, "node.memory-pressure", strong))
		return
	}
	if c.facts.has("limit.set") && c.s.ListedEvents(evidence.NodeEvents) {
		base.text = "MemoryPressure is False and there is no SystemOOM event of the node"
		c.facts.add(with(base, "node.memory-ok", strong))
	}
}
