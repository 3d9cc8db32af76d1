package describe

import (
	"regexp"
	"strings"
)

// configMap reads what ConfigMapDescriber prints: values raw, each after its key and a rule. Binary data is shown by
// its size only. A blank line follows each value, but not in older versions.
func (b *block) configMap() {
	s, ok := b.take("Data")
	if !ok {
		return
	}
	data := map[string]any{}
	key := ""
	var value []string
	flush := func(blanks int) {
		for ; blanks > 0 && len(value) > 0 && strings.TrimSpace(value[len(value)-1]) == ""; blanks-- {
			value = value[:len(value)-1]
		}
		if key != "" {
			data[key] = strings.Join(value, "\n")
		}
	}
	isKey := func(i int) bool {
		return i+1 < s.to && dataKey.MatchString(b.at(i).full) && b.at(i+1).full == "----"
	}
	spaced := false
	for i := s.from + 1; i < s.to; i++ {
		spaced = spaced || isKey(i) && b.at(i-1).blank
	}
	for i := s.from; i < s.to; i++ {
		l := b.at(i)
		b.use(i)
		if isKey(i) && (key == "" || !spaced || b.at(i-1).blank) {
			flush(1)
			b.use(i + 1)
			key, value = strings.TrimSuffix(l.s, ":"), nil
			i++
			continue
		}
		if key != "" {
			value = append(value, l.full)
		}
	}
	flush(2)
	b.put(data, "data")
	b.skip("BinaryData")
}

var dataKey = regexp.MustCompile(`^[-._a-zA-Z0-9]+:$`)

// quota reads the table of describeQuota.
func (b *block) quota() {
	if s, ok := b.take("Scopes"); ok {
		b.put(list(s.val), "spec", "scopes")
		for _, l := range b.body(s) {
			b.use(l.i) // what the scopes mean
		}
	}
	s, ok := b.take("Quota table")
	if !ok {
		return
	}
	for _, l := range b.body(s) {
		f := strings.Fields(l.s)
		if len(f) != 3 {
			continue
		}
		b.use(l.i)
		if !rule.MatchString(l.s) {
			b.put(f[2], "spec", "hard", f[0])
			b.put(f[2], "status", "hard", f[0])
			b.put(f[1], "status", "used", f[0])
		}
	}
}

// limitRange reads the table of describeLimitRange: a row for each type and resource, - for what is not set.
func (b *block) limitRange() {
	s, ok := b.take("Limits table")
	if !ok {
		return
	}
	limits := []any{}
	byType := map[string]map[string]any{}
	for _, l := range b.body(s) {
		f := strings.Fields(l.s)
		if len(f) != 7 {
			continue
		}
		b.use(l.i)
		if rule.MatchString(l.s) {
			continue
		}
		item := byType[f[0]]
		if item == nil {
			item = map[string]any{"type": f[0]}
			byType[f[0]] = item
			limits = append(limits, item)
		}
		for i, field := range []string{"min", "max", "defaultRequest", "default", "maxLimitRequestRatio"} {
			if f[i+2] != "-" {
				put(item, f[i+2], field, f[1])
			}
		}
	}
	b.put(limits, "spec", "limits")
}

// namespace reads what describeNamespace prints. The quotas and limit ranges in it are other objects, shown without
// enough to rebuild them.
func (b *block) namespace() {
	b.phase()
	b.conditionTable(map[string]string{"Type": "type", "Status": "status", "Reason": "reason", "Message": "message",
		"LastTransitionTime": "lastTransitionTime"}, "status", "conditions")
	for _, key := range []string{"No resource quota.", "Resource Quotas", "No LimitRange resource.", "Resource Limits"} {
		b.skip(key)
	}
}

var (
	currentDesired = regexp.MustCompile(`^(\d+) current / (\d+) desired$`)
	resourceMetric = regexp.MustCompile(`^resource (\S+)(?: of container "([^"]*)")? on pods(?: +\(as a percentage of request\))?: +(.+) / (\S+)$`)
	currentUsage   = regexp.MustCompile(`^(\d+)% \((\S+)\)$`)
)

// autoscaler reads what describeHorizontalPodAutoscalerV2 prints. Metrics other than resources, and behaviour, are
// left out.
func (b *block) autoscaler() {
	if s, ok := b.take("Reference"); ok {
		kind, name, _ := strings.Cut(s.val, "/")
		ref := map[string]any{"kind": kind, "name": name}
		if av := apiVersions[kind]; av != "" {
			ref["apiVersion"] = av
		}
		b.put(ref, "spec", "scaleTargetRef")
	}
	b.number("Min replicas", "spec", "minReplicas")
	b.number("Max replicas", "spec", "maxReplicas")
	for _, kind := range []string{"Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"} {
		if s, ok := b.take(kind + " pods"); ok {
			if m := currentDesired.FindStringSubmatch(s.val); m != nil {
				current, _ := number(m[1])
				desired, _ := number(m[2])
				b.put(current, "status", "currentReplicas")
				b.put(desired, "status", "desiredReplicas")
			}
		}
	}
	if s, ok := b.take("Metrics"); ok {
		for _, l := range b.body(s) {
			if spec, status := metric(l.s); spec != nil {
				b.use(l.i)
				appendTo(b.child("spec"), "metrics", spec)
				if status != nil {
					appendTo(b.child("status"), "currentMetrics", status)
				}
			}
		}
	}
	b.conditionTable(reasonTable, "status", "conditions")
}

// metric reads "resource cpu on pods  (as a percentage of request):  12% (60m) / 80%".
func metric(s string) (spec, status map[string]any) {
	m := resourceMetric.FindStringSubmatch(s)
	if m == nil {
		return nil, nil
	}
	field, typ := "resource", "Resource"
	about := map[string]any{"name": m[1]}
	if m[2] != "" {
		field, typ = "containerResource", "ContainerResource"
		about["container"] = m[2]
	}
	target, now := map[string]any{}, map[string]any{}
	if percent, ok := strings.CutSuffix(m[4], "%"); ok {
		n, _ := number(percent)
		target["type"], target["averageUtilization"] = "Utilization", n
		if c := currentUsage.FindStringSubmatch(m[3]); c != nil {
			n, _ := number(c[1])
			now["averageUtilization"], now["averageValue"] = n, c[2]
		}
	} else if m[4] != "<auto>" {
		target["type"], target["averageValue"] = "AverageValue", m[4]
		if !isNone(m[3]) {
			now["averageValue"] = m[3]
		}
	}
	with := func(k string, v map[string]any) map[string]any {
		out := map[string]any{k: v}
		for k, v := range about {
			out[k] = v
		}
		return map[string]any{"type": typ, field: out}
	}
	if len(now) > 0 {
		status = with("current", now)
	}
	return with("target", target), status
}
