package azure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/containerservice/armcontainerservice/v6"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/monitor/armmonitor"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/resourcehealth/armresourcehealth"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/evidence"
)

// base reads what is small and every question may need: the cluster first, for it tells where the rest is.
func (r *round) base() {
	if !r.readCluster() {
		return
	}
	r.beside("node pools", r.readPools)
	r.beside("planned maintenance", r.readMaintenance)
	r.beside("the activity log", r.readActivity)
	r.beside("Resource Health", r.readHealth)
	r.wait.Wait()
}

func (r *round) readCluster() bool {
	id := r.c.cluster
	raw := r.c.listed
	r.c.listed = nil // the next look asks again
	if raw == nil {
		client, err := armcontainerservice.NewManagedClustersClient(id.SubscriptionID, r.c.cred, r.c.arm)
		if err == nil {
			raw, err = r.ask("", func(ctx context.Context) error {
				_, err := client.Get(ctx, id.ResourceGroupName, id.Name, nil)
				return err
			})
		}
		if err != nil {
			r.missed(access.Cluster, id.Name, err)
			return false
		}
	}
	r.c.site = siteOf(raw)
	if group := r.groupOfNodes(); group != "" && r.c.site.nodeGroup != "" && !strings.EqualFold(group, r.c.site.nodeGroup) {
		r.missed(access.Cluster, id.Name, &absent{"its nodes are in resource group " + r.c.site.nodeGroup + ", and those of the context in " + group + ": it is another cluster", "name the cluster of the context (--azure-cluster), or another context"})
		r.c.site = site{}
		return false
	}
	if raw.Str("properties", "provisioningState") == "Failed" {
		r.whyFailed(raw)
	}
	drop(raw, "linuxProfile", "windowsProfile", "servicePrincipalProfile", "aadProfile", "apiServerAccessProfile", "httpProxyConfig")
	r.keep(evidence.ManagedCluster, id.Name, raw)
	return true
}

// groupOfNodes is the resource group in which the nodes say that they are.
func (r *round) groupOfNodes() string {
	for _, n := range r.s.Population.Nodes {
		if id, ok := Machine(n.ProviderID); ok {
			return id.ResourceGroupName
		}
	}
	return ""
}

// newer is the version of the API that tells why the last operation on a cluster or a pool failed; the SDK's asks for an
// older one.
const newer = "2025-05-01"

// whyFailed adds the error of the last operation, which only newer versions of the API tell.
func (r *round) whyFailed(raw evidence.Raw) {
	if raw.Has("properties", "status", "provisioningError") {
		return
	}
	if full, err := r.read(r.ctx, raw.Str("id"), newer, nil); err == nil && full.Has("properties", "status") {
		raw.Map("properties")["status"] = map[string]any(full.Map("properties", "status"))
	}
}

// drop leaves out properties that are no evidence.
func drop(raw evidence.Raw, properties ...string) {
	for _, f := range properties {
		delete(raw.Map("properties"), f)
	}
}

// siteOf reads from a managed cluster where the rest is.
func siteOf(raw evidence.Raw) site {
	out := site{nodeGroup: raw.Str("properties", "nodeResourceGroup"), kubelet: raw.Str("properties", "identityProfile", "kubeletidentity", "objectId")}
	for _, p := range raw.List("properties", "agentPoolProfiles") {
		for _, k := range []string{"vnetSubnetID", "podSubnetID"} {
			if s := p.Str(k); s != "" && !slices.Contains(out.subnets, s) {
				out.subnets = append(out.subnets, s)
			}
		}
	}
	for name, v := range raw.Map("properties", "addonProfiles") { // omsagent, in the casing of whoever enabled it
		config, _ := v.(map[string]any)
		for k, id := range evidence.Raw(config).Map("config") {
			if s, ok := id.(string); ok && strings.EqualFold(name, "omsagent") && strings.EqualFold(k, "logAnalyticsWorkspaceResourceID") {
				out.workspace = s
			}
		}
	}
	return out
}

func (r *round) readPools() {
	r.try(access.Pools)
	id := r.c.cluster
	client, err := armcontainerservice.NewAgentPoolsClient(id.SubscriptionID, r.c.cred, r.c.arm)
	var list []evidence.Raw
	if err == nil {
		list, _, err = items(r.ctx, client.NewListPager(id.ResourceGroupName, id.Name, nil), listPages, func() error { return r.c.spend("") })
	}
	if err != nil {
		r.missed(access.Pools, "", err)
	}
	for _, p := range list {
		if p.Str("properties", "provisioningState") == "Failed" {
			r.whyFailed(p)
		}
		r.keep(evidence.AgentPool, p.Str("name"), p)
	}
}

func (r *round) readMaintenance() {
	r.try(access.Maintenance)
	id := r.c.cluster
	client, err := armcontainerservice.NewMaintenanceConfigurationsClient(id.SubscriptionID, r.c.cred, r.c.arm)
	var list []evidence.Raw
	if err == nil {
		list, _, err = items(r.ctx, client.NewListByManagedClusterPager(id.ResourceGroupName, id.Name, nil), 1, func() error { return r.c.spend("") })
	}
	if err != nil {
		r.missed(access.Maintenance, "", err)
	}
	for _, m := range list {
		r.keep(evidence.MaintenanceWindow, m.Str("name"), m)
	}
}

func (r *round) readHealth() {
	r.try(access.Health)
	id := r.c.cluster
	client, err := armresourcehealth.NewAvailabilityStatusesClient(id.SubscriptionID, r.c.cred, r.c.arm)
	var raw evidence.Raw
	if err == nil {
		raw, err = r.ask("", func(ctx context.Context) error {
			_, err := client.GetByResource(ctx, strings.TrimPrefix(id.String(), "/"), nil)
			return err
		})
	}
	if err != nil {
		r.missed(access.Health, "", err)
		return
	}
	r.keep(evidence.ResourceHealth, id.Name, raw)
}

const (
	// activityWindow is how far back the activity log is read; what has led to a loop is rarely older, and the log keeps 90 days.
	activityWindow = 24 * time.Hour
	// activityPages bounds the pages of one resource group.
	activityPages = 2
)

// readActivity reads what was done to the cluster, to what its nodes are made of, and to its network.
func (r *round) readActivity() {
	r.try(access.Activity)
	from := r.c.meter.clock().Add(-activityWindow).UTC()
	within := []string{fmt.Sprintf("resourceUri eq '%s'", r.c.cluster)}
	groups := []string{r.c.site.nodeGroup}
	for _, s := range r.c.site.subnets {
		if id, err := arm.ParseResourceID(s); err == nil && !slices.ContainsFunc(groups, func(g string) bool { return strings.EqualFold(g, id.ResourceGroupName) }) {
			groups = append(groups, id.ResourceGroupName)
		}
	}
	for _, g := range groups[:min(len(groups), 2)] {
		if g != "" {
			within = append(within, fmt.Sprintf("resourceGroupName eq '%s'", g))
		}
	}
	for _, w := range within {
		r.beside("the activity log", func() {
			r.readActivityOf(fmt.Sprintf("eventTimestamp ge '%s' and %s", from.Format(time.RFC3339), w), w)
		})
	}
}

func (r *round) readActivityOf(filter, what string) {
	client, err := armmonitor.NewActivityLogsClient(r.c.cluster.SubscriptionID, r.c.cred, r.c.arm)
	if err != nil {
		r.missed(access.Activity, what, err)
		return
	}
	list, cut, err := items(r.ctx, client.NewListPager(filter, nil), activityPages, func() error { return r.c.spend("") })
	if err != nil && (!cut || !errors.Is(err, errBudget)) {
		r.missed(access.Activity, what, err)
	}
	if cut {
		r.gap(evidence.Gap{What: What + access.Activity.What + " (" + what + ")", Source: evidence.Cloud, Reason: evidence.Truncated, Detail: fmt.Sprintf("the newest %d entries were read", len(list)), Close: "az monitor activity-log list shows the rest"})
	}
	for _, e := range list {
		if name := e.Str("eventDataId"); name != "" && writes(e) {
			kept := evidence.Raw{}
			for _, f := range told {
				if v, ok := e[f]; ok {
					kept[f] = v
				}
			}
			r.keep(evidence.ActivityEvent, name, kept)
		}
	}
}

// told are the fields of an entry that are kept: what was done to what, when, by whom, and whether it succeeded. What was sent
// and answered, claims and addresses stay where they are.
var told = []string{"eventDataId", "eventTimestamp", "correlationId", "resourceId", "category", "operationName", "status", "level", "caller"}

// writes leaves out what changes nothing: reads of keys and credentials are written to the activity log too.
func writes(e evidence.Raw) bool {
	op := strings.ToLower(e.Str("operationName", "value"))
	return !strings.Contains(op, "/list") && !strings.Contains(op, "/read") && !strings.HasSuffix(op, "/getupgradeprofile/action")
}
