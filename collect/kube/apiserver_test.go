//go:build apiserver

package kube

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/crashproof-dev/crashproof/evidence"
)

// realServer connects to the API server that the Makefile started and makes a namespace with one crash-looping pod of
// a Deployment, written as the kubelet and the controllers would.
func realServer(t *testing.T) (*rest.Config, string) {
	t.Helper()
	cfg, err := clientcmd.BuildConfigFromFlags("", os.Getenv("CRASHPROOF_TEST_KUBECONFIG"))
	if err != nil {
		t.Fatalf("CRASHPROOF_TEST_KUBECONFIG must name a kubeconfig (make test-api sets it): %v", err)
	}
	c, err := kubernetes.NewForConfig(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	ns, err := c.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "shop-"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CoreV1().Namespaces().Delete(context.Background(), ns.Name, metav1.DeleteOptions{}) })
	labels := map[string]string{"app": "api"}
	spec := corev1.PodSpec{NodeName: "node-0", Containers: []corev1.Container{{Name: "api", Image: "registry.example/api:1"}}}
	d, err := c.AppsV1().Deployments(ns.Name).Create(ctx, &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "api"}, Spec: appsv1.DeploymentSpec{
		Selector: &metav1.LabelSelector{MatchLabels: labels}, Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: spec}}}, metav1.CreateOptions{})
	must(t, err)
	yes := true
	withHash := map[string]string{"app": "api", "pod-template-hash": "5d4f"}
	rs, err := c.AppsV1().ReplicaSets(ns.Name).Create(ctx, &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Name: "api-5d4f", Labels: withHash,
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: d.Name, UID: d.UID, Controller: &yes}}},
		Spec: appsv1.ReplicaSetSpec{Selector: &metav1.LabelSelector{MatchLabels: withHash}, Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: withHash}, Spec: spec}}}, metav1.CreateOptions{})
	must(t, err)
	p, err := c.CoreV1().Pods(ns.Name).Create(ctx, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "api-5d4f-x1", Labels: withHash,
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: rs.Name, UID: rs.UID, Controller: &yes}}}, Spec: spec}, metav1.CreateOptions{})
	must(t, err)
	end := metav1.NewTime(time.Now().Add(-time.Minute).Truncate(time.Second))
	p.Status = corev1.PodStatus{Phase: corev1.PodRunning, StartTime: &end, ContainerStatuses: []corev1.ContainerStatus{{Name: "api", RestartCount: 4,
		State:                corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}},
		LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "Error", ExitCode: 1, StartedAt: end, FinishedAt: end, ContainerID: "containerd://a"}}}}}
	_, err = c.CoreV1().Pods(ns.Name).UpdateStatus(ctx, p, metav1.UpdateOptions{})
	must(t, err)
	_, err = c.CoreV1().Events(ns.Name).Create(ctx, &corev1.Event{ObjectMeta: metav1.ObjectMeta{GenerateName: "api-"}, Reason: "BackOff", Type: "Warning", Message: "Back-off restarting failed container",
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: ns.Name, Name: p.Name, UID: p.UID, FieldPath: "spec.containers{api}"},
		EventTime:      metav1.NowMicro(), Series: &corev1.EventSeries{Count: 7, LastObservedTime: metav1.NowMicro()}, Action: "Restarting",
		ReportingController: "kubelet", ReportingInstance: "node-0"}, metav1.CreateOptions{})
	must(t, err)
	return cfg, ns.Name
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func collectFrom(t *testing.T, cfg *rest.Config, ns string) (*evidence.Snapshot, error) {
	t.Helper()
	c, err := New(cfg, Options{Namespace: ns, Target: evidence.Target{Kind: "deploy", Namespace: ns, Name: "api"}})
	must(t, err)
	return c.Collect(t.Context())
}

func TestRealServerGivesTheWholePicture(t *testing.T) {
	cfg, ns := realServer(t)
	s, err := collectFrom(t, cfg, ns)
	must(t, err)
	if s.Calls-s.LogReads > 15 {
		t.Errorf("%d API calls beside %d log reads, want at most 15", s.Calls-s.LogReads, s.LogReads)
	}
	i := slices.IndexFunc(s.Population.Rows, func(r evidence.Row) bool { return r.Namespace == ns })
	if i < 0 || s.Population.Rows[i].Symptom != "crash-loop" || s.Population.Rows[i].Workload != "api" || s.Population.Rows[i].Revision != "5d4f" {
		t.Fatalf("the pod's row is %+v", s.Population.Rows)
	}
	if _, ok := s.Object("Deployment", ns, "api"); !ok {
		t.Error("the Deployment above the pod was not read")
	}
	if e := s.EventsAbout(evidence.Ref{Kind: "Pod", Namespace: ns, Name: "api-5d4f-x1"}); len(e) != 1 || e[0].Count != 7 || e[0].Container != "api" {
		t.Errorf("the pod's events are %+v, want one of count 7 about container api", e)
	}
	// There is no kubelet behind node-0, so the log is a gap and nothing else fails.
	if !slices.ContainsFunc(s.Gaps, func(g evidence.Gap) bool { return g.Source == evidence.Process }) {
		t.Errorf("no gap names the log that cannot be read: %v", s.Gaps)
	}
}

func TestRealServerForbids(t *testing.T) {
	cfg, ns := realServer(t)
	limited := rest.CopyConfig(cfg)
	limited.Impersonate = rest.ImpersonationConfig{UserName: "on-call-" + ns}
	_, err := collectFrom(t, limited, ns)
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(err.Error(), "pods") {
		t.Fatalf("a user without any right got %v, want a sentence about pods", err)
	}
	c, err := kubernetes.NewForConfig(cfg)
	must(t, err)
	_, err = c.RbacV1().Roles(ns).Create(t.Context(), &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: "r"}, Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get", "list"}}, {APIGroups: []string{"apps"}, Resources: []string{"deployments", "replicasets"}, Verbs: []string{"get", "list"}}}}, metav1.CreateOptions{})
	must(t, err)
	_, err = c.RbacV1().RoleBindings(ns).Create(t.Context(), &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "r"}, RoleRef: rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: "Role", Name: "r"},
		Subjects: []rbacv1.Subject{{APIGroup: "rbac.authorization.k8s.io", Kind: "User", Name: "on-call-" + ns}}}, metav1.CreateOptions{})
	must(t, err)
	time.Sleep(2 * time.Second) // the authorizer's informer has to see the binding
	s, err := collectFrom(t, limited, ns)
	must(t, err)
	for _, want := range []string{"events", "nodes"} {
		if !slices.ContainsFunc(s.Gaps, func(g evidence.Gap) bool {
			return g.Reason == evidence.Forbidden && strings.Contains(g.What, want) && g.Close != ""
		}) {
			t.Errorf("no gap says that %s are forbidden and what would close it: %v", want, s.Gaps)
		}
	}
	if s.Population.Complete || len(s.Population.Rows) != 1 {
		t.Errorf("population of one namespace: complete %v, rows %+v", s.Population.Complete, s.Population.Rows)
	}
}
