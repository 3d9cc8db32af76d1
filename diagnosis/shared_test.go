package diagnosis_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/triage"
)

// town is a cluster of many workloads, each with its pods; some of them crash and say why.
type town struct {
	t *testing.T
	s *evidence.Snapshot
}

func newTown(t *testing.T, nodes int) *town {
	c := &town{t: t, s: &evidence.Snapshot{CapturedAt: now, Redacted: true, Cluster: evidence.Cluster{UID: "c"}, EventsListed: []string{""}}}
	c.s.Population.Complete = true
	for i := range nodes {
		c.s.Population.Nodes = append(c.s.Population.Nodes, evidence.NodeRow{Name: fmt.Sprintf("n%d", i), Pool: "user", Ready: "True", ReadySince: now.Add(-99 * time.Hour), Created: now.Add(-99 * time.Hour)})
	}
	return c
}

// home is one pod of a workload.
type home struct {
	namespace, app, revision, node string
	number                         int
	age                            time.Duration
	configMap                      string
	says                           string // the log's last line; a pod without one is well
}

func (c *town) add(h home) {
	c.t.Helper()
	if h.revision == "" {
		h.revision = "55c4d6b8f9"
	}
	if h.age == 0 {
		h.age = 3 * time.Minute
	}
	rs := h.app + "-" + h.revision
	name := fmt.Sprintf("%s-%c%c%c%c%c", rs, 'b'+h.number, 'c', 'd', 'f', 'g')
	made := metav1.NewTime(now.Add(-h.age))
	p := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Namespace: h.namespace, Name: name, UID: types.UID(name), CreationTimestamp: made, ResourceVersion: "1", Labels: map[string]string{"app": h.app, "pod-template-hash": h.revision},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: rs, Controller: new(true)}}},
		Spec: corev1.PodSpec{NodeName: h.node, RestartPolicy: corev1.RestartPolicyAlways, DNSPolicy: corev1.DNSClusterFirst, SchedulerName: "default-scheduler",
			Containers: []corev1.Container{{Name: "app", Image: "registry.example/" + h.app + ":1", TerminationMessagePath: "/dev/termination-log", ImagePullPolicy: "Always"}}},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, StartTime: &made, ContainerStatuses: []corev1.ContainerStatus{{Name: "app", Image: "registry.example/" + h.app + ":1", ContainerID: "containerd://" + name, Ready: true,
			State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: made}}}}}}
	if h.configMap != "" {
		p.Spec.Containers[0].EnvFrom = []corev1.EnvFromSource{{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: h.configMap}}}}
	}
	if h.says != "" {
		end := now.Add(-20 * time.Second)
		st := &p.Status.ContainerStatuses[0]
		st.Ready, st.RestartCount = false, 3
		st.State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff", Message: "back-off 40s restarting failed container"}}
		st.LastTerminationState = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "Error", ExitCode: 1, StartedAt: metav1.NewTime(end.Add(-2 * time.Second)), FinishedAt: metav1.NewTime(end), ContainerID: "containerd://" + name}}
		text := []byte(end.Format(time.RFC3339Nano) + " starting\n" + end.Format(time.RFC3339Nano) + " " + h.says + "\n")
		c.s.Logs = append(c.s.Logs, evidence.Log{Previous: true, Sure: true, Timestamps: true, Head: true, Tail: true, Bytes: len(text), Text: text,
			Instance: evidence.Instance{Namespace: h.namespace, Pod: name, PodUID: name, Container: "app", ContainerID: "containerd://" + name, Restart: 3}})
	}
	raw, err := evidence.ToRaw(p)
	if err != nil {
		c.t.Fatal(err)
	}
	o := evidence.NewObject(raw, "v1", "Pod", "live")
	if h.says != "" {
		c.s.Objects = append(c.s.Objects, o)
	}
	row, _ := triage.Row(evidence.PodFromAPI(p), triage.At(now))
	c.s.Population.Add(row)
}

func (c *town) object(o any, apiVersion, kind string) {
	c.t.Helper()
	raw, err := evidence.ToRaw(o)
	if err != nil {
		c.t.Fatal(err)
	}
	c.s.Objects = append(c.s.Objects, evidence.NewObject(raw, apiVersion, kind, "live"))
}

func (c *town) diagnose() *diagnosis.Report {
	c.t.Helper()
	r, _, err := diagnosis.Diagnose(c.s, playbook.Default())
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

const (
	badValue = `panic: invalid value "5" for UPSTREAM_TIMEOUT: time: missing unit in duration "5"`
	traced   = "ValueError: not enough values to unpack (expected 2, got 1)"
)

func noName(i int) string {
	return fmt.Sprintf("fatal: dial tcp: lookup host%d.example.com on 10.0.0.10:53: server misbehaving", i)
}

func TestSharedScope(t *testing.T) {
	for _, c := range []struct {
		name    string
		nodes   int
		build   func(*town)
		level   diagnosis.ScopeLevel
		subject string
	}{
		{"five workloads that read one ConfigMap", 3, func(c *town) {
			for i := range 12 {
				h := home{namespace: "shop", app: fmt.Sprintf("app%d", i), node: fmt.Sprintf("n%d", i%3)}
				if i < 5 {
					h.configMap, h.says = "defaults", badValue
				}
				c.add(h)
			}
		}, diagnosis.ScopeReference, "ConfigMap/shop/defaults"},
		{"a ConfigMap that the well ones read, too", 3, func(c *town) {
			for i := range 12 {
				h := home{namespace: "shop", app: fmt.Sprintf("app%d", i), node: fmt.Sprintf("n%d", i%3), configMap: "defaults"}
				if i < 5 {
					h.says = badValue
				}
				c.add(h)
			}
		}, diagnosis.ScopeMixed, ""},
		{"two workloads of many", 3, func(c *town) {
			for i := range 12 {
				h := home{namespace: "shop", app: fmt.Sprintf("app%d", i), node: fmt.Sprintf("n%d", i%3)}
				if i < 2 {
					h.says = traced
				}
				c.add(h)
			}
		}, diagnosis.ScopeMixed, ""},
		{"names that one node cannot resolve", 6, func(c *town) {
			for i := range 8 {
				for k := range 3 {
					h := home{namespace: "shop", app: fmt.Sprintf("app%d", i), node: fmt.Sprintf("n%d", (i+k)%6), number: k}
					if h.node == "n2" {
						h.says = noName(i)
					}
					c.add(h)
				}
			}
		}, diagnosis.ScopeNode, "Node/n2"},
		{"one name that one node cannot resolve", 6, func(c *town) {
			for i := range 8 {
				for k := range 3 {
					h := home{namespace: "shop", app: fmt.Sprintf("app%d", i), node: fmt.Sprintf("n%d", (i+k)%6), number: k}
					if h.node == "n2" {
						h.says = noName(0)
					}
					c.add(h)
				}
			}
		}, diagnosis.ScopeNode, "Node/n2"},
		{"one name that nobody can resolve", 3, func(c *town) {
			for i := range 8 {
				h := home{namespace: fmt.Sprintf("team%d", i%3), app: fmt.Sprintf("app%d", i), node: fmt.Sprintf("n%d", i%3)}
				if i < 4 {
					h.says = noName(0)
				}
				c.add(h)
			}
		}, diagnosis.ScopeReference, "host0.example.com"},
		{"two that time out, of two", 2, func(c *town) {
			for i := range 2 {
				c.add(home{namespace: fmt.Sprintf("team%d", i), app: fmt.Sprintf("app%d", i), node: fmt.Sprintf("n%d", i), says: fmt.Sprintf("fatal: dial tcp 20.0.0.%d:443: i/o timeout", i+1)})
			}
		}, diagnosis.ScopeUndetermined, ""},
		{"two that trip over themselves, of two", 2, func(c *town) {
			for i := range 2 {
				c.add(home{namespace: fmt.Sprintf("team%d", i), app: fmt.Sprintf("app%d", i), node: "n0", says: traced})
			}
		}, diagnosis.ScopeMixed, ""},
		{"names that nobody can resolve", 3, func(c *town) {
			for i := range 8 {
				h := home{namespace: fmt.Sprintf("team%d", i%3), app: fmt.Sprintf("app%d", i), node: fmt.Sprintf("n%d", i%3), says: noName(i)}
				if i == 7 {
					h.says = ""
				}
				c.add(h)
			}
		}, diagnosis.ScopeCluster, "c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t, c.nodes)
			c.build(w)
			r := w.diagnose()
			if r.Scope.Level != c.level || c.subject != "" && r.Scope.Subject != c.subject {
				t.Errorf("%s %s: %s; want %s %s", r.Scope.Level, r.Scope.Subject, r.Scope.Statement, c.level, c.subject)
				for _, f := range r.Findings {
					t.Log(f.Workload.Name, f.Cause, f.Verdict, f.Scope.Level, f.Scope.Subject)
				}
			}
		})
	}
}

// rollout adds the ReplicaSets of a Deployment with two revisions, of which the second is so old.
func (c *town) rollout(app string, age time.Duration, from, to func(*corev1.Container)) {
	c.t.Helper()
	c.object(appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: app, CreationTimestamp: metav1.NewTime(now.Add(-90 * time.Hour))}}, "apps/v1", "Deployment")
	for i, edit := range []func(*corev1.Container){from, to} {
		hash := []string{"6bb8cf9d7f", "55c4d6b8f9"}[i]
		rs := appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: app + "-" + hash, CreationTimestamp: metav1.NewTime(now.Add(-[]time.Duration{90 * time.Hour, age}[i])),
			Labels: map[string]string{"pod-template-hash": hash}, Annotations: map[string]string{"deployment.kubernetes.io/revision": fmt.Sprint(i + 1)},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: app, Controller: new(true)}}}}
		ct := corev1.Container{Name: "app", Image: "registry.example/" + app + ":1"}
		if edit != nil {
			edit(&ct)
		}
		rs.Spec.Template.Spec.Containers = []corev1.Container{ct}
		c.object(rs, "apps/v1", "ReplicaSet")
	}
}

func setEnv(name, value string) func(*corev1.Container) {
	return func(c *corev1.Container) { c.Env = []corev1.EnvVar{{Name: name, Value: value}} }
}

func (c *town) configMap(edited time.Duration) {
	at := metav1.NewTime(now.Add(-edited))
	c.object(corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "defaults", CreationTimestamp: metav1.NewTime(now.Add(-90 * time.Hour)),
		ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubectl-edit", Operation: metav1.ManagedFieldsOperationUpdate, Time: &at, FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(`{"f:data":{"f:UPSTREAM_TIMEOUT":{}}}`)}}}},
		"v1", "ConfigMap")
}

func TestTrigger(t *testing.T) {
	sick := home{namespace: "shop", app: "api", node: "n0"}
	for _, c := range []struct {
		name  string
		build func(*town)
		want  string // of the trigger's text; empty where nothing is blamed
	}{
		{"the rollout that names another host", func(c *town) {
			h := sick
			h.says = noName(0)
			c.add(h)
			c.rollout("api", 3*time.Minute, setEnv("DB_HOST", "ledger"), setEnv("DB_HOST", "host0.example.com"))
		}, `rollout of Deployment shop/api to revision 55c4d6b8f9: env DB_HOST of app: "ledger" → "host0.example.com"`},
		{"a rollout that only tells more", func(c *town) {
			h := sick
			h.says = noName(0)
			c.add(h)
			c.rollout("api", 3*time.Minute, setEnv("LOG_LEVEL", "info"), setEnv("LOG_LEVEL", "debug"))
		}, ""},
		{"a rollout long ago", func(c *town) {
			h := sick
			h.says, h.age = traced, 80*time.Hour
			c.add(h)
			c.rollout("api", 80*time.Hour, nil, func(c *corev1.Container) { c.Image = "registry.example/api:2" })
		}, ""},
		{"what came after it began", func(c *town) {
			h := sick
			h.says, h.configMap = badValue, "defaults"
			c.add(h)
			c.configMap(10 * time.Second)
		}, ""},
		{"an edit that met who started after it", func(c *town) {
			h := sick
			h.says, h.configMap = badValue, "defaults"
			c.add(h)
			h.says, h.age, h.number = "", 50*time.Hour, 1
			c.add(h)
			c.configMap(30 * time.Hour)
		}, "edit of ConfigMap shop/defaults: one or more of its keys UPSTREAM_TIMEOUT (by kubectl-edit)"},
		{"a Service of the same name in another place", func(c *town) {
			h := sick
			h.says = "fatal: dial tcp: lookup db.prod.svc.cluster.local on 10.0.0.10:53: no such host"
			c.add(h)
			at := ago(5 * time.Minute)
			c.object(corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "db", CreationTimestamp: ago(90 * time.Hour), ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubectl-edit",
				Operation: metav1.ManagedFieldsOperationUpdate, Time: &at, FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(`{"f:spec":{"f:selector":{}}}`)}}}}, "v1", "Service")
		}, ""},
		{"a policy about what comes in", func(c *town) {
			h := sick
			h.says = "fatal: dial tcp 20.0.0.1:443: i/o timeout"
			c.add(h)
			c.object(networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "in", CreationTimestamp: ago(4 * time.Minute)},
				Spec: networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}}}, "networking.k8s.io/v1", "NetworkPolicy")
		}, ""},
		{"a policy about what goes out", func(c *town) {
			h := sick
			h.says = "fatal: dial tcp 20.0.0.1:443: i/o timeout"
			c.add(h)
			c.object(networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "out", CreationTimestamp: ago(4 * time.Minute)},
				Spec: networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}}}, "networking.k8s.io/v1", "NetworkPolicy")
		}, "creation of NetworkPolicy shop/out: it was not there before"},
		{"an edit with which others started well", func(c *town) {
			h := sick
			h.says, h.configMap = badValue, "defaults"
			c.add(h)
			h.says, h.age, h.number = "", 2*time.Minute+30*time.Second, 1
			c.add(h)
			c.configMap(4 * time.Minute)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newTown(t, 3)
			c.build(w)
			r := w.diagnose()
			i := slices.IndexFunc(r.Findings, func(f diagnosis.Finding) bool { return f.Workload.Name == "api" })
			if i < 0 {
				t.Fatal("no finding")
			}
			got := ""
			if tr := r.Findings[i].Trigger; tr != nil {
				got = tr.Text
			}
			if got != c.want {
				t.Errorf("%q, want %q; %+v %+v", got, c.want, r.Findings[i].Onset, r.Findings[i].Timeline)
			}
		})
	}
}

func TestOnset(t *testing.T) {
	for _, c := range []struct {
		name     string
		restarts int32
		age      time.Duration
		want     time.Duration // before now
		within   time.Duration
	}{
		{"a pod that has failed from its start on", 3, 95 * time.Second, 95 * time.Second, 15 * time.Second},
		{"a pod that was well for days", 3, 72 * time.Hour, 110 * time.Second, time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := crashed(t, 1, 2*time.Second, nil)
			w.pod.CreationTimestamp = ago(c.age)
			w.pod.Status.ContainerStatuses[0].RestartCount = c.restarts
			f := w.says("0s ValueError: x").one()
			if got := now.Sub(f.Onset.Time); got < c.want-c.within || got > c.want+c.within {
				t.Errorf("%s before now (± %s), want %s ± %s", got, f.Onset.PlusMinus, c.want, c.within)
			}
		})
	}
}
