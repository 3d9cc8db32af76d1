package diagnosis

import (
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// plan asks for what an open question of the case still needs: what stands behind the address that the process could
// not reach, or the claim that a volume waits for. What was already read is not asked for again.
func (c *sickCase) plan(j judgement) []evidence.Request {
	ns := c.workload.Namespace
	if ns == "" {
		ns = c.first().pod.Ref.Namespace
	}
	var out []evidence.Request
	ask := func(what, kind, why string) {
		if len(c.s.OfKind(kind, ns)) == 0 && !c.gapFor(what) {
			out = append(out, evidence.Request{What: what, Namespace: ns, Why: why})
		}
	}
	if slices.ContainsFunc(evidence.Uses(c.first().pod), func(u string) bool { return strings.HasPrefix(u, "ConfigMap/") }) {
		ask("configmaps", "ConfigMap", "when the settings changed that the pods use")
	}
	if c.workload.Kind == "StatefulSet" || c.workload.Kind == "DaemonSet" {
		ask("controllerrevisions", "ControllerRevision", "what the last rollout changed")
	}
	id := j.top.cause.ID
	switch {
	case strings.HasPrefix(id, "dependency."), id == "config.service-env-collision", id == "access.credentials-rejected":
		ask("services", "Service", "which Service the program could not use")
		ask("endpointslices", "EndpointSlice", "whether that Service has ready endpoints")
		if id == "dependency.timeout" || id == "dependency.dns" {
			ask("networkpolicies", "NetworkPolicy", "whether a policy forbids the connection")
		}
	case id == "access.rbac-forbidden":
		ask("roles", "Role", "when the rights of the service account changed")
		ask("rolebindings", "RoleBinding", "which rights the service account has")
	case strings.HasPrefix(id, "memory."), id == "scheduling.resources":
		ask("horizontalpodautoscalers", "HorizontalPodAutoscaler", "when the bounds of the number of pods changed")
		if c.first().pod.Annotations[limitRanger] != "" {
			ask("limitranges", "LimitRange", "when the limits changed that admission gave the pod")
		}
	case strings.HasPrefix(id, "storage."):
		ask("persistentvolumeclaims", "PersistentVolumeClaim", "the state of the claims that the pod mounts")
	}
	return out
}

// limitRanger is what admission notes on pods that it gave limits (plugin/pkg/admission/limitranger).
const limitRanger = "kubernetes.io/limit-ranger"

// gapFor reports whether that was asked for before and could not be read.
func (c *sickCase) gapFor(what string) bool {
	for _, g := range c.s.Gaps {
		if strings.Contains(g.What, what) {
			return true
		}
	}
	return false
}

// webhooks asks for the webhooks of the cluster where one of them keeps pods from being created.
func (in *input) webhooks(refused []Finding) []evidence.Request {
	var out []evidence.Request
	for i := range refused {
		if !slices.ContainsFunc(refused[i].Evidence, func(e Evidence) bool { return strings.Contains(e.Text, "webhook") }) {
			continue
		}
		for what, kind := range map[string]string{"mutatingwebhookconfigurations": "MutatingWebhookConfiguration", "validatingwebhookconfigurations": "ValidatingWebhookConfiguration"} {
			if len(in.s.OfKind(kind, "")) == 0 && !slices.ContainsFunc(in.s.Gaps, func(g evidence.Gap) bool { return strings.HasPrefix(g.What, what) }) {
				out = append(out, evidence.Request{What: what, Why: "when the webhooks changed that refuse pods"})
			}
		}
	}
	slices.SortFunc(out, func(a, b evidence.Request) int { return strings.Compare(a.What, b.What) })
	return slices.Compact(out)
}
