package describe

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	realdescribe "k8s.io/kubectl/pkg/describe"
)

// listKinds are what the describers list beside the object that they describe.
var listKinds = map[string]string{"pods": "PodList", "replicasets": "ReplicaSetList", "endpointslices": "EndpointSliceList",
	"resourcequotas": "ResourceQuotaList", "limitranges": "LimitRangeList", "resourceslices": "ResourceSliceList", "events": "EventList"}

// realText describes an object with the real kubectl, which reads it from an API of one object.
func realText(t testing.TB, obj runtime.Object, events ...any) string {
	t.Helper()
	gvks, _, err := scheme.Scheme.ObjectKinds(obj)
	if err != nil {
		t.Fatal(err)
	}
	obj = obj.DeepCopyObject()
	obj.GetObjectKind().SetGroupVersionKind(gvks[0])
	m, err := meta.Accessor(obj)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
		gv := strings.Join(parts[1:3], "/")
		if parts[0] == "api" {
			gv = parts[1]
		}
		last := path.Base(r.URL.Path)
		var out any
		switch {
		case listKinds[last] == "EventList" && len(events) > 0:
			out = map[string]any{"kind": "EventList", "apiVersion": "v1", "items": events}
		case listKinds[last] != "":
			out = map[string]any{"kind": listKinds[last], "apiVersion": gv, "items": []any{}}
		case last == m.GetName() && !strings.Contains(r.URL.Path, "/leases/"):
			out = obj
		default:
			w.WriteHeader(http.StatusNotFound)
			out = map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
		}
		if err := json.NewEncoder(w).Encode(out); err != nil {
			t.Error(err)
		}
	}))
	defer srv.Close()
	d, ok := realdescribe.DescriberFor(gvks[0].GroupKind(), &rest.Config{Host: srv.URL})
	if !ok {
		t.Fatalf("kubectl has no describer for %v", gvks[0])
	}
	s, err := d.Describe(m.GetNamespace(), m.GetName(), realdescribe.DescriberSettings{ShowEvents: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
