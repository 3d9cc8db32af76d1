package steps

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// ready says whether a workload has rolled out, a Job has completed, or a pod is ready.
func ready(o *unstructured.Unstructured) (bool, string) {
	number := func(fields ...string) int64 {
		n, _, _ := unstructured.NestedInt64(o.Object, fields...)
		return n
	}
	switch o.GetKind() {
	case "DaemonSet":
		want, updated, have := number("status", "desiredNumberScheduled"), number("status", "updatedNumberScheduled"), number("status", "numberReady")
		return want > 0 && updated == want && have == want && observed(o), fmt.Sprintf("%d of %d ready, %d updated", have, want, updated)
	case "Job", "Pod":
		wanted := map[string]string{"Job": "Complete", "Pod": string(corev1.PodReady)}[o.GetKind()]
		status := condition(o, wanted)
		return status == string(corev1.ConditionTrue), fmt.Sprintf("%s is %q", wanted, status)
	}
	want, found, _ := unstructured.NestedInt64(o.Object, "spec", "replicas")
	if !found {
		want = 1
	}
	total, updated, have := number("status", "replicas"), number("status", "updatedReplicas"), number("status", "readyReplicas")
	ok := updated == want && have == want && total == want && observed(o)
	return ok, fmt.Sprintf("%d of %d ready, %d updated, %d in all", have, want, updated, total)
}

func observed(o *unstructured.Unstructured) bool {
	seen, _, _ := unstructured.NestedInt64(o.Object, "status", "observedGeneration")
	return seen >= o.GetGeneration()
}

func condition(o *unstructured.Unstructured, kind string) string {
	list, _, _ := unstructured.NestedSlice(o.Object, "status", "conditions")
	for _, item := range list {
		if c, ok := item.(map[string]any); ok && c["type"] == kind {
			return fmt.Sprint(c["status"])
		}
	}
	return ""
}
