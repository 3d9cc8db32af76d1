package steps

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

func object(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	o := &unstructured.Unstructured{}
	if err := json.Unmarshal(data, &o.Object); err != nil { // keeps whole numbers whole, as the client does
		t.Fatal(err)
	}
	return o
}

func TestReady(t *testing.T) {
	const deployment = "{kind: Deployment, metadata: {generation: 2}, spec: {replicas: 2}, status: "
	for name, c := range map[string]struct {
		object string
		want   bool
	}{
		"all rolled out":        {deployment + "{observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2}}", true},
		"not yet seen":          {deployment + "{observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2}}", false},
		"old ones still there":  {deployment + "{observedGeneration: 2, replicas: 3, updatedReplicas: 2, readyReplicas: 2}}", false},
		"new ones not ready":    {deployment + "{observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 1}}", false},
		"one is the default":    {"{kind: StatefulSet, spec: {}, status: {replicas: 1, updatedReplicas: 1, readyReplicas: 1}}", true},
		"daemons everywhere":    {"{kind: DaemonSet, status: {desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberReady: 3}}", true},
		"daemons nowhere":       {"{kind: DaemonSet, status: {desiredNumberScheduled: 0}}", false},
		"daemons of old":        {"{kind: DaemonSet, status: {desiredNumberScheduled: 3, updatedNumberScheduled: 1, numberReady: 3}}", false},
		"a job that completed":  {`{kind: Job, status: {conditions: [{type: Complete, status: "True"}]}}`, true},
		"a job that failed":     {`{kind: Job, status: {conditions: [{type: Failed, status: "True"}]}}`, false},
		"a pod that is ready":   {`{kind: Pod, status: {conditions: [{type: Ready, status: "True"}]}}`, true},
		"a pod that is not":     {`{kind: Pod, status: {conditions: [{type: Ready, status: "False"}]}}`, false},
		"a pod without a state": {"{kind: Pod}", false},
	} {
		if got, saw := ready(object(t, c.object)); got != c.want {
			t.Errorf("%s: ready is %t (%s), want %t", name, got, saw, c.want)
		}
	}
}

func TestPodMeets(t *testing.T) {
	pod := &corev1.Pod{Status: corev1.PodStatus{
		Phase: corev1.PodPending,
		InitContainerStatuses: []corev1.ContainerStatus{{
			RestartCount: 3, State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}},
			LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "OOMKilled"}},
		}},
		ContainerStatuses: []corev1.ContainerStatus{{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "PodInitializing"}}}},
	}}
	for _, c := range []struct {
		wait scenario.Wait
		want bool
	}{
		{scenario.Wait{For: scenario.Restarts, Count: 3}, true},
		{scenario.Wait{For: scenario.Restarts, Count: 4}, false},
		{scenario.Wait{For: scenario.Waiting, Reason: "CrashLoopBackOff"}, true},
		{scenario.Wait{For: scenario.Waiting, Reason: "OOMKilled"}, true},
		{scenario.Wait{For: scenario.Waiting, Reason: "ImagePullBackOff"}, false},
		{scenario.Wait{For: scenario.Phase, Phase: "Pending"}, true},
		{scenario.Wait{For: scenario.Phase, Phase: "Failed"}, false},
	} {
		if got := podMeets(pod, c.wait); got != c.want {
			t.Errorf("%s: met is %t, want %t", c.wait, got, c.want)
		}
	}
}
