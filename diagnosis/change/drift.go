package change

import (
	"encoding/json"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// lastApplied is where `kubectl apply` keeps what it was given (kubectl, pkg/util/apply.go).
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// drift says how a workload's template differs from what was applied last: somebody else set it since, and the next apply
// sets it back. Only what was applied is compared, not what defaults and controllers add.
func drift(o evidence.Object) []Item {
	var applied struct {
		Spec struct {
			Template corev1.PodTemplateSpec `json:"template"`
		} `json:"spec"`
	}
	var live corev1.PodTemplateSpec
	note := o.Raw.Str("metadata", "annotations", lastApplied)
	if note == "" || json.Unmarshal([]byte(note), &applied) != nil || o.Raw.Into(&live, "spec", "template") != nil {
		return nil
	}
	var out []Item
	for _, i := range Templates(settings(&applied.Spec.Template, nil), settings(&live, &applied.Spec.Template)) {
		out = append(out, Item{Text: "not what was applied last: " + i.Text})
	}
	return out
}

// Injected says what admission changed of a pod: how it differs from the template that it was made of, in containers, images,
// commands, environment and resources.
//
// What the API server and the controllers do by themselves is left out: requests that are set to the limits
// (core/v1/defaults.go, SetDefaults_Pod), the index of an indexed Job.
func Injected(template, pod *corev1.PodTemplateSpec) []Item {
	from, to := settings(template, nil), settings(pod, nil)
	for _, list := range [][]corev1.Container{from.Spec.InitContainers, from.Spec.Containers} {
		for i := range list {
			for name, q := range list[i].Resources.Limits {
				if _, ok := list[i].Resources.Requests[name]; !ok {
					list[i].Resources.Requests = maps.Clone(list[i].Resources.Requests)
					if list[i].Resources.Requests == nil {
						list[i].Resources.Requests = corev1.ResourceList{}
					}
					list[i].Resources.Requests[name] = q
				}
			}
		}
	}
	for _, list := range [][]corev1.Container{to.Spec.InitContainers, to.Spec.Containers} {
		for i := range list {
			list[i].Env = slices.DeleteFunc(slices.Clone(list[i].Env), func(v corev1.EnvVar) bool { return v.Name == "JOB_COMPLETION_INDEX" })
		}
	}
	return Templates(from, to)
}

// settings are the parts of a template that people and webhooks set. With only, what that does not set is left out.
func settings(t, only *corev1.PodTemplateSpec) *corev1.PodTemplateSpec {
	pick := func(list, only []corev1.Container) []corev1.Container {
		var out []corev1.Container
		for i := range list {
			c := &list[i]
			x := corev1.Container{Name: c.Name, Image: c.Image, Command: c.Command, Args: c.Args, Env: c.Env, Resources: corev1.ResourceRequirements{Limits: c.Resources.Limits, Requests: c.Resources.Requests}}
			if only != nil {
				from := byName(only, c.Name)
				if from == nil {
					continue
				}
				limit(&x, from)
			}
			out = append(out, x)
		}
		return out
	}
	var first, main []corev1.Container
	if only != nil {
		first, main = append([]corev1.Container{}, only.Spec.InitContainers...), append([]corev1.Container{}, only.Spec.Containers...)
	}
	return &corev1.PodTemplateSpec{Spec: corev1.PodSpec{InitContainers: pick(t.Spec.InitContainers, first), Containers: pick(t.Spec.Containers, main)}}
}

func byName(list []corev1.Container, name string) *corev1.Container {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

// limit leaves out of a container what another does not set.
func limit(c, from *corev1.Container) {
	if from.Image == "" {
		c.Image = ""
	}
	if from.Command == nil {
		c.Command = nil
	}
	if from.Args == nil {
		c.Args = nil
	}
	if from.Resources.Limits == nil {
		c.Resources.Limits = nil
	}
	if from.Resources.Requests == nil {
		c.Resources.Requests = nil
	}
}
