package diagnosis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// machineFacts: what Azure says of the machine under the pod's node.
func (c *sickCase) machineFacts(m *member) {
	node := m.pod.Node.Or("")
	if node == "" || historical(m.pod) {
		return // what its node is like today says nothing of a pod that is gone
	}
	row, ok := c.s.Population.Node(node)
	if f, ok := c.gone(row); ok {
		c.facts.add(f)
	}
	c.poolState(row)
	if mine, _, found := c.machineOf(node); found && ok {
		if c.outdated(mine) {
			c.cloud("cloud.model-behind", weak, mine.Object, "properties.latestModelApplied",
				fmt.Sprintf("instance %s of scale set %s is not on the set's latest model, and others are", mine.Name, mine.Raw.Str("scaleSet")), map[string]string{"node": node})
		}
		if why := mine.failure(); why != "" {
			c.cloud("cloud.vm-failed", strong, mine.Object, "properties.provisioningState", "machine of "+node+": "+why, map[string]string{"node": node})
		}
	}
}

// poolState: what is going on with the node's pool, and how far its nodes are behind.
func (c *sickCase) poolState(row evidence.NodeRow) {
	pool, ok := c.pool(row.Pool)
	if !ok {
		return
	}
	attrs := func() map[string]string { return map[string]string{"pool": pool.Name} }
	if state := pool.Raw.Str("properties", "provisioningState"); state != "" && state != "Succeeded" && state != "Failed" && state != "Canceled" {
		c.cloud("cloud.pool-busy", weak, pool, "properties.provisioningState", "pool "+pool.Name+" is "+state+" now", attrs())
	}
	if up, ok := c.s.Object(evidence.AgentPoolUpgrade, "", pool.Name); ok {
		if newest := up.Raw.Str("properties", "latestNodeImageVersion"); newest != "" && row.Image != "" && row.Image != newest {
			c.cloud("cloud.image-behind", weak, up, "properties.latestNodeImageVersion", fmt.Sprintf("node %s has image %s, and the newest for pool %s is %s", row.Name, row.Image, pool.Name, newest), attrs())
		}
	}
	for _, m := range c.s.OfKind(evidence.ManagedCluster, "") {
		if server := m.Raw.Str("properties", "currentKubernetesVersion"); minorsBehind(server, row.KubeletVersion) > mostSkew {
			c.cloud("cloud.version-skew", weak, m, "properties.currentKubernetesVersion", fmt.Sprintf("kubelet %s of node %s is more than %d minor versions behind the control plane's %s", row.KubeletVersion, row.Name, mostSkew, server), attrs())
		}
	}
}

// mostSkew is by how many minor versions a kubelet may be older than the API server (Kubernetes' version skew policy).
const mostSkew = 3

// minorsBehind is by how many minor versions one is older than another; 0 where one of them cannot be read.
func minorsBehind(server, kubelet string) int {
	minor := func(v string) int {
		parts := strings.Split(strings.TrimPrefix(v, "v"), ".")
		if len(parts) < 2 {
			return 0
		}
		n, _ := strconv.Atoi(parts[1])
		return n
	}
	a, b := minor(server), minor(kubelet)
	if a == 0 || b == 0 {
		return 0
	}
	return a - b
}

// gone: the node does not report, and Azure says what became of its machine.
func (in *input) gone(row evidence.NodeRow) (fact, bool) {
	if row.Ready == "" || row.Ready == "True" {
		return fact{}, false
	}
	mine, known, found := in.machineOf(row.Name)
	base := fact{producer: evidence.Cloud, time: in.s.CapturedAt, attrs: map[string]string{"node": row.Name}, ref: evidence.Ref{Kind: evidence.ScaleSetVM, Name: row.Name}.String()}
	state := ""
	switch {
	case found && slices.Contains([]string{"deallocated", "deallocating", "stopped", "stopping"}, mine.power()):
		state = "is " + mine.power()
	case !found && known:
		state = "does not exist any more"
	default:
		return fact{}, false
	}
	if e, ok := in.evicted(row); ok {
		base.ref = e.Ref().String()
		base.text = fmt.Sprintf("the machine of %s %s, and Azure evicted a spot instance of its scale set at %s", row.Name, state, in.cloudTime(moment(e.Raw.Str("eventTimestamp"))).Format("15:04:05"))
		return with(base, "cloud.spot-evicted", decisive), true
	}
	base.text = fmt.Sprintf("the machine of %s %s", row.Name, state)
	if found {
		return with(base, "cloud.vm-stopped", strong), true
	}
	return with(base, "cloud.vm-gone", decisive), true
}

// evictionSlack is how far apart Azure's word of an eviction and the node's silence may be: the node controller waits for
// missing heartbeats, and entries of the activity log say when the operation began.
const evictionSlack = 10 * 60

// evicted finds the entry of the activity log that tells of the eviction.
func (in *input) evicted(row evidence.NodeRow) (evidence.Object, bool) {
	pool, _ := in.pool(row.Pool)
	if spot := row.Spot || pool.Raw.Str("properties", "scaleSetPriority") == "Spot"; !spot || row.ProviderID == "" {
		return evidence.Object{}, false
	}
	for _, e := range in.s.OfKind(evidence.ActivityEvent, "") {
		if !strings.HasSuffix(strings.ToLower(e.Raw.Str("operationName", "value")), "/evictspotvm/action") || e.Raw.Str("status", "value") == "Failed" || e.Raw.Str("resourceId") == "" {
			continue
		}
		set, _, _ := strings.Cut(strings.ToLower(row.ProviderID), "/virtualmachines/")
		d := in.cloudTime(moment(e.Raw.Str("eventTimestamp"))).Sub(row.ReadySince).Seconds()
		if strings.HasSuffix(set, strings.ToLower(e.Raw.Str("resourceId"))) || strings.HasPrefix(strings.ToLower("azure://"+e.Raw.Str("resourceId")), set) {
			if d < evictionSlack && d > -evictionSlack {
				return e, true
			}
		}
	}
	return evidence.Object{}, false
}
