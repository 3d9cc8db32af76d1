package change

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/evidence"
)

func raw(t *testing.T, text string) evidence.Raw {
	t.Helper()
	var r evidence.Raw
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhenMaintenanceMayBegin(t *testing.T) {
	now := time.Date(2026, 4, 7, 9, 41, 0, 0, time.UTC) // a Tuesday
	for name, c := range map[string]struct {
		window string
		want   string
	}{
		"weekly":               {`{"schedule":{"weekly":{"intervalWeeks":1,"dayOfWeek":"Tuesday"}},"durationHours":4,"startTime":"01:00"}`, "2026-04-07T01:00:00Z"},
		"another day":          {`{"schedule":{"weekly":{"intervalWeeks":1,"dayOfWeek":"Friday"}},"durationHours":4,"startTime":"01:00"}`, ""},
		"of its own zone":      {`{"schedule":{"weekly":{"dayOfWeek":"Tuesday"}},"durationHours":4,"startTime":"10:00","utcOffset":"+05:30"}`, "2026-04-07T04:30:00Z"},
		"every second week":    {`{"schedule":{"weekly":{"intervalWeeks":2,"dayOfWeek":"Tuesday"}},"durationHours":4,"startTime":"01:00","startDate":"2026-03-31"}`, ""},
		"its second week":      {`{"schedule":{"weekly":{"intervalWeeks":2,"dayOfWeek":"Tuesday"}},"durationHours":4,"startTime":"01:00","startDate":"2026-03-24"}`, "2026-04-07T01:00:00Z"},
		"daily":                {`{"schedule":{"daily":{"intervalDays":1}},"durationHours":4,"startTime":"10:00"}`, "2026-04-06T10:00:00Z"},
		"not yet in force":     {`{"schedule":{"daily":{"intervalDays":1}},"durationHours":4,"startTime":"01:00","startDate":"2026-05-01"}`, ""},
		"monthly":              {`{"schedule":{"absoluteMonthly":{"intervalMonths":1,"dayOfMonth":7}},"durationHours":4,"startTime":"01:00"}`, "2026-04-07T01:00:00Z"},
		"first Tuesday":        {`{"schedule":{"relativeMonthly":{"intervalMonths":1,"dayOfWeek":"Tuesday","weekIndex":"First"}},"durationHours":4,"startTime":"01:00"}`, "2026-04-07T01:00:00Z"},
		"last Tuesday":         {`{"schedule":{"relativeMonthly":{"intervalMonths":1,"dayOfWeek":"Tuesday","weekIndex":"Last"}},"durationHours":4,"startTime":"01:00"}`, ""},
		"a date that is not":   {`{"schedule":{"daily":{"intervalDays":1}},"durationHours":4,"startTime":"01:00","notAllowedDates":[{"start":"2026-04-01","end":"2026-04-08"}]}`, ""},
		"still to come":        {`{"schedule":{"weekly":{"dayOfWeek":"Tuesday"}},"durationHours":4,"startTime":"12:00"}`, ""},
		"without a time":       {`{"schedule":{"weekly":{"dayOfWeek":"Tuesday"}},"durationHours":4}`, ""},
		"a form of the future": {`{"schedule":{"hourly":{}},"durationHours":4,"startTime":"01:00"}`, ""},
	} {
		var got []string
		for _, at := range opened(raw(t, c.window), now) {
			got = append(got, at.Format(time.RFC3339))
		}
		if d := cmp.Diff(c.want, strings.Join(got, " ")); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

func activity(t *testing.T, id, at, op, status, resource, correlation string) evidence.Object {
	return evidence.NewCloudObject(evidence.ActivityEvent, id, raw(t, `{"eventDataId":"`+id+`","eventTimestamp":"`+at+`","operationName":{"value":"`+op+`"},"status":{"value":"`+status+`"},"category":{"value":"Administrative"},"resourceId":"`+resource+`","correlationId":"`+correlation+`","caller":"dana@example.com"}`))
}

func TestWhatWasDoneInAzure(t *testing.T) {
	const sub = "/subscriptions/S/resourceGroups/g/providers/"
	s := &evidence.Snapshot{CapturedAt: time.Date(2026, 4, 7, 10, 0, 0, 0, time.UTC)}
	s.Population.Nodes = []evidence.NodeRow{{Name: "aks-apps-1-vmss000002", Pool: "apps", ProviderID: "azure://" + strings.ToLower(sub) + "microsoft.compute/virtualmachinescalesets/aks-apps-1-vmss/virtualMachines/2"}}
	s.Objects = []evidence.Object{
		evidence.NewCloudObservation(90*time.Second, s.CapturedAt, 1, 0),
		activity(t, "a1", "2026-04-07T09:30:00Z", "MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/AGENTPOOLS/UPGRADENODEIMAGEVERSION/ACTION", "Started", sub+"Microsoft.ContainerService/managedClusters/shop/agentPools/apps", "c1"),
		activity(t, "a2", "2026-04-07T09:44:00Z", "Microsoft.ContainerService/managedClusters/agentPools/upgradeNodeImageVersion/action", "Succeeded", sub+"Microsoft.ContainerService/managedClusters/shop/agentPools/apps", "c1"),
		activity(t, "b1", "2026-04-07T09:35:00Z", "Microsoft.Network/networkSecurityGroups/securityRules/write", "Failed", sub+"Microsoft.Network/networkSecurityGroups/nodes/securityRules/deny", "c2"),
		activity(t, "d1", "2026-04-07T09:36:00Z", "Microsoft.Compute/virtualMachineScaleSets/evictSpotVM/action", "Accepted", sub+"Microsoft.Compute/virtualMachineScaleSets/aks-apps-1-vmss", "c3"),
		activity(t, "e1", "2026-04-07T09:37:00Z", "Microsoft.Compute/virtualMachineScaleSets/virtualmachines/restart/action", "Succeeded", sub+"Microsoft.Compute/virtualMachineScaleSets/aks-apps-1-vmss/virtualMachines/2", "c4"),
		activity(t, "f1", "2026-04-07T09:38:00Z", "Microsoft.Authorization/roleAssignments/delete", "Succeeded", sub+"Microsoft.ContainerRegistry/registries/shop/providers/Microsoft.Authorization/roleAssignments/9", "c5"),
		activity(t, "g1", "2026-04-07T09:39:00Z", "Microsoft.Insights/metricAlerts/write", "Succeeded", sub+"Microsoft.Insights/metricAlerts/x", "c6"),
	}
	var got []string
	for _, c := range clouds(s) {
		got = append(got, c.Time.Format("15:04:05")+" "+c.Text(2))
	}
	want := []string{
		"09:28:30 AgentPool apps: upgrade of the node image (by dana@example.com)",
		"09:33:30 NetworkSecurityGroup nodes/deny: change of a rule of the network security group, which failed (by dana@example.com)",
		"09:34:30 AgentPool apps: eviction of a spot instance, under way (by dana@example.com)",
		"09:35:30 Node aks-apps-1-vmss000002: restart of the machine (by dana@example.com)",
		"09:36:30 ContainerRegistry shop: deletion of a role assignment (by dana@example.com)",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	s.Objects = s.Objects[1:] // Azure was not read: then its objects are of somebody else's
	if got := clouds(s); len(got) != 0 {
		t.Errorf("without a reading of Azure: %v", got)
	}
}

func TestWhoChangedASecret(t *testing.T) {
	s := &evidence.Snapshot{CapturedAt: time.Date(2026, 4, 7, 10, 0, 0, 0, time.UTC)}
	entry := func(name, verb, resource, object, code string) evidence.Object {
		return evidence.NewCloudObject(evidence.AuditEntry, name, raw(t, `{"timeGenerated":"2026-04-07T09:40:00Z","who":"ci-bot","userAgent":"kubectl/v1.33","verb":"`+verb+`","resource":"`+resource+`","namespace":"shop","name":"`+object+`","code":`+code+`}`))
	}
	s.Objects = []evidence.Object{evidence.NewCloudObservation(0, s.CapturedAt, 1, 1), entry("1", "patch", "secrets", "db", "200"), entry("2", "patch", "secrets", "other", "403"), entry("3", "update", "configmaps", "rates", "200"), entry("4", "patch", "deployments", "api", "200"),
		evidence.NewObject(raw(t, `{"kind":"ConfigMap","metadata":{"name":"rates","namespace":"shop"}}`), "v1", "ConfigMap", "live")}
	list := clouds(s)
	if len(list) != 1 || list[0].Object.String() != "Secret/shop/db" || list[0].By != "ci-bot" || list[0].Items[0].Aspect != "secret" {
		t.Errorf("%+v: a refused change is none, and what the API tells itself is not told twice", list)
	}
}
