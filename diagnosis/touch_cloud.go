package diagnosis

import (
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
)

// touchCloud: what was done on Azure's side counts for the nodes of its pool where the trouble is the nodes', for what lies
// outside of the cluster where it is about the network, and for what the evidence names where it is about rights.
func (e *effect) touchCloud(c *change.Change) float64 {
	aspect := c.Items[0].Aspect
	switch {
	case strings.HasSuffix(c.Items[0].Text, "failed") && aspect != "node":
		return 0 // it changed nothing
	case c.Object.Kind == evidence.AgentPool:
		return e.touchPool(c)
	case aspect == "node" && e.onNewNodes(c):
		return 0.5
	case aspect == "node":
		return e.touchCluster()
	case !slices.Contains(e.aspects, aspect) && !e.refusedThere(aspect):
		return 0
	case aspect == "network":
		return e.touchNetwork(c)
	}
	switch {
	case e.quotes(c.Object.Name), c.Object.Kind == "FederatedIdentityCredential" && e.quotes("federated identity"):
		return 0.95
	}
	return 0.2
}

// refusedThere: rights on Azure's side can bring about what is refused there, whoever asks.
func (e *effect) refusedThere(aspect string) bool {
	return aspect == "identity" && slices.Contains([]string{"access.credentials-rejected", "image.pull-unauthorized", "storage.mount-failed"}, e.f.Cause)
}

// quotes: some evidence of the finding names a resource.
func (e *effect) quotes(name string) bool {
	name, _, _ = strings.Cut(strings.ToLower(name), "/")
	return len(name) > 2 && slices.ContainsFunc(e.f.Evidence, func(x Evidence) bool { return strings.Contains(strings.ToLower(x.Text), name) })
}

// touchPool: an upgrade, a scaling or an eviction counts for what is sick on nodes of that pool.
func (e *effect) touchPool(c *change.Change) float64 {
	on := slices.ContainsFunc(e.nodes, func(n string) bool {
		row, ok := e.s.Population.Node(n)
		return ok && strings.EqualFold(row.Pool, c.Object.Name)
	})
	if row, ok := e.s.Population.Node(e.f.Workload.Name); ok && e.f.Workload.Kind == "Node" {
		on = on || strings.EqualFold(row.Pool, c.Object.Name)
	}
	switch {
	case strings.HasPrefix(e.f.Cause, "scheduling.") && !on:
		return 0.5 // no node yet; which pool it would be, its selector says
	case !on:
		return 0
	case ofNodeLevel(e.f.Scope.Level), e.f.Workload.Kind == "Node":
		return 0.9
	case e.f.Family == "node", e.f.Cause == "memory.node":
		return 0.8
	case e.onNewNodes(c):
		return 0.7
	}
	return 0.1
}

// onNewNodes: all that is sick is on nodes that came after the change began.
func (e *effect) onNewNodes(c *change.Change) bool {
	if len(e.nodes) == 0 {
		return false
	}
	return !slices.ContainsFunc(e.nodes, func(n string) bool {
		row, ok := e.s.Population.Node(n)
		return !ok || row.Created.IsZero() || row.Created.Before(c.Time.Add(-slack))
	})
}

// touchCluster: an update of all of the cluster counts where all of it, or its nodes, are in trouble.
func (e *effect) touchCluster() float64 {
	switch {
	case e.f.Scope.Level == ScopeCluster && e.f.Family == "node":
		return 0.7
	case ofNodeLevel(e.f.Scope.Level), e.f.Workload.Kind == "Node", e.f.Family == "node":
		return 0.6
	}
	return 0.1
}

// touchNetwork: rules, routes and name servers count for what gives no answer from outside, most where the evidence says that
// they stop it.
func (e *effect) touchNetwork(c *change.Change) float64 {
	if e.quotes(c.Object.Name) {
		return 0.95
	}
	if c.Object.Kind == evidence.SecurityGroup || c.Object.Kind == evidence.RouteTable {
		stops := slices.ContainsFunc(e.f.Evidence, func(x Evidence) bool { return strings.HasPrefix(x.Fact, "cloud.egress-") })
		if len(e.s.OfKind(evidence.VirtualNetwork, "")) > 0 && !stops {
			return 0.1 // it was read, and stops nothing of this
		}
	}
	if inside := e.target != "" && !strings.Contains(e.target, ".") || strings.Contains(e.target, ".svc"); inside {
		return 0
	}
	switch e.f.Cause {
	case "network.egress-blocked":
		return 0.8
	case "dependency.timeout", "dependency.dns", "image.registry-unreachable", "network.service-unreachable", "node.not-ready":
		return 0.6
	}
	return 0.2
}
