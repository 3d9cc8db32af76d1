package logscan

import "testing"

func TestLevelOf(t *testing.T) {
	for text, want := range map[string]Level{
		`2026/11/23 03:03:55 [emerg] 1#1: directive "listen" is not terminated`:               Fatal,
		`E1123 03:03:55.123456       1 leaderelection.go:441] failed to renew lease`:          Error,
		`2026-11-23 03:03:55.123 UTC [1] FATAL:  password authentication failed for user "a"`: Fatal,
		`level=error msg="dial tcp"`:                                                            Error,
		`{"ts":"x","severity":"WARNING","message":"slow"}`:                                      Warn,
		`time="2026-11-23T03:03:55Z" level=fatal msg="no"`:                                      Fatal,
		`INFO  request handled, no ERROR seen`:                                                  Info,
		`Traceback (most recent call last):`:                                                    Fatal,
		`panic: assignment to entry in nil map`:                                                 Fatal,
		`connection refused`:                                                                    Unstated,
		`2026.11.23 03:03:55.123456 [ 9 ] {} <Fatal> BaseDaemon: (no query) Received signal 11`: Fatal,
		`<a><error>3</error> INFO</a>`:                                                          Info,
		`the error was handled`:                                                                 Unstated,
		`DATABASE_ERROR_TABLE is set`:                                                           Unstated,
		`thread 'main' panicked at src/main.rs:3:5:`:                                            Fatal,
		`thread 'tokio-runtime-worker' panicked at src/main.rs:3:5:`:                            Error,
		`crit: Microsoft.AspNetCore.Hosting.Diagnostics[6]`:                                     Fatal,
		`[12:56:56 FTL] Host terminated unexpectedly`:                                           Fatal,
		`[12:56:56 WRN] slow`:                                                                   Warn,
		`3:03AM INF ready, 2 FTL codes known`:                                                   Info,
		`the FTLD code`:                                                                         Unstated,
		`fail: Orders.Worker[0]`:                                                                Error,
		`** (RuntimeError) environment variable X is missing.`:                                  Error,
		`2026-11-23 03:03:55,123 ERROR orders cannot connect`:                                   Error,
		`1:M 23 Nov 2026 03:00:00.000 * Ready to accept connections`:                            Unstated,
	} {
		if got := levelOf(text); got != want {
			t.Errorf("levelOf(%q) = %d, want %d", text, got, want)
		}
	}
}
