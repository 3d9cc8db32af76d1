package describe

import (
	"regexp"
	"strings"
)

var policyPort = regexp.MustCompile(`^To Port(?: Range)?: (\S+?)(?:-(\d+))?/(\w+)$`)

// networkPolicy reads what describeNetworkPolicySpec prints. "Not affecting" shows that a direction is not among the
// policy types.
func (b *block) networkPolicy() {
	b.time("Created on", "metadata", "creationTimestamp")
	s, ok := b.take("Spec")
	if !ok {
		return
	}
	spec := b.child("spec")
	for _, f := range b.group(s.from, s.to, 2) {
		switch f.key {
		case "PodSelector":
			val := f.val
			if strings.HasPrefix(val, "<none>") {
				val = ""
			}
			if sel := labelSelector(strings.TrimSpace(val)); sel != nil {
				spec["podSelector"] = sel
			}
		case "Policy Types":
			spec["policyTypes"] = list(f.val)
		case "Allowing ingress traffic":
			spec["ingress"] = b.policyRules(f, "from")
		case "Allowing egress traffic":
			spec["egress"] = b.policyRules(f, "to")
		default:
			continue
		}
		b.use(f.line)
	}
	for _, l := range b.body(s) {
		if strings.HasPrefix(l.s, "Not affecting ") {
			b.use(l.i)
		}
	}
}

// policyRules reads the rules of one direction, separated by dashes; peers is from or to.
func (b *block) policyRules(f section, peers string) []any {
	rules := []any{}
	var r, peer map[string]any
	begin := func() map[string]any {
		if r == nil {
			r = map[string]any{}
			rules = append(rules, r)
		}
		return r
	}
	for _, l := range b.body(f) {
		key, val, _, isKey := keyValue(l.s)
		switch {
		case strings.HasPrefix(l.s, "<none>"): // isolated: no rules
		case strings.HasPrefix(l.s, "-----"):
			r, peer = nil, nil
		case strings.HasSuffix(l.s, ")") && strings.Contains(l.s, ": <any> "):
			begin()
		case strings.HasPrefix(l.s, "To Port"):
			m := policyPort.FindStringSubmatch(l.s)
			if m == nil {
				continue
			}
			p := map[string]any{"port": intOrString(m[1]), "protocol": m[3]}
			if n, ok := number(m[2]); ok {
				p["endPort"] = n
			}
			appendTo(begin(), "ports", p)
		case l.s == "From:" || l.s == "To:":
			peer = map[string]any{}
			appendTo(begin(), peers, peer)
		case peer == nil || !isKey:
			continue
		case key == "NamespaceSelector" || key == "PodSelector":
			if sel := labelSelector(val); sel != nil {
				peer[strings.ToLower(key[:1])+key[1:]] = sel
			}
		case key == "IPBlock":
		case key == "CIDR":
			put(peer, val, "ipBlock", "cidr")
		case key == "Except":
			if l := list(val); len(l) > 0 {
				put(peer, l, "ipBlock", "except")
			}
		default:
			continue
		}
		b.use(l.i)
	}
	return rules
}

// generic reads what the describer of unknown kinds prints (printUnstructuredContent): labels made of field names,
// without quotes, from which types cannot be told. Only metadata is read, and events, which are printed so.
func (b *block) generic() {
	b.str("API Version", "apiVersion")
	b.str("Kind", "kind")
	if s, ok := b.take("Metadata"); ok {
		for _, f := range b.group(s.from, s.to, 2) {
			if field := map[string]string{"Creation Timestamp": "creationTimestamp", "UID": "uid", "Resource Version": "resourceVersion"}[f.key]; field != "" {
				b.use(f.line)
				b.put(f.val, "metadata", field)
			}
		}
	}
	if b.obj.Kind != "Event" {
		return
	}
	b.number("Count", "count")
	b.str("Type", "type")
	b.str("Reason", "reason")
	b.str("Action", "action")
	b.str("First Timestamp", "firstTimestamp")
	b.str("Last Timestamp", "lastTimestamp")
	b.str("Event Time", "eventTime")
	b.str("Reporting Component", "reportingComponent")
	b.str("Reporting Instance", "reportingInstance")
	if s, ok := b.take("Message"); ok {
		b.put(b.text(s), "message")
	}
	for key, field := range map[string]string{"Involved Object": "involvedObject", "Source": "source", "Series": "series"} {
		s, ok := b.take(key)
		if !ok {
			continue
		}
		for _, f := range b.group(s.from, s.to, 2) {
			if sub := eventFields[f.key]; sub != "" && f.val != "" {
				b.use(f.line)
				if n, ok := number(f.val); ok && sub == "count" {
					b.put(n, field, sub)
				} else {
					b.put(f.val, field, sub)
				}
			}
		}
	}
}

var eventFields = map[string]string{"API Version": "apiVersion", "Kind": "kind", "Name": "name", "Namespace": "namespace", "UID": "uid",
	"Field Path": "fieldPath", "Resource Version": "resourceVersion", "Component": "component", "Host": "host", "Count": "count", "Last Observed Time": "lastObservedTime"}
