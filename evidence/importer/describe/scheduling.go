package describe

import (
	"regexp"
	"strconv"
	"strings"
)

// quantities reads "cpu:  100m" lines below a heading, at the given indentation.
func (b *block) quantities(f section, indent int) map[string]any {
	out := map[string]any{}
	b.use(f.line)
	for _, s := range b.group(f.from, f.to, indent) {
		if s.val != "" {
			out[s.key] = s.val
			b.use(s.line)
		}
	}
	return out
}

// resources reads Limits and Requests below a heading (describeResources); indent is that of the two.
func (b *block) resources(f section, indent int) map[string]any {
	out := map[string]any{}
	for _, s := range b.group(f.from, f.to, indent) {
		if s.key == "Limits" || s.key == "Requests" {
			out[strings.ToLower(s.key)] = b.quantities(s, indent+2)
		}
	}
	return out
}

var (
	mountPoint = regexp.MustCompile(`^(.*) from (\S+) \((ro|rw)(?:,path=(".*"))?\)$`)
	device     = regexp.MustCompile(`^(.*) from (\S+)$`)
)

// mounts reads "/etc/app from config (ro,path="app.yaml")" (describeContainerVolumes). Never shown are subPathExpr,
// mountPropagation and recursiveReadOnly.
func (b *block) mounts(f section) []any {
	out := []any{}
	for _, l := range b.body(f) {
		m := mountPoint.FindStringSubmatch(l.s)
		if m == nil {
			continue
		}
		b.use(l.i)
		e := map[string]any{"mountPath": m[1], "name": m[2], "readOnly": m[3] == "ro"}
		if m[4] != "" {
			sub, err := strconv.Unquote(m[4])
			if err != nil {
				sub = strings.Trim(m[4], `"`)
			}
			e["subPath"] = sub
		}
		out = append(out, e)
	}
	return out
}

func (b *block) devices(f section) []any {
	out := []any{}
	for _, l := range b.body(f) {
		if m := device.FindStringSubmatch(l.s); m != nil {
			b.use(l.i)
			out = append(out, map[string]any{"devicePath": m[1], "name": m[2]})
		}
	}
	return out
}

// scheduling reads node selector, tolerations, spread constraints and scheduling group of a pod or a template; get
// finds a section by its key.
func (b *block) scheduling(get func(string) (section, bool), spec map[string]any) {
	if s, ok := get("Node-Selectors"); ok {
		spec["nodeSelector"] = b.pairs(s)
	}
	if s, ok := get("Tolerations"); ok {
		spec["tolerations"] = b.multi(s, toleration)
	}
	if s, ok := get("Topology Spread Constraints"); ok {
		spec["topologySpreadConstraints"] = b.multi(s, spread)
	}
	if s, ok := get("SchedulingGroup"); ok {
		for _, l := range b.body(s) {
			if key, val, _, ok := keyValue(l.s); ok && key == "PodGroupName" {
				put(spec, val, "schedulingGroup", "podGroupName")
				b.use(l.i)
			}
		}
	}
}

// multi reads a value and the lines below it, each by the same rule.
func (b *block) multi(s section, read func(string) (map[string]any, bool)) []any {
	out := []any{}
	b.use(s.line)
	if s.val != "" && isNone(s.val) {
		return out
	}
	if v, ok := read(s.val); ok && s.val != "" {
		out = append(out, v)
	}
	for _, l := range b.body(s) {
		if v, ok := read(l.s); ok {
			out = append(out, v)
			b.use(l.i)
		}
	}
	return out
}

// tolerated reads key=value:Effect op=Exists for 300s; up to 1.8 the operator stood in between: key:=Exists:NoExecute.
var tolerated = regexp.MustCompile(`^([^=:\s]*)(?::?=(Exists)?(?:([^:\s]*))?)?(?::(NoSchedule|NoExecute|PreferNoSchedule))?( op=Exists)?(?: for (-?\d+)s)?$`)

// toleration reads one line of printTolerationsMultilineWithIndent. The operator is shown only where it is Exists
// (since 1.18); another one is not told from Equal.
func toleration(s string) (map[string]any, bool) {
	if rest, ok := strings.CutPrefix(s, "op=Exists"); ok { // of every key, printed without a blank before it
		s = " op=Exists" + rest
	}
	m := tolerated.FindStringSubmatch(s)
	if m == nil || (m[1] == "" && m[4] == "" && m[5] == "" && m[6] == "") {
		return nil, false
	}
	t := map[string]any{}
	for i, field := range []string{"key", "", "value", "effect"} {
		if field != "" && m[i+1] != "" {
			t[field] = m[i+1]
		}
	}
	if m[5] != "" || m[2] != "" {
		t["operator"] = "Exists"
	}
	if n, ok := number(m[6]); ok {
		t["tolerationSeconds"] = n
	}
	return t, true
}

var spreading = regexp.MustCompile(`^(\S+):(\w+) when max skew (\d+) is exceeded(?: for selector (.*))?$`)

// spread reads one line of describeTopologySpreadConstraints.
func spread(s string) (map[string]any, bool) {
	m := spreading.FindStringSubmatch(s)
	if m == nil {
		return nil, false
	}
	skew, _ := number(m[3])
	t := map[string]any{"topologyKey": m[1], "whenUnsatisfiable": m[2], "maxSkew": skew}
	if m[4] != "" {
		if sel := labelSelector(m[4]); sel != nil {
			t["labelSelector"] = sel
		}
	}
	return t, true
}

var (
	inSet    = regexp.MustCompile(`^([^\s!=,]+) (in|notin) \(([^()]*)\)(?:,|$)`)
	negation = regexp.MustCompile(`^!([^\s!=,]+)(?:,|$)`)
	equality = regexp.MustCompile(`^([^\s!=,]+)(==?|!=)([^\s,]*)(?:,|$)`)
	present  = regexp.MustCompile(`^([^\s!=,]+)(?:,|$)`)
)

// labelSelector reads the form of metav1.FormatLabelSelector and labels.Selector.String, or gives nil where it is
// none. Requirements of the forms a=b come back as matchLabels.
func labelSelector(s string) map[string]any {
	sel := map[string]any{}
	expression := func(key, op string, values ...string) {
		e := map[string]any{"key": key, "operator": op}
		if len(values) > 0 {
			l := []any{}
			for _, v := range values {
				l = append(l, v)
			}
			e["values"] = l
		}
		appendTo(sel, "matchExpressions", e)
	}
	if isNone(s) {
		return sel
	}
	for s != "" {
		var m []string
		if m = inSet.FindStringSubmatch(s); m != nil {
			expression(m[1], map[string]string{"in": "In", "notin": "NotIn"}[m[2]], strings.Split(m[3], ",")...)
		} else if m = negation.FindStringSubmatch(s); m != nil {
			expression(m[1], "DoesNotExist")
		} else if m = equality.FindStringSubmatch(s); m != nil && m[2] == "!=" {
			expression(m[1], "NotIn", m[3])
		} else if m != nil {
			put(sel, m[3], "matchLabels", m[1])
		} else if m = present.FindStringSubmatch(s); m != nil {
			expression(m[1], "Exists")
		} else {
			return nil
		}
		s = s[len(m[0]):]
	}
	return sel
}
