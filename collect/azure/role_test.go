package azure

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/evidence"
)

// action is the right that a read needs, as ARM makes it of the path: the last provider in it, types without names, read.
func action(path string) string {
	parts := strings.Split(path[strings.LastIndex(path, "/providers/")+len("/providers/"):], "/")
	types := []string{parts[0]}
	for i := 1; i < len(parts); i += 2 {
		types = append(types, parts[i])
	}
	if len(parts) > 1 && parts[1] == "eventtypes" { // …/eventtypes/management/values: management is the name
		types = []string{parts[0], "eventtypes", "values"}
	}
	return strings.Join(types, "/") + "/read"
}

// TestTheRoleHoldsExactlyWhatIsAsked: everything that can be asked is asked, and the rights that it takes are those of the list.
func TestTheRoleHoldsExactlyWhatIsAsked(t *testing.T) {
	s := newServer(t)
	s.answers[vnetID] = strings.Replace(s.answers[vnetID], `"ipConfigurations"`, `"routeTable":{"id":"`+sub+`/resourceGroups/net-rg/providers/Microsoft.Network/routeTables/rt"},"ipConfigurations"`, 1)
	all := known()
	for _, plan := range [][]evidence.Request{fullPlan, {{What: evidence.AskRegistry, Name: "shop.azurecr.io"}, {What: evidence.AskUsage, Namespace: "shop", Name: "api-1"}}} {
		c := s.collector(t, nil)
		all.Merge(c.Observe(t.Context(), all))
		all.Merge(c.Follow(t.Context(), all, plan))
	}
	got := map[string]bool{}
	for _, path := range s.asked {
		switch {
		case strings.HasPrefix(path, "query:"):
			got["microsoft.operationalinsights/workspaces/query/read"] = true
		case strings.HasPrefix(path, "/prom"):
			got["microsoft.monitor/accounts/data/metrics/read"] = true
		default:
			got[strings.ToLower(action(path))] = true
		}
		if endsIn(path, "/virtualMachines") {
			got["microsoft.compute/virtualmachinescalesets/virtualmachines/instanceview/read"] = true // for $expand=instanceView
		}
	}
	want := map[string]bool{}
	for _, src := range access.Sources() {
		for _, a := range slices.Concat(src.Actions, src.DataActions) {
			want[strings.ToLower(a)] = true
		}
	}
	if d := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); d != "" {
		t.Errorf("what the role holds and what is asked differ:\n%s", d)
	}
}
