package azure

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/Azure/azure-sdk-for-go/sdk/monitor/query/azlogs"
)

// Options say which cluster is meant and where Azure is. Zero values are the usual ones.
type Options struct {
	// Cluster is the resource ID of the managed cluster; where it is empty, the nodes' provider IDs or Server tell.
	Cluster string
	// Subscription is where to look for the cluster that Server names, where no node tells.
	Subscription string
	// Server is the API server's host name in the kubeconfig.
	Server string
	// Workspace is the GUID or the resource ID of the Log Analytics workspace; the cluster's monitoring add-on tells where empty.
	Workspace string
	// Cloud names a sovereign cloud, see [Clouds]; ResourceManager and LogsEndpoint replace its endpoints.
	Cloud, ResourceManager, LogsEndpoint string
	// OnlyAKS leaves clusters alone whose nodes are not of Azure, and that Cluster does not name.
	OnlyAKS bool
	// Credential is asked for tokens; the default chain of the SDK where nil.
	Credential azcore.TokenCredential
	// Transport sends requests; tests replace it.
	Transport policy.Transporter
	// Limit is how long Azure may take in all; 20 s where 0.
	Limit time.Duration
	// Progress, where set, is told what is being read.
	Progress func(what string)
}

const (
	defaultLimit = 20 * time.Second
	// longestDelay is up to which Retry-After a throttled request waits; what takes longer becomes a gap.
	longestDelay = 3 * time.Second
	tries        = 2
	oneTry       = 10 * time.Second
	// armBudget, poolBudget and queryBudget bound what one look may ask: ARM reads in all, ARM reads for each affected
	// node pool beside, and queries of logs.
	armBudget, poolBudget, queryBudget = 15, 3, 6
)

// Clouds are the clouds by the names of the Azure CLI.
var Clouds = map[string]cloud.Configuration{"AzureCloud": cloud.AzurePublic, "AzureUSGovernment": cloud.AzureGovernment, "AzureChinaCloud": cloud.AzureChina}

// audience and endpoint of the log query API by cloud (azlogs, cloud_config.go; Azure Monitor's documentation).
var logServices = map[string]cloud.ServiceConfiguration{
	"AzureCloud":        {Audience: "https://api.loganalytics.io", Endpoint: "https://api.loganalytics.io/v1"},
	"AzureUSGovernment": {Audience: "https://api.loganalytics.us", Endpoint: "https://api.loganalytics.us/v1"},
	"AzureChinaCloud":   {Audience: "https://api.loganalytics.azure.cn", Endpoint: "https://api.loganalytics.azure.cn/v1"},
}

// prometheusAudiences are those of managed Prometheus' query API.
var prometheusAudiences = map[string]string{"AzureCloud": "https://prometheus.monitor.azure.com", "AzureUSGovernment": "https://prometheus.monitor.azure.us", "AzureChinaCloud": "https://prometheus.monitor.azure.cn"}

// configuration is the cloud with the endpoints that the options replace.
func (o Options) configuration() (cloud.Configuration, error) {
	name := cmp.Or(o.Cloud, "AzureCloud")
	base, ok := Clouds[name]
	if !ok {
		return base, fmt.Errorf("there is no cloud %q; known are %s", name, strings.Join(slices.Sorted(maps.Keys(Clouds)), ", "))
	}
	out := cloud.Configuration{ActiveDirectoryAuthorityHost: base.ActiveDirectoryAuthorityHost, Services: maps.Clone(base.Services)}
	if o.ResourceManager != "" {
		if err := secure(o.ResourceManager); err != nil {
			return out, err
		}
		s := out.Services[cloud.ResourceManager]
		s.Endpoint = strings.TrimSuffix(o.ResourceManager, "/")
		out.Services[cloud.ResourceManager] = s
	}
	logs := logServices[name]
	if o.LogsEndpoint != "" {
		if err := secure(o.LogsEndpoint); err != nil {
			return out, err
		}
		logs.Endpoint = strings.TrimSuffix(strings.TrimSuffix(o.LogsEndpoint, "/"), "/v1") + "/v1"
	}
	out.Services[azlogs.ServiceName] = logs
	return out, nil
}

// secure refuses endpoints to which the SDK would not send a token.
func secure(endpoint string) error {
	if !strings.HasPrefix(endpoint, "https://") {
		return fmt.Errorf("the endpoint %q has to begin with https://: tokens are not sent in the clear", endpoint)
	}
	return nil
}

// client are the options that all clients have in common.
func (o Options) client(c cloud.Configuration, m *meter) azcore.ClientOptions {
	return azcore.ClientOptions{Cloud: c, Transport: o.Transport, PerRetryPolicies: []policy.Policy{m},
		Retry:     policy.RetryOptions{MaxRetries: tries, RetryDelay: 300 * time.Millisecond, MaxRetryDelay: longestDelay, TryTimeout: oneTry},
		Telemetry: policy.TelemetryOptions{ApplicationID: "crashproof"}}
}

// credential is the given one, or the SDK's chain: environment, workload identity, managed identity, az login.
func (o Options) credential(c cloud.Configuration) (azcore.TokenCredential, error) {
	if o.Credential != nil {
		return o.Credential, nil
	}
	cred, err := azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: azcore.ClientOptions{Cloud: c, Transport: o.Transport}})
	if err != nil {
		return nil, fmt.Errorf("no identity for Azure: %w", err)
	}
	return cred, nil
}

// parse reads a resource ID, and its type if one is wanted.
func parse(id, kind string) (*arm.ResourceID, error) {
	r, err := arm.ParseResourceID(strings.TrimSpace(id))
	if err != nil {
		return nil, fmt.Errorf("%q is no resource ID of Azure: %w", id, err)
	}
	if kind != "" && !strings.EqualFold(r.ResourceType.String(), kind) {
		return nil, fmt.Errorf("%q is a %s, and not a %s", id, r.ResourceType, kind)
	}
	return r, nil
}

// errBudget: the look has asked for as much as it may.
var errBudget = errors.New("this look has made all the requests that it may make")
