package kube

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// errSecrets is returned in place of any request that names Secrets.
var errSecrets = errors.New("crashproof never reads Secrets")

// meter counts requests and compares the server's clock with ours.
type meter struct {
	calls, logs atomic.Int64
	skew        atomic.Int64 // server minus local, nanoseconds
	dated       atomic.Bool
}

func (m *meter) counts() (calls, logs int) { return int(m.calls.Load()), int(m.logs.Load()) }

// tolerated is the clock difference below which the local clock is used: Date has a resolution of one second.
const tolerated = 2 * time.Second

// serverTime is the API server's time as far as its Date header tells; statuses and events bear the cluster's clock,
// not that of the machine on which crashproof runs.
func (m *meter) serverTime() time.Time {
	skew := time.Duration(m.skew.Load())
	if skew.Abs() < tolerated {
		skew = 0
	}
	return time.Now().Add(skew).UTC()
}

func (m *meter) readDate(h http.Header) {
	if m.dated.Load() {
		return
	}
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		m.skew.Store(int64(time.Until(t)))
		m.dated.Store(true)
	}
}

// transport counts every request and lets none through that names Secrets.
type transport struct {
	next  http.RoundTripper
	meter *meter
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if namesSecrets(req.URL.Path) {
		return nil, errSecrets
	}
	t.meter.calls.Add(1)
	if isLogRead(req.URL.Path) {
		t.meter.logs.Add(1)
	}
	resp, err := t.next.RoundTrip(req)
	if err == nil {
		t.meter.readDate(resp.Header)
	}
	return resp, err
}

func isLogRead(path string) bool {
	return strings.Contains(path, "/pods/") && strings.HasSuffix(path, "/log")
}

// namesSecrets finds the resource in /api/v1/[watch/][namespaces/NS/]RESOURCE/…; a namespace or an object may bear
// the name "secrets".
func namesSecrets(path string) bool {
	_, rest, ok := strings.Cut(path, "/api/v1/")
	if !ok {
		return false
	}
	parts := strings.Split(strings.TrimPrefix(rest, "watch/"), "/")
	if parts[0] == "namespaces" && len(parts) > 2 {
		parts = parts[2:]
	}
	return strings.EqualFold(parts[0], "secrets")
}
