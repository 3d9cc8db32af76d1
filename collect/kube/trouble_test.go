package kube

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/crashproof-dev/crashproof/evidence"
)

// A missing permission costs its own evidence and nothing else, and the gap names it.
func TestForbidden(t *testing.T) {
	for _, tt := range []struct {
		deny  string
		gap   string
		close string
	}{
		{"list pods *", "pods outside namespace shop", "grant list on pods in the whole cluster (a ClusterRole)"},
		{"list nodes", "nodes", "grant list on nodes in the whole cluster (a ClusterRole)"},
		{"list events shop", "events in namespace shop", "grant list on events in namespace shop"},
		{"list events default", "events about nodes", "grant list on events in namespace default"},
		{"get namespaces", "cluster's identity", "grant get on namespaces in the whole cluster (a ClusterRole)"},
		{"get deployments", "Deployment shop/api", "grant get on deployments.apps in namespace shop"},
		{"list replicasets", "replicasets in namespace shop", "grant list on replicasets.apps in namespace shop"},
		{"get pods/log", "log of container api", "grant get on pods/log in namespace shop"},
		{"get pods", "status of the pod after its logs were read", "grant get on pods in namespace shop"},
		{"list podmetrics", "usage of pods in namespace shop", "grant list on pods.metrics.k8s.io in namespace shop"},
	} {
		t.Run(tt.deny, func(t *testing.T) {
			f := newFakeAPI(t, world()...)
			f.deny[tt.deny] = true
			f.logs = f.crashLogs
			s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
			g, ok := findGap(s, tt.gap, evidence.Forbidden)
			if !ok {
				t.Fatalf("no gap: %v", s.Gaps)
			}
			if g.Close != tt.close {
				t.Errorf("closed by %q, want %q", g.Close, tt.close)
			}
			if len(s.Samples) != 1 || s.Samples[0].Of != 5 {
				t.Errorf("the rest did not go on: %+v", s.Samples)
			}
			if s.Population.Complete == (tt.deny == "list pods *") {
				t.Errorf("complete is %v", s.Population.Complete)
			}
			if tt.deny != "get pods/log" && len(s.Logs) != 3 {
				t.Errorf("%d logs", len(s.Logs))
			}
		})
	}
}

// Where logs may not be read, that is found out once and not once for each pod.
func TestForbiddenLogsAreAskedForOnce(t *testing.T) {
	f := newFakeAPI(t, world()...)
	for i := range 60 {
		f.add(crashed(podOf("shop", fmt.Sprintf("w%d-v1", i), "v1", fmt.Sprintf("w%02d", i)), 4, 60e9))
	}
	f.deny["get pods/log"] = true
	s := collect(t, f, Options{Namespace: "shop"})
	if n := f.count("/log?"); n > inFlight {
		t.Errorf("%d log requests", n)
	}
	gaps := 0
	for _, g := range s.Gaps {
		if g.Reason == evidence.Forbidden && g.About.Kind == "Pod" {
			gaps++
		}
	}
	if gaps != 63 {
		t.Errorf("%d gaps for 63 pods", gaps)
	}
}

// A Deployment may have adopted a ReplicaSet that does not bear its name.
func TestAdoptedReplicaSet(t *testing.T) {
	rs := replicaSet("shop", "api", "v3")
	rs.Name, rs.UID = "old-name", "uid-old-name"
	f := newFakeAPI(t, append(world(), rs, crashed(podOf("shop", "old-name", "v3", "adopted"), 4, 60e9))...)
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if _, ok := s.Object("Pod", "shop", "adopted"); !ok || len(s.Samples) != 2 || s.Samples[1].Workload != "Deployment/shop/api" {
		t.Errorf("%v", s.Samples)
	}
}

func failure(t *testing.T, f *fakeAPI, o Options) *Error {
	t.Helper()
	s, err := f.collector(o).Collect(context.Background())
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, snapshot %v", err, s)
	}
	return e
}

func TestWhatEndsACollection(t *testing.T) {
	for _, tt := range []struct {
		name   string
		set    func(*fakeAPI)
		o      Options
		reason Reason
		says   string
	}{
		{"no pods anywhere", func(f *fakeAPI) { f.deny["list pods"] = true }, Options{Target: shopAPI, Namespace: "shop"}, PodsHidden, "grant get,list on pods in namespace shop"},
		{"no pods in a whole-cluster scan", func(f *fakeAPI) { f.deny["list pods"] = true }, Options{AllNamespaces: true}, PodsHidden, "name one namespace with -n"},
		{"missing", func(*fakeAPI) {}, Options{Target: evidence.Target{Kind: "deployment", Name: "nope"}, Namespace: "shop"}, TargetMissing, "no deployment/nope in namespace shop"},
		{"elsewhere", func(*fakeAPI) {}, Options{Target: shopAPI, Namespace: "web"}, TargetMissing, "no deployment/api in namespace web, but there is one in namespace shop; add -n shop"},
		{"unknown kind", func(f *fakeAPI) { f.discovery() }, Options{Target: evidence.Target{Kind: "gizmo", Name: "x"}}, UnknownKind, `no kind or resource "gizmo"`},
		{"a Secret", func(f *fakeAPI) { f.discovery() }, Options{Target: evidence.Target{Kind: "secret", Name: "x"}}, UnknownKind, "never reads Secrets"},
		{"broken pods", func(f *fakeAPI) { f.status["/api/v1/pods"] = 500 }, Options{AllNamespaces: true}, PodsHidden, "pods could not be listed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFakeAPI(t, world()...)
			tt.set(f)
			e := failure(t, f, tt.o)
			if e.Reason != tt.reason || !strings.Contains(e.Error(), tt.says) {
				t.Errorf("%s: %s", e.Reason, e)
			}
		})
	}
}

func TestUnauthorized(t *testing.T) {
	f := newFakeAPI(t, world()...)
	f.before = func(r *http.Request) { f.status[r.URL.Path] = http.StatusUnauthorized }
	if e := failure(t, f, Options{AllNamespaces: true}); e.Reason != Unauthorized || !strings.Contains(e.Error(), "log in again") {
		t.Error(e)
	}
}

func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	c, err := New(&rest.Config{Host: "http://" + addr}, Options{AllNamespaces: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Collect(context.Background())
	var e *Error
	if !errors.As(err, &e) || e.Reason != Unreachable || !strings.Contains(e.Error(), addr) || !strings.Contains(e.Error(), "connection refused") {
		t.Error(err)
	}
}

// discovery lets the server describe a kind that crashproof does not know, and Secrets, in the aggregated form of
// servers since 1.26.
func (f *fakeAPI) discovery() {
	f.mux(map[string]string{
		"/api":  aggregated(`{"metadata":{},"versions":[{"version":"v1","resources":[{"resource":"secrets","responseKind":{"group":"","version":"v1","kind":"Secret"},"scope":"Namespaced","singularResource":"secret","verbs":["get"]}]}]}`),
		"/apis": aggregated(`{"metadata":{"name":"argoproj.io"},"versions":[{"version":"v1alpha1","resources":[{"resource":"rollouts","responseKind":{"group":"argoproj.io","version":"v1alpha1","kind":"Rollout"},"scope":"Namespaced","singularResource":"rollout","shortNames":["ro"],"verbs":["get"]}]}]}`),
	})
}

func aggregated(item string) string {
	return `{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[` + item + `]}`
}

// rolloutWorld has a ReplicaSet that an operator's Rollout controls, and another whose name only looks alike.
func rolloutWorld(f *fakeAPI) {
	f.discovery()
	ro := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout",
		"metadata": map[string]any{"name": "pay", "namespace": "shop", "uid": "uid-pay"}}}
	f.objects["argoproj.io/v1alpha1/rollouts"] = append(f.objects["argoproj.io/v1alpha1/rollouts"], ro)
	mine, other := replicaSet("shop", "pay", "r1"), replicaSet("shop", "payroll", "r1")
	mine.OwnerReferences = controlledBy("argoproj.io/v1alpha1", "Rollout", "pay")
	f.add(mine, other)
	for _, rs := range []string{"pay-r1", "payroll-r1"} {
		p := crashed(podOf("shop", rs, "", rs+"-0"), 4, 60e9)
		delete(p.Labels, "pod-template-hash")
		f.add(p)
	}
}

func TestUnknownController(t *testing.T) {
	for _, kind := range []string{"rollout", "rollouts", "ro", "Rollout", "rollouts.argoproj.io"} {
		t.Run(kind, func(t *testing.T) {
			f := newFakeAPI(t, world()...)
			rolloutWorld(f)
			s := collect(t, f, Options{Target: evidence.Target{Kind: kind, Name: "pay"}, Namespace: "shop"})
			if s.Target.Kind != "Rollout" || len(s.Samples) != 1 || s.Samples[0].Workload != "Rollout/shop/pay" {
				t.Errorf("target %+v, samples %+v", s.Target, s.Samples)
			}
			if _, ok := s.Object("Pod", "shop", "payroll-r1-0"); ok {
				t.Error("another workload's pod was taken for the target's")
			}
			for _, r := range s.Population.Rows {
				if r.Pod == "pay-r1-0" && (r.WorkloadKind != "Rollout" || r.Workload != "pay") {
					t.Errorf("row %+v", r)
				}
			}
			if calls := s.Calls - s.LogReads; calls > callBudget {
				t.Errorf("%d calls:\n%s", calls, strings.Join(f.calls, "\n"))
			}
		})
	}
	t.Run("scan", func(t *testing.T) {
		f := newFakeAPI(t, world()...)
		rolloutWorld(f)
		s := collect(t, f, Options{Namespace: "shop"})
		if _, ok := s.Object("Rollout", "shop", "pay"); !ok {
			t.Errorf("%v %v", keys(s), s.Gaps)
		}
	})
	t.Run("not served", func(t *testing.T) {
		f := newFakeAPI(t, world()...)
		rolloutWorld(f)
		f.mux(map[string]string{"/apis": aggregated("")})
		s := collect(t, f, Options{Namespace: "shop"})
		if !hasGap(s, "Rollout shop/pay", evidence.Unavailable) {
			t.Error(s.Gaps)
		}
	})
}

func TestPages(t *testing.T) {
	f := newFakeAPI(t, world()...)
	f.pageSize = 3
	s := collect(t, f, Options{AllNamespaces: true})
	if len(s.Population.Rows) != 10 || !s.Population.Complete {
		t.Errorf("%d rows, complete %v", len(s.Population.Rows), s.Population.Complete)
	}
}

func TestExpiredPage(t *testing.T) {
	for _, form := range []string{"JSON", "protobuf"} {
		f := newFakeAPI(t, world()...)
		f.pageSize, f.expired, f.protobuf = 3, true, form == "protobuf"
		s := collect(t, f, Options{AllNamespaces: true})
		if len(s.Population.Rows) != 3 || s.Population.Complete || !hasGap(s, "pods beyond the first 3", evidence.Truncated) {
			t.Errorf("%s: %d rows, complete %v, gaps %v", form, len(s.Population.Rows), s.Population.Complete, s.Gaps)
		}
	}
}

func TestMetricsAbsent(t *testing.T) {
	s := collect(t, newFakeAPI(t, world()...), Options{Target: shopAPI, Namespace: "shop"})
	if g, ok := findGap(s, "current CPU and memory usage", evidence.Unavailable); !ok || !strings.Contains(g.Close, "metrics-server") {
		t.Error(s.Gaps)
	}
}

func TestUsage(t *testing.T) {
	f := newFakeAPI(t, world()...)
	f.mux(map[string]string{"/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods": `{"kind":"PodMetricsList","metadata":{},"items":[{"metadata":{"name":"api-v2-0","namespace":"shop"},"timestamp":"2026-11-23T11:59:30Z","window":"15s","containers":[{"name":"api","usage":{"cpu":"250m","memory":"64Mi"}}]}]}`})
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if len(s.Usage) != 1 || s.Usage[0].WorkingSet != 64<<20 || s.Usage[0].CPU != 0.25 || s.Usage[0].Window.Seconds() != 15 {
		t.Errorf("%+v", s.Usage)
	}
}

func TestSecretsAreRefusedAtTheTransport(t *testing.T) {
	for path, want := range map[string]bool{
		"/api/v1/secrets": true, "/api/v1/namespaces/shop/secrets": true, "/api/v1/namespaces/shop/secrets/x": true, "/api/v1/watch/namespaces/shop/secrets": true,
		"/api/v1/namespaces/secrets/pods": false, "/api/v1/namespaces/shop/pods/secrets": false, "/api/v1/namespaces/secrets": false, "/apis/apps/v1/deployments": false,
	} {
		if namesSecrets(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	f := newFakeAPI(t, world()...)
	c := f.collector(Options{})
	if _, err := c.raw(context.Background(), "/api/v1/namespaces/shop/secrets/db", asJSON); !errors.Is(err, errSecrets) {
		t.Error(err)
	}
	if f.count("secrets") > 0 {
		t.Error("the request was made")
	}
}

func TestStaticPodsHaveNoOwnerToRead(t *testing.T) {
	p := crashed(podOf("kube-system", "node-1", "", "kube-proxy-node-1"), 3, 60e9)
	p.OwnerReferences = controlledBy("v1", "Node", "node-1")
	p.Annotations = map[string]string{corev1.MirrorPodAnnotationKey: "x"}
	f := newFakeAPI(t, append(world(), p)...)
	s := collect(t, f, Options{Namespace: "kube-system"})
	if len(s.Samples) != 1 || f.count("/nodes/") > 0 {
		t.Error(fmt.Sprint(s.Samples), f.calls)
	}
}
