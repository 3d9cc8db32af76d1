package azure

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/compute/armcompute/v8"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/containerservice/armcontainerservice/v6"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/network/armnetwork/v9"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/evidence"
)

// Follow reads what a plan asks of Azure's side, and returns it to be merged.
func (c *Collector) Follow(ctx context.Context, s *evidence.Snapshot, plan []evidence.Request) *evidence.Snapshot {
	r, stop := c.round(ctx, s)
	defer stop()
	if c.cluster == nil {
		return r.done() // why is a gap already
	}
	var of historyPlan
	for _, q := range plan {
		switch q.What {
		case evidence.AskScaleSet:
			r.beside("scale set of pool "+q.Name, func() { r.readScaleSet(q.Name) })
		case evidence.AskNetwork:
			r.beside("subnets", r.readNetwork)
		case evidence.AskRegistry:
			r.beside("registry "+q.Name, func() { r.readRegistry(q.Name) })
		case evidence.AskDetectors:
			r.beside("detectors", r.readDetectors)
		default:
			of.add(q)
		}
	}
	r.readHistory(of)
	return r.done()
}

// readScaleSet reads a pool's scale set, its instances, and what its newest node image is: three reads.
func (r *round) readScaleSet(pool string) {
	r.try(access.Upgrades)
	id := r.c.cluster
	r.beside("newest node image of "+pool, func() {
		client, err := armcontainerservice.NewAgentPoolsClient(id.SubscriptionID, r.c.cred, r.c.arm)
		var raw evidence.Raw
		if err == nil {
			raw, err = r.ask(pool, func(ctx context.Context) error {
				_, err := client.GetUpgradeProfile(ctx, id.ResourceGroupName, id.Name, pool, nil)
				return err
			})
		}
		if err != nil {
			r.missed(access.Upgrades, pool, err)
			return
		}
		r.keep(evidence.AgentPoolUpgrade, pool, raw)
	})
	set, ok := r.scaleSetOf(pool)
	if !ok {
		return // a pool of single machines, or without nodes: that is normal
	}
	var of sync.WaitGroup
	var model evidence.Raw
	of.Go(func() { model = r.readSet(pool, set) })
	names, whole := r.readVMs(pool, set)
	of.Wait()
	if model == nil {
		model = evidence.Raw{}
	}
	model["pool"] = pool
	if capacity, _ := model.Get("sku", "capacity"); whole && (len(names) > 0 || capacity == float64(0)) { // only then it says something that a machine is not among them
		model["instances"] = names
	}
	r.keep(evidence.ScaleSet, set.Name, model)
}

// scaleSetOf finds a pool's scale set by its nodes.
func (r *round) scaleSetOf(pool string) (*arm.ResourceID, bool) {
	for _, n := range r.s.Population.Nodes {
		if n.Pool != pool {
			continue
		}
		if id, ok := Machine(n.ProviderID); ok && id.Parent != nil && strings.EqualFold(id.Parent.ResourceType.String(), "Microsoft.Compute/virtualMachineScaleSets") {
			return id.Parent, true
		}
	}
	return nil, false
}

func (r *round) readSet(pool string, set *arm.ResourceID) evidence.Raw {
	r.try(access.Instances)
	client, err := armcompute.NewVirtualMachineScaleSetsClient(set.SubscriptionID, r.c.cred, r.c.arm)
	var raw evidence.Raw
	if err == nil {
		raw, err = r.ask(pool, func(ctx context.Context) error {
			_, err := client.Get(ctx, set.ResourceGroupName, set.Name, nil)
			return err
		})
	}
	if err != nil {
		r.missed(access.Instances, set.Name, err)
		return nil
	}
	for _, f := range []string{"osProfile", "extensionProfile", "userData"} {
		delete(raw.Map("properties", "virtualMachineProfile"), f)
	}
	return raw
}

// readVMs keeps the instances of a set, and returns their names, and whether these are all.
func (r *round) readVMs(pool string, set *arm.ResourceID) ([]any, bool) {
	client, err := armcompute.NewVirtualMachineScaleSetVMsClient(set.SubscriptionID, r.c.cred, r.c.arm)
	var list []evidence.Raw
	cut, names := true, []any{}
	if err == nil {
		expand := "instanceView"
		p := client.NewListPager(set.ResourceGroupName, set.Name, &armcompute.VirtualMachineScaleSetVMsClientListOptions{Expand: &expand})
		list, cut, err = items(r.ctx, p, listPages, func() error { return r.c.spend(pool) })
	}
	if err != nil {
		r.missed(access.Instances, set.Name, err)
	}
	for _, vm := range list {
		name := or(vm.Str("properties", "osProfile", "computerName"), vm.Str("name"))
		drop(vm, "osProfile", "userData", "protectedSettings")
		delete(vm, "resources") // extensions and their settings
		vm["pool"], vm["scaleSet"] = pool, set.Name
		names = append(names, name)
		r.keep(evidence.ScaleSetVM, name, vm)
	}
	return names, err == nil && !cut
}

// readNetwork reads the virtual network of the pools: its subnets with their rules, and how full they are.
func (r *round) readNetwork() {
	r.try(access.Network)
	if len(r.c.site.subnets) == 0 {
		r.networkOfAKS()
		return
	}
	id, err := arm.ParseResourceID(r.c.site.subnets[0])
	if err != nil || id.Parent == nil {
		r.missed(access.Network, r.c.site.subnets[0], &absent{"this is no resource ID of a subnet", "look at the pool: az aks nodepool show"})
		return
	}
	r.readVNet(id.Parent)
}

// networkOfAKS: AKS made the network itself, in the node resource group; the scale sets name it, and so does a list of one.
func (r *round) networkOfAKS() {
	client, err := armnetwork.NewVirtualNetworksClient(r.c.cluster.SubscriptionID, r.c.cred, r.c.arm)
	var list []evidence.Raw
	if err == nil {
		list, _, err = items(r.ctx, client.NewListPager(r.c.site.nodeGroup, nil), 1, func() error { return r.c.spend("") })
	}
	if err == nil && len(list) != 1 {
		err = &absent{"the node resource group has no virtual network of its own, or several", "name the subnet in the pool (vnetSubnetID), which new clusters do"}
	}
	if err != nil {
		r.missed(access.Network, "", err)
		return
	}
	id, err := arm.ParseResourceID(list[0].Str("id"))
	if err != nil {
		r.missed(access.Network, "", err)
		return
	}
	r.keepVNet(id, list[0])
	r.usage(id)
}

func (r *round) readVNet(id *arm.ResourceID) {
	client, err := armnetwork.NewVirtualNetworksClient(id.SubscriptionID, r.c.cred, r.c.arm)
	if err != nil {
		r.missed(access.Network, id.Name, err)
		return
	}
	r.beside("virtual network", func() {
		raw, err := r.ask("", func(ctx context.Context) error {
			_, err := client.Get(ctx, id.ResourceGroupName, id.Name, nil)
			return err
		})
		if err != nil {
			r.missed(access.Network, id.Name, err)
			return
		}
		r.keepVNet(id, raw)
	})
	r.usage(id)
}

func (r *round) usage(id *arm.ResourceID) {
	client, err := armnetwork.NewVirtualNetworksClient(id.SubscriptionID, r.c.cred, r.c.arm)
	var list []evidence.Raw
	if err == nil {
		list, _, err = items(r.ctx, client.NewListUsagePager(id.ResourceGroupName, id.Name, nil), 1, func() error { return r.c.spend("") })
	}
	if err != nil {
		r.missed(access.Network, "free addresses of "+id.Name, err)
	}
	for _, u := range list {
		if name := u.Str("id"); name != "" && r.ours(name) {
			r.keep(evidence.SubnetUsage, last(name), u)
		}
	}
}

// ours tells whether a subnet is one of the pools'; all are where no pool names one.
func (r *round) ours(subnet string) bool {
	return len(r.c.site.subnets) == 0 || slices.ContainsFunc(r.c.site.subnets, func(s string) bool { return strings.EqualFold(s, subnet) })
}

func last(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// keepVNet keeps a network with the pools' subnets, and reads the rules that these name.
func (r *round) keepVNet(id *arm.ResourceID, raw evidence.Raw) {
	var subnets []any
	rules := map[string]string{} // kind by ID
	for _, s := range raw.List("properties", "subnets") {
		if !r.ours(s.Str("id")) {
			continue
		}
		drop(s, "ipConfigurations", "ipConfigurationProfiles")
		subnets = append(subnets, map[string]any(s))
		for kind, field := range map[string]string{evidence.SecurityGroup: "networkSecurityGroup", evidence.RouteTable: "routeTable"} {
			if of := s.Str("properties", field, "id"); of != "" {
				rules[of] = kind
			}
		}
	}
	if p := raw.Map("properties"); p != nil {
		p["subnets"] = subnets
		delete(p, "virtualNetworkPeerings")
	}
	r.keep(evidence.VirtualNetwork, id.Name, raw)
	for of, kind := range rules {
		r.beside("rules of the subnet", func() { r.readRules(kind, of) })
	}
}

// networkAPI is the version that armnetwork sends.
const networkAPI = "2025-05-01"

func (r *round) readRules(kind, id string) {
	raw, err := r.read(r.ctx, id, networkAPI, nil)
	if err != nil {
		r.missed(access.Network, last(id), err)
		return
	}
	drop(raw, "networkInterfaces", "flowLogs")
	r.keep(kind, last(id), raw)
}

// Versions of APIs for which there is no client.
const (
	registryAPI  = "2023-07-01"
	roleAPI      = "2022-04-01"
	detectorsAPI = "2024-08-01"
)

// readRegistry reads a registry, and which roles the identity has there that pulls images.
func (r *round) readRegistry(server string) {
	r.try(access.Registry)
	list, err := r.read(r.ctx, "/subscriptions/"+r.c.cluster.SubscriptionID+"/providers/Microsoft.ContainerRegistry/registries", registryAPI, nil)
	if err != nil {
		r.missed(access.Registry, server, err)
		return
	}
	all := list.List("value")
	i := slices.IndexFunc(all, func(a evidence.Raw) bool { return strings.EqualFold(a.Str("properties", "loginServer"), server) })
	if i < 0 {
		r.gap(evidence.Gap{What: What + access.Registry.What + " (" + server + ")", Source: evidence.Cloud, Reason: evidence.NotFound, Detail: "no registry of that name is in the cluster's subscription as far as the identity sees",
			Close: "assign Reader on the registry, or look where it is: az acr show --name " + strings.Split(server, ".")[0]})
		return
	}
	r.keep(evidence.ContainerRegistry, server, all[i])
	if r.c.site.kubelet == "" {
		return
	}
	list, err = r.read(r.ctx, all[i].Str("id")+"/providers/Microsoft.Authorization/roleAssignments", roleAPI, map[string]string{"$filter": "assignedTo('" + r.c.site.kubelet + "')"})
	if err != nil {
		r.missed(access.Registry, "who may pull from "+server, err)
		return
	}
	list["principalId"] = r.c.site.kubelet
	r.keep(evidence.RoleAssignments, server, list)
}

// asked are the detectors that tell of what can make pods fail, the most telling first; which there are changes, so that
// they are listed first.
var asked = []string{"nodes-not-ready-alerts", "aks-service-impacting-issues", "pod-subnet-full", "cluster-subnet", "cluster-dns", "snat-usage", "agentpool-put-failures",
	"cluster-autoscaler-failures", "agentpool-image-upgrade-failures", "NodeMemoryPressure", "NodeDiskPressure", "node-pid-pressure-alerts", "oomkilled", "user-defined-routing",
	"clusterCertExpiredDetailed", "customerthrottling"}

// detectorLimit is how long detectors may take: they look for themselves, and can take half a minute.
const detectorLimit = 8 * time.Second

// readDetectors lists the detectors and runs the one that fits best.
func (r *round) readDetectors() {
	r.try(access.Detectors)
	ctx, stop := context.WithTimeout(r.ctx, detectorLimit)
	defer stop()
	list, err := r.read(ctx, r.c.cluster.String()+"/detectors", detectorsAPI, nil)
	if err != nil {
		r.missed(access.Detectors, "", err)
		return
	}
	name := choose(list.List("value"))
	if name == "" {
		return
	}
	to := r.c.meter.clock().UTC()
	raw, err := r.read(ctx, r.c.cluster.String()+"/detectors/"+name, detectorsAPI, map[string]string{"startTime": to.Add(-4 * time.Hour).Format(time.RFC3339), "endTime": to.Format(time.RFC3339)})
	if err != nil {
		r.missed(access.Detectors, name, err)
		return
	}
	r.keep(evidence.Detector, name, raw)
}

// choose takes one whose list entry says already that something is wrong, else the first of those asked that there is.
func choose(list []evidence.Raw) string {
	there := map[string]string{}
	for _, d := range list {
		name := or(d.Str("properties", "metadata", "id"), d.Str("name"))
		there[strings.ToLower(name)] = name
		if n, ok := d.Get("properties", "status", "statusId"); ok && (n == float64(0) || n == float64(1)) && slices.Contains(asked, name) { // critical, warning
			return name
		}
	}
	for _, want := range asked {
		if name := there[strings.ToLower(want)]; name != "" {
			return name
		}
	}
	return ""
}
