package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// misrouted reports Services and Ingresses that lead nowhere although the pods that they mean are well. Only what was
// given is looked at, and only where it is sure: the endpoints of the Service are known to be none, or a port or a name
// is not what the other side has.
func (in *input) misrouted() []Finding {
	if in.s.Target.Name != "" {
		return nil // the question is about a workload
	}
	cause, ok := in.pb.Cause("network.ingress-misrouted")
	if !ok {
		return nil
	}
	var out []Finding
	add := func(o evidence.Object, path string, told fact) {
		told.strength, told.producer, told.time, told.ref = decisive, evidence.Spec, in.s.CapturedAt, o.Ref().At(path).String()
		told.attrs = map[string]string{"service": o.Name, "namespace": o.Namespace}
		f := in.toldFinding(cause, Workload{Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}, triage.Misrouted, told)
		f.Neighbour = true
		f.Scope = Scope{Level: ScopeReference, Subject: o.Ref().String(), Confidence: "high", Statement: "what comes through " + o.Kind + " " + o.Namespace + "/" + o.Name}
		out = append(out, f)
	}
	for _, svc := range in.s.OfKind("Service", in.s.Target.Namespace) {
		if text := in.selectsNone(svc); text != "" {
			add(svc, "spec.selector", fact{id: "service.selects-none", text: text})
		} else if text := in.wrongPort(svc); text != "" {
			add(svc, "spec.ports", fact{id: "service.wrong-port", text: text})
		}
	}
	for _, ing := range in.s.OfKind("Ingress", in.s.Target.Namespace) {
		if text := in.wrongBackend(ing); text != "" {
			add(ing, "spec.rules", fact{id: "ingress.wrong-backend", text: text})
		}
	}
	return out
}

// selectsNone: the Service has no endpoint at all, no pod has its labels, and pods that are well have the same label
// with another value.
func (in *input) selectsNone(svc evidence.Object) string {
	if n, known := in.endpoints(svc); !known || n > 0 {
		return ""
	}
	sel := svc.Raw.Map("spec", "selector")
	var near *evidence.Pod
	for _, p := range in.pods {
		if p.Ref.Namespace != svc.Namespace {
			continue
		}
		if selects(svc, p.Labels) {
			return ""
		}
		if near == nil && len(in.verdicts[podKey(p)]) == 0 && alike(svc.Name, sel, p) {
			near = p
		}
	}
	if near == nil {
		return ""
	}
	var has []string
	for k := range sel {
		has = append(has, k+"="+near.Labels[k])
	}
	slices.Sort(has)
	return fmt.Sprintf("Service %s selects %s and has no endpoints; pod %s, which is well, has %s", svc.Name, selectorText(svc), near.Ref.Name, strings.Join(has, ","))
}

// alike tells a pod that the Service seems to mean: called as the Service, or with a value that differs in little.
func alike(service string, selector evidence.Raw, p *evidence.Pod) bool {
	plain := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(s))
	}
	if strings.HasPrefix(plain(p.Ref.Name), plain(service)) {
		return true
	}
	for k, v := range selector {
		have, ok := p.Labels[k]
		want := fmt.Sprint(v)
		if ok && want != have && (plain(want) == plain(have) || strings.HasPrefix(plain(have), plain(want)) || strings.HasPrefix(plain(want), plain(have))) {
			return true
		}
	}
	return false
}

// endpoints counts the addresses behind a Service, ready or not; unknown where neither slices nor Endpoints were given.
func (in *input) endpoints(svc evidence.Object) (int, bool) {
	if len(svc.Raw.Map("spec", "selector")) == 0 {
		return 0, false
	}
	n, known := 0, false
	for _, o := range in.s.OfKind("EndpointSlice", svc.Namespace) {
		if o.Label("kubernetes.io/service-name") == svc.Name {
			n, known = n+len(o.Raw.List("endpoints")), true
		}
	}
	if o, ok := in.s.Object("Endpoints", svc.Namespace, svc.Name); ok {
		known = true
		for _, sub := range o.Raw.List("subsets") {
			n += len(sub.List("addresses")) + len(sub.List("notReadyAddresses"))
		}
	}
	return n, known
}

// wrongPort: the Service sends to a port by a name that no container of its pods has.
func (in *input) wrongPort(svc evidence.Object) string {
	for _, port := range svc.Raw.List("spec", "ports") {
		name := port.Str("targetPort")
		if name == "" || strings.Trim(name, "0123456789") == "" {
			continue
		}
		chosen, has := 0, false
		for _, p := range in.pods {
			if p.Ref.Namespace != svc.Namespace || !selects(svc, p.Labels) || !p.SpecComplete {
				continue
			}
			chosen++
			for i := range p.Containers {
				c := &p.Containers[i]
				if c.Spec == nil {
					return "" // not shown
				}
				for _, cp := range c.Spec.Ports {
					has = has || cp.Name == name
				}
			}
		}
		if chosen > 0 && !has {
			return fmt.Sprintf("Service %s sends to the port named %s, and no container of its %d pods has a port of that name", svc.Name, name, chosen)
		}
	}
	return ""
}

// wrongBackend: the Ingress names a port that the Service does not have.
func (in *input) wrongBackend(ing evidence.Object) string {
	for _, rule := range ing.Raw.List("spec", "rules") {
		for _, path := range rule.List("http", "paths") {
			name := path.Str("backend", "service", "name")
			svc, ok := in.s.Object("Service", ing.Namespace, name)
			if !ok || name == "" {
				continue
			}
			number, _ := path.Get("backend", "service", "port", "number")
			called := path.Str("backend", "service", "port", "name")
			var have []string
			found := number == nil && called == ""
			for _, p := range svc.Raw.List("spec", "ports") {
				n, _ := p.Get("port")
				have = append(have, strings.TrimSpace(fmt.Sprint(n)+" "+p.Str("name")))
				found = found || number != nil && fmt.Sprint(n) == fmt.Sprint(number) || called != "" && p.Str("name") == called
			}
			if !found {
				want := called
				if number != nil {
					want = fmt.Sprint(number)
				}
				return fmt.Sprintf("Ingress %s sends to port %s of Service %s, which has %s", ing.Name, want, name, strings.Join(have, ", "))
			}
		}
	}
	return ""
}
