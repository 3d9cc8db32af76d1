package logscan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// heaviest is the weight of a cause in a text.
func heaviest(text, cause string) Weight {
	w := Weight(0)
	for _, h := range Scan(&evidence.Log{Text: []byte(text), Head: true, Tail: true}, playbook.Default()).Hits {
		if h.Signature.Cause == cause {
			w = max(w, h.Weight)
		}
	}
	return w
}

func TestMessagesOfRuntimes(t *testing.T) {
	var dump, alive, probes strings.Builder
	for i := range 900 {
		fmt.Fprintf(&dump, "goroutine %d [IO wait]:\ninternal/poll.runtime_pollWait(0x7f1, 0x72)\n\t/usr/local/go/src/runtime/netpoll.go:345 +0x85\n\n", i+2)
	}
	for i := range 90 {
		fmt.Fprintf(&alive, "INFO task %d ok\n", i)
		fmt.Fprintf(&probes, "level=error target=https://h%d.example msg=\"probe failed\" err=\"dial tcp: lookup h%d.example on 10.0.0.10:53: no such host\"\n", i, i)
	}
	for _, c := range []struct {
		name, text, cause string
		want              Weight
	}{
		{"goroutine dump", "fatal error: concurrent map writes\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x33\n\n" + dump.String(), "app.exception", Deadly},
		{"rust, message on the next line", "thread 'main' panicked at src/main.rs:1:2:\nindex out of bounds: the len is 0 but the index is 1\nnote: run with `RUST_BACKTRACE=1`\n", "app.exception", Deadly},
		{"logged python exception long before the end", "ERROR task failed\nTraceback (most recent call last):\n  File \"a.py\", line 3, in f\nValueError: no\n" + alive.String(), "app.exception", Mention},
		{"complaint that the program lives with", "ERROR cannot reach flags: dial tcp: lookup flags on 10.0.0.10:53: no such host; using defaults\n", "dependency.dns", Mention},
		{"the same as the last words", "ERROR cannot reach flags: dial tcp: lookup flags on 10.0.0.10:53: no such host\n", "dependency.dns", Deadly},
		{"exporter of probes", probes.String(), "dependency.dns", Mention},
	} {
		if got := heaviest(c.text, c.cause); got != c.want {
			t.Errorf("%s: weight %d, want %d", c.name, got, c.want)
		}
	}
}

// What a server says of one request, or a program of what it tries next, is no cause that could be proven.
func TestNearMissesAreNotDeadly(t *testing.T) {
	life := strings.Repeat("2026-11-23T03:00:00Z INFO request served\n", 20)
	for _, text := range []string{
		"2026-11-23T03:00:00Z ERROR request 7 failed: Os { code: 2, kind: NotFound, message: \"No such file or directory\" }\n" + life,
		"2026-11-23T03:00:00Z WARN Error making API request. URL: GET http://vault:8200/v1/kv/app Code: 403. Errors: * permission denied\n" + life,
		"[php:error] [pid 17] [client 10.0.0.1:4] PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [1045] Access denied for user 'app'@'10.0.0.4'\n" + life,
		"2026-11-23T03:00:00Z WARN open cache/app.json: no such file or directory, starting without\n" + life,
		"2026-11-23T03:00:00Z ERROR kafka: client has run out of available brokers to talk to: EOF\n" + life,
		"2026-11-23T03:00:00Z INFO ORA-01017 is answered with 401\n" + life,
	} {
		for _, h := range Scan(&evidence.Log{Text: []byte(text), Head: true, Tail: true}, playbook.Default()).Hits {
			if h.Signature.Cause != "" && h.Weight == Deadly {
				t.Errorf("%s is taken for deadly in %q", h.Signature.ID, text[:120])
			}
		}
	}
}

// Lines that are only whole together are read as one, and quoted so.
func TestJoinedLines(t *testing.T) {
	l := &evidence.Log{Text: []byte("Traceback (most recent call last):\n  File \"m.py\", line 1, in <module>\npydantic_core._pydantic_core.ValidationError: 1 validation error for Options\ndatabase_url\n  Field required [type=missing, input_value={}, input_type=dict]\nnext\n"), Head: true, Tail: true}
	es := entries(l)
	last := es[0].lines[len(es[0].lines)-2]
	if want := "database_url Field required [type=missing, input_value={}, input_type=dict]"; last.text != want {
		t.Errorf("read %q, want %q", last.text, want)
	}
}
