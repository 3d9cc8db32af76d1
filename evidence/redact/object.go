package redact

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// object redacts a Kubernetes object in its JSON form, in place.
func (r *Redactor) object(m map[string]any) {
	switch m["kind"] {
	case "Secret":
		r.whole(m["data"])
		r.whole(m["stringData"])
	case "ConfigMap":
		r.whole(m["binaryData"])
		r.named(m["data"])
	}
	r.pair(m)
	r.commandLine(m)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		m[key] = r.field(key, m[key])
	}
}

// field redacts the value of one field.
func (r *Redactor) field(key string, v any) any {
	switch t := v.(type) {
	case map[string]any:
		switch key {
		case "labels", "matchLabels", "nodeSelector", "managedFields":
			return t // labels hold no secrets and much depends on them
		case "annotations":
			r.annotations(t)
			return t
		}
		r.object(t)
	case []any:
		r.arguments(t)
		for i := range t {
			t[i] = r.field("", t[i])
		}
	case string:
		return r.leaf(key, t)
	}
	return v
}

// identities are fields whose values are names by definition.
var identities = map[string]bool{"name": true, "namespace": true, "uid": true, "resourceVersion": true, "kind": true, "apiVersion": true,
	"image": true, "imageID": true, "containerID": true, "nodeName": true, "secretName": true, "serviceAccountName": true}

// leaf redacts a string. A custom resource may hold a secret in a field named for it.
func (r *Redactor) leaf(key, v string) string {
	if identities[key] {
		return v
	}
	if out, ok := r.byName(key, v); ok {
		return out
	}
	return r.String(v)
}

// byName redacts a value whose variable, field or header is named like a secret. ok is false where the value has to be
// searched like any other text.
func (r *Redactor) byName(name, v string) (out string, ok bool) {
	flat := squeeze(name)
	if isConnection(flat) {
		if connectionSecret(v) {
			return r.mark("connection-string", []byte(v)), true
		}
		return v, false
	}
	kind := secretKind(name)
	switch {
	case kind == "" || holdsNothing(v) || placeholder.MatchString(v):
		return v, false
	case kind == "header":
		if s := r.String(v); s != v {
			return s, true // keeps "Bearer " before the placeholder
		}
	case kind == "secret" && namesObject(v), strings.Contains(v, "://"), isDirectory(name, v):
		return v, false
	}
	if strings.ContainsAny(v, "\n") {
		return v, false // a document: only parts of it are secret
	}
	return r.mark(kind, []byte(v)), true
}

// pair redacts {name: X, value: Y}, the form of environment variables and of a probe's headers.
func (r *Redactor) pair(m map[string]any) {
	name, ok := m["name"].(string)
	v, isText := m["value"].(string)
	if ok && isText {
		if out, done := r.byName(name, v); done {
			m["value"] = out
		}
	}
}

// named redacts a map from names to values.
func (r *Redactor) named(v any) {
	m, _ := v.(map[string]any)
	for name, v := range m {
		if s, ok := v.(string); ok {
			if out, done := r.byName(name, s); done {
				m[name] = out
			}
		}
	}
}

// whole replaces every value of a map.
func (r *Redactor) whole(v any) {
	m, _ := v.(map[string]any)
	for name, v := range m {
		if s, ok := v.(string); ok && s != "" && !placeholder.MatchString(s) {
			m[name] = r.mark("secret-data", []byte(s))
		}
	}
}

// arguments redacts what follows a flag that is named like a secret: ["--password", "x"].
func (r *Redactor) arguments(args []any) {
	for i := 0; i+1 < len(args); i++ {
		flag, _ := args[i].(string)
		v, _ := args[i+1].(string)
		if !strings.HasPrefix(flag, "-") || strings.Contains(flag, "=") || strings.HasPrefix(v, "-") || strings.ContainsAny(flag, " \n") {
			continue
		}
		if out, done := r.byName(strings.TrimLeft(flag, "-"), v); done {
			args[i+1] = out
		}
	}
}

// commandLine redacts what only the whole command line tells: ["mysql", "-uroot", "-px"].
func (r *Redactor) commandLine(m map[string]any) {
	command, _ := m["command"].([]any)
	args, _ := m["args"].([]any)
	var text []byte
	var ends []int
	for _, a := range slices.Concat(command, args) {
		s, ok := a.(string)
		if !ok {
			return
		}
		text = append(append(text, s...), ' ')
		ends = append(ends, len(text)-1)
	}
	spans := r.find(text)
	if len(ends) < 2 || len(spans) == 0 {
		return
	}
	start := 0
	for i, end := range ends {
		var within []Span
		for _, s := range spans {
			within = append(within, Span{max(s.Start, start) - start, min(s.End, end) - start, s.Kind})
		}
		within = slices.DeleteFunc(within, func(s Span) bool { return s.Start >= s.End })
		out := string(r.replace(text[start:end], within))
		if i < len(command) {
			command[i] = out
		} else {
			args[i-len(command)] = out
		}
		start = end + 1
	}
}

// annotations redacts annotations; those that hold JSON, such as kubectl's last-applied-configuration, are redacted as
// the objects that they are.
func (r *Redactor) annotations(m map[string]any) {
	for key, v := range m {
		s, ok := v.(string)
		if !ok {
			continue
		}
		if out, ok := r.embedded(s); ok {
			m[key] = out
			continue
		}
		if kind := secretKind(key); kind != "" && looksSecret(s, 16) && !strings.Contains(s, "/") && !namesObject(s) && !placeholder.MatchString(s) {
			m[key] = r.mark(kind, []byte(s))
			continue
		}
		m[key] = r.String(s)
	}
}

// embedded redacts JSON within a string. ok is false where it is no JSON object or list.
func (r *Redactor) embedded(s string) (string, bool) {
	t := strings.TrimSpace(s)
	if !strings.HasPrefix(t, "{") && !strings.HasPrefix(t, "[") {
		return s, false
	}
	var v any
	if json.Unmarshal([]byte(t), &v) != nil {
		return s, false
	}
	before, err := json.Marshal(v)
	if err != nil {
		return s, false
	}
	after, err := json.Marshal(r.field("", v))
	if err != nil {
		return s, false
	}
	if string(before) == string(after) {
		return s, true
	}
	return string(after), true
}
