package kube

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

var shopAPI = evidence.Target{Kind: "deploy", Name: "api"}

func collect(t *testing.T, f *fakeAPI, o Options) *evidence.Snapshot {
	t.Helper()
	s, err := f.collector(o).Collect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func keys(s *evidence.Snapshot) []string {
	var out []string
	for _, o := range s.Objects {
		out = append(out, o.Key())
	}
	return out
}

func TestWorkload(t *testing.T) {
	for _, form := range []string{"JSON", "protobuf"} {
		t.Run(form, func(t *testing.T) {
			f := newFakeAPI(t, world()...)
			f.protobuf = form == "protobuf"
			f.logs = f.crashLogs
			s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})

			want := []string{"Deployment/shop/api", "Node//node-1",
				"Pod/shop/api-v1-0", "Pod/shop/api-v1-1", "Pod/shop/api-v1-2", "Pod/shop/api-v2-0", "Pod/shop/api-v2-1", "Pod/shop/api-v2-2",
				"ReplicaSet/shop/api-v1", "ReplicaSet/shop/api-v2"}
			if d := cmp.Diff(want, keys(s)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff([]evidence.Sample{{Workload: "Deployment/shop/api", Revision: "v2", Container: "api", Symptom: "crash-loop", Read: 3, Of: 5}}, s.Samples); d != "" {
				t.Error(d)
			}
			if len(s.Population.Rows) != 10 || !s.Population.Complete || len(s.Population.Nodes) != 2 {
				t.Errorf("population: %d rows, %d nodes, complete %v", len(s.Population.Rows), len(s.Population.Nodes), s.Population.Complete)
			}
			if s.Target != (evidence.Target{Kind: "Deployment", Namespace: "shop", Name: "api"}) {
				t.Errorf("target %+v", s.Target)
			}
			if s.Cluster != (evidence.Cluster{UID: "uid-kube-system", Version: "v1.37.2", Provider: "aks"}) {
				t.Errorf("cluster %+v", s.Cluster)
			}
			if d := cmp.Diff([]string{evidence.NodeEvents, "shop"}, s.EventsListed); d != "" || len(s.Events) != 1 {
				t.Error(d, s.Events)
			}
			if len(s.Logs) != 3 || !s.Logs[0].Sure || s.Logs[0].Instance.ContainerID != "containerd://api-v2-0-4" {
				t.Errorf("logs %+v", s.Logs)
			}
			if !s.CapturedAt.Equal(now) {
				t.Errorf("captured at %v", s.CapturedAt)
			}
			if calls := s.Calls - s.LogReads; calls > callBudget || s.Calls != len(f.calls) || s.LogReads != 3 {
				t.Errorf("%d calls and %d log reads of %d requests:\n%s", calls, s.LogReads, len(f.calls), strings.Join(f.calls, "\n"))
			}
		})
	}
}

func TestManagedFieldsOfOwnersOnly(t *testing.T) {
	s := collect(t, newFakeAPI(t, world()...), Options{Target: shopAPI, Namespace: "shop"})
	d, _ := s.Object("Deployment", "shop", "api")
	p, _ := s.Object("Pod", "shop", "api-v2-0")
	if !d.Raw.Has("metadata", "managedFields") || p.Raw.Has("metadata", "managedFields") {
		t.Error("owners must keep managedFields, pods must not")
	}
}

// A broken rollout with three sick revisions and init containers must stay within the budget, too.
func TestBudgetWithManyGroups(t *testing.T) {
	objects := world()
	for _, rev := range []string{"v3", "v4", "v5"} {
		objects = append(objects, replicaSet("shop", "api", rev))
		for i := range 4 {
			objects = append(objects, restarted(podOf("shop", "api-"+rev, rev, fmt.Sprintf("api-%s-%d", rev, i)), 3, time.Minute))
		}
	}
	f := newFakeAPI(t, objects...)
	f.logs = f.crashLogs
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if calls := s.Calls - s.LogReads; calls > callBudget {
		t.Errorf("%d calls:\n%s", calls, strings.Join(f.calls, "\n"))
	}
	for _, l := range s.Logs {
		if !l.Sure {
			t.Errorf("unsure: %v", l.Instance)
		}
	}
}

func TestScanCostsByWorkloadsNotPods(t *testing.T) {
	calls := func(pods int) int {
		objects := world()
		for i := range pods {
			objects = append(objects, crashed(podOf("shop", "api-v2", "v2", fmt.Sprintf("more-%d", i)), 4, time.Hour))
			objects = append(objects, podOf("web", "front-v1", "v1", fmt.Sprintf("front-v1-%d", i+1)))
		}
		f := newFakeAPI(t, objects...)
		s := collect(t, f, Options{AllNamespaces: true})
		if f.count("secrets") > 0 {
			t.Error("a request named secrets")
		}
		if len(s.EventsListed) != 1 || s.EventsListed[0] != "" {
			t.Errorf("events listed: %q", s.EventsListed)
		}
		return s.Calls
	}
	if few, many := calls(0), calls(200); few != many {
		t.Errorf("%d calls for few pods, %d for many", few, many)
	}
}

func TestScanNamesWorkloads(t *testing.T) {
	s := collect(t, newFakeAPI(t, world()...), Options{Namespace: "shop"})
	for _, want := range []string{"Deployment/shop/api", "ReplicaSet/shop/api-v2", "ReplicaSet/shop/api-v1"} {
		if !strings.Contains(strings.Join(keys(s), " "), want) {
			t.Errorf("%s was not read: %v", want, keys(s))
		}
	}
	if !s.Population.Complete || len(s.Population.Rows) != 10 {
		t.Error("the population must be the whole cluster's, whatever the scan is narrowed to")
	}
}

func TestSelectorNarrowsTheSickOnly(t *testing.T) {
	s := collect(t, newFakeAPI(t, world()...), Options{AllNamespaces: true, Selector: "app=other"})
	if len(s.Samples) != 0 || len(s.Population.Rows) != 10 {
		t.Errorf("samples %v, %d rows", s.Samples, len(s.Population.Rows))
	}
}

// The same cluster, listed in another order, gives the same snapshot.
func TestDeterminism(t *testing.T) {
	var first *evidence.Snapshot
	for turn := range 4 {
		objects := world()
		for i := range 20 {
			objects = append(objects, crashed(podOf("shop", "api-v2", "v2", fmt.Sprintf("same-%02d", i)), 4, 30*time.Second))
		}
		for i := range objects { // rotate
			j := (i*7 + turn*5) % len(objects)
			objects[i], objects[j] = objects[j], objects[i]
		}
		f := newFakeAPI(t, objects...)
		f.logs = f.crashLogs
		s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
		s.Population = evidence.Population{Rows: s.Population.Rows}
		if first == nil {
			first = s
			if d := cmp.Diff([]string{"same-00", "same-01", "same-02"}, logPods(s)); d != "" {
				t.Error(d)
			}
			continue
		}
		if d := cmp.Diff(first.Objects, s.Objects); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(logPods(first), logPods(s)); d != "" {
			t.Fatal(d)
		}
	}
}

func logPods(s *evidence.Snapshot) []string {
	var out []string
	for _, l := range s.Logs {
		out = append(out, l.Instance.Pod)
	}
	return out
}

func TestSeriesEvents(t *testing.T) {
	e := event("shop", "api-v2-0", "Unhealthy")
	e.FirstTimestamp, e.LastTimestamp, e.Count = metav1.Time{}, metav1.Time{}, 0
	e.EventTime = metav1.NewMicroTime(now.Add(-time.Hour))
	e.Series = &corev1.EventSeries{Count: 41, LastObservedTime: metav1.NewMicroTime(now.Add(-time.Second))}
	e.Source, e.ReportingController, e.ReportingInstance = corev1.EventSource{}, "kubelet", "node-1"
	about := event("default", "node-1", "NodeNotReady")
	about.InvolvedObject = corev1.ObjectReference{Kind: "Node", Name: "node-1"}
	f := newFakeAPI(t, append(world(), e, about, event("default", "other", "Killing"))...)
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	got := map[string]evidence.Event{}
	for _, e := range s.Events {
		got[e.Reason] = e
	}
	u := got["Unhealthy"]
	if u.Count != 41 || !u.Last.Equal(now.Add(-time.Second)) || !u.First.Equal(now.Add(-time.Hour)) || u.Host != "node-1" {
		t.Errorf("%+v", u)
	}
	if _, ok := got["NodeNotReady"]; !ok || len(got) != 3 {
		t.Errorf("of default only the events about nodes are wanted: %v", got)
	}
}

func TestCancel(t *testing.T) {
	f := newFakeAPI(t, world()...)
	ctx, cancel := context.WithCancel(context.Background())
	f.before = func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/log") {
			cancel()
		}
	}
	start := time.Now()
	s, err := f.collector(Options{Target: shopAPI, Namespace: "shop"}).Collect(ctx)
	if err != nil || s == nil {
		t.Fatal(err)
	}
	if time.Since(start) > 5*time.Second {
		t.Error("it did not stop")
	}
	if len(s.Population.Rows) != 10 || !hasGap(s, "the rest of the collection", evidence.NotAsked) {
		t.Errorf("%d rows, gaps %v", len(s.Population.Rows), s.Gaps)
	}
}

func hasGap(s *evidence.Snapshot, what string, reason evidence.GapReason) bool {
	_, ok := findGap(s, what, reason)
	return ok
}

func findGap(s *evidence.Snapshot, what string, reason evidence.GapReason) (evidence.Gap, bool) {
	for _, g := range s.Gaps {
		if strings.Contains(g.What, what) && g.Reason == reason {
			return g, true
		}
	}
	return evidence.Gap{}, false
}

func TestProgress(t *testing.T) {
	var last string
	f := newFakeAPI(t, world()...)
	collect(t, f, Options{Target: shopAPI, Namespace: "shop", Progress: func(done, total int, what string) {
		if done > total || what == "" {
			t.Errorf("%d of %d %q", done, total, what)
		}
		last = fmt.Sprint(done == total)
	}})
	if last != "true" {
		t.Error("the last step must be the last")
	}
}
