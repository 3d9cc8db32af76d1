package logscan

import (
	"regexp"
	"strings"
	"testing"
)

// What is written by hand for speed says what the library says.
func FuzzText(f *testing.F) {
	for _, s := range []string{`{"level":"error","msg":"a\tb","err":{"type":"E","message":"x","stack":"y"}}`, `{"level":50,"msg":"x","msg":"y"}`, `{"lvl":-1.5,"a":[1,{}],"message":""}`,
		`{"msg":"a","message":null}`, `{"a":1e9,"msg":"\u0041"}`, `{"msg":"x"} y`, `{"level":01}`, "{\"msg\":\"\xff\"}", "{\"msg\":\"\x01\"}", "{ }", "{",
		`{"s":"F","msg":"x","attr":{"error":"e","message":{"error_str":"s","type":{"stack":"y"}}}}`, `{"level":"info","record":{"error_severity":"LOG","message":"m","user_name":null}}`, `{"record":{"error_severity":"LOG","message":"m"},"msg":"x"}`, `{"level":{"type":"a","message":{}},"err":{"error":null}}`,
		"\x1b[31mERR\x1b[0m x\x1b[1;2", "msg=\"a \\\"b\\\"\\\" \\", "\x1b[m{\"msg\":\"x\"} \t\r"} {
		f.Add(s)
	}
	colours := regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`)
	var c cleaner
	f.Fuzz(func(t *testing.T, line string) {
		want := strings.TrimRight(colours.ReplaceAllString(line, ""), " \t\r")
		if strings.HasPrefix(want, "{") {
			want = openJSON(want)
		} else {
			want = strings.ReplaceAll(want, `\"`, `"`)
		}
		if got := c.text([]byte(line)); got != want {
			t.Errorf("%q is read as %q, want %q", line, got, want)
		}
	})
}
