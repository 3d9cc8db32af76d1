package kube

import (
	"encoding/json"
	"errors"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	quantity "k8s.io/apimachinery/pkg/api/resource"

	"github.com/crashproof-dev/crashproof/evidence"
)

// podMetrics is what metrics.k8s.io/v1beta1 says of a pod.
type podMetrics struct {
	Metadata struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"metadata"`
	Timestamp  time.Time `json:"timestamp"`
	Window     string    `json:"window"`
	Containers []struct {
		Name  string `json:"name"`
		Usage struct {
			CPU    string `json:"cpu"`
			Memory string `json:"memory"`
		} `json:"usage"`
	} `json:"containers"`
}

// usageOfTarget reads the usage of the target's namespace.
func (r *round) usageOfTarget() { r.readUsage(r.namespace(), nil) }

// usageOfSampled reads the usage in the namespaces of the sick pods, and keeps that of the pods that are read in depth.
func (r *round) usageOfSampled() {
	pods := map[string]map[string]bool{}
	for _, s := range r.pods.sampled {
		if pods[s.pod.Namespace] == nil {
			pods[s.pod.Namespace] = map[string]bool{}
		}
		pods[s.pod.Namespace][s.pod.Name] = true
	}
	var wg sync.WaitGroup
	for ns, names := range pods {
		wg.Go(func() { r.readUsage(ns, names) })
	}
	wg.Wait()
}

func (r *round) readUsage(ns string, only map[string]bool) {
	var got []evidence.Usage
	err := r.list(r.ctx, resPodMetrics.path(ns, ""), asJSON, nil, func(item []byte, _ encoding) error {
		var m podMetrics
		if err := json.Unmarshal(item, &m); err != nil {
			return err
		}
		if only == nil || only[m.Metadata.Name] {
			got = append(got, m.usage()...)
		}
		return nil
	})
	if err != nil {
		r.missedOrEnd(err, usageGap(ns, err))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.s.Usage = append(r.s.Usage, got...)
}

func (m podMetrics) usage() []evidence.Usage {
	var out []evidence.Usage
	window, _ := time.ParseDuration(m.Window)
	for _, c := range m.Containers {
		u := evidence.Usage{Namespace: m.Metadata.Namespace, Pod: m.Metadata.Name, Container: c.Name, Time: m.Timestamp.UTC(), Window: window,
			WorkingSet: -1, CPU: -1, Source: resPodMetrics.group}
		if q, err := quantity.ParseQuantity(c.Usage.Memory); err == nil {
			u.WorkingSet = q.Value()
		}
		if q, err := quantity.ParseQuantity(c.Usage.CPU); err == nil {
			u.CPU = q.AsApproximateFloat64()
		}
		out = append(out, u)
	}
	return out
}

// usageGap: a cluster without metrics-server answers 404, one whose metrics-server is down 503. It is one gap for the
// whole cluster then.
func usageGap(ns string, err error) evidence.Gap {
	g := missed("usage of pods in namespace "+ns, evidence.Metrics, "list", resPodMetrics, ns, err)
	if apierrors.IsNotFound(err) || apierrors.IsServiceUnavailable(err) || errors.Is(err, errTruncated) {
		g.What, g.Reason = "current CPU and memory usage (metrics.k8s.io)", evidence.Unavailable
		g.Close = "install or repair metrics-server, or name a Prometheus"
	}
	return g
}
