package logscan

import (
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// Which sighting of a signature is quoted: the heaviest, and of equally heavy ones the last.
func TestQuotedSighting(t *testing.T) {
	const (
		fails = "2026-11-23T03:00:00Z ERROR cannot ask: lookup flags on 10.0.0.10:53: no such host"
		lives = fails + "; using defaults"
		info  = "2026-11-23T03:00:01Z INFO request served"
		trace = "Traceback (most recent call last):\n  File \"/app/m.py\", line 3, in f\nKeyError: 'DATABASE_HOST'"
	)
	for _, c := range []struct {
		name   string
		lines  []string
		line   int
		weight Weight
	}{
		{"what is survived weighs less", []string{fails, lives}, 0, Deadly},
		{"what is not survived weighs more", []string{lives, info, fails}, 2, Deadly},
		{"equally heavy", []string{fails, info, fails}, 2, Deadly},
		{"all survived", []string{lives, info, lives}, 2, Mention},
		{"traceback near the end", []string{trace, strings.Repeat(info+"\n", cascade)}, 2, Deadly},
		{"traceback long ago", []string{trace, strings.Repeat(info+"\n", cascade+1)}, 2, Mention},
		{"traceback that went on, after a worse end", []string{"Exception in thread \"a\" x.E: lookup flags on 10.0.0.10:53: no such host\n\tat a.B(C.java:1)", info,
			"Traceback (most recent call last):\nE: lookup flags on 10.0.0.10:53: no such host", strings.Repeat(info+"\n", cascade+1)}, 0, Strong},
		{"farewells do not count", []string{trace, strings.Repeat(info+"\nclosed\n", cascade)}, 2, Deadly},
		{"place of a Rust panic", []string{"thread 'main' panicked at a.rs:1:2:", "", "lookup flags on 10.0.0.10:53: no such host"}, 0, Deadly},
	} {
		l := &evidence.Log{Text: []byte(strings.Join(c.lines, "\n")), Head: true, Tail: true}
		found := false
		for _, h := range Scan(l, playbook.Default()).Hits {
			if strings.Contains(h.Text, "no such host") || strings.Contains(h.Text, "KeyError") {
				found = found || h.Line == c.line && h.Weight == c.weight
			}
		}
		if !found {
			t.Errorf("%s: %+v", c.name, Scan(l, playbook.Default()).Hits)
		}
	}
}
