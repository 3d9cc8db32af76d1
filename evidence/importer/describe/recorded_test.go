package describe

import (
	"encoding/json"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
)

// sameMeaning are leaves that describe shows where the API leaves the default out.
func sameMeaning(path, v string) bool {
	return v == "false" || v == "0" || strings.HasSuffix(path, ".kind") || strings.HasSuffix(path, ".apiVersion") ||
		strings.HasSuffix(path, ".grpc.service")
}

// What is read back of the recorded objects of other kinds is in the objects: nothing is made up.
func TestRecordedOthers(t *testing.T) {
	for dir, least := range map[string]int{"node": 20, "deployment": 20, "replicaset": 20, "service": 5, "statefulset": 1, "daemonset": 1, "job": 1} {
		objs := recorded(t, dir)
		if len(objs) < least {
			t.Errorf("only %d recorded objects of kind %s", len(objs), dir)
		}
		compared := 0
		for name, b := range objs {
			obj, _, err := scheme.Codecs.UniversalDeserializer().Decode(b, nil, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			o := parseOne(t, realText(t, obj))
			if strings.ToLower(o.Kind) != dir || !o.Complete || len(o.Ignored) > 0 {
				t.Errorf("%s: kind %q, complete %v, ignored %v", name, o.Kind, o.Complete, o.Ignored)
			}
			want := leaves(t, roundTrip(t, obj))
			for path, v := range leaves(t, o.Raw) {
				compared++
				if want[path] != v && !sameMeaning(path, v) && !lossy(path) {
					t.Errorf("%s%s: %q, want %q", name, path, v, want[path])
				}
			}
		}
		t.Logf("%s: %d objects, %d fields", dir, len(objs), compared)
	}
}

// lossy are fields that TestRandomPods compares in the form in which they can be equal: commands whose elements
// cannot be told apart, lists that describe sorts, annotations that it shortens.
func lossy(path string) bool {
	for _, f := range []string{".command[", ".args[", ".volumeMounts[", ".tolerations[", ".taints[", ".annotations.", ".topologySpreadConstraints[", ".projected."} {
		if strings.Contains(path, f) {
			return true
		}
	}
	return false
}

func roundTrip(t *testing.T, obj runtime.Object) map[string]any {
	t.Helper()
	b, err := json.Marshal(obj)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
