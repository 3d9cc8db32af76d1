package diagnosis

import (
	"fmt"
	"slices"
	"strconv"
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
	c.securityFacts(m)
	c.envFacts(m)
	c.serviceFacts(m)
	c.zeroFacts(m)
}

// securityFacts: what the pod's security settings have to do with what the process complains about.
func (c *sickCase) securityFacts(m *member) {
	base := fact{strength: strong, producer: evidence.Spec, ref: m.pod.Ref.At("spec.containers[" + m.c.Name + "].securityContext").String()}
	sc := m.c.Spec.SecurityContext
	if c.said("storage.read-only") {
		if sc != nil && sc.ReadOnlyRootFilesystem != nil && *sc.ReadOnlyRootFilesystem {
			base.text = "readOnlyRootFilesystem: true"
			c.facts.add(with(base, "spec.read-only", strong))
		}
		for _, v := range m.c.Spec.VolumeMounts {
			if v.ReadOnly {
				base.text, base.ref = "volume "+v.Name+" is mounted readOnly at "+v.MountPath, m.pod.Ref.At("spec.containers["+m.c.Name+"].volumeMounts").String()
				c.facts.add(with(base, "spec.read-only", strong))
			}
		}
	}
	if c.said("storage.permission-denied") || c.said("security.run-as-non-root") {
		if text := userText(m); text != "" {
			base.text = text
			c.facts.add(with(base, "spec.user", strong))
		}
	}
}

// userText quotes the user and groups that the pod demands.
func userText(m *member) string {
	var out []string
	add := func(name string, v *int64) {
		if v != nil {
			out = append(out, name+": "+strconv.FormatInt(*v, 10))
		}
	}
	nonRoot := func(b *bool) {
		if b != nil {
			out = append(out, "runAsNonRoot: "+strconv.FormatBool(*b))
		}
	}
	if p := m.pod.Spec.SecurityContext; p != nil {
		add("runAsUser", p.RunAsUser)
		add("runAsGroup", p.RunAsGroup)
		add("fsGroup", p.FSGroup)
		nonRoot(p.RunAsNonRoot)
	}
	if s := m.c.Spec.SecurityContext; s != nil {
		add("container runAsUser", s.RunAsUser)
		nonRoot(s.RunAsNonRoot)
	}
	return strings.Join(out, ", ")
}

// said reports whether the facts so far speak strongly for a cause.
func (c *sickCase) said(cause string) bool {
	for _, f := range c.facts {
		if f.cause == cause && f.strength >= strong {
			return true
		}
	}
	return false
}

// envFacts: the variable that the process asks for is not among those that the spec gives it. Variables that come
// whole from a ConfigMap or Secret (envFrom) are not in the spec, so with those nothing can be said.
func (c *sickCase) envFacts(m *member) {
	if m.c.Spec == nil {
		return
	}
	unlisted := !m.c.SpecShown || len(m.c.Spec.EnvFrom) > 0
	for _, f := range c.facts {
		name := f.attrs["variable"]
		if f.cause != "config.env-missing" || name == "" || f.strength < strong {
			continue
		}
		if hasString(m.c.EnvNames(), name) {
			if v := literal(m.c, name); v != "" {
				c.facts.add(fact{id: "spec.env-present", strength: strong, producer: evidence.Spec, ref: m.pod.Ref.At("spec.containers[" + m.c.Name + "].env").String(), text: "the container has a variable " + name + " with a value"})
			}
			continue
		}
		if unlisted {
			continue
		}
		text := "the container has no variable " + name
		if names := m.c.EnvNames(); len(names) > 0 {
			text += "; it has " + strings.Join(names, ", ")
		}
		c.facts.add(fact{id: "spec.env-absent", strength: strong, producer: evidence.Spec, ref: m.pod.Ref.At("spec.containers[" + m.c.Name + "].env").String(), text: text})
		return
	}
}

// literal is the value that the spec itself gives a variable; empty where it comes from elsewhere.
func literal(c *evidence.Container, name string) string {
	for _, e := range c.Spec.Env {
		if e.Name == name {
			return e.Value
		}
	}
	return ""
}

// zeroFacts: what cannot be reached is called like a workload of the namespace that was given no replicas.
func (c *sickCase) zeroFacts(m *member) {
	for _, f := range c.facts {
		switch f.cause {
		case "dependency.refused", "dependency.timeout", "dependency.dns", "dependency.unavailable":
		default:
			continue
		}
		said := strings.ToLower(f.text + " " + f.attrs["target"] + " " + f.attrs["host"] + " " + f.attrs["service"])
		for _, kind := range []string{"StatefulSet", "Deployment"} {
			for _, o := range c.s.OfKind(kind, m.pod.Ref.Namespace) {
				if n, known := o.Raw.Get("spec", "replicas"); !known || fmt.Sprint(n) != "0" || !mentioned(said, o.Name) {
					continue
				}
				c.facts.add(fact{id: "dependency.no-replicas", strength: strong, producer: evidence.Dependency, ref: o.Ref().At("spec.replicas").String(), time: c.s.CapturedAt,
					text: kind + " " + o.Name + " is scaled to 0 replicas", attrs: map[string]string{"service": o.Name}})
				return
			}
		}
	}
}

// mentioned tells whether a text has a workload's name, or one of the longer words that it is made of.
func mentioned(text, name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(text, name) || slices.ContainsFunc(strings.Split(name, "-"), func(w string) bool {
		return len(w) >= 5 && w != "service" && w != "server" && w != "master" && w != "worker" && w != "deployment" && strings.Contains(text, w)
	})
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
		if known {
			c.facts.add(fact{id: "service.selects", strength: weak, producer: evidence.Spec, ref: svc.Ref().At("spec.selector").String(), text: "Service " + svc.Name + " selects " + selectorText(svc)})
		}
		if known && ready > 0 {
			c.facts.add(fact{id: "service.ready", strength: strong, producer: evidence.Dependency, ref: svc.Ref().String(), time: c.s.CapturedAt,
				text: fmt.Sprintf("Service %s has %d ready endpoints", svc.Name, ready)})
		}
		if known && ready == 0 {
			c.facts.add(fact{id: "service.no-endpoints", strength: decisive, producer: evidence.Dependency, ref: svc.Ref().String(), time: c.s.CapturedAt,
				text: "Service " + svc.Name + " has no ready endpoint", attrs: map[string]string{"service": svc.Name, "target": f.attrs["target"]}})
			return
		}
	}
}

func selectorText(svc evidence.Object) string {
	var out []string
	for k, v := range svc.Raw.Map("spec", "selector") {
		out = append(out, fmt.Sprint(k, "=", v))
	}
	slices.Sort(out)
	return strings.Join(out, ",")
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
		byName := parts[0] == o.Name && (len(parts) == 1 && o.Namespace == ns || (len(parts) == 2 || len(parts) > 2 && parts[2] == "svc") && parts[1] == o.Namespace)
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
