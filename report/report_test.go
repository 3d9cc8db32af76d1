package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (- wanted, + got; go test ./report -update writes it anew):\n%s", path, d)
	}
}

func TestGolden(t *testing.T) {
	healthy := &diagnosis.Report{CapturedAt: now, Coverage: diagnosis.Coverage{Complete: true, Pods: 212, Nodes: 9}}
	hidden := &diagnosis.Report{CapturedAt: now, Coverage: diagnosis.Coverage{Pods: 3}, Gaps: sample().Gaps}
	target := &diagnosis.Report{CapturedAt: now, Coverage: diagnosis.Coverage{Pods: 3}, Target: "Deployment/shop/api"}
	shop := Options{Where: "namespace shop", Seen: 17}
	more := "crashproof diagnose TYPE/NAME -n NAMESPACE"
	type renderer func(io.Writer, *diagnosis.Report, Options) error
	for name, c := range map[string]struct {
		render renderer
		r      *diagnosis.Report
		o      Options
	}{
		"text.txt":        {Text, sample(), Options{}},
		"text-wide.txt":   {Text, sample(), Options{Wide: true}},
		"text-narrow.txt": {Text, sample(), Options{Width: 60}},
		"text-color.txt":  {Text, sample(), Options{Color: true}},
		"table.txt":       {Table, sample(), Options{More: more}},
		"table-100.txt":   {Table, sample(), Options{Width: 100}},
		"table-quiet.txt": {Table, sample(), Options{Quiet: true}},
		"healthy.txt":     {Table, healthy, shop},
		"hidden.txt":      {Text, hidden, shop},
		"target.txt":      {Text, target, shop},
		"report.json":     {func(w io.Writer, r *diagnosis.Report, _ Options) error { return JSON(w, r) }, sample(), Options{}},
		"report.yaml":     {func(w io.Writer, r *diagnosis.Report, _ Options) error { return YAML(w, r) }, sample(), Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := c.render(&b, c.r, c.o); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.Bytes())
		})
	}
}

// TestOneScreen: what is read at three in the morning fits on a screen and is not broken by it.
func TestOneScreen(t *testing.T) {
	for _, f := range sample().Findings {
		r := sample()
		r.Findings = []diagnosis.Finding{f}
		var b bytes.Buffer
		if err := Text(&b, r, Options{}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")
		if len(lines) > 42 {
			t.Errorf("%s takes %d lines", f.ID, len(lines))
		}
		for _, l := range lines {
			if utf8.RuneCountInString(l) > 100 && !strings.Contains(l, "$ ") {
				t.Errorf("longer than 100 characters: %s", l)
			}
		}
	}
}

func TestColourSaysNothingAlone(t *testing.T) {
	var plain, coloured bytes.Buffer
	if err := Text(&plain, sample(), Options{}); err != nil {
		t.Fatal(err)
	}
	if err := Text(&coloured, sample(), Options{Color: true}); err != nil {
		t.Fatal(err)
	}
	if plain.String() == coloured.String() {
		t.Fatal("nothing is coloured")
	}
	for _, code := range []ink{bold, dim, red, yellow, cyan, "0"} {
		coloured = *bytes.NewBuffer(bytes.ReplaceAll(coloured.Bytes(), []byte("\x1b["+string(code)+"m"), nil))
	}
	if d := cmp.Diff(plain.String(), coloured.String()); d != "" {
		t.Error(d)
	}
}

func TestQuotesDoNotCommandTheTerminal(t *testing.T) {
	for in, want := range map[string]string{
		"\x1b[31mred\x1b[0m":             "red",
		"a\x1b]0;title\x07b":             "ab",
		"a\x1b]8;;http://x\x1b\\link":    "alink",
		"a\nb\tc\r\n":                    "a b c",
		"bell\x07 \u009bsize \u202etxet": "bell size txet",
		"cut\x1b[":                       "cut",
		"bad \xff utf-8":                 "bad \uFFFD utf-8",
		"ümläut ← ok":                    "ümläut ← ok",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestListsAreNeverNull(t *testing.T) {
	var b bytes.Buffer
	r := &diagnosis.Report{Findings: []diagnosis.Finding{{Hypotheses: []diagnosis.Hypothesis{{}}}}}
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "null") {
		t.Errorf("a list is null:\n%s", b.String())
	}
	if r.Findings[0].Chain != nil {
		t.Error("the report itself was changed")
	}
}
