package diagnosis

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// egressFacts: something outside of the cluster gives no answer, and Azure's rules stop what goes there.
func (c *sickCase) egressFacts(m *member) {
	host, port, ok := c.outside(m)
	if !ok {
		return
	}
	if kind := c.network().Str("outboundType"); kind == "none" || kind == "block" {
		for _, o := range c.s.OfKind(evidence.ManagedCluster, "") {
			c.cloud("cloud.egress-none", strong, o, "properties.networkProfile.outboundType", "the cluster's outbound type is "+kind+": nothing leaves it but through what its network offers", map[string]string{"target": place(host, port)})
		}
	}
	subnet, ok := c.subnetOf(m)
	if !ok {
		return
	}
	if open := c.denied(subnet, host, port); !open {
		c.rerouted(m, subnet, host, port)
	}
	c.blackHole(subnet, host, port)
}

// place is a host with its port, where that is told.
func place(host string, port int) string {
	if port == 0 {
		return host
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// subnetOf is the subnet by which a pod's packets leave: that of its pool's pods, where these have one; images and pods in the
// host's network leave by the nodes'. Where the pool is not known it is the only one there is.
func (c *sickCase) subnetOf(m *member) (evidence.Raw, bool) {
	row, _ := c.s.Population.Node(m.pod.Node.Or(""))
	pool, known := c.pool(row.Pool)
	id := pool.Raw.Str("properties", "vnetSubnetID")
	if of := pool.Raw.Str("properties", "podSubnetID"); of != "" && !m.pod.Spec.HostNetwork && c.symptom != triage.ImagePull {
		id = of
	}
	var all []evidence.Raw
	for _, v := range c.s.OfKind(evidence.VirtualNetwork, "") {
		for _, s := range v.Raw.List("properties", "subnets") {
			if known && strings.EqualFold(s.Str("id"), id) {
				return s, true
			}
			all = append(all, s)
		}
	}
	if len(all) == 1 && (!known || id == "") {
		return all[0], true
	}
	return nil, false
}

// before is how long before the trouble began a change of the way out may have come for it to count.
const before = 30 * time.Minute

// rerouted: the rules or routes of the subnet changed shortly before the trouble began. What was changed may have been mended
// since, and what an appliance does is not known: so it speaks for a way that is stopped, and settles nothing.
func (c *sickCase) rerouted(m *member, subnet evidence.Raw, host string, port int) {
	began, within := c.began(m)
	if began.IsZero() {
		return
	}
	for _, ch := range c.changed() {
		if ch.Kind != change.Cloud || ch.Items[0].Aspect != "network" || strings.Contains(ch.Items[0].Text, "failed") || !ofSubnet(ch, subnet) || c.harmlessNow(ch, prefixes(subnet), host, port) {
			continue
		}
		if ch.Time.After(began.Add(within+slack)) || ch.Time.Before(began.Add(-within-before)) {
			continue
		}
		c.facts.add(fact{id: "cloud.egress-changed", strength: strong, producer: evidence.Cloud, ref: ch.Ref, time: ch.Time,
			text: fmt.Sprintf("%s at %s, before it began", ch.Text(1), ch.Time.Format("15:04:05")), attrs: map[string]string{"target": net.JoinHostPort(host, strconv.Itoa(port))}})
		return
	}
}

// harmlessNow: the rule or the route that was changed is there, and stops nothing of this. One that is gone may have been what
// let it through.
func (c *sickCase) harmlessNow(ch change.Change, from []*net.IPNet, host string, port int) bool {
	group, name, part := strings.Cut(ch.Object.Name, "/")
	o, ok := c.s.Object(ch.Object.Kind, "", group)
	if !ok || !part {
		return false
	}
	for _, r := range slices.Concat(o.Raw.List("properties", "securityRules"), o.Raw.List("properties", "routes")) {
		if !strings.EqualFold(r.Str("name"), name) {
			continue
		}
		if ch.Object.Kind == evidence.SecurityGroup {
			fits, _ := covered(r, from, host, port)
			return !strings.EqualFold(r.Str("properties", "access"), "Deny") || !fits
		}
		return slices.Contains([]string{"Internet", "VirtualNetworkGateway", "VnetLocal"}, r.Str("properties", "nextHopType"))
	}
	return false
}

// ofSubnet: the change is of the security group or the route table that the subnet names.
func ofSubnet(ch change.Change, subnet evidence.Raw) bool {
	name, _, _ := strings.Cut(ch.Object.Name, "/")
	field := map[string]string{evidence.SecurityGroup: "networkSecurityGroup", evidence.RouteTable: "routeTable"}[ch.Object.Kind]
	id := subnet.Str("properties", field, "id")
	return field != "" && strings.EqualFold(id[strings.LastIndexByte(id, '/')+1:], name)
}

// outside is what did not answer, where that lies outside of the cluster: what the program could not reach, or a registry. host
// is an address where one is told.
func (c *sickCase) outside(m *member) (host string, port int, ok bool) {
	for _, f := range c.facts {
		if f.strength < strong || f.cause != "dependency.timeout" && f.cause != "image.registry-unreachable" {
			continue
		}
		if f.cause == "image.registry-unreachable" && !timedOut(f.text) {
			continue // a name that does not resolve, or a certificate: no packet was lost
		}
		host, port = target(f, m)
		ip := net.ParseIP(host)
		if _, service := c.serviceOf(m.pod.Ref.Namespace, "", host); host == "" || loopback(host) || service || c.inside(ip) ||
			ip == nil && (!strings.Contains(host, ".") || strings.Contains(host, ".svc") || strings.HasSuffix(host, ".local")) {
			continue
		}
		if address := f.attrs["address"]; ip == nil && net.ParseIP(address) != nil && !c.inside(net.ParseIP(address)) {
			host = address
		}
		return host, port, true
	}
	return "", 0, false
}

// target reads host and port of what a fact is about; the port is 0 where it is not told.
func target(f fact, m *member) (host string, port int) {
	text, told := cmp.Or(f.attrs["target"], f.attrs["host"], f.attrs["registry"]), f.attrs["port"]
	if f.cause == "image.registry-unreachable" {
		told = cmp.Or(told, "443")
		if text == "" && m.c != nil {
			text, _, _ = strings.Cut(m.c.Image, "/")
		}
	}
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		text, told = u.Host, cmp.Or(u.Port(), map[string]string{"https": "443", "http": "80"}[u.Scheme])
	}
	host = text
	if h, p, err := net.SplitHostPort(text); err == nil {
		host, told = h, p
	}
	port, _ = strconv.Atoi(told)
	return host, port
}

// inside tells whether an address is one of the cluster's own: of its Services, or of pods in overlay mode. Private addresses
// where Azure does not say which those are count as its own.
func (c *sickCase) inside(ip net.IP) bool {
	if ip == nil || !ip.IsPrivate() {
		return false
	}
	own := slices.Concat([]string{c.network().Str("serviceCidr"), c.network().Str("podCidr")}, listOf(c.network(), "serviceCidrs"), listOf(c.network(), "podCidrs"))
	known := false
	for _, text := range own {
		_, block, err := net.ParseCIDR(text)
		known = known || err == nil
		if err == nil && block.Contains(ip) {
			return true
		}
	}
	for i := range c.pods { // pods that have their addresses from the network
		if c.pods[i].PodIP == ip.String() {
			return true
		}
	}
	return !known
}

func timedOut(text string) bool {
	lower := strings.ToLower(text)
	return strings.Contains(lower, "timeout") || strings.Contains(lower, "timed out") || strings.Contains(lower, "deadline exceeded")
}

// denied looks what the subnet's security group does with a connection: the rule of the smallest number that fits decides, and
// Azure's own rules allow it (default security rules, vendor's page). open: a rule of the group allows it for sure. Where a rule
// before may allow it, which cannot be told from a name, a denial settles nothing.
func (c *sickCase) denied(subnet evidence.Raw, host string, port int) (open bool) {
	id := subnet.Str("properties", "networkSecurityGroup", "id")
	i := slices.IndexFunc(c.s.OfKind(evidence.SecurityGroup, ""), func(o evidence.Object) bool { return strings.EqualFold(o.Raw.Str("id"), id) })
	if id == "" || i < 0 {
		return false
	}
	group, doubt, from := c.s.OfKind(evidence.SecurityGroup, "")[i], false, prefixes(subnet)
	for _, r := range outbound(group) {
		fits, sure := covered(r, from, host, port)
		deny := strings.EqualFold(r.Str("properties", "access"), "Deny")
		switch {
		case deny && fits:
			how := strong
			if sure && !doubt {
				how = decisive
			}
			c.cloud("cloud.egress-denied", how, group, "properties.securityRules["+r.Str("name")+"]", fmt.Sprintf("rule %s of network security group %s denies it: outbound to %s, port %s",
				r.Str("name"), group.Name, dest(r), ports(r)), map[string]string{"target": place(host, port), "rule": r.Str("name"), "group": group.Name})
			return false
		case !deny && fits && (sure || anySource(r, from) && slices.Contains([]string{"*", "Internet"}, r.Str("properties", "destinationAddressPrefix"))):
			return true
		case !deny && (fits || mayCover(r, from, host, port)):
			doubt = true
		}
	}
	return false
}

// outbound are a group's rules for what leaves, by priority.
func outbound(group evidence.Object) []evidence.Raw {
	rules := slices.DeleteFunc(group.Raw.List("properties", "securityRules"), func(r evidence.Raw) bool { return !strings.EqualFold(r.Str("properties", "direction"), "Outbound") })
	slices.SortStableFunc(rules, func(a, b evidence.Raw) int {
		x, _ := number(a, "properties", "priority")
		y, _ := number(b, "properties", "priority")
		return cmp.Compare(x, y)
	})
	return rules
}

// mayCover: an allowing rule is for such a connection, and whether for this target cannot be told.
func mayCover(r evidence.Raw, from []*net.IPNet, host string, port int) bool {
	return ofProtocol(r, port) && (net.ParseIP(host) == nil || !anySource(r, from))
}

// ofProtocol tells whether a rule is about TCP to a port; an unknown one is met by a rule for all.
func ofProtocol(r evidence.Raw, port int) bool {
	if p := r.Str("properties", "protocol"); p != "*" && !strings.EqualFold(p, "Tcp") {
		return false
	}
	return slices.ContainsFunc(append(texts(r, "destinationPortRanges"), r.Str("properties", "destinationPortRange")), func(s string) bool { return inRange(s, port) })
}

// anySource: the rule is for what every machine of the subnet sends, from whatever port.
func anySource(r evidence.Raw, from []*net.IPNet) bool {
	if by := r.Str("properties", "sourcePortRange"); by != "*" && by != "" || len(texts(r, "sourcePortRanges")) > 0 {
		return false
	}
	for _, text := range append(texts(r, "sourceAddressPrefixes"), r.Str("properties", "sourceAddressPrefix")) {
		_, block, err := net.ParseCIDR(text)
		all := err == nil && len(from) > 0 && !slices.ContainsFunc(from, func(n *net.IPNet) bool {
			mine, _ := n.Mask.Size()
			ones, _ := block.Mask.Size()
			return !block.Contains(n.IP) || ones > mine
		})
		if text == "*" || text == "VirtualNetwork" || all {
			return true
		}
	}
	return false
}

// prefixes are the address prefixes of a subnet.
func prefixes(subnet evidence.Raw) []*net.IPNet {
	var out []*net.IPNet
	for _, text := range append(texts(subnet, "addressPrefixes"), subnet.Str("properties", "addressPrefix")) {
		if _, block, err := net.ParseCIDR(text); err == nil {
			out = append(out, block)
		}
	}
	return out
}

func dest(r evidence.Raw) string {
	return cmp.Or(r.Str("properties", "destinationAddressPrefix"), strings.Join(texts(r, "destinationAddressPrefixes"), ", "))
}

func ports(r evidence.Raw) string {
	return cmp.Or(r.Str("properties", "destinationPortRange"), strings.Join(texts(r, "destinationPortRanges"), ", "))
}

func texts(r evidence.Raw, field string) []string { return listOf(r.Map("properties"), field) }

// listOf is a list of texts.
func listOf(r evidence.Raw, field string) []string {
	v, _ := r.Get(field)
	list, _ := v.([]any)
	var out []string
	for _, t := range list {
		if s, ok := t.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// covered tells whether a rule is about TCP to that host and port; sure, whether that can be told from here: which addresses
// a name or a service tag stands for cannot. A denial for some machines or source ports only is none that counts.
func covered(r evidence.Raw, from []*net.IPNet, host string, port int) (fits, sure bool) {
	deny := strings.EqualFold(r.Str("properties", "access"), "Deny")
	sure = anySource(r, from)
	if !ofProtocol(r, port) || deny && !sure {
		return false, false
	}
	ip := net.ParseIP(host)
	for _, d := range append(texts(r, "destinationAddressPrefixes"), r.Str("properties", "destinationAddressPrefix")) {
		_, block, err := net.ParseCIDR(d)
		switch {
		case d == "*", d == "0.0.0.0/0" && (ip == nil || ip.To4() != nil):
			return true, sure
		case d == "Internet" && (ip == nil || !ip.IsPrivate()):
			return true, sure && ip != nil
		case d == "VirtualNetwork" && ip != nil && ip.IsPrivate():
			return true, false // of the network, of a peered one, or behind a gateway: or neither
		case err == nil && ip != nil && block.Contains(ip), ip != nil && ip.Equal(net.ParseIP(d)):
			return true, sure
		case err == nil || d == "" || d == "VirtualNetwork" || d == "Internet" || net.ParseIP(d) != nil:
		case !deny:
			return true, false // a service tag that may be the target's: then it is allowed, as far as can be told
		}
	}
	return false, false
}

func inRange(text string, port int) bool {
	if text == "*" {
		return true
	}
	from, to, span := strings.Cut(text, "-")
	low, err := strconv.Atoi(from)
	if !span {
		return err == nil && low == port
	}
	high, err2 := strconv.Atoi(to)
	return err == nil && err2 == nil && low <= port && port <= high
}

// blackHole: the subnet's route to the target has no next hop. Of the routes that fit the longest prefix decides; those of Azure
// itself, to the network, its peers, endpoints and gateways, are not in the table and longer than the default one: so only an
// address of the internet settles it.
func (c *sickCase) blackHole(subnet evidence.Raw, host string, port int) {
	id := subnet.Str("properties", "routeTable", "id")
	ip := net.ParseIP(host)
	for _, t := range c.s.OfKind(evidence.RouteTable, "") {
		if id == "" || !strings.EqualFold(t.Raw.Str("id"), id) || ip != nil && ip.IsPrivate() {
			continue
		}
		best := route(t, ip)
		attrs := map[string]string{"target": place(host, port)}
		what := fmt.Sprintf("route %s of table %s: %s goes to ", best.Str("name"), t.Name, best.Str("properties", "addressPrefix"))
		switch best.Str("properties", "nextHopType") {
		case "None":
			how := strong
			if ip != nil {
				how = decisive
			} else if ofAzure.MatchString(host) {
				how = weak
			}
			c.cloud("cloud.egress-denied", how, t, "properties.routes["+best.Str("name")+"]", what+"no next hop: it is dropped", attrs)
		case "VirtualAppliance":
			c.cloud("cloud.egress-firewall", weak, t, "properties.routes["+best.Str("name")+"]", what+"the appliance "+best.Str("properties", "nextHopIpAddress")+", whose rules decide", attrs)
		}
	}
}

// ofAzure are names that a service or private endpoint may lead to on another way than the default route.
var ofAzure = regexp.MustCompile(`(?i)\.(?:windows\.net|azure\.(?:com|net|us|cn)|azurecr\.(?:io|us|cn)|azmk8s\.io|microsoft\.com)\.?$`)

// route is the one of a table that fits an address best; a name is met by the default route.
func route(table evidence.Object, ip net.IP) evidence.Raw {
	var best evidence.Raw
	length := -1
	for _, r := range table.Raw.List("properties", "routes") {
		_, block, err := net.ParseCIDR(r.Str("properties", "addressPrefix"))
		if err != nil {
			continue
		}
		ones, bits := block.Mask.Size()
		if fits := ip != nil && block.Contains(ip) || ip == nil && ones == 0 && bits == 32; fits && ones > length {
			best, length = r, ones
		}
	}
	return best
}
