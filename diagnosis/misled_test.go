package diagnosis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

const nobodyCalledSo = "FATAL dial tcp: lookup db.prodd on 10.0.0.10:53: no such host"

func about(t *testing.T, r *diagnosis.Report, name string) diagnosis.Finding {
	t.Helper()
	for _, f := range r.Findings {
		if f.Workload.Name == name {
			return f
		}
	}
	t.Fatalf("no finding about %s: %+v", name, r.Findings)
	return diagnosis.Finding{}
}

func remedy(f diagnosis.Finding, id string) bool {
	for _, m := range f.Remedies {
		if m.ID == id {
			return true
		}
	}
	return false
}

// One pod was started anew today and cannot get through; the others hold connections of last month. That is no node's fault.
func TestOldPodsProveNoNode(t *testing.T) {
	c := newTown(t, 3)
	for i := range 3 {
		h := home{namespace: "shop", app: "cart", node: fmt.Sprintf("n%d", i), number: i, age: 720 * time.Hour}
		if i == 0 {
			h.says = "FATAL dial tcp 20.1.2.3:5432: i/o timeout"
		}
		c.add(h)
	}
	if f := c.diagnose().Findings[0]; f.Scope.Level != diagnosis.ScopeWorkload || remedy(f, "dependency-way") || misreads(f, "that Node n0 is well") {
		t.Errorf("%s %s, %+v", f.Scope.Level, f.Scope.Statement, f.Remedies)
	}
}

// A name that is looked up and not there is the asker's mistake, also while a pod of the name server is sick.
func TestMistypedNameIsNoVictim(t *testing.T) {
	c := newTown(t, 3)
	for i := range 4 {
		h := home{namespace: "kube-system", app: "coredns", node: fmt.Sprintf("n%d", i%3), number: i, age: time.Hour}
		if i == 0 {
			h.says = traced
		}
		c.add(h)
	}
	c.add(home{namespace: "shop", app: "api", node: "n1", number: 0, says: nobodyCalledSo})
	f := about(t, c.diagnose(), "api")
	if f.Cause != "dependency.dns" || !remedy(f, "dependency-name") {
		t.Errorf("%s %+v", f.Cause, f.Remedies)
	}
}

// Several of one namespace look up names that are not there: it is the names, however narrow the scope.
func TestMistypedNamesOfANamespace(t *testing.T) {
	c := newTown(t, 4)
	for i := range 24 {
		h := home{namespace: "other", app: fmt.Sprintf("app%d", i), node: fmt.Sprintf("n%d", i%4), age: time.Hour}
		if i < 5 {
			h.namespace, h.says = "shop", fmt.Sprintf("FATAL dial tcp: lookup svc%d.shop.svc.cluster.locall on 10.0.0.10:53: no such host", i)
		}
		c.add(h)
	}
	for _, f := range c.diagnose().Findings {
		if !remedy(f, "dependency-name") || remedy(f, "name-server-way") || remedy(f, "name-server") {
			t.Errorf("%s %s: %+v", f.Workload.Name, f.Scope.Level, f.Remedies)
		}
	}
}

// An evicted pod of the old revision that is still listed is no crash loop of that revision.
func TestEvictedPodOfTheOldRevision(t *testing.T) {
	c := newTown(t, 3)
	c.rollout("cart", 5*time.Minute, setEnv("UPSTREAM_TIMEOUT", "5s"), setEnv("UPSTREAM_TIMEOUT", "5"))
	for i := range 3 {
		c.add(home{namespace: "shop", app: "cart", node: fmt.Sprintf("n%d", i), number: i, age: 4 * time.Minute, says: badValue})
	}
	for i := range 2 {
		c.add(home{namespace: "shop", app: "cart", revision: "6bb8cf9d7f", node: fmt.Sprintf("n%d", i), number: i, age: 300 * time.Hour})
	}
	row := c.s.Population.Rows[0]
	row.Pod, row.Revision, row.Symptom, row.Created = "cart-6bb8cf9d7f-zzzzz", "6bb8cf9d7f", "replaced", now.Add(-300*time.Hour)
	c.s.Population.Add(row)
	f := about(t, c.diagnose(), "cart")
	if f.Scope.Level != diagnosis.ScopeRevision || f.Trigger == nil || misreads(f, "that it is the cause") {
		t.Errorf("%s %s, trigger %+v, %+v", f.Scope.Level, f.Scope.Statement, f.Trigger, f.Misreadings)
	}
}

// What a program sends its traces to, and a host outside that is called like a Service, take nobody down.
func TestSettingsThatOnlyNameASickService(t *testing.T) {
	for _, env := range []corev1.EnvVar{{Name: "OTEL_EXPORTER_OTLP_ENDPOINT", Value: "http://otel.shop:4317"}, {Name: "UPSTREAM_URL", Value: "https://otel.shop.example.com/x"}} {
		api := crashed(t, 1, 9*time.Second, func(c *corev1.Container) {
			c.Env = []corev1.EnvVar{env, {Name: "DATABASE_URL", Value: "postgres://db.acme.example/x"}}
		}).says("1s FATAL could not connect to the database: connection refused")
		otel := crashed(t, 1, 9*time.Second, nil).says("1s " + badValue)
		slice := evidence.NewObject(evidence.Raw{"metadata": map[string]any{"namespace": "shop", "name": "otel-1", "labels": map[string]any{"kubernetes.io/service-name": "otel"}}, "endpoints": []any{}}, "discovery.k8s.io/v1", "EndpointSlice", "live")
		r := together(t, map[string]*world{"api": api, "otel": otel}, service("otel", "otel"), slice)
		for _, f := range r.Findings {
			if len(f.Victims) > 0 {
				t.Errorf("%s: %s takes down %v", env.Name, f.Workload.Name, f.Victims)
			}
		}
	}
}

// The node is not acquitted where the same template is well on others.
func TestNodeIsNotAcquitted(t *testing.T) {
	c := newTown(t, 3)
	for i := range 6 {
		h := home{namespace: "shop", app: "cart", node: fmt.Sprintf("n%d", (1+i/2)%3), number: i, age: time.Hour}
		if i < 2 {
			h.says = traced
		}
		c.add(h)
	}
	for i, app := range []string{"proxy", "csi", "mon"} {
		c.add(home{namespace: "kube-system", app: app, node: "n1", number: i, age: 900 * time.Hour})
	}
	if f := about(t, c.diagnose(), "cart"); misreads(f, "that the node is bad") {
		t.Errorf("%+v", f.Misreadings)
	}
}

// Nodes that went down are not those that the pod did not want.
func TestTaintsThatCame(t *testing.T) {
	for message, want := range map[string]string{
		"0/50 nodes are available: 3 Insufficient cpu, 47 node(s) had untolerated taint {node.kubernetes.io/not-ready: }. preemption: 0/50 nodes are available: 50 Preemption is not helpful for scheduling.": "scheduling.taint",
		"0/12 nodes are available: 3 node(s) didn't match Pod's node affinity/selector, 9 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never.":                                          "",
	} {
		c := newTown(t, 3)
		p := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "big", UID: "u", CreationTimestamp: ago(10 * time.Minute)},
			Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "x:1"}}}, Status: corev1.PodStatus{Phase: corev1.PodPending,
				Conditions: []corev1.PodCondition{{Type: corev1.PodScheduled, Status: "False", Reason: "Unschedulable", Message: message, LastTransitionTime: ago(10 * time.Minute)}}}}
		c.object(p, "v1", "Pod")
		c.s.Population.Add(evidence.Row{Namespace: "shop", Pod: "big", Symptom: "unscheduled", Active: true, Created: now.Add(-10 * time.Minute)})
		supported := ""
		f := c.diagnose().Findings[0]
		for _, h := range f.Hypotheses {
			if h.Status == diagnosis.Supported && h.Cause != "scheduling.resources" {
				supported += h.Cause
			}
		}
		if supported != want {
			t.Errorf("%s: beside resources %q is supported, want %q", strings.SplitN(message, ".", 2)[0], supported, want)
		}
	}
}
