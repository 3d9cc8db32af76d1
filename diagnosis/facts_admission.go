package diagnosis

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
)

// admissionFacts: what the pod has and the template that it was made of has not was added by admission: sidecars of a mesh,
// defaults of a LimitRange, the environment of workload identity.
func (c *sickCase) admissionFacts(m *member) {
	owner, ok := m.pod.Owner.Get()
	if !ok || !m.pod.SpecComplete {
		return
	}
	o, ok := c.s.Object(owner.Kind, m.pod.Ref.Namespace, owner.Name)
	var template corev1.PodTemplateSpec
	if !ok || c.revision != "" && owner.Kind != "ReplicaSet" || o.Raw.Into(&template, "spec", "template") != nil || len(template.Spec.Containers) == 0 {
		return // a StatefulSet's template may be of another revision than the pod
	}
	items := change.Injected(&template, &corev1.PodTemplateSpec{Spec: m.pod.Spec})
	if len(items) == 0 {
		return
	}
	var texts []string
	for i, it := range items {
		if i == 4 {
			texts = append(texts, "and more")
			break
		}
		texts = append(texts, it.Text)
	}
	f := fact{id: "admission.changed", strength: weak, producer: evidence.Controller, ref: m.pod.Ref.At("spec").String(), time: m.pod.Created, text: "admission changed the pod against its template: " + strings.Join(texts, "; ")}
	c.facts.add(f)
	has := func(list []corev1.Container) bool {
		for i := range list {
			if list[i].Name == c.container {
				return true
			}
		}
		return false
	}
	if c.container != "" && !has(template.Spec.Containers) && !has(template.Spec.InitContainers) {
		c.facts.add(fact{id: "admission.injected", strength: strong, producer: evidence.Controller, ref: f.ref, time: m.pod.Created, attrs: map[string]string{"container": c.container},
			text: "container " + c.container + " is not in the workload's template: admission added it, and it is changed there"})
	}
}
