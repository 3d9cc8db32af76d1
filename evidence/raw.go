package evidence

import (
	"encoding/json"
	"strings"
)

// Raw is an object as it was read, before any defaulting: what is not in it was not observed.
type Raw map[string]any

// Get returns the value at a path of field names.
func (r Raw) Get(path ...string) (any, bool) {
	var v any = map[string]any(r)
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[p]; !ok {
			return nil, false
		}
	}
	return v, true
}

// Has reports whether a path is present.
func (r Raw) Has(path ...string) bool { _, ok := r.Get(path...); return ok }

// Str returns the string at a path, or "" where there is none.
func (r Raw) Str(path ...string) string {
	v, _ := r.Get(path...)
	s, _ := v.(string)
	return s
}

// Map returns the object at a path, or nil.
func (r Raw) Map(path ...string) Raw {
	v, _ := r.Get(path...)
	m, _ := v.(map[string]any)
	return m
}

// List returns the objects in the list at a path.
func (r Raw) List(path ...string) []Raw {
	v, _ := r.Get(path...)
	items, _ := v.([]any)
	var out []Raw
	for _, it := range items {
		if m, ok := it.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// Into decodes the object at a path into a typed value; a missing path leaves it untouched.
func (r Raw) Into(out any, path ...string) error {
	v, ok := r.Get(path...)
	if !ok {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, out)
}

// ToRaw turns a typed API object into its JSON form.
func ToRaw(obj any) (Raw, error) {
	b, err := json.Marshal(obj)
	if err != nil {
		return nil, err
	}
	var r Raw
	return r, json.Unmarshal(b, &r)
}

// Object is one Kubernetes object in detail.
type Object struct {
	APIVersion string
	Kind       string
	Namespace  string
	Name       string
	UID        string
	// Source says where it was read: "live", "bundle", or the name of a file.
	Source string
	Raw    Raw
}

// NewObject reads an object's identity from its raw form. kind and apiVersion, where given, fill in what lists
// leave out of their items.
func NewObject(raw Raw, apiVersion, kind, source string) Object {
	if k := raw.Str("kind"); k != "" {
		kind = k
	}
	if v := raw.Str("apiVersion"); v != "" {
		apiVersion = v
	}
	return Object{
		APIVersion: apiVersion, Kind: kind, Source: source, Raw: raw,
		Namespace: raw.Str("metadata", "namespace"), Name: raw.Str("metadata", "name"), UID: raw.Str("metadata", "uid"),
	}
}

// Ref returns the object's Ref.
func (o Object) Ref() Ref {
	return Ref{Kind: o.Kind, Namespace: o.Namespace, Name: o.Name, UID: o.UID, ResourceVersion: o.Raw.Str("metadata", "resourceVersion")}
}

// Label returns a label's value.
func (o Object) Label(key string) string { return o.Raw.Str("metadata", "labels", key) }

// ControllerOf returns the owner that manages the object.
func (o Object) ControllerOf() (Ref, bool) {
	for _, ow := range o.Raw.List("metadata", "ownerReferences") {
		if c, _ := ow["controller"].(bool); c {
			return Ref{Kind: ow.Str("kind"), Namespace: o.Namespace, Name: ow.Str("name"), UID: ow.Str("uid")}, true
		}
	}
	return Ref{}, false
}

// Key identifies an object among others of a snapshot. A pod that is gone may have had the name of one that is there.
func (o Object) Key() string {
	k := strings.Join([]string{o.Kind, o.Namespace, o.Name}, "/")
	if o.Raw.Str("metadata", "annotations", HistoryAnnotation) != "" {
		k += "@" + o.UID
	}
	return k
}
