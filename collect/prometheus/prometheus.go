// Package prometheus reads how the memory of containers grew from a Prometheus API, whoever serves it.
package prometheus

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Source is what [evidence.Usage] of this package says of where it comes from.
const Source = "prometheus"

// Client asks one Prometheus API.
type Client struct{ api v1.API }

// New makes a client for the API below an address. The transport authenticates, and may be nil.
func New(address string, transport http.RoundTripper) (*Client, error) {
	c, err := api.NewClient(api.Config{Address: strings.TrimSuffix(address, "/"), RoundTripper: transport})
	if err != nil {
		return nil, fmt.Errorf("the Prometheus API at %q: %w", address, err)
	}
	return &Client{v1.NewAPI(c)}, nil
}

// step is how far apart samples are; kubelets are scraped about twice a minute.
const step = 30 * time.Second

// workingSet is cAdvisor's metric of the memory that the kernel cannot reclaim. Pods' own control groups and the pause container
// have no container label, or POD.
const workingSet = `max by (namespace, pod, container) (container_memory_working_set_bytes{namespace=%q, pod=~%q, container!="", container!="POD"%s})`

// Memory returns the working sets of the containers of some pods between two moments, in bytes. cluster narrows it to one
// cluster where several write to one place; it is the label that the collector adds.
func (c *Client) Memory(ctx context.Context, cluster, namespace string, pods []string, from, to time.Time) ([]evidence.Usage, error) {
	var names []string
	for _, p := range pods {
		names = append(names, regexp.QuoteMeta(p))
	}
	slices.Sort(names)
	of := ""
	if cluster != "" {
		of = fmt.Sprintf(", cluster=%q", cluster)
	}
	value, _, _, err := c.api.QueryRange(ctx, fmt.Sprintf(workingSet, namespace, strings.Join(names, "|"), of), v1.Range{Start: from, End: to, Step: step})
	if err != nil {
		return nil, fmt.Errorf("asking Prometheus for memory: %w", err)
	}
	series, ok := value.(model.Matrix)
	if !ok {
		return nil, fmt.Errorf("asking Prometheus for memory: it answered with a %s in place of a matrix", value.Type())
	}
	var out []evidence.Usage
	for _, s := range series {
		for _, v := range s.Values {
			out = append(out, evidence.Usage{Namespace: string(s.Metric["namespace"]), Pod: string(s.Metric["pod"]), Container: string(s.Metric["container"]),
				Time: v.Timestamp.Time().UTC(), WorkingSet: int64(v.Value), CPU: -1, Source: Source})
		}
	}
	return out, nil
}
