package describe

import (
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer/textline"
)

// Parse finds every describe block in the text, wherever it stands, in the order of the text. The objects' ranges do
// not overlap.
func Parse(text []byte) []Object {
	lines := textline.Split(oneLine(text))
	var starts []int
	for i := range lines {
		if isStart(lines, i) {
			starts = append(starts, i)
		}
	}
	var out []Object
	for at := 0; at < len(lines); {
		for len(starts) > 0 && starts[0] < at {
			starts = starts[1:] // within a block that was read already
		}
		limit := len(lines)
		if len(starts) > 0 {
			limit = starts[0]
		}
		if v, i, ok := headless(lines, at, limit); ok {
			o, next := read(v, i)
			o.Headless, o.Complete = true, false
			if known(&o) {
				out = append(out, o)
			}
			at = max(next, i+1)
			continue
		}
		if limit == len(lines) {
			break
		}
		o, next := read(blockView(lines, limit), limit)
		out = append(out, o)
		at = max(next, limit+1)
	}
	return out
}

// known reports whether a block without a beginning told anything.
func known(o *Object) bool { return o.EventsShown || len(o.Raw) > 0 }

// read reads one block and returns the line after it.
func read(v view, start int) (Object, int) {
	obj := Object{Raw: evidence.Raw{}}
	b := &block{view: v, obj: &obj, raw: map[int]int{}, used: map[int]bool{}, sections: map[string]*section{}}
	end := max(b.split(start), start+1)
	for i := range b.secs {
		if s := &b.secs[i]; b.sections[s.key] == nil {
			b.sections[s.key] = s
		}
	}
	obj.Kind = b.kind()
	b.fill()
	obj.Start, obj.End = v.lines[start].Start, v.lines[end-1].End
	b.ignored(start, end)
	obj.Complete = !obj.Headless && b.whole()
	if obj.Kind != "" {
		obj.Raw["kind"] = obj.Kind
		if av := apiVersions[obj.Kind]; av != "" {
			obj.Raw["apiVersion"] = av
		}
	}
	return obj, end
}

// ignored lists the lines that no reader used. Events were read by their own rules.
func (b *block) ignored(start, end int) {
	last := start
	for _, s := range b.secs {
		last = max(last, s.to)
	}
	for i := start; i < min(end, last); i++ {
		if l := b.at(i); !l.blank && !b.used[i] {
			b.obj.Ignored = append(b.obj.Ignored, Line{Offset: b.lines[i].Start, Text: b.lines[i].Text})
		}
	}
}

// whole reports whether the block has a beginning and an end and nothing in it was left over.
func (b *block) whole() bool {
	if b.sections["Name"] == nil || len(b.obj.Ignored) > 0 || b.eventsCut {
		return false
	}
	for _, key := range required[b.obj.Kind] {
		if b.sections[key] == nil {
			return false
		}
	}
	for _, c := range b.obj.Containers {
		if !c.Complete {
			return false
		}
	}
	return b.obj.EventsShown || slices.Contains(withoutEvents, b.obj.Kind)
}

// required are sections that describe always prints for a kind, beside Name: without them the block has a hole.
var required = map[string][]string{
	"Pod":        {"Namespace", "Node", "Labels", "Annotations", "Status", "IP", "Containers", "Volumes", "QoS Class", "Node-Selectors", "Tolerations"},
	"Node":       {"Roles", "Labels", "Annotations", "CreationTimestamp", "Taints", "Unschedulable", "System Info"},
	"Deployment": {"Namespace", "Labels", "Annotations", "Selector", "Replicas", "StrategyType", "Pod Template"},
}

// withoutEvents are the kinds whose describers print no events.
var withoutEvents = []string{"NetworkPolicy", "ResourceQuota", "LimitRange", "Namespace", "Secret", "Event"}

// put sets the value at a path of field names.
func put(m map[string]any, v any, path ...string) {
	for _, p := range path[:len(path)-1] {
		next, ok := m[p].(map[string]any)
		if !ok {
			next = map[string]any{}
			m[p] = next
		}
		m = next
	}
	m[path[len(path)-1]] = v
}

func (b *block) put(v any, path ...string) { put(b.obj.Raw, v, path...) }

// take uses a top-level section's line and returns it.
func (b *block) take(key string) (section, bool) {
	s := b.sections[key]
	if s == nil {
		return section{}, false
	}
	b.use(s.line)
	return *s, true
}

// str puts a top-level section's value as a string; an empty value or <none>, <unset> puts nothing.
func (b *block) str(key string, path ...string) {
	if s, ok := b.take(key); ok && !isNone(s.val) {
		b.put(s.val, path...)
	}
}

func isNone(s string) bool {
	return s == "" || s == "<none>" || s == "<unset>" || s == "<unknown>" || s == "<nil>"
}

// number puts a top-level section's value as a number, a trailing unit s (seconds) cut off.
func (b *block) number(key string, path ...string) {
	if s, ok := b.take(key); ok {
		if n, ok := number(strings.TrimSuffix(s.val, "s")); ok {
			b.put(n, path...)
		}
	}
}

// time puts a top-level section's value as a time.
func (b *block) time(key string, path ...string) {
	if s, ok := b.take(key); ok {
		if t, ok := timestamp(s.val); ok {
			b.put(t, path...)
		}
	}
}

// boolean puts a top-level section's value as true or false.
func (b *block) boolean(key string, path ...string) {
	if s, ok := b.take(key); ok {
		if v, ok := boolean(s.val); ok {
			b.put(v, path...)
		}
	}
}
