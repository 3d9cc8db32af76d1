package logscan

import (
	"encoding/json"
	"strings"
	"testing"
)

// What one program logs for another keeps the other's severity, and what a client's session was told is no trouble of
// the server's.
func TestRelayedRecords(t *testing.T) {
	for line, want := range map[string]Level{
		`{"level":"info","msg":"record","record":{"message":"no such place","error_severity":"FATAL"}}`:                         Fatal,
		`{"level":"info","msg":"record","record":{"message":"a \"b\"","error_severity":"LOG","x":{"y":[1]}}}`:                   Info,
		`{"level":"info","msg":"record","record":{"message":"bye","error_severity":"FATAL","user_name":"ada"}}`:                 Info,
		`{"level":"info","msg":"record","record":{"message":"bye","error_severity":"FATAL","connection_from":"10.0.0.8:4242"}}`: Info,
		`{"level":"error","msg":"cannot write","record":{"id":"7"}}`:                                                            Error,
		`{"level":"error","msg":"cannot write","record":"7"}`:                                                                   Error,
	} {
		if !json.Valid([]byte(line)) {
			t.Fatal(line)
		}
		fast, ok := appendOpened(nil, []byte(line))
		if got := levelOf(string(fast)); !ok || got != want {
			t.Errorf("level %d, want %d: %s", got, want, fast)
		}
		if slow := openJSON(line); slow != string(fast) {
			t.Errorf("read as %q and as %q", slow, fast)
		}
	}
}

// A report whose every line has its head is one message: what it follows from stays near the end.
func TestReportsOfErlang(t *testing.T) {
	const head = "2026-11-23 03:03:55.123456+00:00 [error] <0.254.0> "
	crash := strings.Repeat(head+"  crasher:\n"+head+"    initial call: rabbit:start/2\n"+head+"\n", 40)
	other := strings.Repeat(head+"queue q7 is not there\n", 60)
	const flag = head + "Feature flags: `stream_queue`: required feature flag not enabled! It must be enabled before upgrading RabbitMQ.\n"
	if w := heaviest(flag+crash, "app.data-incompatible"); w != Deadly {
		t.Errorf("before its report: weight %d", w)
	}
	if w := heaviest(flag+other, "app.data-incompatible"); w != Mention {
		t.Errorf("long before the end: weight %d", w)
	}
	if w := heaviest(flag+strings.ReplaceAll(crash, "<0.254.0>", "<0.9.0>"), "app.data-incompatible"); w != Deadly {
		t.Errorf("before the report of another process: weight %d", w)
	}
}

// A logger repeats at level info what a loader told of a child.
func TestLoaderToldAtInfo(t *testing.T) {
	const loader = "level=info msg=\"/plugins/snap: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /plugins/snap)\" cmd=/plugins/snap\n"
	if w := heaviest("level=info msg=start\n"+loader+"An error occurred: unable to register plugin\n", "image.missing-library"); w != Strong {
		t.Errorf("at the end: weight %d", w)
	}
	if w := heaviest(loader+strings.Repeat("level=info msg=served\n", 5), "image.missing-library"); w != Mention {
		t.Errorf("before it served: weight %d", w)
	}
}
