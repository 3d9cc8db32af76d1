package describe

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// leaves flattens a value's JSON form into its leaves by path. Empty lists and maps have none.
func leaves(t testing.TB, v any) map[string]string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var j any
	if err := json.Unmarshal(b, &j); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, e := range v {
				walk(path+"."+k, e)
			}
		case []any:
			for i, e := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), e)
			}
		case nil:
		default:
			out[path] = fmt.Sprint(v)
		}
	}
	walk("", j)
	return out
}

// coverage counts leaves that were shown and that came back equal, by kind of field.
type coverage struct {
	shown, equal map[string]int
	lost         []string
}

func newCoverage() *coverage { return &coverage{shown: map[string]int{}, equal: map[string]int{}} }

// compare counts the leaves of want that got has too, and those that got has beyond them as lost.
func (c *coverage) compare(t testing.TB, what string, want, got any) {
	t.Helper()
	c.compareLeaves(what, leaves(t, want), leaves(t, got))
}

func (c *coverage) compareLeaves(what string, w, g map[string]string) {
	for path, v := range w {
		f := fieldOf(path)
		c.shown[f]++
		if g[path] == v {
			c.equal[f]++
			continue
		}
		if have, ok := g[path]; ok {
			c.lost = append(c.lost, fmt.Sprintf("%s%s: %q became %q", what, path, v, have))
		} else {
			c.lost = append(c.lost, fmt.Sprintf("%s%s: %q was lost", what, path, v))
		}
	}
	for path, v := range g {
		if _, ok := w[path]; !ok {
			c.shown[fieldOf(path)]++
			c.lost = append(c.lost, fmt.Sprintf("%s%s: %q was made up", what, path, v))
		}
	}
}

// fieldOf shortens a leaf's path to the part of the object that the table lists.
func fieldOf(path string) string {
	var b strings.Builder
	depth := 0
	for _, r := range path {
		if r == '[' {
			depth++
		}
		if depth == 0 {
			b.WriteRune(r)
		}
		if r == ']' {
			depth--
		}
	}
	parts := strings.Split(strings.TrimPrefix(b.String(), "."), ".")
	n := 2
	if len(parts) > 1 && (strings.Contains(strings.ToLower(parts[1]), "container") || parts[1] == "volumes" || parts[1] == "template") {
		n = 3
	}
	if len(parts) > 3 && parts[1] == "template" {
		n = 5
	}
	return strings.Join(parts[:min(n, len(parts))], ".")
}

func (c *coverage) table(t *testing.T) (shown, equal int) {
	t.Helper()
	var b strings.Builder
	for _, f := range slices.Sorted(maps.Keys(c.shown)) {
		fmt.Fprintf(&b, "  %-58s %7d %7d\n", f, c.shown[f], c.equal[f])
		shown += c.shown[f]
		equal += c.equal[f]
	}
	t.Logf("fields that describe shows, and that came back equal:\n%s  %-58s %7d %7d  %.2f %%", b.String(), "all", shown, equal, 100*float64(equal)/float64(max(shown, 1)))
	slices.Sort(c.lost)
	for _, l := range c.lost[:min(30, len(c.lost))] {
		t.Log(l)
	}
	return shown, equal
}
