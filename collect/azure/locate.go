package azure

import (
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/containerservice/armcontainerservice/v6"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/evidence"
)

const (
	clusterType = "Microsoft.ContainerService/managedClusters"
	// listPages bounds lists: a subscription with more clusters needs the flag.
	listPages = 4
)

// Machine reads a node's provider ID, as the cloud controller manager writes it:
// azure:///subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/virtualMachineScaleSets/V/virtualMachines/N, or
// …/providers/Microsoft.Compute/virtualMachines/N where the node is no instance of a scale set.
func Machine(providerID string) (*arm.ResourceID, bool) {
	path, ok := strings.CutPrefix(providerID, "azure://")
	if !ok {
		return nil, false
	}
	id, err := arm.ParseResourceID(path)
	return id, err == nil && strings.EqualFold(id.ResourceType.Namespace, "Microsoft.Compute")
}

// locate finds the managed cluster: as it was given, by the resource group of its nodes, or by its API server's name.
// Where it cannot be found, a gap says why.
func (c *Collector) locate(r *round) bool {
	r.try(access.Cluster)
	sub, group := c.opts.Subscription, ""
	for _, n := range r.s.Population.Nodes {
		if id, ok := Machine(n.ProviderID); ok {
			sub, group = id.SubscriptionID, id.ResourceGroupName
			break
		}
	}
	if c.cluster != nil {
		return true
	}
	if sub == "" || group == "" && c.opts.Server == "" {
		r.missed(access.Cluster, "", &absent{"no node's provider ID and no flag tells which cluster it is", "name it with --azure-cluster RESOURCE_ID"})
		return false
	}
	list, err := c.clusters(r, sub)
	if err != nil {
		r.missed(access.Cluster, "subscription "+sub, err)
		return false
	}
	i := slices.IndexFunc(list, func(m evidence.Raw) bool {
		if group != "" {
			return strings.EqualFold(m.Str("properties", "nodeResourceGroup"), group)
		}
		return slices.ContainsFunc([]string{"fqdn", "privateFQDN", "azurePortalFQDN"}, func(k string) bool { return strings.EqualFold(m.Str("properties", k), c.opts.Server) })
	})
	if i < 0 {
		r.missed(access.Cluster, "", &absent{"no managed cluster that the identity sees in subscription " + sub + " has node resource group " + or(group, "(unknown)") + or2(c.opts.Server, " or API server "), "assign Reader on it, or name it with --azure-cluster RESOURCE_ID"})
		return false
	}
	id, err := parse(list[i].Str("id"), clusterType)
	if err != nil {
		r.missed(access.Cluster, "", err)
		return false
	}
	c.cluster, c.listed = id, list[i]
	return true
}

func or2(s, before string) string {
	if s == "" {
		return ""
	}
	return before + s
}

func (c *Collector) clusters(r *round, sub string) ([]evidence.Raw, error) {
	client, err := armcontainerservice.NewManagedClustersClient(sub, c.cred, c.arm)
	if err != nil {
		return nil, err
	}
	list, _, err := items(r.ctx, client.NewListPager(nil), listPages, func() error { return c.spend("") })
	return list, err
}
