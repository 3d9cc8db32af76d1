package importer

import (
	"fmt"
	"strings"
	"testing"
)

// Of a large cluster the pods that are well are rows, but for the siblings of sick ones; nothing is counted twice.
func TestManyWellPods(t *testing.T) {
	b := newBuilder(t.Context(), Options{})
	var list strings.Builder
	list.WriteString(`{"kind":"List","items":[`)
	for i := range 4000 {
		state, restarts, ready := `{"running":{"startedAt":"2026-11-23T02:00:00Z"}}`, 0, true
		if i == 8 {
			state, restarts, ready = `{"waiting":{"reason":"CrashLoopBackOff"}}`, 9, false
		}
		fmt.Fprintf(&list, `{"kind":"Pod","metadata":{"name":"w%d-%d","namespace":"shop","labels":{"pod-template-hash":"a"},"ownerReferences":[{"kind":"ReplicaSet","name":"w%d-a","controller":true}]},
"spec":{"containers":[{"name":"c"}]},"status":{"phase":"Running","containerStatuses":[{"name":"c","restartCount":%d,"ready":%t,"state":%s}]}},`, i/2, i, i/2, restarts, ready, state)
	}
	b.json("pods.json", strings.NewReader(strings.TrimSuffix(list.String(), ",")+"]}"))
	s, err := b.snapshot()
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]bool{}
	for _, o := range s.Objects {
		whole[o.Name] = true
	}
	if len(s.Population.Rows) != 4000 || len(whole) > 2*wholeWell || !whole["w4-8"] || !whole["w4-9"] || whole["w0-0"] {
		t.Errorf("%d rows, %d whole; sick %t, its sibling %t, another %t", len(s.Population.Rows), len(whole), whole["w4-8"], whole["w4-9"], whole["w0-0"])
	}
}
