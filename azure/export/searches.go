package export

import (
	"maps"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/azure/queries"
)

const category = "crashproof"

var (
	workspaceParam = Param{Name: "workspaceResourceId", Type: "string", Says: "Resource ID of the Log Analytics workspace that Container Insights writes to"}
	clusterParam   = Param{Name: "clusterResourceId", Type: "string", Says: "Resource ID of the AKS cluster; empty for all clusters of the workspace", Default: Text("")}
	locationParam  = Param{Name: "location", Type: "string", Says: "Azure region", Default: call("location")}
	groupsParam    = Param{Name: "actionGroupIds", Type: "array", Says: "Resource IDs of the action groups to notify", Default: List{}}
)

// SavedSearches are the queries as saved searches of the workspace. The template goes to the workspace's resource group.
func SavedSearches() Template {
	t := Template{
		Says:   "Queries of crashproof as saved searches of a Log Analytics workspace.",
		Params: []Param{workspaceParam, clusterParam},
	}
	for _, q := range queries.All() {
		t.Resources = append(t.Resources, Resource{
			Symbol: symbol(q.Name), Type: "Microsoft.OperationalInsights/workspaces/savedSearches", APIVersion: "2025-07-01",
			Name: call("concat", call("last", call("split", Ref("workspaceResourceId"), Text("/"))), Text("/crashproof-"+q.Name)),
			Body: Object{{"properties", Object{
				{"category", Text(category)},
				{"displayName", Text(q.Title)},
				{"query", forCluster(q)},
				{"version", Number(2)},
			}}},
		})
	}
	return t
}

// QueryPack are the queries as a query pack, which people of several workspaces can use.
func QueryPack() Template {
	const kind = "Microsoft.OperationalInsights/queryPacks"
	pack := Dependency{Symbol: "pack", Type: kind, Name: Ref("packName")}
	t := Template{
		Says:   "Queries of crashproof as a query pack for Log Analytics.",
		Params: []Param{{Name: "packName", Type: "string", Says: "Name of the query pack", Default: Text(category)}, clusterParam, locationParam},
		Resources: []Resource{{Symbol: pack.Symbol, Type: kind, APIVersion: "2025-07-01", Name: pack.Name,
			Body: Object{{"location", Ref("location")}, {"properties", Object{}}}}},
	}
	for _, q := range queries.All() {
		t.Resources = append(t.Resources, Resource{
			Symbol: symbol(q.Name), Type: kind + "/queries", APIVersion: "2025-07-01",
			// the service wants a GUID for a name: one that stays the same from deployment to deployment
			Name:      call("concat", pack.Name, Text("/"), call("guid", pack.Name, Text(q.Name))),
			DependsOn: []Dependency{pack},
			Body: Object{{"properties", Object{
				{"displayName", Text(q.Title)},
				{"description", Text(describe(q))},
				{"body", forCluster(q)},
				{"related", Object{{"resourceTypes", List{Text("microsoft.containerservice/managedclusters"), Text("microsoft.operationalinsights/workspaces")}}}},
				{"tags", Object{{"labels", List{Text(category)}}}},
			}}},
		})
	}
	return t
}

// forCluster is the text of a query with the cluster of the deployment in place of the default, if the query has one.
// Resource IDs hold no quotes; one that is given does not leave the literal, for its quotes are taken out.
func forCluster(q *queries.Query) Value {
	p := q.Param("cluster")
	if p == nil {
		return Text(q.Text)
	}
	line := "let cluster = "
	id := call("replace", call("replace", Ref("clusterResourceId"), Text(`"`), Text("")), Text(`\`), Text(""))
	return call("replace", Text(q.Text), Text(line+p.Default), call("concat", Text(line+`"`), id, Text(`"`)))
}

// describe is the purpose of a query and what misleads about it.
func describe(q *queries.Query) string {
	return strings.Join(append([]string{q.Purpose}, q.Notes...), " ")
}

// symbol is a name as Bicep allows it.
func symbol(name string) string {
	var b strings.Builder
	for i, part := range strings.Split(name, "-") {
		if i > 0 {
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		b.WriteString(part)
	}
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func sentence(list []string) string { return strings.Join(list, ", ") }
