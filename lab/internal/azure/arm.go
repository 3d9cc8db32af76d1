package azure

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// collections are the types whose lists are empty rather than unknown when nothing is in them.
var collections = []string{
	"Microsoft.ContainerService/managedClusters", "Microsoft.ContainerService/managedClusters/agentPools", "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
	"Microsoft.ContainerService/managedClusters/detectors", "Microsoft.Compute/virtualMachineScaleSets", "Microsoft.Compute/virtualMachineScaleSets/virtualMachines",
	"Microsoft.Network/virtualNetworks", "Microsoft.Network/virtualNetworks/subnets", "Microsoft.Network/networkSecurityGroups", "Microsoft.Network/networkSecurityGroups/securityRules",
	"Microsoft.Network/routeTables", "Microsoft.Network/routeTables/routes", "Microsoft.OperationalInsights/workspaces", "Microsoft.Insights/dataCollectionRuleAssociations",
	"Microsoft.Insights/dataCollectionRules", "Microsoft.Monitor/accounts", "Microsoft.ContainerRegistry/registries", "Microsoft.Authorization/roleAssignments",
	"Microsoft.Authorization/roleDefinitions", "Microsoft.ManagedIdentity/userAssignedIdentities",
}

// arm answers for Azure Resource Manager.
func (s *Server) arm(r *http.Request) answer {
	s.count(&s.asked.ARM)
	path := strings.TrimRight(r.URL.Path, "/")
	a := s.resource(r, path)
	if a.headers == nil {
		a.headers = map[string]string{}
	}
	id := uuid.NewString()
	a.headers["x-ms-request-id"], a.headers["x-ms-correlation-request-id"] = id, id
	a.headers["x-ms-routing-request-id"] = strings.ToUpper(s.world.estate.Region) + ":" + s.clock().UTC().Format("20060102T150405Z") + ":" + id
	a.headers["x-ms-ratelimit-remaining-subscription-reads"] = strconv.Itoa(max(0, 249-s.Requests().ARM))
	if a.status == http.StatusNotFound {
		s.strange(path)
	}
	return a
}

func (s *Server) resource(r *http.Request, path string) answer {
	if a, no := s.refused(r, armAudiences); no {
		return a
	}
	if a, broken := s.fault(path); broken {
		return a
	}
	switch {
	case r.Method != http.MethodGet:
		return failure(http.StatusMethodNotAllowed, "MethodNotAllowed", "The request method '%s' is not supported.", r.Method)
	case r.URL.Query().Get("api-version") == "":
		return failure(http.StatusBadRequest, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.")
	}
	return s.world.get(path, r.URL.Query())
}

// get finds what a path names: a resource, something made of one, or a list.
func (w *world) get(path string, q url.Values) answer {
	lower := strings.ToLower(path)
	home := strings.ToLower("/subscriptions/" + w.estate.Subscription)
	if _, id, role := strings.Cut(lower, "/providers/microsoft.authorization/roledefinitions/"); role {
		lower = home + "/providers/microsoft.authorization/roledefinitions/" + id
	}
	if lower != home && !strings.HasPrefix(lower, home+"/") {
		parts := strings.Split(lower, "/")
		if len(parts) > 2 && parts[1] == "subscriptions" {
			return failure(http.StatusNotFound, "SubscriptionNotFound", "The subscription '%s' could not be found.", parts[2])
		}
		return notFound(path)
	}
	if lower == home+"/providers/microsoft.insights/eventtypes/management/values" {
		return w.events(path, q)
	}
	if group := groupOf(lower); group != "" && w.tree[home+"/resourcegroups/"+group] == nil {
		return failure(http.StatusNotFound, "ResourceGroupNotFound", "Resource group '%s' could not be found.", groupOf(path))
	}
	if o, found := w.tree[lower]; found {
		return ok(shown(o, q))
	}
	if a, made := w.made(lower); made {
		return a
	}
	if values, listed := w.collection(lower, q); listed {
		return w.page(path, q, values)
	}
	return notFound(path)
}

func notFound(path string) answer {
	return failure(http.StatusNotFound, "ResourceNotFound", "The Resource '%s/%s' under resource group '%s' was not found.", typeOf(path), lastOf(path), groupOf(path))
}

// shown leaves out what has to be asked for.
func shown(o object, q url.Values) object {
	if field(o, "properties", "instanceView") != nil && !strings.EqualFold(q.Get("$expand"), "instanceView") {
		return merge(o, object{"properties": object{"instanceView": nil}})
	}
	return o
}

// made are answers that are made of a resource: an instance's view, its availability, a workspace's table.
func (w *world) made(lower string) (answer, bool) {
	if of, view := strings.CutSuffix(lower, "/instanceview"); view && field(w.tree[of], "properties", "instanceView") != nil {
		return ok(field(w.tree[of], "properties", "instanceView")), true
	}
	if of, health := strings.CutSuffix(lower, "/providers/microsoft.resourcehealth/availabilitystatuses/current"); health && w.tree[of] != nil {
		return ok(w.available(of)), true
	}
	if of, health := strings.CutSuffix(lower, "/providers/microsoft.resourcehealth/availabilitystatuses"); health && w.tree[of] != nil {
		values := w.tree.below(lower)
		if w.tree[lower+"/current"] == nil {
			values = append(values, w.available(of))
		}
		return ok(object{"value": values}), true
	}
	of, table, isTable := strings.Cut(lower, "/tables/")
	if known := tableNames[table]; isTable && known != "" && w.tree[of] != nil {
		o := identity(w.tree[of]["id"].(string) + "/tables/" + known)
		o["properties"] = object{"plan": "Analytics", "retentionInDays": 30, "totalRetentionInDays": 30, "provisioningState": "Succeeded", "schema": object{"name": known, "tableType": "Microsoft"}}
		return ok(o), true
	}
	return answer{}, false
}

// available says that nothing is wrong with a resource.
func (w *world) available(lower string) object {
	o := identity(w.tree[lower]["id"].(string) + "/providers/Microsoft.ResourceHealth/availabilityStatuses/current")
	o["location"] = w.estate.Region
	o["properties"] = object{"availabilityState": "Available", "title": "Available", "summary": "There aren't any known Azure platform problems affecting this resource", "reasonType": "", "reasonChronicity": "Persistent",
		"occuredTime": stamp(w.now.AddDate(0, 0, -20)), "reportedTime": stamp(w.now)}
	return o
}

// collection lists what is in a path that ends with a type.
func (w *world) collection(lower string, q url.Values) ([]object, bool) {
	kind := typeOf(lower + "/x")
	known := slices.ContainsFunc(collections, func(c string) bool { return strings.EqualFold(c, kind) })
	home := strings.ToLower("/subscriptions/" + w.estate.Subscription)
	parent := lower[:strings.LastIndexByte(lower, '/')]
	var values []object
	switch provider := strings.LastIndex(lower, "/providers/"); {
	case lower == home+"/resourcegroups":
		return w.tree.below(lower), true
	case strings.EqualFold(kind, "Microsoft.Authorization/roleAssignments"):
		return w.assignments(lower[:provider], q), w.tree[lower[:provider]] != nil
	case provider == len(home) && !strings.EqualFold(kind, "Microsoft.Authorization/roleDefinitions"):
		values = w.tree.ofType(w.estate.Subscription, kind)
	case provider >= 0 && strings.Count(lower[provider:], "/") == 3: // …/providers/Namespace/type
		if w.tree[lower[:provider]] == nil {
			return nil, false
		}
		values = w.tree.below(lower)
	default:
		if w.tree[parent] == nil {
			return nil, false
		}
		values = w.tree.below(lower)
	}
	out := []object{}
	for _, v := range values {
		v = shown(v, q)
		if field(v, "properties", "dataset") != nil { // lists of detectors have none
			v = merge(v, object{"properties": object{"dataset": nil}})
		}
		out = append(out, v)
	}
	return out, known || len(out) > 0
}

// assignments are the roles at a scope and above it.
func (w *world) assignments(scope string, q url.Values) []object {
	filter := strings.ToLower(q.Get("$filter"))
	return w.tree.list(func(key string) bool {
		at, _, is := strings.Cut(key, "/providers/microsoft.authorization/roleassignments/")
		who, _ := field(w.tree[key], "properties", "principalId").(string)
		named := !strings.Contains(filter, "principalid eq") && !strings.Contains(filter, "assignedto(") || strings.Contains(filter, "'"+strings.ToLower(who)+"'")
		return is && (at == scope || strings.HasPrefix(scope, at+"/")) && named
	})
}

// pageSize is how many entries a page of a list has.
const pageSize = 100

// page is a part of a list, with a link to the next one.
func (w *world) page(path string, q url.Values, values []object) answer {
	from, err := strconv.Atoi(orElse(q.Get("$skipToken"), "0"))
	if err != nil || from < 0 || from > len(values) {
		return failure(http.StatusBadRequest, "InvalidSkipToken", "The skip token is invalid.")
	}
	body := object{"value": append([]object{}, values[from:min(from+pageSize, len(values))]...)}
	if from+pageSize < len(values) {
		next := url.Values{}
		for k, v := range q {
			next[k] = v
		}
		next.Set("$skipToken", fmt.Sprint(from+pageSize))
		body["nextLink"] = w.self + path + "?" + next.Encode()
	}
	return ok(body)
}
