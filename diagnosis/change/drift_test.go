package change

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/crashproof-dev/crashproof/evidence"
)

func texts(items []Item) (out []string) {
	for _, i := range items {
		out = append(out, i.Text)
	}
	return out
}

func TestDrift(t *testing.T) {
	o := evidence.Object{Raw: evidence.Raw{
		"metadata": map[string]any{"annotations": map[string]any{lastApplied: `{"spec":{"template":{"spec":{"containers":[{"name":"api","image":"x:1","env":[{"name":"A","value":"1"}]}]}}}}`}},
		"spec": map[string]any{"template": map[string]any{"spec": map[string]any{"containers": []any{
			map[string]any{"name": "api", "image": "x:2", "imagePullPolicy": "IfNotPresent", "env": []any{map[string]any{"name": "A", "value": "1"}}, "resources": map[string]any{"limits": map[string]any{"memory": "64Mi"}}},
			map[string]any{"name": "added", "image": "y"},
		}}}},
	}}
	got := texts(drift(o))
	if len(got) != 1 || got[0] != "not what was applied last: image of api: x:1 → x:2" {
		t.Errorf("drift is %q", got)
	}
	o.Raw.Map("metadata")["annotations"] = map[string]any{}
	if got := drift(o); got != nil {
		t.Errorf("without the annotation drift is %v", got)
	}
}

func TestInjected(t *testing.T) {
	template := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "api", Image: "x:1", Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"memory": resource.MustParse("64Mi")}}}}}}
	pod := template.DeepCopy()
	pod.Spec.Containers[0].Resources.Requests = corev1.ResourceList{"memory": resource.MustParse("64Mi")}
	pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "JOB_COMPLETION_INDEX", Value: "1"}}
	pod.Spec.Volumes = []corev1.Volume{{Name: "kube-api-access-x"}}
	if got := texts(Injected(template, pod)); got != nil {
		t.Errorf("what the API server does by itself is taken for admission: %q", got)
	}
	pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: "proxy", Image: "mesh:1"})
	pod.Spec.Containers[0].Image = "mirror/x:1"
	if got := texts(Injected(template, pod)); len(got) != 2 || got[0] != "image of api: x:1 → mirror/x:1" || got[1] != "container proxy (mesh:1) is new" {
		t.Errorf("injected: %q", got)
	}
	if template.Spec.Containers[0].Resources.Requests != nil {
		t.Error("the template was changed")
	}
}
