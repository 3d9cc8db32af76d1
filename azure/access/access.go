// Package access says what crashproof reads on Azure's side, and which right each needs: one list for the collector's gaps,
// the custom role and the page about permissions.
package access

// Source is one thing on Azure's side that can be read, alone from the others.
type Source struct {
	ID string
	// What it is, and what for.
	What, For string
	// Role is the least built-in role that may read it, and On what it is to be assigned on.
	Role, On string
	// Actions and DataActions are what a custom role needs for it.
	Actions, DataActions []string
}

// The sources. The roles are those of the vendor's documentation, where that names one.
var (
	Cluster = Source{"cluster", "the managed cluster", "its network, identities and add-ons, and operations in progress or failed", "Reader", "the managed cluster",
		[]string{"Microsoft.ContainerService/managedClusters/read"}, nil}
	Pools = Source{"pools", "node pools", "size, limits, image and state of each", "Reader", "the managed cluster",
		[]string{"Microsoft.ContainerService/managedClusters/agentPools/read"}, nil}
	Upgrades = Source{"upgrades", "newest node images of a pool", "how far a pool's nodes are behind", "Reader", "the managed cluster",
		[]string{"Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles/read"}, nil}
	Maintenance = Source{"maintenance", "planned maintenance", "whether a window opened before the trouble began", "Reader", "the managed cluster",
		[]string{"Microsoft.ContainerService/managedClusters/maintenanceConfigurations/read"}, nil}
	Activity = Source{"activity", "the activity log", "who changed what before the trouble began", "Reader", "the resource groups of the cluster, its nodes and its network",
		[]string{"Microsoft.Insights/eventtypes/values/read"}, nil}
	Health = Source{"health", "Resource Health", "whether Azure says that the cluster is well", "Reader", "the managed cluster",
		[]string{"Microsoft.ResourceHealth/availabilityStatuses/read"}, nil}
	Detectors = Source{"detectors", "AKS detectors", "what AKS has noticed itself", "Reader", "the managed cluster",
		[]string{"Microsoft.ContainerService/managedClusters/detectors/read"}, nil}
	Instances = Source{"instances", "scale sets and their instances", "the machines under the nodes: power, model, failed extensions", "Reader", "the node resource group",
		[]string{"Microsoft.Compute/virtualMachineScaleSets/read", "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read", "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/instanceView/read"}, nil}
	Network = Source{"network", "the subnets and their free addresses", "full subnets, rules and routes that stop what leaves the cluster", "Reader", "the resource group of the virtual network",
		[]string{"Microsoft.Network/virtualNetworks/read", "Microsoft.Network/virtualNetworks/usages/read", "Microsoft.Network/networkSecurityGroups/read", "Microsoft.Network/routeTables/read"}, nil}
	Registry = Source{"registry", "the registry and who may pull from it", "whether the cluster has a role on the registry that refuses a pull", "Reader", "the container registry",
		[]string{"Microsoft.ContainerRegistry/registries/read", "Microsoft.Authorization/roleAssignments/read"}, nil}
	Workspace = Source{"workspace", "the Log Analytics workspace", "under which name it is asked", "Log Analytics Reader", "the workspace",
		[]string{"Microsoft.OperationalInsights/workspaces/read"}, nil}
	Logs = Source{"logs", "Container Insights", "pods, logs and events that the cluster does not keep any more", "Log Analytics Reader", "the workspace",
		[]string{"Microsoft.OperationalInsights/workspaces/query/read"}, nil}
	Prometheus = Source{"prometheus", "managed Prometheus", "memory over time, where Container Insights does not have it", "Monitoring Data Reader", "the Azure Monitor workspace",
		[]string{"Microsoft.Insights/dataCollectionRuleAssociations/read", "Microsoft.Insights/dataCollectionRules/read", "Microsoft.Monitor/accounts/read"}, []string{"Microsoft.Monitor/accounts/data/metrics/read"}}
)

// Sources lists them all, in the order in which people set them up.
func Sources() []Source {
	return []Source{Cluster, Pools, Upgrades, Maintenance, Activity, Health, Detectors, Instances, Network, Registry, Workspace, Logs, Prometheus}
}
