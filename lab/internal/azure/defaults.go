package azure

import (
	"fmt"
	"strings"
	"time"
)

// What Azure has of a cluster to which nothing has happened. Field names are those of Microsoft's REST reference.

func (w *world) subscription() {
	e := w.estate
	w.tree.put("/subscriptions/"+e.Subscription, object{"subscriptionId": e.Subscription, "displayName": e.Cluster, "state": "Enabled", "tenantId": w.tenant()})
	w.tree.put("/subscriptions/"+e.Subscription+"/resourceGroups/"+e.ClusterGroup, object{"location": e.Region, "properties": object{"provisioningState": "Succeeded"}})
	w.tree.put("/subscriptions/"+e.Subscription+"/resourceGroups/"+e.NodeGroup, object{"location": e.Region, "managedBy": e.ClusterID(), "properties": object{"provisioningState": "Succeeded"}})
}

// addresses is how many addresses of a /16 Azure gives away: it keeps five.
const addresses = 65531

func (w *world) network() {
	e := w.estate
	taken := 0
	for _, p := range e.Pools {
		taken += len(p.Machines) * (1 + p.MaxPods)
	}
	w.tree.put(e.SubnetID(), object{"properties": object{"addressPrefix": "10.224.0.0/16", "provisioningState": "Succeeded", "privateEndpointNetworkPolicies": "Disabled",
		"networkSecurityGroup": object{"id": e.SecurityGroupID()}, "routeTable": object{"id": e.RouteTableID()}}})
	w.tree.put(e.VNetID(), object{"location": e.Region, "properties": object{"provisioningState": "Succeeded", "addressSpace": object{"addressPrefixes": []any{"10.224.0.0/12"}}, "virtualNetworkPeerings": []any{}}})
	w.tree[strings.ToLower(e.VNetID()+"/usages")] = object{"value": []any{object{"id": e.SubnetID(), "currentValue": min(taken, addresses), "limit": addresses, "unit": "Count",
		"name": object{"value": "SubnetSpace", "localizedValue": "Subnet size and usage"}}}}
	w.tree.put(e.SecurityGroupID(), object{"location": e.Region, "properties": object{"provisioningState": "Succeeded", "securityRules": []any{}, "subnets": []any{object{"id": e.SubnetID()}},
		"defaultSecurityRules": usualRules(e.SecurityGroupID())}})
	w.tree.put(e.RouteTableID(), object{"location": e.Region, "properties": object{"provisioningState": "Succeeded", "disableBgpRoutePropagation": false, "routes": []any{}, "subnets": []any{object{"id": e.SubnetID()}}}})
}

// usualRules are those that every network security group has.
func usualRules(group string) []any {
	var out []any
	for _, r := range []struct {
		name, from, to, access, direction string
		priority                          int
	}{
		{"AllowVnetInBound", "VirtualNetwork", "VirtualNetwork", "Allow", "Inbound", 65000},
		{"AllowAzureLoadBalancerInBound", "AzureLoadBalancer", "*", "Allow", "Inbound", 65001},
		{"DenyAllInBound", "*", "*", "Deny", "Inbound", 65500},
		{"AllowVnetOutBound", "VirtualNetwork", "VirtualNetwork", "Allow", "Outbound", 65000},
		{"AllowInternetOutBound", "*", "Internet", "Allow", "Outbound", 65001},
		{"DenyAllOutBound", "*", "*", "Deny", "Outbound", 65500},
	} {
		out = append(out, object{"id": group + "/defaultSecurityRules/" + r.name, "name": r.name, "properties": object{"protocol": "*", "sourcePortRange": "*", "destinationPortRange": "*",
			"sourceAddressPrefix": r.from, "destinationAddressPrefix": r.to, "access": r.access, "direction": r.direction, "priority": r.priority, "provisioningState": "Succeeded"}})
	}
	return out
}

// pool makes the agent pool, its scale set and the instances.
func (w *world) pool(p *Pool) {
	w.agentPool(p)
	w.scaleSet(p)
	for _, m := range p.Machines {
		w.instance(p, m)
	}
}

func (w *world) agentPool(p *Pool) {
	e := w.estate
	mode, priority := "User", "Regular"
	if p.System {
		mode = "System"
	}
	if p.Spot {
		priority = "Spot"
	}
	id := e.ClusterID() + "/agentPools/" + p.Name
	properties := object{"count": len(p.Machines), "vmSize": p.Size, "osDiskSizeGB": 128, "osDiskType": "Ephemeral", "maxPods": p.MaxPods, "type": "VirtualMachineScaleSets", "mode": mode,
		"enableAutoScaling": true, "minCount": 1, "maxCount": 2*len(p.Machines) + 1, "scaleDownMode": "Delete", "provisioningState": "Succeeded", "powerState": object{"code": "Running"},
		"orchestratorVersion": p.Version, "currentOrchestratorVersion": p.Version, "nodeImageVersion": p.Image, "vnetSubnetID": e.SubnetID(), "osType": "Linux", "osSKU": "Ubuntu",
		"enableNodePublicIP": false, "enableFIPS": false, "kubeletDiskType": "OS", "scaleSetPriority": priority, "upgradeSettings": object{"maxSurge": "10%"}}
	if len(p.Zones) > 0 {
		properties["availabilityZones"] = list(p.Zones)
	}
	w.tree.put(id, object{"properties": properties})
	w.tree.put(id+"/upgradeProfiles/default", object{"properties": object{"kubernetesVersion": p.Version, "osType": "Linux", "latestNodeImageVersion": p.Image, "upgrades": []any{}}})
}

func (w *world) scaleSet(p *Pool) {
	sku := object{"name": p.Size, "tier": "Standard", "capacity": len(p.Machines)}
	w.tree.put(p.ScaleSet, object{"location": w.estate.Region, "sku": sku, "zones": list(p.Zones),
		"tags": object{"aks-managed-poolName": p.Name, "aks-managed-resourceNameSuffix": suffix(p.ScaleSet)},
		"properties": object{"provisioningState": "Succeeded", "singlePlacementGroup": false, "platformFaultDomainCount": 1, "overprovision": false, "orchestrationMode": "Uniform",
			"uniqueId": w.estate.id("scale set", p.Name), "upgradePolicy": object{"mode": "Manual"}, "timeCreated": stamp(w.now.Add(-40 * 24 * time.Hour))}})
}

// suffix is the hash of the cluster that AKS writes into names.
func suffix(scaleSet string) string {
	parts := strings.Split(lastOf(scaleSet), "-")
	return parts[max(0, len(parts)-2)]
}

func (w *world) instance(p *Pool, m *Machine) {
	up := stamp(w.now.Add(-40 * 24 * time.Hour))
	body := object{"instanceId": m.Instance, "location": w.estate.Region, "sku": object{"name": p.Size, "tier": "Standard"}, "properties": object{
		"latestModelApplied": true, "provisioningState": "Succeeded", "vmId": w.estate.id("vm", m.ID), "timeCreated": up, "osProfile": object{"computerName": m.Node, "adminUsername": "azureuser"},
		"hardwareProfile": object{"vmSize": p.Size},
		"instanceView": object{"computerName": m.Node, "osName": "ubuntu", "statuses": []any{
			object{"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded", "time": up},
			object{"code": "PowerState/running", "level": "Info", "displayStatus": "VM running"}},
			"vmAgent":    object{"vmAgentVersion": "2.15.0.1", "statuses": []any{object{"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Ready", "message": "Guest Agent is running", "time": stamp(w.now)}}},
			"extensions": []any{object{"name": "vmssCSE", "type": "Microsoft.Azure.Extensions.CustomScript", "statuses": []any{object{"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded"}}}},
		}}}
	if m.Zone != "" {
		body["zones"] = []any{m.Zone}
	}
	w.tree.put(m.ID, body)
	w.tree[strings.ToLower(m.ID)]["name"] = lastOf(p.ScaleSet) + "_" + m.Instance
}

func list(values []string) []any {
	out := []any{}
	for _, v := range values {
		out = append(out, v)
	}
	return out
}

// cluster is made last, for it repeats its pools.
func (w *world) cluster() {
	e := w.estate
	version := e.Pools[0].Version
	profiles := []any{}
	for _, p := range w.tree.below(e.ClusterID() + "/agentPools") {
		with, _ := p["properties"].(object)
		profiles = append(profiles, merge(object{"name": p["name"]}, with))
	}
	kubelet := e.in(e.NodeGroup, "Microsoft.ManagedIdentity/userAssignedIdentities/"+e.Cluster+"-agentpool")
	w.tree.put(e.ClusterID(), object{"location": e.Region, "sku": object{"name": "Base", "tier": "Standard"},
		"identity": object{"type": "SystemAssigned", "principalId": e.id("control plane"), "tenantId": w.tenant()},
		"properties": object{"provisioningState": "Succeeded", "powerState": object{"code": "Running"}, "kubernetesVersion": version, "currentKubernetesVersion": version,
			"dnsPrefix": e.Cluster, "fqdn": e.Cluster + "-" + suffix(e.Pools[0].ScaleSet) + ".hcp." + e.Region + ".azmk8s.io", "agentPoolProfiles": profiles, "nodeResourceGroup": e.NodeGroup,
			"enableRBAC": true, "disableLocalAccounts": true, "resourceUID": strings.ReplaceAll(e.id("cluster"), "-", "")[:24], "supportPlan": "KubernetesOfficial", "maxAgentPools": 100,
			"servicePrincipalProfile":   object{"clientId": "msi"},
			"identityProfile":           object{"kubeletidentity": object{"resourceId": kubelet, "objectId": e.id("kubelet"), "clientId": e.id("kubelet client")}},
			"addonProfiles":             object{"omsagent": object{"enabled": true, "config": object{"logAnalyticsWorkspaceResourceID": e.WorkspaceID(), "useAADAuth": "true"}}, "azurepolicy": object{"enabled": false}},
			"azureMonitorProfile":       object{"metrics": object{"enabled": true, "kubeStateMetrics": object{"metricLabelsAllowlist": "", "metricAnnotationsAllowList": ""}}},
			"autoUpgradeProfile":        object{"upgradeChannel": "none", "nodeOSUpgradeChannel": "None"},
			"autoScalerProfile":         object{"expander": "random", "scan-interval": "10s", "max-graceful-termination-sec": "600", "scale-down-unneeded-time": "10m", "max-node-provision-time": "15m"},
			"workloadAutoScalerProfile": object{},
			"networkProfile": object{"networkPlugin": "azure", "networkDataplane": "azure", "loadBalancerSku": "standard", "outboundType": "loadBalancer", "serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.0.0.10",
				"ipFamilies": []any{"IPv4"}, "loadBalancerProfile": object{"managedOutboundIPs": object{"count": 1}, "allocatedOutboundPorts": 0, "idleTimeoutInMinutes": 30}},
		}})
	w.tree.put(e.ClusterID()+"/upgradeProfiles/default", object{"properties": object{"controlPlaneProfile": object{"kubernetesVersion": version, "osType": "Linux", "upgrades": []any{}}, "agentPoolProfiles": []any{}}})
	w.tree.put(kubelet, object{"location": e.Region, "properties": object{"principalId": e.id("kubelet"), "clientId": e.id("kubelet client"), "tenantId": w.tenant()}})
}

// detectors of AKS; the shape is that of App Service's diagnostics, and undocumented for AKS.
func (w *world) detectors() {
	for name, about := range map[string][2]string{
		"node-health-node-not-ready":   {"Node Not Ready", "Node Health"},
		"cluster-node-cpu-high":        {"Node CPU High", "Node Health"},
		"dns-resolution":               {"DNS Resolution", "Connectivity Issues"},
		"subnet-ip-exhaustion":         {"Subnet IP Exhaustion", "Create, Upgrade, Delete and Scale"},
		"identity-security-api-server": {"API Server Authentication", "Identity and Security"},
	} {
		w.tree.put(w.estate.ClusterID()+"/detectors/"+name, object{"location": w.estate.Region, "properties": object{
			"metadata": object{"id": name, "name": about[0], "category": about[1], "type": "Detector", "description": about[0], "supportTopicList": []any{}},
			"status":   object{"statusId": 3, "message": "No issues found."},
			"dataset":  []any{object{"table": object{"tableName": "", "columns": []any{object{"columnName": "Status", "dataType": "String"}, object{"columnName": "Message", "dataType": "String"}}, "rows": []any{[]any{"Success", "No issues found."}}}, "renderingProperties": object{"type": 7}}},
		}})
	}
}

func (w *world) monitoring() {
	e := w.estate
	w.tree.put(e.WorkspaceID(), object{"location": e.Region, "properties": object{"provisioningState": "Succeeded", "customerId": e.id("workspace"), "retentionInDays": 30, "sku": object{"name": "PerGB2018"},
		"publicNetworkAccessForQuery": "Enabled", "publicNetworkAccessForIngestion": "Enabled", "features": object{"enableLogAccessUsingOnlyResourcePermissions": true}, "workspaceCapping": object{"dailyQuotaGb": -1, "dataIngestionStatus": "RespectQuota"}}})
	w.tree.put(e.MetricsID(), object{"location": e.Region, "properties": object{"provisioningState": "Succeeded", "accountId": e.id("metrics"), "metrics": object{"prometheusQueryEndpoint": w.self, "internalId": "mac_" + e.id("metrics")}}})
	logs, metrics := e.rulesID("MSCI-"+e.Region+"-"+e.Cluster), e.rulesID("MSProm-"+e.Region+"-"+e.Cluster)
	w.rules(logs, "ContainerInsightsExtension", object{"dataSources": object{"extensions": []any{object{"name": "ContainerInsightsExtension", "extensionName": "ContainerInsights", "streams": []any{"Microsoft-ContainerInsights-Group-Default"},
		"extensionSettings": object{"dataCollectionSettings": object{"interval": "1m", "namespaceFilteringMode": "Off", "enableContainerLogV2": true}}}}},
		"destinations": object{"logAnalytics": []any{object{"workspaceResourceId": e.WorkspaceID(), "workspaceId": e.id("workspace"), "name": "ciworkspace"}}},
		"dataFlows":    []any{object{"streams": []any{"Microsoft-ContainerInsights-Group-Default"}, "destinations": []any{"ciworkspace"}}}})
	w.rules(metrics, "ContainerInsightsMetricsExtension", object{"dataSources": object{"prometheusForwarder": []any{object{"name": "PrometheusDataSource", "streams": []any{"Microsoft-PrometheusMetrics"}, "labelIncludeFilter": object{}}}},
		"destinations": object{"monitoringAccounts": []any{object{"accountResourceId": e.MetricsID(), "accountId": e.id("metrics"), "name": "MonitoringAccount1"}}},
		"dataFlows":    []any{object{"streams": []any{"Microsoft-PrometheusMetrics"}, "destinations": []any{"MonitoringAccount1"}}}})
}

// rules makes data collection rules and ties them to the cluster.
func (w *world) rules(id, association string, properties object) {
	properties["provisioningState"] = "Succeeded"
	w.tree.put(id, object{"location": w.estate.Region, "kind": "Linux", "properties": properties})
	w.tree.put(w.estate.ClusterID()+"/providers/Microsoft.Insights/dataCollectionRuleAssociations/"+association, object{"properties": object{"dataCollectionRuleId": id, "provisioningState": "Succeeded"}})
}

// roles that matter for pulling images, by their well-known names.
var roles = map[string]string{
	"7f951dda-4ed3-4680-a7ca-43fe172d538d": "AcrPull", "8311e382-0749-4cb8-b61a-304f252e45ec": "AcrPush", "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
	"b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner", "4d97b98b-1d4f-4787-a291-c67834d212e7": "Network Contributor",
}

const acrPull = "7f951dda-4ed3-4680-a7ca-43fe172d538d"

func (w *world) registries() {
	e := w.estate
	definitions := "/subscriptions/" + e.Subscription + "/providers/Microsoft.Authorization/roleDefinitions/"
	for id, name := range roles {
		w.tree.put(definitions+id, object{"properties": object{"roleName": name, "type": "BuiltInRole", "assignableScopes": []any{"/"},
			"permissions": []any{object{"actions": list(map[string][]string{acrPull: {"Microsoft.ContainerRegistry/registries/pull/read"}}[id]), "notActions": []any{}, "dataActions": []any{}}}}})
	}
	for _, host := range e.Registries {
		id := e.RegistryID(host)
		w.tree.put(id, object{"location": e.Region, "sku": object{"name": "Premium", "tier": "Premium"}, "properties": object{"loginServer": host, "provisioningState": "Succeeded", "adminUserEnabled": false,
			"publicNetworkAccess": "Enabled", "networkRuleSet": object{"defaultAction": "Allow", "ipRules": []any{}}}})
		w.tree.put(fmt.Sprintf("%s/providers/Microsoft.Authorization/roleAssignments/%s", id, e.id("pull", host)), object{"properties": object{"roleDefinitionId": definitions + acrPull,
			"principalId": e.id("kubelet"), "principalType": "ServicePrincipal", "scope": id}})
	}
}
