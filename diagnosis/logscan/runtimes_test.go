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

// Programs of many languages that cannot start: each log, as the runtime prints it, is taken for a message of this cause.
func TestWhyTheyCannotStart(t *testing.T) {
	for _, c := range [][2]string{
		{"config.env-missing", "Traceback (most recent call last):\n  File \"/app/m.py\", line 1, in <module>\n    Settings()\npydantic_core._pydantic_core.ValidationError: 1 validation error for AppConfig\ndatabase_url\n  Field required [type=missing, input_value={}, input_type=dict]\n    For further information visit https://errors.pydantic.dev/2.8/v/missing\n"},
		{"app.exception", "thread 'main' panicked at src/main.rs:4:5:\nattempt to divide by zero\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"},
		{"dependency.refused", "thread 'main' panicked at src/main.rs:4:5:\ncalled `Result::unwrap()` on an `Err` value: Os { code: 111, kind: ConnectionRefused, message: \"Connection refused\" }\nnote: run with\n"},
		{"app.port-in-use", "crit: Microsoft.Extensions.Hosting.Internal.Host[11]\n      Hosting failed to start\n      System.IO.IOException: Failed to bind to address http://[::]:8080: address already in use.\n       ---> Microsoft.AspNetCore.Connections.AddressInUseException: Address already in use\n         at X.Y(Z)\n"},
		{"config.invalid", "***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\nFailed to bind properties under 'server.port' to java.lang.Integer:\n\n    Property: server.port\n    Value: \"x\"\n\nAction:\n\nUpdate your application's configuration\n"},
		{"app.exception", "***************************\nAPPLICATION FAILED TO START\n***************************\n\nDescription:\n\nParameter 0 of constructor in com.a.B required a bean of type 'com.a.C' that could not be found.\n\n\nAction:\n\nConsider defining a bean\n"},
		{"access.credentials-rejected", "Unhandled exception. Npgsql.PostgresException (0x80004005): 28P01: password authentication failed for user \"app\"\n   at Npgsql.Internal.NpgsqlConnector.X(Y)\n"},
		{"dependency.dns", "{\"level\":\"error\",\"msg\":\"boot failed\",\"error\":\"lookup db on 10.0.0.10:53: no such host\"}\n"},
		{"image.missing-module", "node:internal/modules/cjs/loader:1228\n  throw err;\n  ^\n\nError: Cannot find module '/app/server.js'\nRequire stack:\n- /app/x.js\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js v20.1.0\n"},
		{"memory.runtime-heap", "eheap_alloc: Cannot allocate 1140328512 bytes of memory (of type \"heap\").\n\nCrash dump is being written to: erl_crash.dump...done\n"},
		{"dependency.migration-failed", "error: Dirty database version 12. Fix and force version.\n"},
		{"entrypoint.bad-arguments", "error: unexpected argument '--foo' found\n\n  tip: a similar argument exists\n\nUsage: app --port <PORT>\n\nFor more information, try '--help'.\n"},
		{"app.data-incompatible", "=> Booting Puma\nA server is already running. Check /app/tmp/pids/server.pid.\nExiting\n"},
		{"config.file-missing", "Error: Os { code: 2, kind: NotFound, message: \"No such file or directory\" }\n"},
		{"storage.permission-denied", "Unhandled exception. System.UnauthorizedAccessException: Access to the path '/app/keys' is denied.\n ---> System.IO.IOException: Permission denied\n   at System.IO.File.X(String a)\n"},
		{"access.certificate-untrusted", "Error: self-signed certificate in certificate chain\n    at TLSSocket.onConnectSecure (node:_tls_wrap:1659:34)\n  code: 'SELF_SIGNED_CERT_IN_CHAIN'\n}\n"},
		{"dependency.refused", "AggregateError [ECONNREFUSED]: \n    at internalConnectMultiple (node:net:1122:18)\n  [errors]: [\n    Error: connect ECONNREFUSED ::1:5432\n        at x (node:net:1:2)\n"},
		{"access.credentials-rejected", "Error: ER_ACCESS_DENIED_ERROR: Access denied for user 'app'@'10.0.0.1' (using password: YES)\n    at Handshake.x (/app/node_modules/mysql/lib/a.js:1:2)\n"},
		{"dependency.dns", "Unhandled exception. System.Net.Sockets.SocketException (00000005, 0xFFFDFFFF): Name or service not known\n   at System.Net.Dns.X(String a)\n"},
		{"config.env-missing", "Exception in thread \"main\" java.lang.IllegalStateException: Required environment variable DB_URL is not set\n\tat a.B.main(B.java:1)\n"},
		{"access.credentials-rejected", "redis.exceptions.AuthenticationError: Authentication required.\n"},
		{"access.credentials-rejected", "panic: NOAUTH Authentication required.\n\ngoroutine 1 [running]:\n"},
		{"dependency.read-only", "panic: READONLY You can't write against a read only replica.\n\ngoroutine 1 [running]:\n"},
		{"app.exception", "Unhandled exception:\nFormatException: Unexpected character (at character 1)\n#0      main (file:///app/a.dart:3:5)\n"},
		{"config.env-missing", "KeyError: 'RAILS_ENV_X'\n"},
		{"config.env-missing", "config/environments/production.rb:3:in `fetch': key not found: \"REDIS_URL\" (KeyError)\n\tfrom a.rb:1\n"},
		{"image.missing-library", "Error loading shared library libpq.so.5: No such file or directory (needed by /app)\nError relocating /app: PQfinish: symbol not found\n"},
		{"app.exception", "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\nmain.main()\n\t/a.go:1 +0x1\nexit status 2\n"},
		{"dependency.migration-failed", "Error: P3009\n\nmigrate found failed migrations in the target database, new migrations will not be applied.\n"},
		{"dependency.timeout", "MongoServerSelectionError: connection timed out\n    at a (/app/node_modules/mongodb/x.js:1:2)\n"},
		{"memory.runtime-heap", "<--- Last few GCs --->\n\n[1:0x5] 1234 ms: Mark-Compact\n\n<--- JS stacktrace --->\n\nFATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n----- Native stack trace -----\n\n 1: 0xb8 node::Abort() [node]\n"},
		{"dependency.overloaded", "asyncpg.exceptions.TooManyConnectionsError: sorry, too many clients already\n"},
	} {
		if w := heaviest(c[1], c[0]); w < Deadly {
			t.Errorf("%s has weight %d in %q", c[0], w, c[1])
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
	want := "database_url Field required [type=missing, input_value={}, input_type=dict]"
	for _, h := range Scan(l, playbook.Default()).Hits {
		if h.Text == want && h.Line == 3 && string(l.Text[h.Start:h.End]) == "database_url\n  Field required [type=missing, input_value={}, input_type=dict]" {
			return
		}
	}
	t.Errorf("no hit quotes %q", want)
}
