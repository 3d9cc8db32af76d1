package cluster

import (
	"fmt"
	"os/exec"
	"strings"

	"github.com/crashproof-dev/crashproof/lab/internal/namespaces"
)

// filterTable is a table of nftables of its own in a node's network namespace. What is in it is looked at before
// kube-proxy's rules, so that packets to a Service still carry the Service's address.
const filterTable = "ip crashlab_fault"

// podBridge is the interface through which packets of a node's pods reach the node.
const podBridge = "cni0"

// dropRules say which packets of a node's pods a fault loses. Packets of the node itself (kubelet, image pulls, probes)
// pass. What answers for the world outside sits on the control plane's address, port 443.
var dropRules = map[string][]string{
	DropServices: {"ip daddr " + serviceCIDR + " drop"},
	DropDNS:      {"udp dport 53 drop", "tcp dport 53 drop"},
	DropOutside: {
		"ip daddr " + controlPlaneIP + " tcp dport 443 drop",
		"ip daddr != { " + strings.Join([]string{podCIDR, serviceCIDR, nodeCIDR, azureDNS}, ", ") + " } drop",
	},
}

// filterScript is what nft shall do for a fault; it replaces what an earlier one did. Without rules nothing is left.
func filterScript(action string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "add table %[1]s\ndelete table %[1]s\n", filterTable)
	rules := dropRules[action]
	if len(rules) == 0 {
		return b.String()
	}
	fmt.Fprintf(&b, "table %s {\n\tchain pods {\n\t\ttype filter hook prerouting priority raw; policy accept;\n", filterTable)
	for _, rule := range rules {
		fmt.Fprintf(&b, "\t\tiifname %q %s\n", podBridge, rule)
	}
	b.WriteString("\t}\n}\n")
	return b.String()
}

// filterPods loses packets of a node's pods, or ends that.
func (l *Lab) filterPods(n Node, action string) error {
	pid, err := l.inside(n.namespaces())
	if err != nil {
		return err
	}
	cmd := &exec.Cmd{Path: "/usr/sbin/nft", Args: []string{"nft", "-f", "-"}, Dir: "/", Stdin: strings.NewReader(filterScript(action))}
	if out, err := namespaces.Output(pid, cmd); err != nil {
		return fmt.Errorf("%s on %s: %w: %s", action, n.Alias, err, out)
	}
	return nil
}
