package importer_test

import (
	"fmt"
	"strings"
	"testing"
)

// Of pods that are well a few are kept whole and all are counted; what is in trouble, or may be, is kept whole.
func TestManyPodsThatAreWell(t *testing.T) {
	wellPod := func(i int) string {
		return fmt.Sprintf(`{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-%d","namespace":"shop","uid":"w%d","creationTimestamp":"2026-11-22T00:00:00Z","labels":{"pod-template-hash":"5f6d7c8b9d"},
"ownerReferences":[{"kind":"ReplicaSet","name":"web-5f6d7c8b9d","controller":true}]},"spec":{"containers":[{"name":"web","image":"web:1"}]},
"status":{"phase":"Running","containerStatuses":[{"name":"web","restartCount":0,"ready":true,"state":{"running":{"startedAt":"2026-11-22T00:00:05Z"}},"lastState":{}}]}}`, i, i)
	}
	var items []string
	for i := range 50 {
		items = append(items, wellPod(i))
	}
	restarted := strings.Replace(wellPod(60), `"restartCount":0`, `"restartCount":2`, 1)
	notReady := strings.Replace(wellPod(61), `"ready":true`, `"ready":false`, 1)
	items = append(items, restarted, notReady, podJSON)
	files := map[string]string{"pods.json": `{"kind":"List","items":[` + strings.Join(items, ",") + `]}`,
		"shop/web-40/web.log": logText, // of a pod that is well: no evidence
		"later.json":          strings.Replace(wellPod(30), `"ready":true`, `"ready":false`, 1)}
	s := load(t, write(t, files))
	if n := len(s.Population.Rows); n != 53 {
		t.Errorf("%d pods counted, want 53", n)
	}
	whole := map[string]bool{}
	for _, o := range s.Objects {
		whole[o.Name] = true
	}
	for _, name := range []string{"web-60", "web-61", "web-30", "api-0"} {
		if !whole[name] {
			t.Errorf("%s is not kept whole", name)
		}
	}
	if len(whole) != 7 {
		t.Errorf("%d pods are kept whole: %v", len(whole), whole)
	}
	if len(s.Logs) != 0 {
		t.Errorf("%d logs", len(s.Logs))
	}
}
