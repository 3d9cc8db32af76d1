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
	case strings.HasPrefix(id, "storage."):
		ask("persistentvolumeclaims", "PersistentVolumeClaim", "the state of the claims that the pod mounts")
	}
	return out
}

// gapFor reports whether that was asked for before and could not be read.
func (c *sickCase) gapFor(what string) bool {
	for _, g := range c.s.Gaps {
		if strings.Contains(g.What, what) {
			return true
		}
	}
	return false
}
