package report

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/playbook"
)

// pages is docs/causes as the playbook gives it.
func pages(t *testing.T) map[string]string {
	t.Helper()
	pb := playbook.Default()
	out := map[string]string{}
	write := func(name string, f func(io.Writer) error) {
		var b bytes.Buffer
		if err := f(&b); err != nil {
			t.Fatal(err)
		}
		out[name] = b.String()
	}
	write("README.md", func(w io.Writer) error { return CausesMarkdown(w, pb.Causes) })
	for i := range pb.Causes {
		e := pb.Explain(&pb.Causes[i])
		write(e.ID+".md", func(w io.Writer) error { return CauseMarkdown(w, e) })
	}
	return out
}

// The committed pages are those that the playbook gives, no more and no less: they are not edited by hand.
func TestCausePages(t *testing.T) {
	dir := filepath.Join("..", "docs", "causes")
	want := pages(t)
	if *update {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	if d := cmp.Diff(slices.Sorted(maps.Keys(want)), names); d != "" {
		t.Errorf("docs/causes has other pages (+) than the playbook has causes (-); `make docs` writes them:\n%s", d)
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil && string(got) != text {
			t.Errorf("docs/causes/%s is not what the playbook gives (+); change playbook/causes and run `make docs`:\n%s", name, cmp.Diff(string(got), text))
		}
	}
}

// Links between pages lead to pages, and nothing of a template is left in them.
func TestCausePagesAreWhole(t *testing.T) {
	all := pages(t)
	for name, text := range all {
		for _, bad := range []string{"{{", "<no value>", "%!", "(.md)"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s has %q in it", name, bad)
			}
		}
		for _, part := range strings.Split(text, "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			if !strings.HasPrefix(target, "https://") && all[target] == "" {
				t.Errorf("%s links to %q, which is no page", name, target)
			}
		}
	}
}

func TestCauseGolden(t *testing.T) {
	pb := playbook.Default()
	small := &playbook.Playbook{}
	c := &playbook.Cause{ID: "x.y", Family: "oom", Layer: "cause", Depth: 2, Neighbour: true, Likelihood: "medium", Means: "It is <so>.", Says: "it is {{.what}}{{with .more}} ({{.}}){{end}}",
		Expects: map[string]string{"spec": "A field.", "process": "A *word*."}, Harmless: "Nearly so.", Holds: "Linux.", Docs: []playbook.Doc{{Title: "A page", URL: "https://example.org/a"}},
		Remedies: []playbook.Remedy{{ID: "r", Action: "set-it", Text: "Set {{or .file \"the file\"}}."}}, Checks: []playbook.Check{{Why: "is it so", Command: "kubectl get x {{.pod}} -n {{.namespace}}"}}}
	e := small.Explain(c)
	e.Source = "causes/x.yaml"
	e.Sayings = playbook.Sayings{Total: 7, ByProvenance: map[string]int{"observed": 3, "documented": 4},
		Examples: []playbook.Saying{{Signature: "s", Program: "sh", In: "log", Provenance: "observed", Message: "a `quoted` word, \x1b[31mred\x1b[0m"}}}
	e.Misreadings = []playbook.Misreading{{ID: "m", Seen: "a", Not: "b", Because: "c"}}
	for name, write := range map[string]func(io.Writer) error{
		"cause.txt":        func(w io.Writer) error { return CauseText(w, e, Options{}) },
		"cause-narrow.txt": func(w io.Writer) error { return CauseText(w, e, Options{Width: 50}) },
		"cause-color.txt":  func(w io.Writer) error { return CauseText(w, e, Options{Color: true}) },
		"cause.md":         func(w io.Writer) error { return CauseMarkdown(w, e) },
		"cause.json":       func(w io.Writer) error { return CauseJSON(w, e) },
		"cause.yaml":       func(w io.Writer) error { return CauseYAML(w, e) },
		"causes.txt":       func(w io.Writer) error { return CausesText(w, pb.Family("liveness"), Options{}) },
		"causes-60.txt":    func(w io.Writer) error { return CausesText(w, pb.Family("liveness"), Options{Width: 60, Color: true}) },
		"causes.json":      func(w io.Writer) error { return CausesJSON(w, pb.Family("liveness")) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, name, b.Bytes())
	}
}
