package azure

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const sub = "00000000-0000-0000-0000-000000000000"

// nodes are three of a pool user and one of system, as the lab makes them.
func nodes() []corev1.Node {
	var out []corev1.Node
	add := func(pool string, i int) {
		zone := i%3 + 1
		out = append(out, corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("aks-%s-12345678-vmss%06d", pool, i), Labels: map[string]string{
			"agentpool": pool, "kubernetes.azure.com/mode": map[bool]string{true: "system", false: "user"}[pool == "system"], "kubernetes.azure.com/cluster": "MC_shop-rg_shop-aks_westeurope",
			"kubernetes.azure.com/node-image-version": "AKSUbuntu-2204gen2containerd-202509.18.0", corev1.LabelTopologyRegion: "westeurope", corev1.LabelTopologyZone: fmt.Sprintf("westeurope-%d", zone), corev1.LabelInstanceTypeStable: "Standard_D4s_v5"}},
			Spec:   corev1.NodeSpec{ProviderID: fmt.Sprintf("azure:///subscriptions/%s/resourceGroups/mc_shop-rg_shop-aks_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-%s-12345678-vmss/virtualMachines/%d", sub, pool, i)},
			Status: corev1.NodeStatus{Capacity: corev1.ResourceList{corev1.ResourcePods: resource.MustParse("110")}, NodeInfo: corev1.NodeSystemInfo{KubeletVersion: "v1.33.5"}}})
	}
	add("system", 0)
	for i := range 3 {
		add("user", i)
	}
	return append(out, corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "virtual"}})
}

// caller asks a fake as a program would.
type caller struct {
	t      *testing.T
	server *Server
	estate *Estate
	client *http.Client
}

func started(t *testing.T, description string) *caller {
	t.Helper()
	e, err := Survey(nodes(), []string{"shopreg.azurecr.io/api:1", "busybox"})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Parse([]byte(description), e, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s, err := Start(e, d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	pem, err := os.ReadFile(s.CAFile())
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	return &caller{t, s, e, &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}}
}

// ask returns the status, the headers and the JSON body of an answer.
func (c *caller) ask(method, address, bearer, body string) (int, http.Header, object) {
	c.t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	if method == http.MethodPost && !strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("X-IDENTITY-HEADER", c.server.secret)
	resp, err := c.client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	out := object{}
	if err := json.Unmarshal(raw, &out); err != nil {
		c.t.Fatalf("%s: %v: %s", address, err, raw)
	}
	return resp.StatusCode, resp.Header, out
}

func (c *caller) token(audience string) string {
	c.t.Helper()
	status, _, got := c.ask("GET", c.server.identity+"?api-version=2019-08-01&resource="+url.QueryEscape(audience), "", "")
	if status != 200 {
		c.t.Fatalf("token: %d %v", status, got)
	}
	return got["access_token"].(string)
}

// get reads from ARM by a path with or without further parameters.
func (c *caller) get(path string) (int, object) {
	c.t.Helper()
	status, _, got := c.ask("GET", c.server.URL()+path+map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]+"api-version=2025-02-01", c.token("https://management.azure.com"), "")
	return status, got
}

func (c *caller) want(path string, status int) object {
	c.t.Helper()
	got, body := c.get(path)
	if got != status {
		c.t.Fatalf("%s: %d %v; want %d", path, got, body, status)
	}
	return body
}

func code(body object) any { return field(body, "error", "code") }

func names(body object) []string {
	var out []string
	for _, v := range body["value"].([]any) {
		out = append(out, v.(object)["name"].(string))
	}
	return out
}

func TestTokensAreThoseOfAManagedIdentity(t *testing.T) {
	c := started(t, "")
	status, _, got := c.ask("GET", c.server.identity+"?api-version=2019-08-01&resource=https://management.azure.com", "", "")
	if status != 200 || got["token_type"] != "Bearer" || got["resource"] != "https://management.azure.com" {
		t.Fatalf("%d %v", status, got)
	}
	if text, isText := got["expires_on"].(string); !isText || strings.Trim(text, "0123456789") != "" {
		t.Errorf("expires_on is %v", got["expires_on"])
	}
	if status, _, _ := c.ask("GET", c.server.identity+"?resource=https://management.azure.com", "", ""); status != 400 {
		t.Errorf("without api-version: %d", status)
	}
	c.server.secret = "another"
	r, _ := http.NewRequest("GET", c.server.identity+"?api-version=2019-08-01&resource=x", nil)
	r.Header.Set("X-IDENTITY-HEADER", "wrong")
	resp, err := c.client.Do(r)
	if err != nil || resp.StatusCode != 401 {
		t.Errorf("with a wrong header: %v, %v", resp.Status, err)
	}
	if err == nil {
		resp.Body.Close()
	}
}

func TestNothingIsAnsweredWithoutAFittingToken(t *testing.T) {
	c := started(t, "")
	address := c.server.URL() + "/subscriptions/" + sub + "?api-version=2022-12-01"
	for bearer, want := range map[string]string{"": "AuthenticationFailed", "made-up": "InvalidAuthenticationToken", c.token("https://api.loganalytics.io"): "InvalidAuthenticationTokenAudience"} {
		status, headers, got := c.ask("GET", address, bearer, "")
		if status != 401 || code(got) != want || headers.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: %d %v; want %s", bearer, status, got, want)
		}
	}
	if status, _, _ := c.ask("POST", c.server.URL()+"/v1/workspaces/x/query", "", `{"query":"x"}`); status != 401 {
		t.Errorf("a query without a token: %d", status)
	}
	if status, _, _ := c.ask("POST", c.server.URL()+"/api/v1/query", "", `query=up`); status != 401 {
		t.Errorf("Prometheus without a token: %d", status)
	}
}

func TestAHealthyClusterIsMadeOfItsNodes(t *testing.T) {
	c := started(t, "")
	e := c.estate
	cluster := c.want(e.ClusterID(), 200)
	for path, want := range map[string]any{"provisioningState": "Succeeded", "nodeResourceGroup": "MC_shop-rg_shop-aks_westeurope", "currentKubernetesVersion": "1.33.5"} {
		if got := field(cluster, "properties", path); got != want {
			t.Errorf("cluster %s is %v, want %v", path, got, want)
		}
	}
	if id := e.ClusterID(); id != "/subscriptions/"+sub+"/resourceGroups/shop-rg/providers/Microsoft.ContainerService/managedClusters/shop-aks" {
		t.Errorf("cluster %s", id)
	}
	list := c.want("/subscriptions/"+sub+"/providers/microsoft.containerservice/MANAGEDCLUSTERS", 200)
	if got := names(list); len(got) != 1 || got[0] != "shop-aks" {
		t.Errorf("clusters %v", got)
	}
	if got := names(c.want(e.ClusterID()+"/agentPools", 200)); strings.Join(got, " ") != "system user" {
		t.Errorf("pools %v", got)
	}
	pool := c.want(e.ClusterID()+"/agentPools/user", 200)
	if field(pool, "properties", "count") != 3.0 || field(pool, "properties", "mode") != "User" || field(pool, "properties", "vnetSubnetID") != e.SubnetID() || field(pool, "properties", "powerState", "code") != "Running" {
		t.Errorf("pool %v", pool)
	}
	if got := field(c.want(e.ClusterID()+"/agentPools/user/upgradeProfiles/default", 200), "properties", "latestNodeImageVersion"); got != field(pool, "properties", "nodeImageVersion") {
		t.Errorf("the newest image is %v", got)
	}
	if got := c.want(e.ClusterID()+"/maintenanceConfigurations", 200)["value"].([]any); len(got) != 0 {
		t.Errorf("maintenance %v", got)
	}
	group := c.want("/subscriptions/"+sub+"/resourcegroups/mc_shop-rg_SHOP-aks_westeurope", 200)
	if group["managedBy"] != e.ClusterID() {
		t.Errorf("node group %v", group)
	}
	for _, path := range []string{"/upgradeProfiles/default", "/detectors", "/detectors/dns-resolution", "/providers/Microsoft.ResourceHealth/availabilityStatuses", "/providers/Microsoft.Insights/dataCollectionRuleAssociations"} {
		c.want(e.ClusterID()+path, 200)
	}
	if got := field(c.want(e.ClusterID()+"/providers/Microsoft.ResourceHealth/availabilityStatuses/current", 200), "properties", "availabilityState"); got != "Available" {
		t.Errorf("the cluster is %v", got)
	}
}

func TestInstancesAreNodes(t *testing.T) {
	c := started(t, "")
	e := c.estate
	set := e.Pool("user").ScaleSet
	list := c.want(set+"/virtualMachines?$expand=instanceView", 200)
	vms := list["value"].([]any)
	if len(vms) != 3 {
		t.Fatalf("%d instances", len(vms))
	}
	vm := vms[1].(object)
	if field(vm, "properties", "osProfile", "computerName") != "aks-user-12345678-vmss000001" || field(vm, "properties", "latestModelApplied") != true || vm["instanceId"] != "1" || field(vm, "properties", "instanceView", "statuses") == nil {
		t.Errorf("instance %v", vm)
	}
	if one := c.want(set+"/virtualMachines/1", 200); field(one, "properties", "instanceView") != nil {
		t.Errorf("an instance's view comes unasked: %v", one)
	}
	if view := c.want(set+"/virtualMachines/1/instanceView", 200); view["computerName"] != "aks-user-12345678-vmss000001" {
		t.Errorf("view %v", view)
	}
	if got := names(c.want(e.in(e.NodeGroup, "Microsoft.Compute/virtualMachineScaleSets"), 200)); len(got) != 2 {
		t.Errorf("scale sets %v", got)
	}
}

func TestNetworkWorkspaceAndRegistryHangTogether(t *testing.T) {
	c := started(t, "")
	e := c.estate
	usage := c.want(e.VNetID()+"/usages", 200)["value"].([]any)[0].(object)
	if usage["id"] != e.SubnetID() || usage["currentValue"] != 4*111.0 || usage["limit"] != 65531.0 {
		t.Errorf("usage %v", usage)
	}
	vnet, subnet := c.want(e.VNetID(), 200), c.want(e.SubnetID(), 200)
	if got := field(vnet, "properties", "subnets").([]any); len(got) != 1 || got[0].(object)["id"] != e.SubnetID() {
		t.Errorf("subnets %v", got)
	}
	c.want(field(subnet, "properties", "networkSecurityGroup", "id").(string), 200)
	c.want(field(subnet, "properties", "routeTable", "id").(string), 200)
	c.want(e.WorkspaceID(), 200)
	if got := field(c.want(e.WorkspaceID()+"/tables/containerlogv2", 200), "properties", "plan"); got != "Analytics" {
		t.Errorf("plan %v", got)
	}
	for _, a := range c.want(e.ClusterID()+"/providers/Microsoft.Insights/dataCollectionRuleAssociations", 200)["value"].([]any) {
		c.want(field(a.(object), "properties", "dataCollectionRuleId").(string), 200)
	}
	if got := field(c.want(e.MetricsID(), 200), "properties", "metrics", "prometheusQueryEndpoint"); got != c.server.URL() {
		t.Errorf("Prometheus is at %v", got)
	}
	registry := c.want("/subscriptions/"+sub+"/providers/Microsoft.ContainerRegistry/registries", 200)["value"].([]any)[0].(object)
	kubelet := field(c.want(e.ClusterID(), 200), "properties", "identityProfile", "kubeletidentity", "objectId").(string)
	filter := "?$filter=" + url.QueryEscape("principalId eq '"+kubelet+"'")
	roles := c.want(registry["id"].(string)+"/providers/Microsoft.Authorization/roleAssignments"+filter, 200)["value"].([]any)
	if len(roles) != 1 {
		t.Fatalf("roles %v", roles)
	}
	role := c.want(field(roles[0].(object), "properties", "roleDefinitionId").(string), 200)
	if field(role, "properties", "roleName") != "AcrPull" {
		t.Errorf("role %v", role)
	}
	other := c.want(registry["id"].(string)+"/providers/Microsoft.Authorization/roleAssignments?$filter="+url.QueryEscape("principalId eq 'x'"), 200)
	if got := other["value"].([]any); len(got) != 0 {
		t.Errorf("roles of somebody else: %v", got)
	}
}

func TestWhatIsNotThereIsToldAsByARM(t *testing.T) {
	c := started(t, "")
	e := c.estate
	for path, want := range map[string]string{
		"/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.ContainerService/managedClusters": "SubscriptionNotFound",
		"/subscriptions/" + sub + "/resourceGroups/nothing":                                                        "ResourceGroupNotFound",
		e.VNetID() + "x":                               "ResourceNotFound",
		e.VNetID() + "x/subnets":                       "ResourceNotFound",
		e.ClusterID() + "/nothing":                     "ResourceNotFound",
		e.Pool("user").ScaleSet + "/virtualMachines/9": "ResourceNotFound",
		"/nothing": "ResourceNotFound",
	} {
		if got := code(c.want(path, 404)); got != want {
			t.Errorf("%s: %v, want %s", path, got, want)
		}
	}
	status, headers, got := c.ask("GET", c.server.URL()+e.ClusterID(), c.token("https://management.azure.com/"), "")
	if status != 400 || code(got) != "MissingApiVersionParameter" {
		t.Errorf("without api-version: %d %v", status, got)
	}
	if headers.Get("x-ms-request-id") == "" || headers.Get("x-ms-ratelimit-remaining-subscription-reads") == "" {
		t.Errorf("headers %v", headers)
	}
	if asked := c.server.Requests(); asked.ARM != 8 || asked.Tokens != 8 || len(asked.Strange) != 7 {
		t.Errorf("asked %+v", asked)
	}
}

func TestADescriptionIsMergedIntoTheDefaults(t *testing.T) {
	c := started(t, `
cluster: {properties: {networkProfile: {outboundType: userDefinedRouting, loadBalancerProfile: null}}}
pools: {user: {properties: {provisioningState: Upgrading}}, system: null, new: {properties: {count: 0}}}
vms: {user-1: {properties: {latestModelApplied: false}}, user-2: null, user-7: {properties: {provisioningState: Creating}}}
scaleSets: {user: {sku: {capacity: 9}}}
resources:
- {id: '{{subnetID}}', body: {properties: {routeTable: null, addressPrefix: 10.0.0.0/28}}}
- {id: '{{routeTableID}}', body: null}
- {id: '/subscriptions/{{subscription}}/resourceGroups/{{nodeGroup}}/providers/Microsoft.Network/natGateways/out', body: {properties: {provisioningState: Failed}}}
`)
	e := c.estate
	cluster := c.want(e.ClusterID(), 200)
	if field(cluster, "properties", "networkProfile", "outboundType") != "userDefinedRouting" || field(cluster, "properties", "networkProfile", "loadBalancerProfile") != nil || field(cluster, "properties", "networkProfile", "networkPlugin") != "azure" {
		t.Errorf("network %v", field(cluster, "properties", "networkProfile"))
	}
	if got := names(c.want(e.ClusterID()+"/agentPools", 200)); strings.Join(got, " ") != "new user" {
		t.Errorf("pools %v", got)
	}
	profiles := field(cluster, "properties", "agentPoolProfiles").([]any)
	if len(profiles) != 2 || profiles[1].(object)["provisioningState"] != "Upgrading" || profiles[1].(object)["vmSize"] != "Standard_D4s_v5" {
		t.Errorf("profiles %v", profiles)
	}
	set := e.Pool("user").ScaleSet
	if field(c.want(set, 200), "sku", "capacity") != 9.0 {
		t.Error("the scale set was not changed")
	}
	if field(c.want(set+"/virtualMachines/1", 200), "properties", "latestModelApplied") != false {
		t.Error("the instance was not changed")
	}
	c.want(set+"/virtualMachines/2", 404)
	if got := field(c.want(set+"/virtualMachines/7", 200), "properties", "osProfile", "computerName"); got != "aks-user-12345678-vmss000007" {
		t.Errorf("the new instance is %v", got)
	}
	c.want(e.RouteTableID(), 404)
	subnet := c.want(e.SubnetID(), 200)
	if field(subnet, "properties", "routeTable") != nil || field(subnet, "properties", "addressPrefix") != "10.0.0.0/28" || field(subnet, "properties", "networkSecurityGroup") == nil {
		t.Errorf("subnet %v", subnet)
	}
	again := field(c.want(e.VNetID(), 200), "properties", "subnets").([]any)[0].(object)
	if field(again, "properties", "addressPrefix") != "10.0.0.0/28" {
		t.Errorf("the network repeats %v", again)
	}
	if got := names(c.want(e.in(e.NodeGroup, "Microsoft.Network/natGateways"), 200)); len(got) != 1 {
		t.Errorf("gateways %v", got)
	}
}

func values(c *caller, filter string) (int, object) {
	return c.get("/subscriptions/" + sub + "/providers/Microsoft.Insights/eventtypes/management/values?$filter=" + url.QueryEscape(filter))
}

func since(d time.Duration) string { return time.Now().Add(-d).UTC().Format(time.RFC3339) }

func TestActivityIsFiltered(t *testing.T) {
	c := started(t, `
activity:
- {ago: 6m, operation: Microsoft.Network/networkSecurityGroups/securityRules/write, status: Succeeded, resource: '{{securityGroupID}}/securityRules/deny', caller: dana@example.com, properties: {statusMessage: done}, correlation: a}
- {ago: 7m, operation: Microsoft.Network/networkSecurityGroups/securityRules/write, status: Started, resource: '{{securityGroupID}}/securityRules/deny', correlation: a}
- {ago: 3h, operation: Microsoft.Compute/virtualMachineScaleSets/delete/action, status: Failed, resource: '{{vm "user-1"}}', category: Autoscale}
`)
	e := c.estate
	for filter, want := range map[string]int{
		"eventTimestamp ge '" + since(time.Hour) + "'":                                                                       2,
		"eventTimestamp ge '" + since(4*time.Hour) + "' and eventTimestamp le '" + since(time.Hour) + "'":                    1,
		"eventTimestamp ge '" + since(4*time.Hour) + "' and resourceGroupName eq 'MC_SHOP-rg_shop-aks_westeurope'":           1,
		"eventTimestamp ge '" + since(4*time.Hour) + "' AND resourceUri eq '" + e.SecurityGroupID() + "/securityRules/deny'": 2,
		"eventTimestamp ge '" + since(4*time.Hour) + "' and resourceUri eq '" + e.ClusterID() + "'":                          0,
	} {
		status, got := values(c, filter)
		if status != 200 || len(got["value"].([]any)) != want {
			t.Errorf("%s: %d, %v; want %d entries", filter, status, got, want)
		}
	}
	for _, filter := range []string{"", "resourceGroupName eq 'x'", "eventTimestamp ge 'yesterday'", "eventTimestamp ge '" + since(100*24*time.Hour) + "'", "eventTimestamp ge '" + since(time.Hour) + "' and caller eq 'x'",
		"eventTimestamp ge '" + since(time.Hour) + "' and resourceGroupName eq 'a' and resourceUri eq 'b'"} {
		if status, got := values(c, filter); status != 400 {
			t.Errorf("%q: %d %v; want 400", filter, status, got)
		}
	}
	_, got := values(c, "eventTimestamp ge '"+since(time.Hour)+"'")
	one := got["value"].([]any)[0].(object)
	if field(one, "operationName", "value") != "Microsoft.Network/networkSecurityGroups/securityRules/write" || field(one, "status", "value") != "Succeeded" || one["caller"] != "dana@example.com" ||
		one["resourceGroupName"] != "shop-rg" || field(one, "resourceProviderName", "value") != "Microsoft.Network" || field(one, "resourceType", "value") != "Microsoft.Network/networkSecurityGroups/securityRules" ||
		field(one, "category", "value") != "Administrative" || field(one, "properties", "statusMessage") != "done" || one["correlationId"] != got["value"].([]any)[1].(object)["correlationId"] {
		t.Errorf("entry %v", one)
	}
}

func TestActivityComesInPages(t *testing.T) {
	c := started(t, "activity:\n"+strings.Repeat("- {ago: 5m, operation: Microsoft.ContainerService/managedClusters/write, status: Succeeded}\n", 230))
	_, page := values(c, "eventTimestamp ge '"+since(time.Hour)+"'")
	seen := map[any]bool{}
	pages := 0
	for {
		pages++
		for _, v := range page["value"].([]any) {
			seen[v.(object)["eventDataId"]] = true
		}
		next, more := page["nextLink"].(string)
		if !more {
			break
		}
		_, _, page = c.ask("GET", next, c.token("https://management.azure.com"), "")
	}
	if pages != 3 || len(seen) != 230 {
		t.Errorf("%d entries in %d pages", len(seen), pages)
	}
}

func (c *caller) query(text string) (int, object) {
	c.t.Helper()
	body, _ := json.Marshal(object{"query": text, "timespan": "PT15M"})
	workspace := c.want(c.estate.WorkspaceID(), 200)
	status, _, got := c.ask("POST", c.server.URL()+"/v1/workspaces/"+field(workspace, "properties", "customerId").(string)+"/query", c.token("https://api.loganalytics.io"), string(body))
	return status, got
}

func TestQueriesAnswerByName(t *testing.T) {
	c := started(t, `
queries:
  pod-history: {columns: {Pod: string, Restarts: int, Labels: dynamic}, rows: [{Pod: api-1, Restarts: 14, Labels: {app: api}}, {Pod: api-2}], error: {code: PartialError, message: too much}}
`)
	status, got := c.query("// pod-history: restarts of a pod\nKubePodInventory | take 1")
	table := got["tables"].([]any)[0].(object)
	if want := `[[{"app":"api"} api-1 14] [<nil> api-2 <nil>]]`; status != 200 || fmt.Sprint(table["rows"]) != want || table["name"] != "PrimaryResult" || code(got) != "PartialError" {
		t.Errorf("%d %v", status, got)
	}
	status, got = c.query("// node-history\nKubeNodeInventory\n| where TimeGenerated > ago(1h)")
	table = got["tables"].([]any)[0].(object)
	if status != 200 || len(table["rows"].([]any)) != 0 || !strings.Contains(fmt.Sprint(table["columns"]), "KubernetesProviderID") || got["error"] != nil {
		t.Errorf("%d %v", status, got)
	}
	if status, _, got := c.ask("POST", c.server.URL()+"/v1/workspaces/unknown/query", c.token("https://api.loganalytics.io"), `{"query":"// x"}`); status != 404 {
		t.Errorf("another workspace: %d %v", status, got)
	}
	if status, _, _ := c.ask("POST", c.server.URL()+"/v1"+c.estate.ClusterID()+"/query", c.token("https://api.loganalytics.io"), `{"query":"// x"}`); status != 200 {
		t.Errorf("by the cluster: %d", status)
	}
	if status, got := c.query(""); status != 400 || code(got) != "BadArgumentError" {
		t.Errorf("nothing: %d %v", status, got)
	}
	if asked := c.server.Requests(); asked.Queries != 5 || len(asked.Strange) != 1 {
		t.Errorf("asked %+v", asked)
	}
}

func TestColumnsAreThoseThatAQueryDeclares(t *testing.T) {
	c := started(t, "queries: {new-one: {rows: [{B: x, C: y}]}}\n")
	_, got := c.query("// new-one: t\n// column A: int number\n// column B: string text\nPerf")
	table := got["tables"].([]any)[0].(object)
	if want := "[map[name:A type:int] map[name:B type:string]] [[<nil> x]]"; fmt.Sprint(table["columns"], " ", table["rows"]) != want {
		t.Errorf("%v %v; want %s", table["columns"], table["rows"], want)
	}
	if _, got := c.query("// title: without a name\nPerf"); got["tables"] == nil {
		t.Errorf("%v", got)
	}
	if asked := fmt.Sprint(c.server.Requests().Strange); asked != "[column C of query new-one a query without a name: // title: without a name]" {
		t.Errorf("strange: %s", asked)
	}
}

func TestPrometheusAnswersWhatMatches(t *testing.T) {
	c := started(t, `
prometheus:
- {match: 'container_memory_working_set_bytes', result: [{metric: {pod: api-1}, value: "12"}]}
`)
	bearer := c.token("https://prometheus.monitor.azure.com")
	_, _, got := c.ask("POST", c.server.URL()+"/api/v1/query", bearer, "query="+url.QueryEscape("max(container_memory_working_set_bytes{})"))
	result := field(got, "data", "result").([]any)
	if got["status"] != "success" || field(got, "data", "resultType") != "vector" || len(result) != 1 || result[0].(object)["value"].([]any)[1] != "12" {
		t.Errorf("%v", got)
	}
	_, _, got = c.ask("GET", c.server.URL()+"/api/v1/query_range?start=10&end=20&step=5&query=container_memory_working_set_bytes", bearer, "")
	if text := fmt.Sprint(field(got, "data", "result")); text != "[map[metric:map[pod:api-1] values:[[10 12] [20 12]]]]" {
		t.Errorf("range %v", got)
	}
	_, _, got = c.ask("GET", c.server.URL()+"/api/v1/query?query=up", bearer, "")
	if result := field(got, "data", "result").([]any); len(result) != 0 {
		t.Errorf("up is %v", result)
	}
}

func TestFaultsComeFirst(t *testing.T) {
	c := started(t, `
faults:
- {path: 'usages$', status: 403, code: AuthorizationFailed, message: no right to read}
- {path: 'agentpools', status: 429, code: Throttled, retryAfter: 5, times: 1}
- {path: 'query:pod-history', status: 504, code: GatewayTimeout}
`)
	e := c.estate
	if got := c.want(e.VNetID()+"/usages", 403); code(got) != "AuthorizationFailed" || field(got, "error", "message") != "no right to read" {
		t.Errorf("%v", got)
	}
	status, headers, got := c.ask("GET", c.server.URL()+e.ClusterID()+"/agentPools?api-version=1", c.token("https://management.azure.com"), "")
	if status != 429 || headers.Get("Retry-After") != "5" || code(got) != "Throttled" {
		t.Errorf("%d %v %v", status, headers, got)
	}
	c.want(e.ClusterID()+"/agentPools", 200)
	if status, _ := c.query("// pod-history: x\nKubePodInventory"); status != 504 {
		t.Errorf("query: %d", status)
	}
	if asked := c.server.Requests(); asked.Faults != 3 || !strings.Contains(asked.String(), "3 answers were faults") {
		t.Errorf("asked %s", asked)
	}
}

func TestATokenCanFail(t *testing.T) {
	c := started(t, "faults: [{path: '^token$', status: 500, times: 1}]\nlatency: 1ms\n")
	if status, _, _ := c.ask("GET", c.server.identity+"?api-version=2019-08-01&resource=x", "", ""); status != 500 {
		t.Errorf("%d", status)
	}
	c.want(c.estate.ClusterID(), 200)
}

func TestAzuresClockMayBeAhead(t *testing.T) {
	c := started(t, "skew: 2h\nactivity: [{ago: 1m, operation: a/b/write, status: Succeeded, properties: {at: '{{ago \"1m\"}}'}}]\n")
	_, got := values(c, "eventTimestamp ge '"+since(0)+"'")
	one := got["value"].([]any)[0].(object)
	at, err := time.Parse(time.RFC3339, one["eventTimestamp"].(string))
	if err != nil || at.Before(time.Now().Add(time.Hour)) {
		t.Errorf("event at %v, %v", at, err)
	}
	told, err := time.Parse(time.RFC3339, field(one, "properties", "at").(string))
	if err != nil || told.Sub(at).Abs() > time.Minute {
		t.Errorf("its properties tell %v, %v", told, err)
	}
	_, headers, _ := c.ask("GET", c.server.URL()+"/", "", "")
	if date, err := http.ParseTime(headers.Get("Date")); err != nil || date.Before(time.Now().Add(time.Hour)) {
		t.Errorf("Date is %v", date)
	}
}

func TestTheProgramIsToldWhereAzureIs(t *testing.T) {
	c := started(t, "")
	env, args := strings.Join(c.server.Env(), " "), strings.Join(c.server.Args(), " ")
	for _, want := range []string{"SSL_CERT_FILE=" + c.server.CAFile(), "IDENTITY_ENDPOINT=http://127.0.0.1:", "IDENTITY_HEADER=", "AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential"} {
		if !strings.Contains(env, want) {
			t.Errorf("%q is not in %s", want, env)
		}
	}
	if want := "--azure=on --azure-resource-manager " + c.server.URL() + " --azure-logs " + c.server.URL(); args != want {
		t.Errorf("flags %s, want %s", args, want)
	}
}
