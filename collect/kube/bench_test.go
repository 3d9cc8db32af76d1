package kube

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/crashproof-dev/crashproof/evidence"
)

const benchPods = 20_000

// bigList is a cluster's list of pods in protobuf, of realistic size: one pod in two hundred crash-loops.
func bigList(n int) []byte {
	l := &corev1.PodList{}
	l.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("PodList"))
	for i := range n {
		rs := fmt.Sprintf("service-%d-7d9f8c6b5", i/20)
		p := podOf(fmt.Sprintf("team-%d", i/400), rs, "7d9f8c6b5", fmt.Sprintf("%s-%05x", rs, i))
		p.UID = "3f0e6c1e-0000-4000-8000-000000000000"
		p.Spec.NodeName = fmt.Sprintf("aks-pool-12345678-vmss%06x", i%500)
		p.ManagedFields[0].FieldsV1.SetRawBytes(bytes.Repeat([]byte(`{"f:status":{"f:conditions":{}}}`), 80))
		for j := range 12 {
			p.Spec.Containers[0].Env = append(p.Spec.Containers[0].Env, corev1.EnvVar{Name: fmt.Sprintf("SETTING_%d", j), Value: "a value of some length"})
		}
		for _, c := range []corev1.PodConditionType{corev1.PodInitialized, corev1.ContainersReady, corev1.PodScheduled} {
			p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{Type: c, Status: corev1.ConditionTrue, LastTransitionTime: metav1.NewTime(now)})
		}
		if i%200 == 0 {
			crashed(p, 7, time.Minute)
		}
		l.Items = append(l.Items, *p)
	}
	return encodeProtobuf(l)
}

func serveBytes(b *testing.B, body []byte) *rest.Config {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.kubernetes.protobuf")
		_, _ = w.Write(body)
	}))
	b.Cleanup(srv.Close)
	return &rest.Config{Host: srv.URL, ContentConfig: rest.ContentConfig{ContentType: "application/vnd.kubernetes.protobuf"}}
}

// BenchmarkPopulation compares the pass over the pods with a bare list of the same pods.
//
//	go test ./collect/kube -run - -bench Population
func BenchmarkPopulation(b *testing.B) {
	body := bigList(benchPods)
	cfg := serveBytes(b, body)
	bare, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		b.Fatal(err)
	}
	var list, pass time.Duration
	var kept uint64
	for b.Loop() {
		start := time.Now()
		if _, err := bare.CoreV1().Pods("").List(context.Background(), metav1.ListOptions{ResourceVersion: "0"}); err != nil {
			b.Fatal(err)
		}
		list += time.Since(start)

		r := benchRound(b, cfg)
		before := heap()
		start = time.Now()
		if err := r.passOver(""); err != nil || len(r.s.Population.Rows) != benchPods {
			b.Fatal(err, len(r.s.Population.Rows))
		}
		pass += time.Since(start)
		r.pods.population.Rows = nil
		kept += heap() - before
		runtime.KeepAlive(r)
	}
	n := float64(b.N)
	b.ReportMetric(float64(kept)/n/benchPods, "B/pod")
	b.ReportMetric(float64(pass)/float64(list), "x-bare-list")
	b.ReportMetric(float64(list.Milliseconds())/n, "ms-bare-list")
	b.ReportMetric(float64(pass.Milliseconds())/n, "ms-pass")
	b.ReportMetric(float64(len(body))/benchPods, "wire-B/pod")
}

func benchRound(b *testing.B, cfg *rest.Config) *round {
	c, err := New(cfg, Options{AllNamespaces: true})
	if err != nil {
		b.Fatal(err)
	}
	c.clock = func() time.Time { return now }
	r := c.newRound(context.Background(), &evidence.Snapshot{})
	close(r.resolved)
	return r
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
