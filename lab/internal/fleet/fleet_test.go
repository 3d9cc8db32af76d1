package fleet

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

const town = `
pools:
- {name: system, nodes: 1}
- name: apps
  nodes: 6
  zones: ["1", "2", "3"]
  except: [{node: 4, conditions: [{type: Ready, status: Unknown, since: 12m, reason: NodeStatusUnknown}]}]
objects:
- {age: 10d, edits: [{ago: 20m, by: kubectl-edit, fields: [data.ca.crt]}], object: {apiVersion: v1, kind: ConfigMap, metadata: {name: rates, namespace: shop}}}
workloads:
- name: cart
  namespace: shop
  pool: apps
  revisions:
  - {age: 40d, podAge: 2d, pods: 6, image: reg.example/cart:1, configMaps: [rates], injected: {proxy: mesh.example/proxy:1}}
  - {age: 20m, pods: 1, image: reg.example/cart:2}
  sick:
  - {zone: "2", how: exit, exitCode: 3, since: 25m, log: "one\ntwo\n"}
- {name: db, namespace: shop, kind: StatefulSet, pool: apps, revisions: [{age: 9d, pods: 2, image: db:1}], sick: [{how: pending, first: 1, since: 5m, message: no room}]}
- {name: agent, namespace: kube-system, kind: DaemonSet, pool: "system,apps", revisions: [{age: 9d, image: agent:1}]}
`

func written(t *testing.T) *Written {
	t.Helper()
	f, err := Parse([]byte(town))
	if err != nil {
		t.Fatal(err)
	}
	w, err := f.Write(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), 10250)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func of[T any](t *testing.T, w *Written, prefix string) []T {
	t.Helper()
	var out []T
	for _, o := range w.Objects {
		if !strings.HasPrefix(o.Key, prefix) {
			continue
		}
		var x T
		if err := json.Unmarshal(o.Value, &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

func TestWrite(t *testing.T) {
	w := written(t)
	for prefix, want := range map[string]int{"minions": 7, "pods": 7 + 2 + 7, "namespaces": 1, "deployments": 1, "replicasets": 2, "controllerrevisions": 2, "configmaps": 1} {
		if got := w.Count(prefix); got != want {
			t.Errorf("%d of %s, want %d", got, prefix, want)
		}
	}
	for _, n := range of[corev1.Node](t, w, "/registry/minions/") {
		ready := n.Status.Conditions[len(n.Status.Conditions)-1]
		if want := map[bool]corev1.ConditionStatus{true: "Unknown", false: "True"}[n.Name == "aks-apps-27182818-vmss000004"]; ready.Type != "Ready" || ready.Status != want {
			t.Errorf("%s: %v", n.Name, ready)
		}
	}
	for _, rs := range of[appsv1.ReplicaSet](t, w, "/registry/replicasets/") {
		if n := len(rs.Spec.Template.Spec.Containers); n != 1 {
			t.Errorf("the template has %d containers: what a webhook injects is in pods only", n)
		}
	}
}

func TestSickPods(t *testing.T) {
	w := written(t)
	zone := map[string]string{}
	for _, n := range of[corev1.Node](t, w, "/registry/minions/") {
		zone[n.Name] = n.Labels[corev1.LabelTopologyZone]
	}
	sick := 0
	for _, p := range of[corev1.Pod](t, w, "/registry/pods/shop/cart-") {
		c := p.Status.ContainerStatuses[0]
		if len(p.Spec.Containers) != 2 {
			t.Errorf("%s has %d containers", p.Name, len(p.Spec.Containers))
		}
		if crashing := c.State.Waiting != nil; crashing != (zone[p.Spec.NodeName] == "westeurope-2") {
			t.Errorf("%s in %s: crashing is %t", p.Name, zone[p.Spec.NodeName], crashing)
		} else if !crashing {
			continue
		}
		sick++
		// 25 minutes of runs of 4 s: at once, then after 10, 20, 40, 80, 160 and five times 300 s at most.
		if c.RestartCount != 9 || c.LastTerminationState.Terminated.ExitCode != 3 || !strings.HasPrefix(c.State.Waiting.Message, "back-off 5m0s restarting failed container=cart pod=cart-") {
			t.Errorf("%s: %d restarts, %s", p.Name, c.RestartCount, c.State.Waiting.Message)
		}
		if age := c.LastTerminationState.Terminated.FinishedAt.Sub(c.LastTerminationState.Terminated.StartedAt.Time); age != 4*time.Second {
			t.Errorf("%s ran %s", p.Name, age)
		}
		if w.Logs["shop/"+p.Name+"/cart"].Text != "one\ntwo\n" {
			t.Errorf("%s has no log", p.Name)
		}
	}
	if sick != 2 {
		t.Errorf("%d sick pods, want 2", sick)
	}
	for _, p := range of[corev1.Pod](t, w, "/registry/pods/shop/db-") {
		if pending := p.Spec.NodeName == ""; pending != (p.Name == "db-0") || p.Labels["controller-revision-hash"] == "" {
			t.Errorf("%s: pending is %t, labels %v", p.Name, pending, p.Labels)
		}
	}
}

// A population is the same every time, but for the moment.
func TestSame(t *testing.T) {
	a, b := written(t), written(t)
	for i := range a.Objects {
		if a.Objects[i].Key != b.Objects[i].Key || string(a.Objects[i].Value) != string(b.Objects[i].Value) {
			t.Fatalf("%s differs", a.Objects[i].Key)
		}
	}
}

func TestEditsKeepKeysWithDots(t *testing.T) {
	for _, o := range written(t).Objects {
		if strings.Contains(o.Key, "/configmaps/") && !strings.Contains(string(o.Value), `"f:data":{"f:ca.crt":{}}`) {
			t.Errorf("%s", o.Value)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"pools: [{name: a, nodes: 1}]\nworkload: []": "unknown field",
		"workloads: []": "there are no pools",
		"pools: [{name: a, nodes: 1}]\nworkloads: [{name: x, namespace: y, pool: b, revisions: [{pods: 1}]}]":             `no pool "b"`,
		"pools: [{name: a, nodes: 1}]\nworkloads: [{name: x, namespace: y, revisions: [{pods: 1}], sick: [{how: ill}]}]":  "use one of",
		"pools: [{name: a, nodes: 1}]\nworkloads: [{name: x, namespace: y, revisions: [{pods: 1}], sick: [{how: exit}]}]": "since when",
		"pools: [{name: a, nodes: 1, except: [{node: 1}]}]":                                                               "no node 1",
		"pools: [{name: a, nodes: 1, age: soon}]":                                                                         "invalid duration",
	} {
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestKubeletLogs(t *testing.T) {
	from := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	k := &Kubelet{logs: map[string]Log{"a/b/c": {Text: "one\ntwo\nthree", From: from, To: from.Add(5 * time.Second)}}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", k.log)
	s := httptest.NewServer(mux)
	defer s.Close()
	for query, want := range map[string]string{
		"":                 "one\ntwo\nthree\n",
		"?tailLines=1":     "three\n",
		"?limitBytes=5":    "one\nt",
		"?timestamps=true": "2026-11-23T12:00:00.200000000Z one\n2026-11-23T12:00:00.400000000Z two\n2026-11-23T12:00:04.800000000Z three\n",
	} {
		r, err := http.Get(s.URL + "/containerLogs/a/b/c" + query)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if string(got) != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}
