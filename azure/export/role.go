package export

import (
	"encoding/json"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/azure/queries"
)

// Permission is an action of the role, with what it is needed for.
type Permission struct {
	Action string
	For    string
	// Data is whether it is a data action.
	Data bool
}

// Permissions are all that crashproof reads in Azure, and nothing that writes. Each is needed for one thing, which is told
// as not available where the permission is not there.
func Permissions() []Permission {
	var out []Permission
	for _, src := range access.Sources() {
		for _, a := range src.Actions {
			out = append(out, Permission{Action: a, For: src.What + ": " + src.For})
		}
		for _, a := range src.DataActions {
			out = append(out, Permission{Action: a, For: src.What + ": " + src.For, Data: true})
		}
	}
	return append(out, tablePermissions()...)
}

// tablePermissions are the tables that the queries read.
func tablePermissions() []Permission {
	by := map[string][]string{}
	for _, q := range queries.All() {
		for _, t := range q.Tables {
			by[t] = append(by[t], q.Name)
		}
	}
	var out []Permission
	for _, t := range sortedKeys(by) {
		out = append(out, Permission{Action: "Microsoft.OperationalInsights/workspaces/query/" + t + "/read", For: "the queries " + sentence(by[t])})
	}
	return out
}

// role is the form that `az role definition create` reads.
type role struct {
	Name             string
	IsCustom         bool
	Description      string
	Actions          []string
	NotActions       []string
	DataActions      []string
	NotDataActions   []string
	AssignableScopes []string
}

// NoSubscription stands in a role for which no scope was given.
const NoSubscription = "/subscriptions/00000000-0000-0000-0000-000000000000"

// Role is the definition of a custom role with the permissions, in the form that `az role definition create` reads.
func Role(scopes []string) ([]byte, error) {
	if len(scopes) == 0 {
		scopes = []string{NoSubscription}
	}
	r := role{
		Name: "crashproof reader", IsCustom: true, Description: "Reads what crashproof needs to explain crashing pods of AKS clusters. Writes nothing, and reads no secrets.",
		NotActions: []string{}, NotDataActions: []string{}, AssignableScopes: scopes,
	}
	for _, p := range Permissions() {
		if p.Data {
			r.DataActions = append(r.DataActions, p.Action)
		} else {
			r.Actions = append(r.Actions, p.Action)
		}
	}
	out, err := json.MarshalIndent(r, "", "  ")
	return append(out, '\n'), err
}
