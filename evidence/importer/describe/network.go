package describe

import (
	"regexp"
	"strings"
)

var servicePort = regexp.MustCompile(`^(\S+) +(\d+)/(\w+)$`)

// service reads what describeService prints. The ports' fields are printed without indentation, one port after the
// other, so that keys repeat. Endpoints are no part of a service.
func (b *block) service() {
	if s, ok := b.take("Selector"); ok {
		if m, ok := selector(s.val); ok {
			b.put(m, "spec", "selector")
		}
	}
	b.str("Type", "spec", "type")
	b.str("IP Family Policy", "spec", "ipFamilyPolicy")
	b.str("IP", "spec", "clusterIP")
	for key, field := range map[string]string{"IP Families": "ipFamilies", "IPs": "clusterIPs", "External IPs": "externalIPs", "LoadBalancer Source Ranges": "loadBalancerSourceRanges"} {
		if s, ok := b.take(key); ok {
			b.put(list(s.val), "spec", field)
		}
	}
	b.str("Desired LoadBalancer IP", "spec", "loadBalancerIP")
	b.str("External Name", "spec", "externalName")
	b.str("Session Affinity", "spec", "sessionAffinity")
	b.str("External Traffic Policy", "spec", "externalTrafficPolicy")
	b.str("Internal Traffic Policy", "spec", "internalTrafficPolicy")
	b.number("HealthCheck NodePort", "spec", "healthCheckNodePort")
	b.str("Traffic Distribution", "spec", "trafficDistribution")
	b.ingressAddresses("LoadBalancer Ingress")
	b.servicePorts()
}

var ipAddress = regexp.MustCompile(`^([0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*)(?: \((\w+)\))?$`)

// ingressAddresses reads a load balancer's addresses: IPs, with their mode, and host names.
func (b *block) ingressAddresses(key string) {
	s, ok := b.take(key)
	if !ok {
		return
	}
	out := []any{}
	for _, a := range list(s.val) {
		if m := ipAddress.FindStringSubmatch(a.(string)); m != nil {
			e := map[string]any{"ip": m[1]}
			if m[2] != "" {
				e["ipMode"] = m[2]
			}
			out = append(out, e)
		} else {
			out = append(out, map[string]any{"hostname": a})
		}
	}
	b.put(out, "status", "loadBalancer", "ingress")
}

func (b *block) servicePorts() {
	var ports []any
	var p map[string]any
	for _, s := range b.secs {
		switch s.key {
		case "Port":
			m := servicePort.FindStringSubmatch(s.val)
			if m == nil {
				continue
			}
			n, _ := number(m[2])
			p = map[string]any{"port": n, "protocol": m[3]}
			if m[1] != "<unset>" {
				p["name"] = m[1]
			}
			ports = append(ports, p)
		case "TargetPort", "NodePort", "AppProtocol", "Endpoints":
			if p == nil {
				continue
			}
			fields := strings.Fields(s.val)
			if len(fields) == 0 {
				break
			}
			v, _, _ := strings.Cut(fields[len(fields)-1], "/")
			switch s.key {
			case "TargetPort":
				p["targetPort"] = intOrString(v)
			case "NodePort":
				p["nodePort"] = intOrString(v)
			case "AppProtocol":
				p["appProtocol"] = s.val
			}
		default:
			continue
		}
		b.use(s.line)
	}
	if ports != nil {
		b.put(ports, "spec", "ports")
	}
}

// endpoints reads what describeEndpoints prints: subsets, separated by blank lines.
func (b *block) endpoints() {
	s, ok := b.take("Subsets")
	if !ok {
		return
	}
	subsets := []any{}
	var sub map[string]any
	for _, f := range b.group(s.from, s.to, 2) {
		if f.key == "Addresses" {
			sub = map[string]any{}
			subsets = append(subsets, sub)
		}
		if sub == nil {
			continue
		}
		b.use(f.line)
		switch f.key {
		case "Addresses", "NotReadyAddresses":
			l := []any{}
			for _, ip := range list(f.val) {
				l = append(l, map[string]any{"ip": ip})
			}
			sub[strings.ToLower(f.key[:1])+f.key[1:]] = l
		case "Ports":
			for _, row := range b.body(f) {
				b.use(row.i)
				c := columns(row.s, 3)
				if len(c) < 3 || c[0] == "Name" || rule.MatchString(row.s) {
					continue
				}
				n, _ := number(c[1])
				e := map[string]any{"port": n, "protocol": c[2]}
				if c[0] != "<unset>" {
					e["name"] = c[0]
				}
				appendTo(sub, "ports", e)
			}
		}
	}
	b.put(subsets, "subsets")
}

// serviceAccount reads what describeServiceAccount prints; token secrets were shown up to 1.30.
func (b *block) serviceAccount() {
	for _, key := range []string{"Image pull secrets", "Mountable secrets"} {
		s, ok := b.take(key)
		if !ok {
			continue
		}
		names := b.multi(s, func(s string) (map[string]any, bool) {
			name, _, _ := strings.Cut(s, " ")
			return map[string]any{"name": name}, name != ""
		})
		b.put(names, map[string]string{"Image pull secrets": "imagePullSecrets", "Mountable secrets": "secrets"}[key])
	}
	b.skip("Tokens")
}

var (
	terminates = regexp.MustCompile(`^(\S+) terminates (\S*)$`)
	sniRoutes  = regexp.MustCompile(`^SNI routes (\S*)$`)
	backend    = regexp.MustCompile(`^(\S+?):(\S+?)(?: \(.*\))?$`)
)

// ingress reads what describeIngressV1 prints. Path types are never shown.
func (b *block) ingress() {
	b.str("Ingress Class", "spec", "ingressClassName")
	b.ingressAddresses("Address")
	if s, ok := b.take("Default backend"); ok && s.val != "<default>" && !strings.HasPrefix(s.val, "default-http-backend:80") {
		// until 1.24 the controller's own default was shown as if it were the object's
		if be := ingressBackend(s.val); be != nil {
			b.put(be, "spec", "defaultBackend")
		}
	}
	if s, ok := b.take("TLS"); ok {
		b.put(b.multi(s, func(s string) (map[string]any, bool) {
			if m := terminates.FindStringSubmatch(s); m != nil {
				return map[string]any{"secretName": m[1], "hosts": list(m[2])}, true
			}
			if m := sniRoutes.FindStringSubmatch(s); m != nil {
				return map[string]any{"hosts": list(m[1])}, true
			}
			return nil, false
		}), "spec", "tls")
	}
	b.ingressRules()
}

func (b *block) ingressRules() {
	s, ok := b.take("Rules")
	if !ok {
		return
	}
	rules := []any{}
	var paths map[string]any
	for _, l := range b.body(s) {
		c := columns(l.s, 0)
		switch {
		case strings.HasPrefix(l.s, "Host ") || rule.MatchString(l.s):
		case l.n == 2 && len(c) == 1:
			paths = map[string]any{}
			r := map[string]any{"http": paths}
			if c[0] != "*" {
				r["host"] = c[0]
			}
			rules = append(rules, r)
		case l.n == 2: // the line that stands for no rules
		case paths != nil && len(c) > 0:
			path, be := "", c[len(c)-1]
			if len(c) > 1 {
				path = c[0]
			} else if p, rest, ok := strings.Cut(l.s, " "); ok && strings.HasPrefix(p, "/") {
				path, be = p, strings.TrimSpace(rest)
			}
			e := map[string]any{}
			if path != "" {
				e["path"] = path
			}
			if v := ingressBackend(be); v != nil {
				e["backend"] = v
			}
			appendTo(paths, "paths", e)
		default:
			continue
		}
		b.use(l.i)
	}
	b.put(rules, "spec", "rules")
}

func ingressBackend(s string) map[string]any {
	if rest, ok := strings.CutPrefix(s, "APIGroup: "); ok {
		res := map[string]any{}
		for i, part := range strings.Split("apiGroup: "+rest, ", ") {
			_, v, _ := strings.Cut(part, ": ")
			if i < 3 && !isNone(v) {
				res[[]string{"apiGroup", "kind", "name"}[i]] = v
			}
		}
		return map[string]any{"resource": res}
	}
	m := backend.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	port := map[string]any{"name": m[2]}
	if n, ok := number(m[2]); ok {
		port = map[string]any{"number": n}
	}
	return map[string]any{"service": map[string]any{"name": m[1], "port": port}}
}
