package logscan

import (
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// What a server says of its clients' troubles is not its own; the same words of a client are.
func TestTroubleOfClients(t *testing.T) {
	for text, own := range map[string]bool{
		`2026-11-23 02:59:00.123 UTC [61] FATAL:  password authentication failed for user "grafana"`:                                                          false,
		`2026-11-23T02:59:00.1Z 12 [Note] [MY-010926] [Server] Access denied for user 'root'@'10.0.0.7' (using password: YES)`:                                false,
		`2026/11/23 02:59:00 [error] 30#30: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.7, server: _, request`: false,
		`level=error module=http_2xx target=https://a.example msg="Error for HTTP request" err="dial tcp: lookup a.example on 10.0.0.10:53: no such host"`:    false,
		`psql: error: connection to server at "db" (10.0.0.9), port 5432 failed: FATAL:  password authentication failed for user "app"`:                       true,
		`2026-11-23 02:59:00 FATAL password authentication failed for user "pay"`:                                                                             true,
		`ERROR 1045 (28000): Access denied for user 'app'@'10.0.0.7' (using password: YES)`:                                                                   true,
	} {
		found := false
		for _, h := range Scan(&evidence.Log{Text: []byte(text + "\n"), Head: true, Tail: true}, playbook.Default()).Hits {
			found = found || outside(h.Signature.Cause)
		}
		if found != own {
			t.Errorf("%q: %v", text, found)
		}
	}
}

// MongoDB writes its severity as one letter and the error below "attr".
func TestMongoLine(t *testing.T) {
	text := `{"s":"F","c":"CONTROL","msg":"DBException in initAndListen, terminating","attr":{"error":"DBPathInUse: Unable to lock the lock file: /data/db/mongod.lock (Resource temporarily unavailable)."}}`
	hits := Scan(&evidence.Log{Text: []byte(text + "\n"), Head: true, Tail: true}, playbook.Default()).Hits
	for _, h := range hits {
		if h.Signature.ID == "mongo-locked" && h.Level == Fatal && h.Attrs["file"] == "/data/db/mongod.lock" {
			return
		}
	}
	t.Errorf("hits: %+v", hits)
}
