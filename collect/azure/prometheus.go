package azure

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/collect/prometheus"
	"github.com/crashproof-dev/crashproof/evidence"
)

// Versions of the APIs by which managed Prometheus is found: the cluster's data collection rules name a workspace.
const (
	rulesAPI    = "2023-03-11"
	accountsAPI = "2023-04-03"
)

// endpoint finds where managed Prometheus of the cluster is asked: three reads, once.
func (r *round) endpoint() (at string, err error) {
	r.try(access.Prometheus)
	r.c.where.Lock()
	defer r.c.where.Unlock()
	if r.c.site.promet == "" && r.c.site.noPromet != nil {
		return "", r.c.site.noPromet
	}
	if r.c.site.promet != "" {
		return r.c.site.promet, nil
	}
	defer func() { r.c.site.noPromet = err }() // one answer serves all namespaces
	list, err := r.read(r.ctx, r.c.cluster.String()+"/providers/Microsoft.Insights/dataCollectionRuleAssociations", rulesAPI, nil)
	if err != nil {
		return "", err
	}
	for _, a := range list.List("value") {
		id := a.Str("properties", "dataCollectionRuleId")
		if id == "" || !strings.Contains(strings.ToLower(a.Str("name")+id), "prom") {
			continue // the monitoring add-on's rule, or an endpoint; AKS names those of Prometheus MSProm-REGION-CLUSTER
		}
		rule, err := r.read(r.ctx, id, rulesAPI, nil)
		if err != nil {
			return "", err
		}
		for _, d := range rule.List("properties", "destinations", "monitoringAccounts") {
			account, err := r.read(r.ctx, d.Str("accountResourceId"), accountsAPI, nil)
			if err != nil {
				return "", err
			}
			r.c.site.promet = account.Str("properties", "metrics", "prometheusQueryEndpoint")
			return r.c.site.promet, nil
		}
	}
	return "", errNoPrometheus
}

var errNoPrometheus = &absent{"no data collection rule of the cluster sends to managed Prometheus", "az aks update --enable-azure-monitor-metrics, where metrics are wanted"}

// sender lets Prometheus' own client use the SDK's pipeline: its tokens, retries and counts.
type sender struct{ pipeline runtime.Pipeline }

// RoundTrip sends a request.
func (s sender) RoundTrip(req *http.Request) (*http.Response, error) {
	out, err := runtime.NewRequest(req.Context(), req.Method, req.URL.String())
	if err != nil {
		return nil, err
	}
	for k, v := range req.Header {
		out.Raw().Header[k] = v
	}
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		if err := out.SetBody(streaming.NopCloser(bytes.NewReader(b)), req.Header.Get("Content-Type")); err != nil {
			return nil, err
		}
	}
	return s.pipeline.Do(out)
}

// prometheusMemory reads the course of memory from managed Prometheus.
func (r *round) prometheusMemory(ns string, pods []string) {
	at, err := r.endpoint()
	if err == nil {
		err = r.c.spendQuery()
	}
	if err != nil {
		r.missed(access.Prometheus, "", err)
		return
	}
	found, err := r.prometheus(at, ns, pods, usageWindow)
	if err != nil {
		r.missed(access.Prometheus, "", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Usage = append(r.out.Usage, found...)
}

func (r *round) prometheus(at, ns string, pods []string, back time.Duration) ([]evidence.Usage, error) {
	audience := prometheusAudiences[cmp.Or(r.c.opts.Cloud, "AzureCloud")]
	options := r.c.opts.client(r.c.cloud, r.c.meter)
	pipeline := runtime.NewPipeline(moduleName, moduleVersion, runtime.PipelineOptions{PerRetry: []policy.Policy{runtime.NewBearerTokenPolicy(r.c.cred, []string{audience + "/.default"}, nil)}}, &options)
	client, err := prometheus.New(at, sender{pipeline})
	if err != nil {
		return nil, err
	}
	from, to := r.window(back)
	return client.Memory(r.ctx, r.c.cluster.Name, ns, pods, from, to)
}
