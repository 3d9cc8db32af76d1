package azure

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	azfake "github.com/Azure/azure-sdk-for-go/sdk/azcore/fake"

	"github.com/crashproof-dev/crashproof/evidence"
)

const (
	sub       = "/subscriptions/11111111-1111-1111-1111-111111111111"
	clusterID = sub + "/resourceGroups/shop-rg/providers/Microsoft.ContainerService/managedClusters/shop"
	nodeGroup = "MC_shop-rg_shop_westeurope"
	setID     = sub + "/resourceGroups/" + nodeGroup + "/providers/Microsoft.Compute/virtualMachineScaleSets/aks-user-1-vmss"
	vnetID    = sub + "/resourceGroups/net-rg/providers/Microsoft.Network/virtualNetworks/hub"
	groupID   = sub + "/resourceGroups/net-rg/providers/Microsoft.Network/networkSecurityGroups/nodes"
	spaceID   = sub + "/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central"
	ruleID    = sub + "/resourceGroups/logs/providers/Microsoft.Insights/dataCollectionRules/MSProm-westeurope-shop"
	accountID = sub + "/resourceGroups/logs/providers/Microsoft.Monitor/accounts/metrics"
)

// azureServer answers with the JSON that Azure documents, in raw form: the SDK's fakes cannot show what the SDK drops.
type azureServer struct {
	*httptest.Server
	mu      sync.Mutex
	asked   []string          // paths, and query:NAME
	answers map[string]string // by the end of a path, or query:NAME
	faults  map[string]fault
	latency time.Duration
	skew    time.Duration
}

type fault struct {
	status int
	body   string
	header http.Header
}

func newServer(t testing.TB) *azureServer {
	s := &azureServer{faults: map[string]fault{}, answers: map[string]string{}}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // clients that close idle connections
	s.StartTLS()
	t.Cleanup(s.Close)
	for path, body := range map[string]string{
		"/providers/Microsoft.ContainerService/managedClusters": `{"value":[` + cluster + `]}`,
		clusterID:                                  `` + cluster,
		clusterID + "/agentPools":                  `{"value":[{"id":"` + clusterID + `/agentPools/user","name":"user","properties":{"count":3,"maxCount":3,"enableAutoScaling":true,"provisioningState":"Succeeded","futureField":{"kept":true}}}]}`,
		clusterID + "/maintenanceConfigurations":   `{"value":[]}`,
		"/eventtypes/management/values":            `{"value":[{"eventDataId":"e1","eventTimestamp":"2026-04-07T09:30:00Z","operationName":{"value":"Microsoft.Network/networkSecurityGroups/securityRules/write"},"status":{"value":"Succeeded"},"resourceId":"` + groupID + `/securityRules/deny","caller":"dana@example.com","correlationId":"c1","claims":{"ipaddr":"203.0.113.9"},"authorization":{"role":"x"}},{"eventDataId":"e2","eventTimestamp":"2026-04-07T09:31:00Z","operationName":{"value":"Microsoft.ContainerService/managedClusters/listClusterUserCredential/action"},"resourceId":"` + clusterID + `"}]}`,
		"/availabilityStatuses/current":            `{"id":"x","name":"current","properties":{"availabilityState":"Available"}}`,
		"/agentPools/user/upgradeProfiles/default": `{"id":"x","name":"default","properties":{"latestNodeImageVersion":"AKSUbuntu-2204gen2containerd-202611.10.0"}}`,
		setID:                      `{"id":"` + setID + `","name":"aks-user-1-vmss","properties":{"virtualMachineProfile":{"osProfile":{"adminUsername":"azureuser"},"extensionProfile":{}}}}`,
		setID + "/virtualMachines": `{"value":[{"id":"` + setID + `/virtualMachines/0","name":"aks-user-1-vmss_0","instanceId":"0","properties":{"latestModelApplied":false,"osProfile":{"computerName":"aks-user-1-vmss000000"},"instanceView":{"statuses":[{"code":"PowerState/running"}]}}}]}`,
		vnetID:                     `{"id":"` + vnetID + `","name":"hub","properties":{"subnets":[{"id":"` + vnetID + `/subnets/aks","name":"aks","properties":{"networkSecurityGroup":{"id":"` + groupID + `"},"ipConfigurations":[{},{}]}},{"id":"` + vnetID + `/subnets/other","name":"other","properties":{}}],"virtualNetworkPeerings":[{}]}}`,
		vnetID + "/usages":         `{"value":[{"id":"` + vnetID + `/subnets/aks","currentValue":251,"limit":251,"unit":"Count"},{"id":"` + vnetID + `/subnets/other","currentValue":3,"limit":11,"unit":"Count"}]}`,
		groupID:                    `{"id":"` + groupID + `","name":"nodes","properties":{"securityRules":[],"networkInterfaces":[{}]}}`,
		clusterID + "/detectors":   `{"value":[{"name":"node-drain","properties":{}},{"name":"cluster-dns","properties":{"status":{"statusId":3}}},{"name":"nodes-not-ready-alerts","properties":{"status":{"statusId":0}}}]}`,
		clusterID + "/detectors/nodes-not-ready-alerts": `{"id":"x","name":"nodes-not-ready-alerts","properties":{"status":{"statusId":0}}}`,
		spaceID: `{"id":"` + spaceID + `","name":"central","properties":{"customerId":"22222222-2222-2222-2222-222222222222"}}`,
		clusterID + "/providers/Microsoft.Insights/dataCollectionRuleAssociations": `{"value":[{"name":"ContainerInsightsExtension","properties":{"dataCollectionRuleId":"` + sub + `/x"}},{"name":"MSProm-shop","properties":{"dataCollectionRuleId":"` + ruleID + `"}}]}`,
		ruleID: `{"properties":{"destinations":{"monitoringAccounts":[{"accountResourceId":"` + accountID + `"}]}}}`,
		"/providers/Microsoft.ContainerRegistry/registries":                  `{"value":[{"id":"` + sub + `/resourceGroups/shop-rg/providers/Microsoft.ContainerRegistry/registries/shop","name":"shop","properties":{"loginServer":"shop.azurecr.io"}}]}`,
		"/registries/shop/providers/Microsoft.Authorization/roleAssignments": `{"value":[]}`,
	} {
		s.answers[path] = body
	}
	s.answers[accountID] = `{"properties":{"metrics":{"prometheusQueryEndpoint":"` + s.URL + `/prom"}}}`
	s.answers["/prom/api/v1/query_range"] = `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"namespace":"shop","pod":"api-1","container":"api"},"values":[[1775554800,"268435456"]]}]}}`
	return s
}

const cluster = `{"id":"` + clusterID + `","name":"shop","location":"westeurope","properties":{"provisioningState":"Succeeded","nodeResourceGroup":"` + nodeGroup + `","fqdn":"shop-1.hcp.westeurope.azmk8s.io",
"agentPoolProfiles":[{"name":"user","vnetSubnetID":"` + vnetID + `/subnets/aks"}],"identityProfile":{"kubeletidentity":{"objectId":"33333333-3333-3333-3333-333333333333"}},
"addonProfiles":{"omsAgent":{"enabled":true,"config":{"logAnalyticsWorkspaceResourceId":"` + spaceID + `"}}},"linuxProfile":{"ssh":{"publicKeys":[{"keyData":"ssh-rsa AAAA"}]}},"nodeProvisioningProfile":{"mode":"Auto"}}}`

var nameOfQuery = regexp.MustCompile(`(?m)\A// ([a-z-]+)$`)

func (s *azureServer) serve(w http.ResponseWriter, req *http.Request) {
	time.Sleep(s.latency)
	key := req.URL.Path
	if strings.HasSuffix(key, "/query") {
		var body struct{ Query string }
		b, _ := io.ReadAll(req.Body)
		_ = json.Unmarshal(b, &body)
		key = "query:" + strings.Join(nameOfQuery.FindStringSubmatch(body.Query)[1:], "")
	}
	s.mu.Lock()
	s.asked = append(s.asked, key)
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Date", time.Now().Add(s.skew).UTC().Format(http.TimeFormat))
	if req.Header.Get("Authorization") == "" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var found *fault
	length := 0
	for end, f := range s.faults {
		if len(end) > length && endsIn(key, end) {
			found, length = &f, len(end)
		}
	}
	if found != nil {
		for k, v := range found.header {
			w.Header()[k] = v
		}
		w.WriteHeader(found.status)
		_, _ = io.WriteString(w, found.body)
		return
	}
	body, length := "", 0
	for end, b := range s.answers {
		if len(end) > length && endsIn(key, end) {
			body, length = b, len(end)
		}
	}
	if body == "" && strings.HasPrefix(key, "query:") {
		body = `{"tables":[{"name":"PrimaryResult","columns":[],"rows":[]}]}`
	}
	if body == "" {
		w.WriteHeader(http.StatusNotFound)
		body = `{"error":{"code":"ResourceNotFound","message":"The Resource ` + key + ` was not found."}}`
	}
	_, _ = io.WriteString(w, body)
}

// endsIn ignores case, as ARM does.
func endsIn(path, end string) bool {
	return strings.HasSuffix(strings.ToLower(path), strings.ToLower(end))
}

func (s *azureServer) count(prefix string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.asked {
		if strings.HasPrefix(a, prefix) {
			n++
		}
	}
	return n
}

func (s *azureServer) collector(t testing.TB, change func(*Options)) *Collector {
	o := Options{Credential: &azfake.TokenCredential{}, Transport: s.Client(), ResourceManager: s.URL, LogsEndpoint: s.URL}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rows makes the answer of a query.
func rows(columns string, cells ...string) string {
	var cols []string
	for _, c := range strings.Fields(columns) {
		name, kind, _ := strings.Cut(c, ":")
		cols = append(cols, fmt.Sprintf(`{"name":%q,"type":%q}`, name, kind))
	}
	return `{"tables":[{"name":"PrimaryResult","columns":[` + strings.Join(cols, ",") + `],"rows":[` + strings.Join(cells, ",") + `]}]}`
}

// known is what the cluster's API told before.
func known() *evidence.Snapshot {
	s := &evidence.Snapshot{CapturedAt: time.Now().UTC(), Cluster: evidence.Cluster{UID: "u", Provider: "aks"}}
	s.Population.Nodes = []evidence.NodeRow{{Name: "aks-user-1-vmss000000", Pool: "user", ProviderID: "azure://" + strings.ToLower(setID) + "/virtualMachines/0"}}
	s.Population.Add(evidence.Row{Namespace: "shop", Pod: "api-live", UID: "u-live"})
	return s
}

func gapOf(s *evidence.Snapshot, part string) string {
	for _, g := range s.Gaps {
		if strings.Contains(g.What, part) {
			return g.String()
		}
	}
	return ""
}
