package azure

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// meter counts requests, and notes by how much Azure's clock is ahead of this machine's.
type meter struct {
	mu             sync.Mutex
	reads, queries int
	ahead          time.Duration
	dated          bool
	clock          func() time.Time
}

// Do passes a request on.
func (m *meter) Do(req *policy.Request) (*http.Response, error) {
	m.mu.Lock()
	if strings.HasSuffix(req.Raw().URL.Path, "/query") || strings.Contains(req.Raw().URL.Path, "/api/v1/query") {
		m.queries++
	} else {
		m.reads++
	}
	m.mu.Unlock()
	resp, err := req.Next()
	if resp == nil {
		return resp, err
	}
	if t, e := http.ParseTime(resp.Header.Get("Date")); e == nil {
		m.mu.Lock()
		if !m.dated { // dates have whole seconds
			m.ahead, m.dated = t.Add(500*time.Millisecond).Sub(m.clock()), true
		}
		m.mu.Unlock()
	}
	return resp, err
}

func (m *meter) counts() (reads, queries int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reads, m.queries
}
