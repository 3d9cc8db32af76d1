package objects

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeTakesListsApart(t *testing.T) {
	all, err := Decode([]byte(`# a comment alone
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Secret, metadata: {name: b}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: c}}
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range all {
		got = append(got, o.GetKind()+"/"+o.GetName())
	}
	if diff := cmp.Diff([]string{"ConfigMap/a", "Secret/b", "Deployment/c"}, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}

func TestDecodeRefusesWhatIsNoObject(t *testing.T) {
	for text, problem := range map[string]string{"a: 1\n": "no kind", "{": "reading a manifest"} {
		if _, err := Decode([]byte(text)); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%q: error is %v; want one that says %q", text, err, problem)
		}
	}
}
