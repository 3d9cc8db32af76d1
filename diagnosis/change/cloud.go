package change

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// cloudSlack is how far a time of Azure's activity log may be from the moment at which what it tells of took effect.
const cloudSlack = 5 * time.Second

// clouds tells what was done to the cluster on Azure's side, what it had planned, and who changed objects of which the API
// keeps no history.
func clouds(s *evidence.Snapshot) []Change {
	ahead, ok := s.CloudRead()
	if !ok {
		return nil
	}
	out := slices.Concat(activities(s, ahead), windows(s), audits(s, ahead))
	for _, o := range s.OfKind(evidence.ResourceHealth, "") {
		state := o.Raw.Str("properties", "availabilityState")
		at := stamp(cmp.Or(o.Raw.Str("properties", "occuredTime"), o.Raw.Str("properties", "occurredTime"))) // spelled so in API 2022-10-01
		if state == "Unavailable" || state == "Degraded" {
			out = append(out, Change{Time: at.Add(-ahead), PlusMinus: time.Minute, Kind: Cloud, Object: evidence.Ref{Kind: evidence.ManagedCluster, Name: o.Name}, Ref: o.Ref().At("properties.availabilityState").String(),
				Items: []Item{{"node", "Resource Health: " + state + ": " + cmp.Or(o.Raw.Str("properties", "summary"), o.Raw.Str("properties", "title"))}}})
		}
	}
	return out
}

// activities makes one change of the entries of one operation: it is written when it starts, is accepted and ends.
func activities(s *evidence.Snapshot, ahead time.Duration) []Change {
	type operation struct {
		first, last evidence.Object
	}
	at := func(o evidence.Object) time.Time { return stamp(o.Raw.Str("eventTimestamp")) }
	places := machines(s)
	by := map[string]*operation{}
	var order []string
	for _, o := range s.OfKind(evidence.ActivityEvent, "") {
		if category := o.Raw.Str("category", "value"); category != "" && category != "Administrative" || at(o).IsZero() {
			continue
		}
		k := strings.ToLower(cmp.Or(o.Raw.Str("correlationId"), o.Name) + o.Raw.Str("operationName", "value") + o.Raw.Str("resourceId"))
		op := by[k]
		if op == nil {
			by[k] = &operation{o, o}
			order = append(order, k)
			continue
		}
		if at(o).Before(at(op.first)) {
			op.first = o
		}
		if !at(o).Before(at(op.last)) && o.Raw.Str("status", "value") != "Started" && o.Raw.Str("status", "value") != "Accepted" {
			op.last = o
		}
	}
	var out []Change
	for _, k := range order {
		op := by[k]
		name, id := op.first.Raw.Str("operationName", "value"), op.first.Raw.Str("resourceId")
		aspect, what := meaning(name)
		if aspect == "" {
			continue
		}
		status := op.last.Raw.Str("status", "value")
		switch status {
		case "Failed":
			what += ", which failed"
		case "Started", "Accepted":
			what += ", under way"
		}
		out = append(out, Change{Time: at(op.first).Add(-ahead), PlusMinus: cloudSlack, Kind: Cloud, Object: target(places, id), By: op.first.Raw.Str("caller"), Owner: "", Ref: op.first.Ref().String(),
			Items: []Item{{aspect, what}}})
	}
	return out
}

// meanings are operations by how they end, with the aspect that they touch; the longest that fits counts. The names are those
// of the providers' operations (Azure permissions, vendor's pages); their casing differs from surface to surface.
var meanings = []struct{ ends, aspect, what string }{
	{"microsoft.containerservice/managedclusters/write", "node", "update of the managed cluster"},
	{"/managedclusters/start/action", "node", "start of the cluster"},
	{"/managedclusters/stop/action", "node", "stop of the cluster"},
	{"/managedclusters/rotateclustercertificates/action", "node", "rotation of the cluster's certificates"},
	{"/managedclusters/resetserviceprincipalprofile/action", "identity", "another service principal for the cluster"},
	{"/agentpools/write", "node", "update of the node pool (its version, size or settings)"},
	{"/agentpools/delete", "node", "deletion of the node pool"},
	{"/agentpools/upgradenodeimageversion/action", "node", "upgrade of the node image"},
	{"/agentpools/upgradenodeimageversion/write", "node", "upgrade of the node image"},
	{"/agentpools/deletemachines/action", "node", "deletion of machines"},
	{"/virtualmachinescalesets/write", "node", "update of the scale set"},
	{"/virtualmachinescalesets/delete/action", "node", "deletion of instances"},
	{"/virtualmachinescalesets/evictspotvm/action", "node", "eviction of a spot instance"},
	{"/virtualmachinescalesets/manualupgrade/action", "node", "upgrade of instances to the latest model"},
	{"/virtualmachinescalesets/restart/action", "node", "restart of instances"},
	{"/virtualmachinescalesets/reimage/action", "node", "reimage of instances"},
	{"/virtualmachinescalesets/deallocate/action", "node", "deallocation of instances"},
	{"/virtualmachinescalesets/poweroff/action", "node", "power-off of instances"},
	{"/virtualmachines/restart/action", "node", "restart of the machine"},
	{"/virtualmachines/reimage/action", "node", "reimage of the machine"},
	{"/virtualmachines/reimageall/action", "node", "reimage of the machine"},
	{"/virtualmachines/redeploy/action", "node", "redeployment of the machine"},
	{"/virtualmachines/deallocate/action", "node", "deallocation of the machine"},
	{"/virtualmachines/poweroff/action", "node", "power-off of the machine"},
	{"/virtualmachines/delete", "node", "deletion of the machine"},
	{"/securityrules/write", "network", "change of a rule of the network security group"},
	{"/securityrules/delete", "network", "deletion of a rule of the network security group"},
	{"/networksecuritygroups/write", "network", "change of the network security group"},
	{"/networksecuritygroups/delete", "network", "deletion of the network security group"},
	{"/routes/write", "network", "change of a route"},
	{"/routes/delete", "network", "deletion of a route"},
	{"/routetables/write", "network", "change of the route table"},
	{"/routetables/delete", "network", "deletion of the route table"},
	{"/azurefirewalls/write", "network", "change of the firewall"},
	{"/firewallpolicies/write", "network", "change of the firewall's policy"},
	{"/rulecollectiongroups/write", "network", "change of the firewall's rules"},
	{"/rulecollectiongroups/delete", "network", "deletion of rules of the firewall"},
	{"/rulegroups/write", "network", "change of the firewall's rules"},
	{"/ipgroups/write", "network", "change of an IP group"},
	{"/virtualnetworks/write", "network", "change of the virtual network (its subnets, its name servers)"},
	{"/subnets/write", "network", "change of the subnet"},
	{"/virtualnetworkpeerings/write", "network", "change of a peering"},
	{"/virtualnetworkpeerings/delete", "network", "deletion of a peering"},
	{"/natgateways/write", "network", "change of the NAT gateway"},
	{"/natgateways/delete", "network", "deletion of the NAT gateway"},
	{"/virtualnetworklinks/write", "network", "change of a private DNS zone's link"},
	{"/virtualnetworklinks/delete", "network", "deletion of a private DNS zone's link"},
	{"/privatednszones/a/write", "network", "change of a record of the private DNS zone"},
	{"/privatednszones/a/delete", "network", "deletion of a record of the private DNS zone"},
	{"/privateendpoints/write", "network", "change of a private endpoint"},
	{"/privateendpoints/delete", "network", "deletion of a private endpoint"},
	{"/roleassignments/write", "identity", "new role assignment"},
	{"/roleassignments/delete", "identity", "deletion of a role assignment"},
	{"/federatedidentitycredentials/write", "identity", "change of a federated credential"},
	{"/federatedidentitycredentials/delete", "identity", "deletion of a federated credential"},
	{"/userassignedidentities/write", "identity", "change of the identity"},
	{"/userassignedidentities/delete", "identity", "deletion of the identity"},
	{"/vaults/write", "identity", "change of the key vault (its network rules, its access model)"},
	{"/vaults/accesspolicies/write", "identity", "change of the key vault's access policies"},
	{"/registries/write", "identity", "change of the registry (its network rules, its users)"},
	{"/storageaccounts/regeneratekey/action", "identity", "new keys for the storage account"},
	{"/storageaccounts/write", "network", "change of the storage account (its network rules)"},
}

func meaning(operation string) (aspect, what string) {
	op, length := strings.ToLower(operation), 0
	for _, m := range meanings {
		if strings.HasSuffix(op, m.ends) && len(m.ends) > length {
			aspect, what, length = m.aspect, m.what, len(m.ends)
		}
	}
	return aspect, what
}

// target names what an operation was on: the node, where a machine is one; the pool, where a scale set is one; else the
// resource by its type and name. A role assignment is on what its scope is.
func target(places map[string]evidence.Ref, id string) evidence.Ref {
	lower := strings.ToLower(id)
	if i := strings.Index(lower, "/providers/microsoft.authorization/"); i > 0 {
		id, lower = id[:i], lower[:i]
	}
	if ref, ok := places[lower]; ok {
		return ref
	}
	parts := strings.Split(strings.Trim(id, "/"), "/")
	if len(parts) < 2 {
		return evidence.Ref{Kind: "Resource", Name: id}
	}
	kind, name := parts[len(parts)-2], parts[len(parts)-1]
	for _, parent := range []string{"securityRules", "routes", "ruleCollectionGroups", "virtualNetworkLinks", "virtualNetworkPeerings"} { // what is told of is the whole
		if strings.EqualFold(kind, parent) && len(parts) >= 4 {
			return evidence.Ref{Kind: kindOf(parts[len(parts)-4]), Name: parts[len(parts)-3] + "/" + name}
		}
	}
	return evidence.Ref{Kind: kindOf(kind), Name: name}
}

// machines are the nodes and their pools by the resource IDs of their machines and scale sets.
func machines(s *evidence.Snapshot) map[string]evidence.Ref {
	out := map[string]evidence.Ref{}
	for _, n := range s.Population.Nodes {
		id, ok := strings.CutPrefix(strings.ToLower(n.ProviderID), "azure://")
		if !ok {
			continue
		}
		out[id] = evidence.Ref{Kind: "Node", Name: n.Name}
		if set, _, of := strings.Cut(id, "/virtualmachines/"); of && n.Pool != "" {
			out[set] = evidence.Ref{Kind: evidence.AgentPool, Name: n.Pool}
		}
	}
	return out
}

// kinds of resources by the plural in their IDs.
var kinds = map[string]string{"managedclusters": evidence.ManagedCluster, "agentpools": evidence.AgentPool, "virtualmachinescalesets": evidence.ScaleSet, "virtualmachines": evidence.ScaleSetVM,
	"networksecuritygroups": evidence.SecurityGroup, "routetables": evidence.RouteTable, "virtualnetworks": evidence.VirtualNetwork, "subnets": "Subnet", "registries": evidence.ContainerRegistry,
	"vaults": "KeyVault", "userassignedidentities": "UserAssignedIdentity", "federatedidentitycredentials": "FederatedIdentityCredential", "azurefirewalls": "AzureFirewall",
	"firewallpolicies": "FirewallPolicy", "natgateways": "NATGateway", "privatednszones": "PrivateDNSZone", "privateendpoints": "PrivateEndpoint", "storageaccounts": "StorageAccount", "resourcegroups": "ResourceGroup"}

func kindOf(plural string) string {
	return cmp.Or(kinds[strings.ToLower(plural)], strings.TrimSuffix(plural, "s"))
}

// back is how long ago a maintenance window may have opened to be told.
const back = 24 * time.Hour

// windows tells of maintenance windows that opened: in one, Azure may upgrade nodes; that it did is told by the nodes.
func windows(s *evidence.Snapshot) []Change {
	var out []Change
	for _, o := range s.OfKind(evidence.MaintenanceWindow, "") {
		if o.Name == "default" {
			continue // AKS' own weekly releases, which leave nodes alone
		}
		for _, open := range opened(o.Raw.Map("properties", "maintenanceWindow"), s.CapturedAt) {
			out = append(out, Change{Time: open, PlusMinus: time.Minute, Kind: Cloud, Object: evidence.Ref{Kind: evidence.MaintenanceWindow, Name: o.Name}, Ref: o.Ref().At("properties.maintenanceWindow").String(),
				Items: []Item{{"node", "planned maintenance may begin, for " + hours(o.Raw) + " hours"}}})
		}
	}
	return out
}

func hours(raw evidence.Raw) string {
	v, _ := raw.Get("properties", "maintenanceWindow", "durationHours")
	f, _ := v.(float64)
	return strconv.Itoa(int(f))
}

// opened lists when a window opened in the day before a moment. Intervals count from startDate.
func opened(w evidence.Raw, now time.Time) []time.Time {
	start, err := time.Parse("15:04", w.Str("startTime"))
	if err != nil || now.IsZero() {
		return nil
	}
	zone := time.UTC
	if t, err := time.Parse("-07:00", cmp.Or(w.Str("utcOffset"), "+00:00")); err == nil {
		zone = t.Location()
	}
	since, err := time.ParseInLocation("2006-01-02", w.Str("startDate"), zone)
	anchored := err == nil
	var out []time.Time
	for day := now.Add(-back); !day.After(now.Add(back)); day = day.Add(24 * time.Hour) {
		d := day.In(zone)
		at := time.Date(d.Year(), d.Month(), d.Day(), start.Hour(), start.Minute(), 0, 0, zone)
		if at.After(now) || at.Before(now.Add(-back)) || anchored && at.Before(since) || !on(w, at, since, anchored) || excluded(w, at) {
			continue
		}
		out = append(out, at.UTC())
	}
	return out
}

// on tells whether a schedule opens on a day.
func on(w evidence.Raw, at, since time.Time, anchored bool) bool {
	every := func(unit string, n int, field string) bool {
		v, _ := w.Get("schedule", unit, field)
		f, _ := v.(float64)
		return f <= 1 || !anchored || n%int(f) == 0
	}
	days := int(at.Sub(since).Hours() / 24)
	months := (at.Year()-since.Year())*12 + int(at.Month()) - int(since.Month())
	switch {
	case w.Has("schedule", "daily"):
		return every("daily", days, "intervalDays")
	case w.Has("schedule", "weekly"):
		first := since.AddDate(0, 0, (int(at.Weekday())-int(since.Weekday())+7)%7)
		return strings.EqualFold(w.Str("schedule", "weekly", "dayOfWeek"), at.Weekday().String()) && every("weekly", int(at.Sub(first).Hours()/24/7), "intervalWeeks")
	case w.Has("schedule", "absoluteMonthly"):
		v, _ := w.Get("schedule", "absoluteMonthly", "dayOfMonth")
		return v == float64(at.Day()) && every("absoluteMonthly", months, "intervalMonths")
	case w.Has("schedule", "relativeMonthly"):
		index := []string{"First", "Second", "Third", "Fourth"}[min((at.Day()-1)/7, 3)]
		want := w.Str("schedule", "relativeMonthly", "weekIndex")
		last := at.AddDate(0, 0, 7).Month() != at.Month()
		return strings.EqualFold(w.Str("schedule", "relativeMonthly", "dayOfWeek"), at.Weekday().String()) && (strings.EqualFold(want, index) || strings.EqualFold(want, "Last") && last) && every("relativeMonthly", months, "intervalMonths")
	}
	return false
}

// excluded: the window does not open on dates that are not allowed.
func excluded(w evidence.Raw, at time.Time) bool {
	day := at.Format("2006-01-02")
	return slices.ContainsFunc(w.List("notAllowedDates"), func(d evidence.Raw) bool { return d.Str("start") <= day && day <= d.Str("end") })
}

// audited are the resources of the API server's audit log, and what a change of them touches.
var audited = map[string]struct{ kind, aspect string }{"secrets": {"Secret", "secret"}, "configmaps": {"ConfigMap", "config"}, "networkpolicies": {"NetworkPolicy", "network"}}

// audits tells who changed what the API keeps no history of: of Secrets nothing but the fact is known, and nobody asks the API
// for them.
func audits(s *evidence.Snapshot, ahead time.Duration) []Change {
	var out []Change
	for _, o := range s.OfKind(evidence.AuditEntry, "") {
		what, ok := audited[o.Raw.Str("resource")]
		code, _ := o.Raw.Get("code")
		if f, known := code.(float64); !ok || known && f >= 300 {
			continue
		}
		if _, read := s.Object(what.kind, o.Raw.Str("namespace"), o.Raw.Str("name")); read {
			continue // its managed fields tell it
		}
		kind := map[string]Kind{"create": Created, "update": Edited, "patch": Edited}[o.Raw.Str("verb")]
		if kind == "" {
			continue
		}
		out = append(out, Change{Time: stamp(o.Raw.Str("timeGenerated")).Add(-ahead), PlusMinus: cloudSlack, Kind: kind, By: o.Raw.Str("who"), Ref: o.Ref().String(),
			Object: evidence.Ref{Kind: what.kind, Namespace: o.Raw.Str("namespace"), Name: o.Raw.Str("name")}, Items: []Item{{what.aspect, fmt.Sprintf("%s by %s", o.Raw.Str("verb"), cmp.Or(o.Raw.Str("userAgent"), o.Raw.Str("who")))}}})
	}
	return out
}
