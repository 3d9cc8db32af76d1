package change

import (
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// edit is the last time at which a manager set fields of an object's content.
type edit struct {
	at      time.Time
	manager string
	what    string
	paths   [][]string
}

// edits reads managedFields: who set which fields, and when last (KEP-555). Writes of status, and of bookkeeping
// annotations by controllers, are no edits of the content.
func edits(o evidence.Object) []edit {
	var out []edit
	for _, m := range o.Raw.List("metadata", "managedFields") {
		if m.Str("subresource") != "" {
			continue
		}
		var paths [][]string
		for _, p := range leaves(m.Map("fieldsV1"), nil) {
			if len(p) > 0 && p[0] != "metadata" && p[0] != "status" {
				paths = append(paths, p)
			}
		}
		at := stamp(m.Str("time"))
		if at.IsZero() || len(paths) == 0 {
			continue
		}
		out = append(out, edit{at: at, manager: m.Str("manager"), what: words(o.Kind, paths), paths: paths})
	}
	slices.SortStableFunc(out, func(a, b edit) int { return a.at.Compare(b.at) })
	return out
}

// leaves lists the paths of a fieldsV1 tree: f:name is a field, k:{…} an item of a list by its key, v:… a value.
func leaves(tree evidence.Raw, at []string) [][]string {
	var out [][]string
	keys := make([]string, 0, len(tree))
	for k := range tree {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if k == "." {
			continue
		}
		name := k
		if len(k) > 2 && k[1] == ':' {
			name = k[2:]
		}
		here := append(slices.Clone(at), name)
		below, _ := tree[k].(map[string]any)
		if deeper := leaves(below, here); len(deeper) > 0 {
			out = append(out, deeper...)
		} else {
			out = append(out, here)
		}
	}
	return out
}

// mostKeys keeps an edit's text short.
const mostKeys = 5

// words names the fields that a manager set: of a ConfigMap its keys. The manager set them then or before: which of them
// changed is not kept.
func words(kind string, paths [][]string) string {
	var names []string
	for _, p := range paths {
		n := strings.Join(p[:min(len(p), 2)], ".")
		if kind == "ConfigMap" && len(p) > 1 {
			n = p[1]
		}
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	more := ""
	if len(names) > mostKeys {
		names, more = names[:mostKeys], " …"
	}
	what := "fields "
	if kind == "ConfigMap" {
		what = "keys "
	}
	return "one or more of its " + what + strings.Join(names, ", ") + more
}
