package cli

import (
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Exit status 3 means that sick pods may be hidden, not that something else is missing.
func TestWhatMayHideSickPods(t *testing.T) {
	outside := evidence.Gap{What: evidence.PodsOutside + "shop", Source: evidence.Kubelet, Reason: evidence.Forbidden}
	for _, tt := range []struct {
		name, namespace string
		gap             evidence.Gap
		want            bool
	}{
		{"no metrics server", "", evidence.Gap{What: "usage", Source: evidence.Metrics, Reason: evidence.Unavailable}, false},
		{"a log that expired", "", evidence.Gap{What: "previous log", Source: evidence.Process, Reason: evidence.Expired}, false},
		{"owners that are forbidden", "", evidence.Gap{What: "replicasets", Source: evidence.Spec, Reason: evidence.Forbidden}, false},
		{"nodes that are forbidden", "", evidence.Gap{What: "nodes", Source: evidence.Node, Reason: evidence.Forbidden}, true},
		{"pods that could not be read", "", evidence.Gap{What: "pods", Source: evidence.Kubelet, Reason: evidence.Truncated}, true},
		{"a stopped collection", "", evidence.Gap{What: "the rest of the collection", Source: evidence.Spec, Reason: evidence.NotAsked}, true},
		{"other namespaces, when one was asked for", "shop", outside, false},
		{"other namespaces, when all were asked for", "", outside, true},
	} {
		s := &evidence.Snapshot{Target: evidence.Target{Namespace: tt.namespace}, Gaps: []evidence.Gap{tt.gap}}
		if got := hides(s); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
