package kube

import (
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// now is the moment of every collection in these tests.
var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func ago(d time.Duration) metav1.Time { return metav1.NewTime(now.Add(-d)) }

func stamp(d time.Duration) string { return now.Add(-d).Format(time.RFC3339Nano) }

func controlledBy(apiVersion, kind, name string) []metav1.OwnerReference {
	yes := true
	return []metav1.OwnerReference{{APIVersion: apiVersion, Kind: kind, Name: name, UID: types.UID("uid-" + name), Controller: &yes}}
}

func meta(ns, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: ns, Name: name, UID: types.UID("uid-" + name), ResourceVersion: "1", CreationTimestamp: ago(24 * time.Hour)}
}

// podOf makes a pod of a ReplicaSet, well and ready.
func podOf(ns, rs, hash, name string) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: meta(ns, name)}
	p.OwnerReferences = controlledBy("apps/v1", "ReplicaSet", rs)
	p.Labels = map[string]string{"app": "api", "pod-template-hash": hash}
	p.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "kubelet", FieldsV1: metav1.NewFieldsV1(`{"f:status":{}}`)}}
	p.Spec = corev1.PodSpec{NodeName: "node-1", RestartPolicy: corev1.RestartPolicyAlways, DNSPolicy: corev1.DNSClusterFirst, SchedulerName: "default-scheduler",
		Containers: []corev1.Container{{Name: "api", Image: "api:v1", TerminationMessagePath: "/dev/termination-log", ImagePullPolicy: corev1.PullAlways}}}
	start := ago(23 * time.Hour)
	p.Status = corev1.PodStatus{Phase: corev1.PodRunning, StartTime: &start,
		Conditions:        []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
		ContainerStatuses: []corev1.ContainerStatus{{Name: "api", Ready: true, Image: "api:v1", ContainerID: "containerd://" + name + "-0", State: runningSince(23 * time.Hour)}}}
	return p
}

func runningSince(d time.Duration) corev1.ContainerState {
	return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: ago(d)}}
}

func ended(id string, code int32, from, to time.Duration) corev1.ContainerState {
	return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: code, Reason: "Error", ContainerID: id, StartedAt: ago(from), FinishedAt: ago(to)}}
}

// crashed puts a pod's container into CrashLoopBackOff after its n-th run.
func crashed(p *corev1.Pod, n int, finished time.Duration) *corev1.Pod {
	id := fmt.Sprintf("containerd://%s-%d", p.Name, n)
	p.Status.Conditions[0].Status = corev1.ConditionFalse
	p.Status.ContainerStatuses[0] = corev1.ContainerStatus{Name: "api", Image: "api:v1", RestartCount: int32(n), ContainerID: id,
		State:                corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}},
		LastTerminationState: ended(id, 1, finished+5*time.Second, finished)}
	return p
}

// restarted puts a pod's container into its n-th run, after the one before crashed.
func restarted(p *corev1.Pod, n int, since time.Duration) *corev1.Pod {
	p.Status.ContainerStatuses[0] = corev1.ContainerStatus{Name: "api", Image: "api:v1", RestartCount: int32(n),
		ContainerID:          fmt.Sprintf("containerd://%s-%d", p.Name, n),
		State:                runningSince(since),
		LastTerminationState: ended(fmt.Sprintf("containerd://%s-%d", p.Name, n-1), 1, since+20*time.Second, since+10*time.Second)}
	return p
}

func node(name string) *corev1.Node {
	n := &corev1.Node{ObjectMeta: meta("", name), Spec: corev1.NodeSpec{ProviderID: "azure:///subscriptions/x"}}
	n.Status.Images = []corev1.ContainerImage{{Names: []string{"api:v1"}}}
	return n
}

func deployment(ns, name string) *appsv1.Deployment {
	d := &appsv1.Deployment{ObjectMeta: meta(ns, name)}
	d.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: "kubectl", Operation: metav1.ManagedFieldsOperationUpdate}}
	d.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"app": "api"}}
	return d
}

func replicaSet(ns, deploy, hash string) *appsv1.ReplicaSet {
	rs := &appsv1.ReplicaSet{ObjectMeta: meta(ns, deploy+"-"+hash)}
	rs.OwnerReferences = controlledBy("apps/v1", "Deployment", deploy)
	rs.Labels = map[string]string{"app": "api", "pod-template-hash": hash}
	return rs
}

// world is a cluster in which revision v2 of Deployment shop/api crash-loops in five pods, v1 is well in four, and
// another namespace is well.
func world() []runtime.Object {
	out := []runtime.Object{&corev1.Namespace{ObjectMeta: meta("", "kube-system")}, node("node-1"), node("node-2"),
		deployment("shop", "api"), replicaSet("shop", "api", "v1"), replicaSet("shop", "api", "v2")}
	for i := range 5 {
		out = append(out, crashed(podOf("shop", "api-v2", "v2", fmt.Sprintf("api-v2-%d", i)), 4, time.Duration(60+10*i)*time.Second))
	}
	for i := range 4 {
		out = append(out, podOf("shop", "api-v1", "v1", fmt.Sprintf("api-v1-%d", i)))
	}
	other := podOf("web", "front-v1", "v1", "front-v1-0")
	other.Spec.NodeName = "node-2"
	return append(out, other, event("shop", "api-v2-0", "BackOff"))
}

func event(ns, pod, reason string) *corev1.Event {
	return &corev1.Event{ObjectMeta: meta(ns, pod+"."+reason), InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: ns, Name: pod, UID: types.UID("uid-" + pod)},
		Reason: reason, Type: "Warning", Source: corev1.EventSource{Component: "kubelet", Host: "node-1"}, Count: 3, FirstTimestamp: ago(time.Hour), LastTimestamp: ago(time.Minute)}
}

// crashLogs answers with one line that was written during the run that a request asks for.
func (f *fakeAPI) crashLogs(l logRequest) (int, string) {
	st := f.find("v1/pods", l.namespace, l.pod).(*corev1.Pod).Status.ContainerStatuses[0]
	at := now
	switch {
	case (l.previous || st.State.Waiting != nil) && st.LastTerminationState.Terminated != nil:
		at = st.LastTerminationState.Terminated.FinishedAt.Time
	case st.State.Running != nil:
		at = st.State.Running.StartedAt.Time
	case st.State.Terminated != nil:
		at = st.State.Terminated.FinishedAt.Time
	}
	return 200, at.Format(time.RFC3339Nano) + " panic: no database\n"
}
