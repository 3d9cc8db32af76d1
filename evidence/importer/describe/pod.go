package describe

import (
	"strings"

	"github.com/crashproof-dev/crashproof/evidence/importer/age"
)

// lists are the headings of containers with the names of their lists in the API.
var lists = []struct{ heading, spec, status string }{
	{"Init Containers", "initContainers", "initContainerStatuses"},
	{"Containers", "containers", "containerStatuses"},
	{"Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"},
}

// pod reads what describePod prints.
func (b *block) pod() {
	b.number("Priority", "spec", "priority")
	b.str("Priority Class Name", "spec", "priorityClassName")
	b.str("PriorityClassName", "spec", "priorityClassName")
	b.str("Runtime Class Name", "spec", "runtimeClassName")
	b.str("Service Account", "spec", "serviceAccountName")
	b.time("Start Time", "status", "startTime")
	b.podStatus()
	b.str("NominatedNodeName", "status", "nominatedNodeName")
	b.str("SeccompProfile", "spec", "securityContext", "seccompProfile", "type")
	b.str("LocalhostProfile", "spec", "securityContext", "seccompProfile", "localhostProfile")
	b.str("QoS Class", "status", "qosClass")
	b.str("QoS Tier", "status", "qosClass")
	b.take("Security Policy") // of OpenShift: an annotation there
	if s, ok := b.take("Resources"); ok {
		if r := b.resources(s, 2); len(r) > 0 {
			b.put(r, "spec", "resources")
		}
	}
	b.podIPs()
	spec, status := b.child("spec"), b.child("status")
	b.implicitContainers(spec, status)
	for _, l := range lists {
		if s, ok := b.take(l.heading); ok {
			b.containers(s, 2, l.spec, l.status, spec, status)
		}
	}
	b.readinessGates(spec)
	b.podConditions()
	if s, ok := b.take("Volumes"); ok {
		b.volumes(s, 2, spec)
	}
	b.scheduling(func(key string) (section, bool) { return b.take(key) }, spec)
	for _, key := range []string{"spec", "status", "metadata"} {
		if m, ok := b.obj.Raw[key].(map[string]any); ok && len(m) == 0 {
			delete(b.obj.Raw, key)
		}
	}
}

// child returns the object's field as a map to write to.
func (b *block) child(field string) map[string]any {
	m, ok := b.obj.Raw[field].(map[string]any)
	if !ok {
		m = map[string]any{}
		b.obj.Raw[field] = m
	}
	return m
}

// podStatus reads node, phase, reason, message and deletion.
func (b *block) podStatus() {
	if s, ok := b.take("Node"); ok && !isNone(s.val) {
		node, ip, _ := strings.Cut(s.val, "/")
		if node != "" {
			b.put(node, "spec", "nodeName")
		}
		if ip != "" {
			b.put(ip, "status", "hostIP")
		}
	} else if ok {
		b.put("", "spec", "nodeName") // shown to be not scheduled
	}
	if s, ok := b.take("Status"); ok {
		if since, ok := strings.CutPrefix(s.val, "Terminating"); ok {
			b.terminating(since)
		} else if !isNone(s.val) {
			b.put(s.val, "status", "phase")
		}
	}
	b.number("Termination Grace Period", "metadata", "deletionGracePeriodSeconds")
	b.str("Reason", "status", "reason")
	if s, ok := b.take("Message"); ok {
		s.val = valueAt(b.at(s.line), s.col)
		b.put(b.text(s), "status", "message")
	}
}

// terminating reads " (lasts 5m)"; older versions print the time itself: " (expires Mon, 23 Nov 2026 03:00:00 +0000)".
func (b *block) terminating(since string) {
	since = strings.TrimSuffix(strings.TrimPrefix(since, " ("), ")")
	if s, ok := strings.CutPrefix(since, "lasts "); ok {
		b.obj.Deleted, _ = age.Parse(s)
	}
	if s, ok := strings.CutPrefix(since, "expires "); ok {
		if t, ok := timestamp(s); ok {
			b.put(t, "metadata", "deletionTimestamp")
		}
	}
}

func (b *block) podIPs() {
	b.str("IP", "status", "podIP")
	s, ok := b.take("IPs")
	if !ok {
		return
	}
	ips := []any{}
	for _, l := range b.body(s) {
		if key, val, _, ok := keyValue(l.s); ok && key == "IP" {
			ips = append(ips, map[string]any{"ip": val})
			b.use(l.i)
		}
	}
	b.put(ips, "status", "podIPs")
}

// implicitContainers reads containers whose heading was cut off: what stands before the first heading.
func (b *block) implicitContainers(spec, status map[string]any) {
	s := b.sections[""]
	if s == nil {
		return
	}
	l := lists[1]
	if len(b.secs) > 1 && b.secs[1].key == "Containers" {
		l = lists[0]
	}
	b.containers(*s, 2, l.spec, l.status, spec, status)
}

// podConditions reads types and statuses; describePod shows no more. Should a version show columns beside these, they
// are read where the API has a field of the name.
func (b *block) podConditions() {
	fields := map[string]string{"Type": "type", "Status": "status", "Reason": "reason", "Message": "message",
		"LastProbeTime": "lastProbeTime", "LastTransitionTime": "lastTransitionTime"}
	b.conditionTable(fields, "status", "conditions")
}

func (b *block) readinessGates(spec map[string]any) {
	s, ok := b.take("Readiness Gates")
	if !ok {
		return
	}
	var gates []any
	for _, l := range b.body(s) {
		b.use(l.i)
		if cells := columns(l.s, 2); len(cells) > 0 && cells[0] != "Type" {
			gates = append(gates, map[string]any{"conditionType": cells[0]})
		}
	}
	spec["readinessGates"] = gates
}

// conditionTable reads a table of conditions by its header. fields maps column titles to fields of the API.
func (b *block) conditionTable(fields map[string]string, path ...string) {
	s, ok := b.take("Conditions")
	if !ok {
		return
	}
	var titles []string
	out := []any{}
	for _, l := range b.body(s) {
		switch {
		case rule.MatchString(l.s):
		case titles == nil && strings.HasPrefix(l.s, "Type"):
			titles = strings.Fields(l.s)
		case titles == nil:
			continue
		default:
			cells := columns(l.s, len(titles))
			if len(cells) < 2 && len(titles) > 1 {
				continue
			}
			c := map[string]any{}
			for i, cell := range cells {
				if i < len(titles) && fields[titles[i]] != "" {
					setCondition(c, fields[titles[i]], cell)
				}
			}
			out = append(out, c)
		}
		b.use(l.i)
	}
	b.put(out, path...)
}

func setCondition(c map[string]any, field, cell string) {
	if strings.HasSuffix(field, "Time") {
		if t, ok := timestamp(cell); ok {
			c[field] = t
		}
		return
	}
	c[field] = cell
}
