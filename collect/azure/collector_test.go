package azure

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/evidence"
)

var fullPlan = []evidence.Request{{What: evidence.AskScaleSet, Name: "user"}, {What: evidence.AskNetwork}, {What: evidence.AskDetectors},
	{What: evidence.AskHistory, Namespace: "shop", Name: "api"}, {What: evidence.AskAudit, Namespace: "shop"}}

func TestWhatIsReadIsKeptAsItCame(t *testing.T) {
	s := newServer(t)
	c := s.collector(t, nil)
	base := c.Observe(t.Context(), known())
	all := known()
	all.Merge(base)
	all.Merge(c.Follow(t.Context(), all, fullPlan))
	if len(all.Gaps) > 1 { // that no pod of the workload is known to have gone is one
		t.Errorf("gaps: %v", all.Gaps)
	}
	for _, want := range []struct{ kind, name, path string }{
		{evidence.ManagedCluster, "shop", "nodeProvisioningProfile"}, // which the SDK's types drop
		{evidence.AgentPool, "user", "futureField"},
		{evidence.ScaleSetVM, "aks-user-1-vmss000000", "latestModelApplied"}, {evidence.AgentPoolUpgrade, "user", "latestNodeImageVersion"},
		{evidence.SecurityGroup, "nodes", "securityRules"}, {evidence.Detector, "nodes-not-ready-alerts", "status"}, {evidence.ResourceHealth, "shop", "availabilityState"},
	} {
		if o, ok := all.Object(want.kind, "", want.name); !ok || !o.Raw.Has("properties", want.path) {
			t.Errorf("%s %s has no %s: %v", want.kind, want.name, want.path, o.Raw)
		}
	}
	for _, u := range all.OfKind(evidence.SubnetUsage, "") {
		if u.Name != "aks" {
			t.Errorf("the usage of subnet %s was kept, which is not of the pools", u.Name)
		}
	}
	text, _ := json.Marshal(all.Objects)
	for _, leak := range []string{"AAAA", "203.0.113.9", "adminUsername", "authorization", "listClusterUserCredential", "ipConfigurations"} {
		if strings.Contains(string(text), leak) {
			t.Errorf("%s was kept", leak)
		}
	}
}

func TestBudgets(t *testing.T) {
	s := newServer(t)
	c := s.collector(t, nil)
	all := known()
	all.Merge(c.Observe(t.Context(), all))
	pods := rows("ClusterId:string Namespace:string PodName:string PodUid:string Container:string ControllerKind:string ControllerName:string Restarts:int",
		`["`+clusterID+`","shop","api-5d8f7c9b6-x2x8z","u1","api","ReplicaSet","api-5d8f7c9b6",14]`)
	s.answers["query:pod-history"] = pods
	all.Merge(c.Follow(t.Context(), all, append(fullPlan, evidence.Request{What: evidence.AskAutoscaler}, evidence.Request{What: evidence.AskRegistry, Name: "shop.azurecr.io"})))
	if reads := s.count("/subscriptions"); reads > armBudget+poolBudget {
		t.Errorf("%d ARM reads, and %d with %d for the pool were allowed:\n%s", reads, armBudget, poolBudget, strings.Join(s.asked, "\n"))
	}
	if n := s.count("query:"); n > queryBudget {
		t.Errorf("%d queries", n)
	}
	t.Logf("%d ARM reads, %d queries, %d of Prometheus", s.count("/subscriptions"), s.count("query:"), s.count("/prom"))
}

func TestOneBaseRoundAMinute(t *testing.T) {
	s := newServer(t)
	c := s.collector(t, nil)
	c.Observe(t.Context(), known())
	before := len(s.asked)
	if got := c.Observe(t.Context(), known()); len(got.Objects) == 0 || len(s.asked) != before {
		t.Errorf("the second look within a minute asked %d times more and has %d objects", len(s.asked)-before, len(got.Objects))
	}
}

func TestWhatCannotBeReadIsAGap(t *testing.T) {
	refuse := func(status int, code, message string) fault {
		return fault{status: status, body: fmt.Sprintf(`{"error":{"code":%q,"message":%q}}`, code, message)}
	}
	throttle := refuse(429, "Throttled", "too many")
	throttle.header = http.Header{"Retry-After": {"120"}}
	for name, c := range map[string]struct {
		at    string
		fault fault
		part  string
		want  []string
	}{
		"right on the network": {"/usages", refuse(403, "AuthorizationFailed", "The client does not have authorization to perform action 'Microsoft.Network/virtualNetworks/usages/read'"), "free addresses", []string{"forbidden", "Reader", "resource group of the virtual network", "usages/read"}},
		"expired token":        {"/agentPools", refuse(401, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time"), "node pools", []string{"az login", "expiry"}},
		"wrong subscription":   {"/managedClusters", refuse(404, "SubscriptionNotFound", "The subscription could not be found."), "managed cluster", []string{"az login --tenant", "--azure-cluster"}},
		"throttled for longer": {"/maintenanceConfigurations", throttle, "planned maintenance", []string{"throttles", "after 120 s"}},
		"server error":         {"/availabilityStatuses/current", refuse(503, "ServiceUnavailable", "try later"), "Resource Health", []string{"unavailable", "run it again"}},
		"workspace deleted":    {"/workspaces/central", refuse(404, "ResourceNotFound", "gone"), "Log Analytics workspace", []string{"not found", "Log Analytics Reader"}},
		"workspace forbidden":  {"query:pod-history", refuse(403, "InsufficientAccessError", "The provided credentials have insufficient access"), "pods that are gone", []string{"forbidden", "Log Analytics Reader", "hour"}},
		"basic plan":           {"query:pod-history", refuse(400, "BadArgumentError", "Table KubePodInventory is on the Basic plan"), "pods that are gone", []string{"Analytics"}},
		"no data":              {"query:pod-history", fault{status: 204}, "pods that are gone", []string{"no data", "Container Insights"}},
		"no table":             {"query:pod-history", fault{status: 400, body: `{"error":{"code":"BadArgumentError","message":"The request had some invalid properties","innererror":{"code":"SemanticError","message":"A semantic error occurred.","innererror":{"code":"SEM0100","message":"'where' operator: Failed to resolve table or column expression named 'KubePodInventory'"}}}}`}, "pods that are gone", []string{"no such table", "KubePodInventory"}},
		"no JSON":              {"/agentPools", fault{status: 200, body: `<html>proxy</html>`}, "node pools", []string{"unavailable"}},
		"detector fails":       {"/detectors", refuse(500, "InternalServerError", "oops"), "AKS detectors", []string{"500"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			s.faults[c.at] = c.fault
			az := s.collector(t, func(o *Options) { o.Limit = 15 * time.Second })
			all := known()
			all.Merge(az.Observe(t.Context(), all))
			all.Merge(az.Follow(t.Context(), all, fullPlan))
			got := gapOf(all, c.part)
			for _, w := range c.want {
				if !strings.Contains(strings.ToLower(got), strings.ToLower(w)) {
					t.Errorf("the gap does not say %q:\n%s\nall: %v", w, got, all.Gaps)
				}
			}
		})
	}
}

func TestNothingIsReadWithoutAClusterOfAzure(t *testing.T) {
	s := newServer(t)
	elsewhere := &evidence.Snapshot{CapturedAt: time.Now(), Cluster: evidence.Cluster{Provider: "eks"}}
	if got := s.collector(t, func(o *Options) { o.OnlyAKS = true }).Observe(t.Context(), elsewhere); len(s.asked) > 0 || len(got.Gaps) > 0 {
		t.Errorf("asked %v, gaps %v", s.asked, got.Gaps)
	}
	if got := s.collector(t, nil).Observe(t.Context(), elsewhere); !strings.Contains(gapOf(got, "managed cluster"), "--azure-cluster") {
		t.Errorf("gaps %v", got.Gaps)
	}
}

func TestClusterIsFoundByItsServersName(t *testing.T) {
	s := newServer(t)
	c := s.collector(t, func(o *Options) {
		o.Server, o.Subscription = "SHOP-1.hcp.westeurope.azmk8s.io", strings.TrimPrefix(sub, "/subscriptions/")
	})
	if got := c.Observe(t.Context(), &evidence.Snapshot{}); len(got.OfKind(evidence.ManagedCluster, "")) != 1 {
		t.Errorf("gaps %v", got.Gaps)
	}
}

func TestGonePodFromHistory(t *testing.T) {
	s := newServer(t)
	columns := "ClusterId:string Namespace:string PodName:string PodUid:string Container:string ControllerKind:string ControllerName:string Computer:string PodStatus:string PodLabel:string PodCreated:datetime LastSeen:datetime Restarts:int ContainerStatus:string ContainerStatusReason:string LastStates:dynamic"
	row := func(cluster, pod, uid, owner, reason string) string {
		return fmt.Sprintf(`["%s","shop",%q,%q,"api","ReplicaSet",%q,"aks-user-1-vmss000000","Running","[{\"app\":\"api\",\"pod-template-hash\":\"5d8f7c9b6\"}]","2026-04-07T09:00:00Z","2026-04-07T09:41:00Z",14,"waiting","CrashLoopBackOff","[\"{\\\"lastState\\\":\\\"terminated\\\",\\\"reason\\\":\\\"Error\\\",\\\"startedAt\\\":\\\"2026-04-07T09:20:00Z\\\",\\\"finishedAt\\\":\\\"2026-04-07T09:20:05Z\\\"}\",\"{\\\"lastState\\\":\\\"terminated\\\",\\\"reason\\\":\\\"%s\\\",\\\"startedAt\\\":\\\"2026-04-07T09:40:00Z\\\",\\\"finishedAt\\\":\\\"2026-04-07T09:40:05Z\\\"}\"]"]`, cluster, pod, uid, owner, reason)
	}
	s.answers["query:pod-history"] = rows(columns, row(strings.ToUpper(clusterID), "api-5d8f7c9b6-x2x8z", "u1", "api-5d8f7c9b6", "OOMKilled"), row(clusterID+"-other", "api-5d8f7c9b6-other", "u2", "api-5d8f7c9b6", "Error"),
		row(clusterID, "api-live", "u-live", "api-5d8f7c9b6", "Error"), row(clusterID, "api-gateway-7c9b6d8f5-abcde", "u3", "api-gateway-7c9b6d8f5", "Error"))
	s.answers["query:previous-logs"] = rows("TimeGenerated:datetime PodNamespace:string PodName:string ContainerName:string ContainerId:string LogMessage:string",
		`["2026-04-07T09:40:01.5Z","shop","api-5d8f7c9b6-x2x8z","api","`+strings.Repeat("a", 64)+`","starting"]`, `["2026-04-07T09:40:04.9Z","shop","api-5d8f7c9b6-x2x8z","api","`+strings.Repeat("a", 64)+`","panic: boom"]`)
	s.answers["query:events"] = rows("LastSeen:datetime FirstSeen:datetime Namespace:string Name:string ObjectKind:string KubeEventType:string Reason:string Count:real Message:string SourceComponent:string Computer:string ClusterId:string",
		`["2026-04-07T09:40:30Z","2026-04-07T09:10:00Z","shop","api-5d8f7c9b6-x2x8z","Pod","Warning","BackOff",41,"Back-off restarting failed container api in pod api-5d8f7c9b6-x2x8z_shop(u1)","kubelet","n","`+clusterID+`"]`)
	c := s.collector(t, nil)
	all := known()
	all.Merge(c.Observe(t.Context(), all))
	all.Merge(c.Follow(t.Context(), all, []evidence.Request{{What: evidence.AskHistory, Namespace: "shop", Name: "api"}}))
	pods := all.OfKind("Pod", "")
	if len(pods) != 1 || pods[0].Name != "api-5d8f7c9b6-x2x8z" {
		t.Fatalf("pods %v; those of another cluster, of another workload and those that are still there do not count", pods)
	}
	p, err := evidence.PodFromObject(pods[0])
	if err != nil {
		t.Fatal(err)
	}
	api := p.Container("api")
	if api.Last.Reason != "OOMKilled" || api.Last.ExitCode.Known() || api.RestartCount.Or(0) != 14 || api.State.Reason != "CrashLoopBackOff" || p.Labels["app"] != "api" {
		t.Errorf("container %+v", api)
	}
	if len(all.Logs) != 1 || !all.Logs[0].Instance.Finish.Equal(api.Last.FinishedAt) || !strings.HasSuffix(string(all.Logs[0].Text), "panic: boom\n") {
		t.Errorf("the log of the run that ended was not found: %+v", all.Logs)
	}
	if len(all.Events) != 1 || all.Events[0].Container != "api" || all.Events[0].Count != 41 {
		t.Errorf("events %+v", all.Events)
	}
	again := len(all.Events)
	all.Events[0].UID = "live"
	all.Merge(c.Follow(t.Context(), all, []evidence.Request{{What: evidence.AskEvents, Namespace: "shop", Name: "api-5d8f7c9b6-x2x8z"}}))
	if len(all.Events) != again {
		t.Errorf("an event that the API has too is counted twice: %+v", all.Events)
	}
	if g := gapOf(all, "new data"); !strings.Contains(g, "none of this cluster") && g != "" {
		t.Errorf("gap %s", g)
	}
}

func TestPartOfAnAnswer(t *testing.T) {
	s := newServer(t)
	body := rows("ClusterId:string Namespace:string PodName:string PodUid:string Container:string ControllerKind:string ControllerName:string Restarts:int", `["`+clusterID+`","shop","api-0","u1","api","StatefulSet","api",3]`)
	s.answers["query:pod-history"] = strings.TrimSuffix(body, "}") + `,"error":{"code":"PartialError","message":"There were some errors when processing your query.","details":[{"code":"EngineError","message":"Something went wrong processing your query on the server."}]}}`
	c := s.collector(t, nil)
	all := known()
	all.Merge(c.Observe(t.Context(), all))
	all.Merge(c.Follow(t.Context(), all, []evidence.Request{{What: evidence.AskHistory, Namespace: "shop", Name: "api"}}))
	if len(all.OfKind("Pod", "")) != 1 || !strings.Contains(gapOf(all, "pods that are gone"), "a part only") {
		t.Errorf("pods %v, gaps %v", all.OfKind("Pod", ""), all.Gaps)
	}
}

func TestMuchOfEverything(t *testing.T) {
	s := newServer(t)
	line := `["2026-04-07T09:40:01.5Z","shop","api-live","api","` + strings.Repeat("a", 64) + `","` + strings.Repeat("x", 150) + `"]`
	s.answers["query:previous-logs"] = rows("TimeGenerated:datetime PodNamespace:string PodName:string ContainerName:string ContainerId:string LogMessage:string", slices.Repeat([]string{line}, 60_000)...)
	c := s.collector(t, nil)
	all := known()
	all.Merge(c.Observe(t.Context(), all))
	all.Merge(c.Follow(t.Context(), all, []evidence.Request{{What: evidence.AskLogs, Namespace: "shop", Name: "api-live"}}))
	if g := gapOf(all, "logs of pods"); len(all.Logs) != 1 || !strings.Contains(g, "50000 of 60000") {
		t.Errorf("%d logs, gap %q", len(all.Logs), g)
	}
}

func TestMemoryFromPrometheusWhereInsightsHasNone(t *testing.T) {
	s := newServer(t)
	c := s.collector(t, nil)
	all := known()
	all.Merge(c.Observe(t.Context(), all))
	all.Merge(c.Follow(t.Context(), all, []evidence.Request{{What: evidence.AskUsage, Namespace: "shop", Name: "api-1"}}))
	want := []evidence.Usage{{Namespace: "shop", Pod: "api-1", Container: "api", Time: time.Unix(1775554800, 0).UTC(), WorkingSet: 268435456, CPU: -1, Source: "prometheus"}}
	if d := cmp.Diff(want, all.Usage); d != "" {
		t.Errorf("usage:\n%s\ngaps %v", d, all.Gaps)
	}
}

func TestClockOfAzure(t *testing.T) {
	s := newServer(t)
	s.skew = 95 * time.Second
	all := known()
	all.Merge(s.collector(t, nil).Observe(t.Context(), all))
	if ahead, ok := all.CloudRead(); !ok || ahead < 92*time.Second || ahead > 98*time.Second {
		t.Errorf("Azure's clock is told to be %s ahead", ahead)
	}
}

func TestTableOfTheOldDiagnosticMode(t *testing.T) {
	s := newServer(t)
	s.faults["query:who-changed"] = fault{status: 400, body: `{"error":{"code":"BadArgumentError","message":"x","innererror":{"code":"SEM0100","message":"'where' operator: Failed to resolve table or column expression named 'AKSAuditAdmin'"}}}`}
	s.answers["query:who-changed-azurediagnostics"] = rows("TimeGenerated:datetime Who:string UserAgent:string Verb:string Resource:string Namespace:string Name:string Code:int", `["2026-04-07T09:40:00Z","dana","kubectl","patch","secrets","shop","db",200]`)
	c := s.collector(t, nil)
	all := known()
	all.Merge(c.Observe(t.Context(), all))
	all.Merge(c.Follow(t.Context(), all, []evidence.Request{{What: evidence.AskAudit, Namespace: "shop"}}))
	if got := all.OfKind(evidence.AuditEntry, ""); len(got) != 1 || got[0].Raw.Str("who") != "dana" || len(all.Gaps) > 0 {
		t.Errorf("entries %v, gaps %v", got, all.Gaps)
	}
}

// BenchmarkFullSnapshot takes everything that one look may, with an Azure that takes 150 ms for each answer.
func BenchmarkFullSnapshot(b *testing.B) {
	s := newServer(b)
	s.latency = 150 * time.Millisecond
	for b.Loop() {
		c := s.collector(b, nil)
		all := known()
		all.Merge(c.Observe(b.Context(), all))
		all.Merge(c.Follow(b.Context(), all, fullPlan))
	}
	b.ReportMetric(float64(s.count("/subscriptions"))/float64(b.N), "reads/op")
}
