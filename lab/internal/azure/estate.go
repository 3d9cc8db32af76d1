package azure

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	corev1 "k8s.io/api/core/v1"
)

// Estate is what the Kubernetes API tells of the Azure resources under a cluster.
type Estate struct {
	Subscription string
	NodeGroup    string // the resource group of the machines: MC_…
	ClusterGroup string
	Cluster      string // its name
	Region       string
	Registries   []string // host names of container registries that pods name
	Pools        []*Pool
}

// Pool is the nodes of one label agentpool.
type Pool struct {
	Name     string
	ScaleSet string // its resource ID
	System   bool
	Spot     bool
	Size     string
	Version  string // of most kubelets
	Image    string // of most nodes
	MaxPods  int
	Zones    []string
	Machines []*Machine
}

// Machine is a node with the scale set's instance that it is.
type Machine struct {
	Alias    string // as scenarios call it: user-1
	Node     string
	ID       string // resource ID of the instance
	Instance string
	Zone     string
	Image    string
}

// providerID is how the cloud controller manager names a machine of a scale set.
var providerID = regexp.MustCompile(`(?i)^azure://(/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/Microsoft\.Compute/virtualMachineScaleSets/[^/]+)/virtualMachines/([^/]+)$`)

// Survey reads the estate from nodes and from the images that pods name.
func Survey(nodes []corev1.Node, images []string) (*Estate, error) {
	e := &Estate{}
	pools := map[string]*Pool{}
	ordered := slices.Clone(nodes)
	slices.SortFunc(ordered, func(a, b corev1.Node) int { return cmp.Compare(a.Name, b.Name) })
	for i := range ordered {
		n := &ordered[i]
		m := providerID.FindStringSubmatch(n.Spec.ProviderID)
		name := cmp.Or(n.Labels["kubernetes.azure.com/agentpool"], n.Labels["agentpool"])
		if m == nil || name == "" {
			continue
		}
		e.place(n, m[2], m[3])
		p := pools[name]
		if p == nil {
			p = &Pool{Name: name, ScaleSet: proper(m[1], e.NodeGroup)}
			pools[name] = p
			e.Pools = append(e.Pools, p)
		}
		p.add(n, m[4])
	}
	if len(e.Pools) == 0 {
		return nil, errors.New("no node has the provider ID of a scale set's instance and the label agentpool")
	}
	for _, p := range e.Pools {
		p.sum(ordered)
	}
	e.name()
	e.Registries = registriesOf(images)
	return e, nil
}

// proper writes the node resource group as Azure has it; provider IDs may have it in lower case.
func proper(id, group string) string {
	return strings.Replace(id, "/"+groupOf(id)+"/", "/"+group+"/", 1)
}

func (e *Estate) place(n *corev1.Node, subscription, group string) {
	if e.Subscription != "" {
		return
	}
	e.Subscription, e.NodeGroup, e.Region = subscription, group, cmp.Or(n.Labels[corev1.LabelTopologyRegion], "westeurope")
	if label := n.Labels["kubernetes.azure.com/cluster"]; strings.EqualFold(label, group) {
		e.NodeGroup = label
	}
}

// name reads the cluster's name and group from the node resource group: MC_GROUP_CLUSTER_REGION, unless it is another.
func (e *Estate) name() {
	parts := strings.Split(e.NodeGroup, "_")
	if len(parts) == 4 && strings.EqualFold(parts[0], "MC") {
		e.ClusterGroup, e.Cluster = parts[1], parts[2]
		return
	}
	base := strings.ToLower(parts[len(parts)-1])
	e.ClusterGroup, e.Cluster = base+"-rg", base+"-aks"
}

func (p *Pool) add(n *corev1.Node, instance string) {
	zone := n.Labels[corev1.LabelTopologyZone]
	if at := strings.LastIndexByte(zone, '-'); at >= 0 {
		zone = zone[at+1:]
	}
	p.Machines = append(p.Machines, &Machine{Alias: p.Name + "-" + instance, Node: n.Name, ID: p.ScaleSet + "/virtualMachines/" + instance, Instance: instance, Zone: zone,
		Image: n.Labels["kubernetes.azure.com/node-image-version"]})
	p.System = p.System || n.Labels["kubernetes.azure.com/mode"] == "system"
	p.Spot = p.Spot || n.Labels["kubernetes.azure.com/scalesetpriority"] == "spot"
	p.Size = cmp.Or(p.Size, n.Labels[corev1.LabelInstanceTypeStable])
	if zone != "" && !slices.Contains(p.Zones, zone) {
		p.Zones = append(p.Zones, zone)
		slices.Sort(p.Zones)
	}
}

// sum finds what most nodes of the pool have.
func (p *Pool) sum(nodes []corev1.Node) {
	var versions, images []string
	for i := range nodes {
		n := &nodes[i]
		m := p.machine(n.Name)
		if m == nil {
			continue
		}
		versions, images = append(versions, strings.TrimPrefix(n.Status.NodeInfo.KubeletVersion, "v")), append(images, m.Image)
		p.MaxPods = int(n.Status.Capacity.Pods().Value())
	}
	p.Version, p.Image = most(versions), most(images)
	slices.SortFunc(p.Machines, func(a, b *Machine) int {
		x, errX := strconv.Atoi(a.Instance)
		y, errY := strconv.Atoi(b.Instance)
		if errX != nil || errY != nil {
			return cmp.Compare(a.Instance, b.Instance)
		}
		return cmp.Compare(x, y)
	})
}

func (p *Pool) machine(node string) *Machine {
	for _, m := range p.Machines {
		if m.Node == node {
			return m
		}
	}
	return nil
}

// most is the value that is there most often; of several the first in order.
func most(values []string) string {
	counts := map[string]int{}
	for _, v := range values {
		counts[v]++
	}
	best := ""
	for _, v := range slices.Sorted(maps.Keys(counts)) {
		if best == "" || counts[v] > counts[best] {
			best = v
		}
	}
	return best
}

// registriesOf are the Azure registries among the images' hosts.
func registriesOf(images []string) []string {
	var out []string
	for _, image := range images {
		host, _, ok := strings.Cut(image, "/")
		if ok && strings.HasSuffix(host, ".azurecr.io") && !slices.Contains(out, host) {
			out = append(out, host)
		}
	}
	slices.Sort(out)
	return out
}

// Pool finds a pool by name.
func (e *Estate) Pool(name string) *Pool {
	for _, p := range e.Pools {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// Machine finds a node by its alias. One that the cluster does not have is made up where the pool is known: an instance
// that is there in Azure and has not become a node.
func (e *Estate) Machine(alias string) (*Machine, error) {
	name, instance, ok := cutLast(alias)
	p := e.Pool(name)
	if !ok || p == nil {
		return nil, fmt.Errorf("there is no node %q", alias)
	}
	for _, m := range p.Machines {
		if m.Alias == alias {
			return m, nil
		}
	}
	n, err := strconv.ParseInt(instance, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("there is no node %q", alias)
	}
	return &Machine{Alias: alias, Node: fmt.Sprintf("%s%06s", lastOf(p.ScaleSet), strconv.FormatInt(n, 36)), ID: p.ScaleSet + "/virtualMachines/" + instance, Instance: instance, Image: p.Image}, nil
}

func cutLast(alias string) (pool, instance string, ok bool) {
	at := strings.LastIndexByte(alias, '-')
	if at < 0 {
		return "", "", false
	}
	return alias[:at], alias[at+1:], true
}

// IDs of the estate's resources.

func (e *Estate) in(group, rest string) string {
	return "/subscriptions/" + e.Subscription + "/resourceGroups/" + group + "/providers/" + rest
}

// ClusterID is the managed cluster's.
func (e *Estate) ClusterID() string {
	return e.in(e.ClusterGroup, "Microsoft.ContainerService/managedClusters/"+e.Cluster)
}

// VNetID is the virtual network's; it belongs to the cluster's owner.
func (e *Estate) VNetID() string {
	return e.in(e.ClusterGroup, "Microsoft.Network/virtualNetworks/"+e.Cluster+"-vnet")
}

// SubnetID is that of all pools.
func (e *Estate) SubnetID() string { return e.VNetID() + "/subnets/nodes" }

// SecurityGroupID is the subnet's network security group's.
func (e *Estate) SecurityGroupID() string {
	return e.in(e.ClusterGroup, "Microsoft.Network/networkSecurityGroups/"+e.Cluster+"-nodes-nsg")
}

// RouteTableID is the subnet's route table's.
func (e *Estate) RouteTableID() string {
	return e.in(e.ClusterGroup, "Microsoft.Network/routeTables/"+e.Cluster+"-nodes-routes")
}

// WorkspaceID is that of the Log Analytics workspace.
func (e *Estate) WorkspaceID() string {
	return e.in(e.ClusterGroup, "Microsoft.OperationalInsights/workspaces/"+e.Cluster+"-logs")
}

// MetricsID is that of the Azure Monitor workspace, for managed Prometheus.
func (e *Estate) MetricsID() string {
	return e.in(e.ClusterGroup, "Microsoft.Monitor/accounts/"+e.Cluster+"-metrics")
}

// RegistryID is that of a container registry by its host name.
func (e *Estate) RegistryID(host string) string {
	name, _, _ := strings.Cut(host, ".")
	return e.in(e.ClusterGroup, "Microsoft.ContainerRegistry/registries/"+name)
}

func (e *Estate) rulesID(name string) string {
	return e.in(e.ClusterGroup, "Microsoft.Insights/dataCollectionRules/"+name)
}

// id is a UUID made of what it names, so that it is the same every time.
func (e *Estate) id(parts ...string) string {
	return stable(append([]string{e.Subscription, e.ClusterID()}, parts...)...)
}

func stable(parts ...string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(strings.ToLower(strings.Join(parts, "\x00")))).String()
}
