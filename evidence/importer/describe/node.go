package describe

import (
	"regexp"
	"strings"
)

// node reads what describeNode prints. Roles are labels; the pods on it, what is allocated of it and its lease are no
// part of a node.
func (b *block) node() {
	b.take("Roles")
	b.take("Role")
	if s, ok := b.take("Taints"); ok {
		b.put(b.multi(s, taint), "spec", "taints")
	}
	b.boolean("Unschedulable", "spec", "unschedulable")
	b.skip("Lease")
	b.str("Phase", "status", "phase")
	b.conditionTable(map[string]string{"Type": "type", "Status": "status", "Reason": "reason", "Message": "message",
		"LastHeartbeatTime": "lastHeartbeatTime", "LastTransitionTime": "lastTransitionTime"}, "status", "conditions")
	b.addresses()
	for _, key := range []string{"Capacity", "Allocatable"} {
		if s, ok := b.take(key); ok {
			b.put(b.quantities(s, 2), "status", strings.ToLower(key))
		}
	}
	b.skip("Resource Slices")
	b.systemInfo()
	b.str("PodCIDR", "spec", "podCIDR")
	if s, ok := b.take("PodCIDRs"); ok {
		b.put(list(s.val), "spec", "podCIDRs")
	}
	b.str("ProviderID", "spec", "providerID")
	b.take("ExternalID")
	for _, key := range []string{"Non-terminated Pods", "Allocated resources", "Pods"} {
		b.skip(key)
	}
}

// skip uses a section with all that is below it: it is understood, and no part of the object.
func (b *block) skip(key string) {
	if s, ok := b.take(key); ok {
		for i := s.from; i < s.to; i++ {
			b.use(i)
		}
	}
}

var tainted = regexp.MustCompile(`^([^=:\s]+)(?:=([^:\s]*))?(?::(NoSchedule|NoExecute|PreferNoSchedule))?$`)

// taint reads what corev1.Taint.ToString gives.
func taint(s string) (map[string]any, bool) {
	m := tainted.FindStringSubmatch(s)
	if m == nil {
		return nil, false
	}
	t := map[string]any{"key": m[1]}
	if m[2] != "" {
		t["value"] = m[2]
	}
	if m[3] != "" {
		t["effect"] = m[3]
	}
	return t, true
}

// addresses reads the list; up to 1.7 it stood in one line.
func (b *block) addresses() {
	s, ok := b.take("Addresses")
	if !ok {
		return
	}
	out := []any{}
	for _, f := range b.group(s.from, s.to, 2) {
		b.use(f.line)
		out = append(out, map[string]any{"type": f.key, "address": f.val})
	}
	b.put(out, "status", "addresses")
}

var nodeInfo = map[string]string{"Machine ID": "machineID", "System UUID": "systemUUID", "Boot ID": "bootID",
	"Kernel Version": "kernelVersion", "OS Image": "osImage", "Operating System": "operatingSystem", "Architecture": "architecture",
	"Container Runtime Version": "containerRuntimeVersion", "Kubelet Version": "kubeletVersion", "Kube-Proxy Version": "kubeProxyVersion"}

func (b *block) systemInfo() {
	s, ok := b.take("System Info")
	if !ok {
		return
	}
	for _, f := range b.group(s.from, s.to, 2) {
		if field := nodeInfo[f.key]; field != "" {
			b.use(f.line)
			if f.val != "" {
				b.put(f.val, "status", "nodeInfo", field)
			}
		}
	}
}
