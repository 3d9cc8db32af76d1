package diagnosis

import (
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/crashproof-dev/crashproof/evidence"
)

// policyFacts: a connection gets no answer, and the NetworkPolicies that select the pod allow none to that port.
// Policies add up: once one selects a pod for egress, only what some rule of some policy lists is allowed
// (networking/v1, NetworkPolicySpec). Packets are dropped, so that it looks like a time-out.
func (c *sickCase) policyFacts(m *member) {
	if c.shutIn(m) {
		return
	}
	for _, f := range c.facts {
		if f.cause != "dependency.timeout" || f.strength < strong || f.attrs["target"] == "" {
			continue
		}
		host, port, err := net.SplitHostPort(f.attrs["target"])
		if err != nil || loopback(host) {
			continue // a pod always reaches itself
		}
		number, sure := c.portBehind(m.pod.Ref.Namespace, host, port)
		if number == 0 {
			continue
		}
		policies := c.egressPolicies(m)
		if len(policies) == 0 {
			return
		}
		how := decisive
		if !sure {
			how = strong
		}
		var names []string
		for _, p := range policies {
			if allows(p, net.ParseIP(host), number) {
				return
			}
			names = append(names, p.Name)
		}
		ref := evidence.Ref{Kind: "NetworkPolicy", Namespace: m.pod.Ref.Namespace, Name: names[0]}
		c.facts.add(fact{id: "policy.forbids", strength: how, producer: evidence.Spec, ref: ref.At("spec.egress").String(), time: c.s.CapturedAt,
			text:  fmt.Sprintf("NetworkPolicy %s selects the pod, and no rule allows it to reach port %d", strings.Join(names, ", "), number),
			attrs: map[string]string{"target": f.attrs["target"], "object": names[0]}})
		return
	}
}

// shutIn: whatever it is that the process waits for, the policies that select its pod allow it nothing but to resolve names.
// A port with a name, or a rule without ports, may be anything and allows it.
func (c *sickCase) shutIn(m *member) bool {
	i := slices.IndexFunc(c.facts, func(f fact) bool {
		return f.cause == "dependency.timeout" && f.strength >= strong && !loopback(hostOf(f.attrs["target"]))
	})
	if i < 0 {
		return false
	}
	var names []string
	for _, p := range c.egressPolicies(m) {
		for _, r := range p.Spec.Egress {
			if len(r.Ports) == 0 || slices.ContainsFunc(r.Ports, func(p networkingv1.NetworkPolicyPort) bool {
				return p.Port == nil || p.EndPort != nil || p.Port.StrVal != "" && p.Port.StrVal != "dns" && p.Port.StrVal != "dns-tcp" || p.Port.StrVal == "" && p.Port.IntValue() != 53
			}) {
				return false
			}
		}
		names = append(names, p.Name)
	}
	if len(names) == 0 {
		return false
	}
	f := c.facts[i]
	ref := evidence.Ref{Kind: "NetworkPolicy", Namespace: m.pod.Ref.Namespace, Name: names[0]}
	c.facts.add(fact{id: "policy.forbids", strength: decisive, producer: evidence.Spec, ref: ref.At("spec.egress").String(), time: c.s.CapturedAt,
		text:  fmt.Sprintf("NetworkPolicy %s selects the pod for egress, and allows nothing but to resolve names", strings.Join(names, ", ")),
		attrs: map[string]string{"target": f.attrs["target"], "object": names[0]}})
	return true
}

// portBehind is the port that policies see: behind a Service's address that is the pods' own port. It is not sure where
// the Service is not known, for a cluster's virtual address may stand for another port.
func (c *sickCase) portBehind(ns, host, port string) (number int, sure bool) {
	number, err := strconv.Atoi(port)
	if err != nil {
		return 0, false
	}
	svc, ok := c.serviceOf(ns, "", host)
	if !ok {
		ip := net.ParseIP(host)
		return number, ip != nil && !ip.IsPrivate()
	}
	for _, p := range svc.Raw.List("spec", "ports") {
		if v, _ := p.Get("port"); v != float64(number) {
			continue
		}
		switch t, known := p.Get("targetPort"); v := t.(type) {
		case float64:
			return int(v), true
		case string:
			return 0, false // a name, which may be another number in each pod
		default:
			return number, !known
		}
	}
	return number, false
}

// egressPolicies are those that selected a pod for egress when its run ended. Pods in the host's network are selected by none
// (networking/v1: what they do to such pods is up to the network, and mostly nothing).
func (c *sickCase) egressPolicies(m *member) []networkingv1.NetworkPolicy {
	p := m.pod
	if p.Spec.HostNetwork || !p.SpecComplete {
		return nil
	}
	var out []networkingv1.NetworkPolicy
	for _, o := range c.s.OfKind("NetworkPolicy", p.Ref.Namespace) {
		var np networkingv1.NetworkPolicy
		b, err := json.Marshal(o.Raw)
		if err != nil || json.Unmarshal(b, &np) != nil || !o.Raw.Has("spec", "podSelector") {
			continue
		}
		selector, err := metav1.LabelSelectorAsSelector(&np.Spec.PodSelector)
		egress := slices.Contains(np.Spec.PolicyTypes, networkingv1.PolicyTypeEgress) || len(np.Spec.PolicyTypes) == 0 && len(np.Spec.Egress) > 0
		if later(o, m.dead.FinishedAt) {
			continue
		}
		if err == nil && egress && selector.Matches(labels.Set(p.Labels)) {
			out = append(out, np)
		}
	}
	return out
}

// later tells whether an object came, or was last edited, after a moment: what it was then is not known.
func later(o evidence.Object, at time.Time) bool {
	if at.IsZero() {
		return false
	}
	for _, m := range o.Raw.List("metadata", "managedFields") {
		if t, err := time.Parse(time.RFC3339, m.Str("time")); err == nil && m.Str("subresource") == "" && t.After(at) {
			return true
		}
	}
	return created(o).After(at)
}

// allows tells whether a rule may let a connection pass. What cannot be told from here, whom a selector means and what a
// named port is, counts as allowed.
func allows(np networkingv1.NetworkPolicy, ip net.IP, port int) bool {
	for _, r := range np.Spec.Egress {
		ports := len(r.Ports) == 0 || slices.ContainsFunc(r.Ports, func(p networkingv1.NetworkPolicyPort) bool {
			switch {
			case p.Protocol != nil && *p.Protocol != corev1.ProtocolTCP:
				return false
			case p.Port == nil || p.Port.StrVal != "":
				return true
			case p.EndPort != nil:
				return port >= p.Port.IntValue() && port <= int(*p.EndPort)
			}
			return p.Port.IntValue() == port
		})
		to := len(r.To) == 0 || slices.ContainsFunc(r.To, func(t networkingv1.NetworkPolicyPeer) bool {
			if t.IPBlock == nil || ip == nil {
				return true
			}
			_, block, err := net.ParseCIDR(t.IPBlock.CIDR)
			return err != nil || block.Contains(ip) || ip.IsPrivate() // a Service's address is not the one that is compared
		})
		if ports && to {
			return true
		}
	}
	return false
}
