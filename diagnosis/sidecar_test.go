package diagnosis_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

// with adds a container to the pod, ready or not, that has run for so long.
func (w *world) with(name string, port int32, ready bool, since time.Duration) *world {
	c := corev1.Container{Name: name, Image: "registry.example/" + name + ":1", Ports: []corev1.ContainerPort{{ContainerPort: port}}}
	w.pod.Spec.Containers = append(w.pod.Spec.Containers, c)
	w.pod.Status.ContainerStatuses = append(w.pod.Status.ContainerStatuses, corev1.ContainerStatus{Name: name, Ready: ready, ContainerID: "containerd://" + name,
		State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: ago(since)}}})
	return w
}

// What a program cannot reach through a container of its own pod that is not ready is no proof against the target.
func TestSidecarInBetween(t *testing.T) {
	const remote, local = "1s FATAL dial tcp 10.0.0.9:5432: connect: connection refused", "1s FATAL dial tcp 127.0.0.1:5432: connect: connection refused"
	for name, tt := range map[string]struct {
		world   *world
		verdict diagnosis.Verdict
		cause   string
	}{
		"a mesh's proxy is not ready":              {crashed(t, 1, 9e9, nil).says(remote).with("istio-proxy", 15090, false, time.Hour), diagnosis.Likely, "lifecycle.sidecar"},
		"a mesh's proxy came too late":             {crashed(t, 1, 9e9, nil).says(remote).with("istio-proxy", 15090, true, 30*time.Second), diagnosis.Likely, "lifecycle.sidecar"},
		"a mesh's proxy is well":                   {crashed(t, 1, 9e9, nil).says(remote).with("istio-proxy", 15090, true, time.Hour), diagnosis.Proven, "dependency.refused"},
		"some other container is not ready":        {crashed(t, 1, 9e9, nil).says(remote).with("metrics", 9100, false, time.Hour), diagnosis.Proven, "dependency.refused"},
		"the database's proxy beside it is down":   {crashed(t, 1, 9e9, nil).says(local).with("cloud-sql-proxy", 5432, false, time.Hour), diagnosis.Likely, "lifecycle.sidecar"},
		"the container beside it has another port": {crashed(t, 1, 9e9, nil).says(local).with("metrics", 9100, false, time.Hour), diagnosis.Proven, "dependency.refused"},
	} {
		if f := tt.world.one(); f.Cause != tt.cause || f.Verdict != tt.verdict {
			t.Errorf("%s: %s %s, want %s %s", name, f.Verdict, f.Cause, tt.verdict, tt.cause)
		}
	}
}

// A Job's pod whose work is done and whose mesh proxy runs on never completes; one whose second container works on is well.
func TestSidecarHoldsTheJob(t *testing.T) {
	for name, tt := range map[string]struct {
		second string
		since  time.Duration
		policy corev1.RestartPolicy
		want   int
	}{
		"a mesh's proxy":              {"istio-proxy", time.Hour, corev1.RestartPolicyNever, 1},
		"it has only just ended":      {"istio-proxy", time.Minute, corev1.RestartPolicyNever, 0},
		"a second program":            {"export", time.Hour, corev1.RestartPolicyNever, 0},
		"a pod that is to run always": {"istio-proxy", time.Hour, corev1.RestartPolicyAlways, 0},
	} {
		w := crashed(t, 0, time.Minute, nil).with(tt.second, 15090, true, 2*time.Hour)
		w.pod.Spec.RestartPolicy = tt.policy
		end := corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "Completed", StartedAt: ago(tt.since + time.Minute), FinishedAt: ago(tt.since), ContainerID: "containerd://run-1"}}
		w.pod.Status.ContainerStatuses[0].State, w.pod.Status.ContainerStatuses[0].LastTerminationState, w.pod.Status.ContainerStatuses[0].RestartCount = end, corev1.ContainerState{}, 0
		n := 0
		for _, f := range w.diagnose().Findings {
			if f.Cause == "lifecycle.sidecar" && f.Verdict == diagnosis.Proven && f.State == "active" {
				n++
			}
		}
		if n != tt.want {
			t.Errorf("%s: %d findings, want %d", name, n, tt.want)
		}
	}
}
