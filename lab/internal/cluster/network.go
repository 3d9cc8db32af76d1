package cluster

import (
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/crashproof-dev/crashproof/lab/internal/namespaces"
)

// bridge joins the nodes, in the control plane's network namespace.
const bridge = "lab0"

func address(cidr string) (*netlink.Addr, error) {
	a, err := netlink.ParseAddr(cidr)
	if err != nil {
		return nil, fmt.Errorf("address %s: %w", cidr, err)
	}
	return a, nil
}

// setUp gives a link its addresses and switches it on.
func setUp(name string, cidrs ...string) error {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return fmt.Errorf("finding interface %s: %w", name, err)
	}
	for _, cidr := range cidrs {
		a, err := address(cidr)
		if err != nil {
			return err
		}
		if err := netlink.AddrReplace(link, a); err != nil {
			return fmt.Errorf("giving %s the address %s: %w", name, cidr, err)
		}
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return fmt.Errorf("switching %s on: %w", name, err)
	}
	return nil
}

// setUpControlPlaneNetwork runs inside the control plane's namespaces.
func setUpControlPlaneNetwork() error {
	if err := setUp("lo"); err != nil {
		return err
	}
	link := &netlink.Bridge{LinkAttrs: netlink.NewLinkAttrs()}
	link.Name = bridge
	if err := netlink.LinkAdd(link); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("making the bridge %s: %w", bridge, err)
	}
	if err := setUp(bridge, controlPlaneIP+"/16", azureDNS+"/32"); err != nil {
		return err
	}
	// No uplink: what leaves the cluster times out, as it does behind a firewall.
	_, all, _ := net.ParseCIDR("0.0.0.0/0")
	if err := netlink.RouteReplace(&netlink.Route{Dst: all, Type: unix.RTN_BLACKHOLE}); err != nil {
		return fmt.Errorf("closing the way out: %w", err)
	}
	return nil
}

// connect joins a node to the bridge with a pair of virtual interfaces.
func (l *Lab) connect(n Node, nodePID, cpPID int) error {
	node, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", nodePID))
	if err != nil {
		return fmt.Errorf("opening the network of %s: %w", n.Alias, err)
	}
	defer func() { _ = node.Close() }()
	err = namespaces.Do(cpPID, func() error { return plug(n, node) })
	if err != nil {
		return fmt.Errorf("connecting %s: %w", n.Alias, err)
	}
	return namespaces.Do(nodePID, func() error { return l.setUpNodeNetwork(n) })
}

// plug runs inside the control plane's namespaces.
func plug(n Node, node *os.File) error {
	if old, err := netlink.LinkByName(n.hostVeth()); err == nil {
		if err := netlink.LinkDel(old); err != nil {
			return fmt.Errorf("removing the interface of the node's previous life: %w", err)
		}
	}
	attrs := netlink.NewLinkAttrs()
	attrs.Name = n.hostVeth()
	pair := &netlink.Veth{LinkAttrs: attrs, PeerName: "eth0", PeerNamespace: netlink.NsFd(int(node.Fd()))}
	if err := netlink.LinkAdd(pair); err != nil {
		return fmt.Errorf("making the interface %s: %w", n.hostVeth(), err)
	}
	master, err := netlink.LinkByName(bridge)
	if err != nil {
		return err
	}
	if err := netlink.LinkSetMaster(pair, master); err != nil {
		return err
	}
	if err := setUp(n.hostVeth()); err != nil {
		return err
	}
	return routeVia(n.podSubnet(), n.IP())
}

// setUpNodeNetwork runs inside the node's namespaces.
func (l *Lab) setUpNodeNetwork(n Node) error {
	if err := setUp("lo"); err != nil {
		return err
	}
	if err := setUp("eth0", n.IP()+"/16"); err != nil {
		return err
	}
	for _, other := range l.Settings.Nodes() {
		if other.Position == n.Position {
			continue
		}
		if err := routeVia(other.podSubnet(), other.IP()); err != nil {
			return err
		}
	}
	// The kernel routes a service's address before kube-proxy's rules translate it, so it needs a default route.
	return routeVia("0.0.0.0/0", controlPlaneIP)
}

func routeVia(subnet, gateway string) error {
	_, dst, err := net.ParseCIDR(subnet)
	if err != nil {
		return err
	}
	if err := netlink.RouteReplace(&netlink.Route{Dst: dst, Gw: net.ParseIP(gateway)}); err != nil {
		return fmt.Errorf("routing %s via %s: %w", subnet, gateway, err)
	}
	return nil
}
