package diagnosis

import (
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// specFacts: what the declared objects add to what the process said.
func (c *sickCase) specFacts(m *member) {
	if m.c == nil || m.c.Spec == nil {
		return
	}
	if m.c.SpecComplete && (m.c.Spec.Lifecycle == nil || m.c.Spec.Lifecycle.PostStart == nil) {
		c.facts.add(fact{id: "hook.none", strength: strong, producer: evidence.Spec, ref: m.pod.Ref.At("spec.containers[" + m.c.Name + "].lifecycle").String(), text: "no postStart hook"})
	}
	c.serviceFacts(m)
}

// serviceFacts: does what the process could not reach belong to a Service, and has that Service ready endpoints?
func (c *sickCase) serviceFacts(m *member) {
	for _, f := range c.facts {
		if !strings.HasPrefix(f.cause, "dependency.") || f.strength < strong {
			continue
		}
		svc, ok := c.serviceOf(m.pod.Ref.Namespace, f.attrs["target"], f.attrs["host"])
		if !ok {
			continue
		}
		f.attrs["service"] = svc.Name
		ready, known := c.readyEndpoints(svc)
		if known && ready == 0 {
			c.facts.add(fact{id: "service.no-endpoints", strength: decisive, producer: evidence.Dependency, ref: svc.Ref().String(), time: c.s.CapturedAt,
				text: "Service " + svc.Name + " has no ready endpoint", attrs: map[string]string{"service": svc.Name, "target": f.attrs["target"]}})
			return
		}
	}
}

// serviceOf finds the Service that a host name or a virtual IP means, as seen from a namespace.
func (c *sickCase) serviceOf(ns, target, host string) (evidence.Object, bool) {
	if host == "" {
		host = target
		if i := strings.LastIndexByte(host, ':'); i > 0 {
			host = host[:i]
		}
	}
	parts := strings.Split(host, ".")
	for _, o := range c.s.OfKind("Service", "") {
		ip := o.Raw.Str("spec", "clusterIP")
		byName := parts[0] == o.Name && (len(parts) == 1 && o.Namespace == ns || len(parts) > 1 && parts[1] == o.Namespace)
		if host != "" && (ip == host || byName) {
			return o, true
		}
	}
	return evidence.Object{}, false
}

// readyEndpoints counts ready addresses in the Service's EndpointSlices; unknown where no slices were read.
func (c *sickCase) readyEndpoints(svc evidence.Object) (int, bool) {
	if !svc.Raw.Has("spec", "selector") {
		return 0, false // endpoints are managed by hand or it is an ExternalName
	}
	n, known := 0, false
	for _, o := range c.s.OfKind("EndpointSlice", svc.Namespace) {
		if o.Label("kubernetes.io/service-name") != svc.Name {
			continue
		}
		known = true
		for _, ep := range o.Raw.List("endpoints") {
			if r, ok := ep.Get("conditions", "ready"); !ok || r == true {
				n++
			}
		}
	}
	return n, known
}
