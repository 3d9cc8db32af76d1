package describe

import (
	"regexp"
	"slices"
	"strings"
)

var ownerRef = regexp.MustCompile(`^[A-Za-z]+/[A-Za-z0-9.-]+$`)

// metadata reads what describers print for most kinds.
func (b *block) metadata() {
	b.str("Name", "metadata", "name")
	b.str("Namespace", "metadata", "namespace")
	b.time("CreationTimestamp", "metadata", "creationTimestamp")
	if s, ok := b.take("Labels"); ok {
		b.put(b.pairs(s), "metadata", "labels")
	}
	if s, ok := b.take("Annotations"); ok {
		b.put(b.annotations(s, "metadata.annotations"), "metadata", "annotations")
	}
	if s, ok := b.take("Finalizers"); ok {
		if l, ok := bracketed(s.val); ok {
			b.put(l, "metadata", "finalizers")
		}
	}
	b.controller()
}

// controller reads Controlled By (since 1.7) and what it was called before: Controllers and Created By.
func (b *block) controller() {
	for _, key := range []string{"Controlled By", "Controllers", "Created By"} {
		s, ok := b.take(key)
		if !ok || !ownerRef.MatchString(s.val) {
			continue
		}
		kind, name, _ := strings.Cut(s.val, "/")
		owner := map[string]any{"kind": kind, "name": name, "controller": true}
		if av := apiVersions[kind]; av != "" {
			owner["apiVersion"] = av
		}
		b.put([]any{owner}, "metadata", "ownerReferences")
	}
}

// pairs reads key=value lines: labels, selectors. <none> gives an empty map.
func (b *block) pairs(s section) map[string]any {
	out := map[string]any{}
	b.use(s.line)
	add := func(text string) bool {
		k, v, ok := strings.Cut(text, "=")
		if !ok || k == "" || strings.ContainsAny(k, " ") {
			return false
		}
		out[k] = v
		return true
	}
	if !isNone(s.val) {
		add(s.val)
	}
	for _, l := range b.body(s) {
		if add(l.s) {
			b.use(l.i)
		}
	}
	return out
}

// selector reads key=value,key=value.
func selector(s string) (map[string]any, bool) {
	out := map[string]any{}
	if isNone(s) {
		return out, true
	}
	for _, p := range strings.Split(s, ",") {
		k, v, ok := strings.Cut(strings.TrimSpace(p), "=")
		if !ok || k == "" || strings.ContainsAny(k, "! ()") || strings.Contains(v, " ") {
			return nil, false
		}
		out[k] = v
	}
	return out, true
}

// shortened is how printAnnotationsMultiline ends a line that it cut (maxAnnotationLen 140, less two for the indent).
const shortened = 140 - 2 + len("...")

// annotations reads `key: value` lines; a long value stands below its key, two columns further right, its lines cut.
// Up to 1.15 it was `key: value` or `key=value` with long values cut in place.
func (b *block) annotations(s section, path string) map[string]any {
	out := map[string]any{}
	b.use(s.line)
	if isNone(s.val) {
		return out
	}
	var (
		key   string
		lines []string
		multi bool
	)
	flush := func() {
		if key == "" {
			return
		}
		out[key] = strings.Join(lines, "\n")
		for _, l := range lines {
			if strings.HasSuffix(l, "...") && len(l) >= shortened-3 {
				if p := path + "." + key; !slices.Contains(b.obj.Cut, p) {
					b.obj.Cut = append(b.obj.Cut, p)
				}
			}
		}
		key, lines, multi = "", nil, false
	}
	for i := s.line; i < s.to; i++ {
		l := b.at(i)
		text := ""
		switch {
		case i == s.line && len(l.full) > s.col:
			text = l.full[s.col:]
		case i == s.line:
			text = s.val
		case len(l.full) > s.col && strings.TrimSpace(l.full[:s.col]) == "":
			text = l.full[s.col:]
		default:
			text = l.s // the columns were lost
		}
		if multi && (strings.HasPrefix(text, "  ") || text == "") {
			lines = append(lines, strings.TrimPrefix(text, "  "))
			b.use(i)
			continue
		}
		if k, v, ok := annotation(text); ok {
			flush()
			key, multi = k, v == "" && strings.HasSuffix(strings.TrimRight(text, " "), ":")
			if !multi {
				lines = []string{v}
			}
			b.use(i)
		}
	}
	flush()
	return out
}

var annotationKey = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9./_-]*[A-Za-z0-9])?)(: |:$|=)`)

func annotation(s string) (key, val string, ok bool) {
	m := annotationKey.FindStringSubmatch(s)
	if m == nil {
		return "", "", false
	}
	return m[1], s[len(m[0]):], true
}
