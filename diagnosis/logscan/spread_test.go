package logscan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// What a log says of many targets is no reason for its end, unless it says so; of a few brokers it is.
func TestManyTargets(t *testing.T) {
	for _, tt := range []struct {
		level   string
		targets int
		want    Weight
	}{{"ERROR", 1, Deadly}, {"ERROR", 3, Deadly}, {"ERROR", 6, Strong}, {"ERROR", 20, Mention}, {"FATAL", 20, Deadly}} {
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, "2026-11-23T03:00:%02dZ %s cannot ask: dial tcp: lookup host-%d.example on 10.0.0.10:53: no such host\n", i, tt.level, i%tt.targets)
		}
		hits := Scan(&evidence.Log{Text: []byte(b.String())}, playbook.Default()).Hits
		if len(hits) != 1 || hits[0].Weight != tt.want || hits[0].Count != 40 {
			t.Errorf("%s about %d targets: %+v", tt.level, tt.targets, hits)
		}
	}
}
