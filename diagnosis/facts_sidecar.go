package diagnosis

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// meshProxies are the names that service meshes give to the container through which they lead a pod's connections:
// Istio, Linkerd, Consul, Kuma, AWS App Mesh.
var meshProxies = []string{"istio-proxy", "linkerd-proxy", "consul-dataplane", "envoy-sidecar", "kuma-sidecar", "envoy"}

// helpers are containers that serve others of their pod, and have no end of their own.
var helpers = append([]string{"daprd", "cloud-sql-proxy", "cloudsql-proxy", "vault-agent", "fluent-bit", "fluentd", "filebeat", "otc-container", "datadog-agent", "aws-xray-daemon", "pgbouncer"}, meshProxies...)

// holdFacts: the pod's work is done, and a helper keeps it from completing.
func (c *sickCase) holdFacts(m *member) {
	if c.symptom != triage.Held || m.c == nil || !slices.Contains(helpers, m.c.Name) {
		return
	}
	c.facts.add(fact{id: "sidecar.holds", strength: decisive, producer: evidence.Kubelet, ref: m.pod.Ref.At("status.containers[" + m.c.Name + "].state").String(), time: m.verdict.Since,
		text: fmt.Sprintf("the pod's other containers ended with 0 at %s, and %s runs on", m.verdict.Since.Format("15:04:05"), m.c.Name), attrs: map[string]string{"holds": m.c.Name}})
}

// sidecarFacts: what the program could not reach goes through another container of its own pod, or is one, and that
// container is not ready, or started only after the program had given up.
func (c *sickCase) sidecarFacts(m *member) {
	if m.c == nil || !c.facts.has("log.dependency") {
		return
	}
	for i := range m.pod.Containers {
		x := &m.pod.Containers[i]
		if x.Name == m.c.Name || x.Role == evidence.RoleInit || !c.serves(x) {
			continue
		}
		ref := m.pod.Ref.At("status.containers[" + x.Name + "]").String()
		f := fact{id: "sidecar.down", strength: strong, producer: evidence.Kubelet, ref: ref, attrs: map[string]string{"sidecar": x.Name}}
		late := m.dead.Kind == evidence.Terminated && evidence.Is(x.RestartCount, 0) && !m.dead.FinishedAt.IsZero() && x.State.StartedAt.After(m.dead.FinishedAt)
		switch ready, known := x.Ready.Get(); {
		case known && !ready:
			f.time = c.s.CapturedAt
			f.text = fmt.Sprintf("container %s of the same pod is not ready", x.Name)
		case late:
			f.time = x.State.StartedAt
			f.text = fmt.Sprintf("container %s of the same pod started after the run had ended", x.Name)
		default:
			continue
		}
		c.facts.add(f)
	}
}

// serves tells whether a container stands between the program and what it complained of: a mesh's proxy, or what
// listens on the port of the pod's own address that was not answered.
func (c *sickCase) serves(x *evidence.Container) bool {
	if slices.Contains(meshProxies, x.Name) {
		return true
	}
	if x.Spec == nil {
		return false
	}
	for _, f := range c.facts {
		if !strings.HasPrefix(f.cause, "dependency.") || f.attrs["target"] == "" {
			continue
		}
		host, port, err := net.SplitHostPort(f.attrs["target"])
		if err != nil {
			host, port = f.attrs["target"], f.attrs["port"]
		}
		if !loopback(host) {
			continue
		}
		for _, p := range x.Spec.Ports {
			if strconv.Itoa(int(p.ContainerPort)) == port {
				return true
			}
		}
	}
	return false
}
