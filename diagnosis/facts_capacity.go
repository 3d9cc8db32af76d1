package diagnosis

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// poolFacts: a pod finds no room, and no pool that it could go to can grow.
func (c *sickCase) poolFacts(m *member) {
	if !slices.ContainsFunc(c.facts, func(f fact) bool { return f.cause == "scheduling.resources" }) {
		return
	}
	pools := c.eligible(m)
	if len(pools) == 0 {
		return
	}
	var full []string
	for _, p := range pools {
		why, stuck := c.cannotGrow(p)
		if !stuck {
			return
		}
		full = append(full, why)
	}
	p := pools[0]
	c.cloud("cloud.pool-at-max", strong, p, "properties", strings.Join(full, "; "), map[string]string{"pool": p.Name})
	for _, p := range pools {
		c.refused(p)
	}
	c.autoscalerFacts()
}

// noGrowth is how the cluster autoscaler says that it adds no node (cluster-autoscaler, core/scaleup/orchestrator).
var noGrowth = regexp.MustCompile(`(?i)max (?:node group|cluster \w+) (?:size|limit) reached|in backoff after failed scale-up|scale-up failed|failed to (?:scale|increase)|scale-up timed out`)

// autoscalerFacts: the autoscaler's own log says why it adds no node; the newest such line.
func (c *sickCase) autoscalerFacts() {
	var newest evidence.Object
	for _, o := range c.s.OfKind(evidence.AutoscalerMessage, "") {
		if noGrowth.MatchString(o.Raw.Str("message")) && o.Raw.Str("time") > newest.Raw.Str("time") {
			newest = o
		}
	}
	if newest.Raw != nil {
		c.cloud("cloud.autoscaler", strong, newest, "message", "cluster autoscaler: "+newest.Raw.Str("message"), map[string]string{})
	}
}

// eligible are the pools to which the pod could go: those that its selector names, else those without taints.
func (c *sickCase) eligible(m *member) []evidence.Object {
	var out []evidence.Object
	for _, p := range c.s.OfKind(evidence.AgentPool, "") {
		wanted := cmp.Or(m.pod.Spec.NodeSelector["kubernetes.azure.com/agentpool"], m.pod.Spec.NodeSelector["agentpool"])
		taints, _ := p.Raw.Get("properties", "nodeTaints")
		list, _ := taints.([]any)
		switch {
		case p.Raw.Str("properties", "mode") == "System" && strings.Contains(m.verdict.Why, systemOnly): // the scheduler has seen the nodes' taint
		case wanted != "" && p.Name != wanted,
			wanted == "" && (!c.tolerates(m, list) || len(m.pod.Spec.NodeSelector) > 0 && !c.hasNodes(p.Name, m)):
		default:
			out = append(out, p)
		}
	}
	return out
}

// systemOnly is the taint by which AKS keeps pods off system pools.
const systemOnly = "CriticalAddonsOnly"

// tolerates: every taint of a pool, KEY=VALUE:EFFECT, has a toleration of its key.
func (c *sickCase) tolerates(m *member, taints []any) bool {
	for _, t := range taints {
		text, _ := t.(string)
		name, _, _ := strings.Cut(text, "=")
		name, _, _ = strings.Cut(name, ":")
		if strings.HasSuffix(text, ":"+string(corev1.TaintEffectPreferNoSchedule)) {
			continue
		}
		if !slices.ContainsFunc(m.pod.Spec.Tolerations, func(o corev1.Toleration) bool {
			return o.Key == name || o.Key == "" && o.Operator == corev1.TolerationOpExists
		}) {
			return false
		}
	}
	return true
}

// hasNodes: some node of the pool has the labels that the pod asks for, as far as nodes were read.
func (c *sickCase) hasNodes(pool string, m *member) bool {
	for _, n := range c.s.OfKind("Node", "") {
		row, _ := c.s.Population.Node(n.Name)
		fits := row.Pool == pool
		for k, v := range m.pod.Spec.NodeSelector {
			fits = fits && n.Label(k) == v
		}
		if fits {
			return true
		}
	}
	return false
}

// cannotGrow says why a pool gets no further node: it is at its maximum, has no autoscaler, or Azure refuses.
func (c *sickCase) cannotGrow(p evidence.Object) (string, bool) {
	count, ok := number(p.Raw, "properties", "count")
	auto, _ := p.Raw.Get("properties", "enableAutoScaling")
	most, bounded := number(p.Raw, "properties", "maxCount")
	switch {
	case !ok:
		return "", false
	case auto != true:
		return fmt.Sprintf("pool %s has %d nodes and no autoscaler", p.Name, count), true
	case bounded && count >= most:
		return fmt.Sprintf("pool %s has %d nodes and is at its maximum of %d", p.Name, count, most), true
	case p.Raw.Str("properties", "provisioningState") == "Failed":
		code, message := innermost(p.Raw.Map("properties", "status", "provisioningError"))
		return strings.TrimSuffix(fmt.Sprintf("pool %s has %d of at most %d nodes, and its last change failed: %s %s", p.Name, count, most, code, message), ": "), true
	}
	return "", false
}

// innermost is the deepest error: AKS wraps what compute and network say.
func innermost(e evidence.Raw) (code, message string) {
	if inner := e.Map("error"); inner != nil {
		e = inner
	}
	code, message = e.Str("code"), e.Str("message")
	for _, d := range e.List("details") {
		if c, m := innermost(d); c != "" {
			return c, cmp.Or(m, message)
		}
	}
	return code, message
}

// refused: Azure's own words why a pool has failed to grow, where they name the subnet.
func (c *sickCase) refused(p evidence.Object) {
	count, _ := number(p.Raw, "properties", "count")
	most, _ := number(p.Raw, "properties", "maxCount")
	if auto, _ := p.Raw.Get("properties", "enableAutoScaling"); auto != true || count >= most || p.Raw.Str("properties", "provisioningState") != "Failed" {
		return // it would not grow with all the addresses of the world
	}
	code, message := innermost(p.Raw.Map("properties", "status", "provisioningError"))
	if !strings.Contains(code+message, "SubnetIsFull") && !strings.Contains(code+message, "InsufficientSubnetSize") {
		return
	}
	how, text := strong, code+": "+message
	if u, ok := c.subnet(p, "vnetSubnetID"); ok {
		if u.free() >= c.takes(p, message) {
			return // there is room by now
		}
		how, text = decisive, text+fmt.Sprintf("; subnet %s has %d of %d addresses in use", u.Name, u.used, u.limit)
	}
	c.cloud("cloud.pool-no-address", how, p, "properties.status.provisioningError", text, map[string]string{"pool": p.Name})
}

// wants is how Azure says for how many addresses there was no room.
var wants = regexp.MustCompile(`enough capacity for (\d+) IP addresses`)

// takes is how many addresses of its subnet a new node of a pool takes: one, and where pods get theirs from the same subnet
// one for each pod that it may have.
func (c *sickCase) takes(p evidence.Object, message string) int {
	if m := wants.FindStringSubmatch(message); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	most, known := number(p.Raw, "properties", "maxPods")
	if n := c.network(); !known || n.Str("networkPlugin") != "azure" || n.Str("networkPluginMode") == "overlay" || p.Raw.Str("properties", "podSubnetID") != "" {
		return 1
	}
	return most + 1
}
