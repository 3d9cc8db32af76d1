package queries

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestRender(t *testing.T) {
	q, err := Find("pod-history")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 4, 7, 11, 41, 0, 0, time.FixedZone("", 2*60*60))
	got, err := q.Render(map[string]any{"to": at, "workload": `a"b`})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"// title: Pods of a workload over time\n", "\nlet since = ago(6h);\n", "\nlet until = datetime(2026-04-07T09:41:00.0000000Z);\n",
		"\nlet workload = \"a\\\"b\";\n", "\nlet pod = \"\";\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if !strings.HasPrefix(got, "// title: ") {
		t.Errorf("the title is not first:\n%s", got)
	}
}

func TestRenderWithoutValuesIsTheFile(t *testing.T) {
	for _, q := range All() {
		if got, err := q.Render(nil); err != nil || got != q.Text {
			t.Errorf("query %s: %v", q.Name, err)
		}
	}
}

func TestLiterals(t *testing.T) {
	for _, c := range []struct {
		typ   Type
		value any
		want  string
	}{
		{Timespan, 30 * time.Minute, "30m"},
		{Timespan, 48 * time.Hour, "2d"},
		{Timespan, 90 * time.Second, "90s"},
		{Timespan, time.Duration(0), "timespan(0.00:00:00.0000000)"},
		{Timespan, 26*time.Hour + 3*time.Minute + 1500*time.Microsecond, "timespan(1.02:03:00.0015000)"},
		{Datetime, time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC), "datetime(2026-01-02T03:04:05.0000006Z)"},
		{Long, int64(-5), "long(-5)"},
		{Long, 5, "long(5)"},
		{String, "a'b\"c\\d\n\x1b😀é", `"a'b\"c\\d\u000a\u001b\ud83d\ude00\u00e9"`},
		{Strings, []string{"a", `"]);`}, `dynamic(["a", "\"]);"])`},
		{Strings, []string(nil), "dynamic([])"},
	} {
		if got, err := c.typ.write(c.value); err != nil || got != c.want {
			t.Errorf("%s of %v: %s, %v, want %s", c.typ, c.value, got, err, c.want)
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	q, err := Find("previous-logs")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		values map[string]any
		want   string
	}{
		"unknown name":     {map[string]any{"pod": []string{"a"}}, `no parameter "pod"; did you mean pods?`},
		"variable's name":  {map[string]any{"until": time.Now()}, `no parameter "until"`},
		"string for list":  {map[string]any{"pods": "a"}, "parameter pods: a value of Go type string is no strings"},
		"string for time":  {map[string]any{"from": "now()"}, "a value of Go type string is no datetime"},
		"list for string":  {map[string]any{"cluster": []string{"a"}}, "no string"},
		"nil":              {map[string]any{"cluster": nil}, "no string"},
		"float for long":   {map[string]any{"lines": 1.5}, "float64 is no long"},
		"span for a time":  {map[string]any{"from": time.Hour}, "no datetime"},
		"NUL":              {map[string]any{"cluster": "a\x00b"}, "NUL"},
		"NUL in a list":    {map[string]any{"pods": []string{"a\x00b"}}, "NUL"},
		"invalid UTF-8":    {map[string]any{"cluster": "a\xff"}, "UTF-8"},
		"no time":          {map[string]any{"from": time.Time{}}, "not set"},
		"year of 5 digits": {map[string]any{"from": time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "out of range"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := q.Render(c.values); err == nil || got != "" || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, %v, want %q in it", got, err, c.want)
			}
		})
	}
	if _, err := Timespan.write(-time.Second); err == nil {
		t.Error("a negative timespan was taken")
	}
}

func TestValue(t *testing.T) {
	q, err := Find("previous-logs")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, typed string
		want        any
	}{
		{"from", "2026-04-07T09:41:00Z", time.Date(2026, 4, 7, 9, 41, 0, 0, time.UTC)},
		{"pods", "a, b", []string{"a", "b"}},
		{"pods", "", []string(nil)},
		{"lines", "50", int64(50)},
		{"cluster", "a,b", "a,b"},
		{"lines", "50; drop", nil},
		{"lines", "", nil},
		{"from", "yesterday", nil},
		{"line", "5", nil},
	} {
		got, err := q.Value(c.name, c.typed)
		if c.want == nil && err != nil {
			continue
		}
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("Value(%s, %q) = %#v, %v, want %#v", c.name, c.typed, got, err, c.want)
		}
	}
	events, _ := Find("events")
	if got, err := events.Value("window", "2d"); err != nil || got != 48*time.Hour {
		t.Errorf("window 2d: %v, %v", got, err)
	}
}

// literalEnd is where the literal ends that begins at s[0], read as the language does: a backslash takes the next byte
// along, and a line break ends nothing and is an error.
func literalEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n', '\r':
			return -1
		}
	}
	return -1
}

// No value may end its literal, hold another line, or come back as another value.
func FuzzStringsStayInTheirLiterals(f *testing.F) {
	for _, s := range []string{"", "web", `"`, `\`, `\"`, `x" | union * //`, "a\nlet cluster = 1;", "😀\u2028\u0085", "'''", `"]); T`, "\x00", "\xff"} {
		f.Add(s)
	}
	q, err := Find("previous-logs")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := q.Render(map[string]any{"namespace": s, "pods": []string{s, "b"}})
		if strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
			if err == nil {
				t.Fatalf("%q was taken", s)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		gotLines, wantLines := strings.Split(got, "\n"), strings.Split(q.Text, "\n")
		if len(gotLines) != len(wantLines) {
			t.Fatalf("%q makes %d lines of %d", s, len(gotLines), len(wantLines))
		}
		for i, line := range gotLines {
			switch {
			case strings.HasPrefix(line, "let namespace = "):
				whole(t, s, strings.TrimPrefix(line, "let namespace = "), ";")
			case strings.HasPrefix(line, "let pods = dynamic(["):
				whole(t, s, strings.TrimPrefix(line, "let pods = dynamic(["), `, "b"]);`)
			case line != wantLines[i]:
				t.Fatalf("%q changes the line %q to %q", s, wantLines[i], line)
			}
		}
	})
}

// whole fails where text is not one literal of s and the rest.
func whole(t *testing.T, s, text, rest string) {
	t.Helper()
	end := literalEnd(text)
	if end < 0 || text[end:] != rest {
		t.Fatalf("%q leaves its literal: %s", s, text)
	}
	if slices.ContainsFunc([]byte(text), func(b byte) bool { return b < ' ' || b > '~' }) {
		t.Fatalf("%q writes more than printable ASCII: %s", s, text)
	}
	var back string
	if err := json.Unmarshal([]byte(text[:end]), &back); err != nil || back != s {
		t.Fatalf("%q comes back as %q (%v)", s, back, err)
	}
}
