package kube

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// fakeAPI answers as an API server does, over real HTTP. It serves what is put into it, refuses what it is told to,
// and remembers every request.
type fakeAPI struct {
	*httptest.Server
	t  testing.TB
	mu sync.Mutex
	// objects by group/version/resource, such as "v1/pods" and "apps/v1/deployments".
	objects map[string][]runtime.Object
	// deny answers 403 for "verb resource", such as "list pods", narrowed by "verb resource namespace".
	deny map[string]bool
	// status answers this code for a path.
	status map[string]int
	// logs answers log requests; nil is an empty log.
	logs func(l logRequest) (int, string)
	// before runs before a request is answered, with the lock held.
	before func(r *http.Request)
	// pageSize splits lists; 0 does not. expired answers 410 to continue tokens.
	pageSize int
	expired  bool
	protobuf bool
	calls    []string
}

type logRequest struct {
	namespace, pod, container string
	previous                  bool
	tailLines, limitBytes     string
	n                         int // how many log requests came before
}

func newFakeAPI(t testing.TB, objects ...runtime.Object) *fakeAPI {
	f := &fakeAPI{t: t, objects: map[string][]runtime.Object{}, deny: map[string]bool{}, status: map[string]int{}}
	f.add(objects...)
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// resourceOf guesses a kind's resource as the API's names follow from them.
func resourceOf(o runtime.Object) string {
	gvks, _, err := scheme.Scheme.ObjectKinds(o)
	if err != nil {
		u := o.(interface {
			GetAPIVersion() string
			GetKind() string
		})
		return u.GetAPIVersion() + "/" + strings.ToLower(u.GetKind()) + "s"
	}
	o.GetObjectKind().SetGroupVersionKind(gvks[0])
	name := strings.ToLower(gvks[0].Kind)
	if strings.HasSuffix(name, "y") {
		name = strings.TrimSuffix(name, "y") + "ie"
	}
	return gvks[0].GroupVersion().String() + "/" + name + "s"
}

func (f *fakeAPI) add(objects ...runtime.Object) {
	for _, o := range objects {
		k := resourceOf(o)
		f.objects[k] = append(f.objects[k], o)
	}
}

func (f *fakeAPI) config() *rest.Config { return &rest.Config{Host: f.URL} }

func (f *fakeAPI) collector(o Options) *Collector {
	f.t.Helper()
	c, err := New(f.config(), o)
	if err != nil {
		f.t.Fatal(err)
	}
	c.clock = func() time.Time { return now }
	c.statusLag = time.Millisecond
	return c
}

// request is a path taken apart.
type request struct{ resource, namespace, name, sub string }

func parsePath(p string) request {
	parts := strings.Split(strings.Trim(p, "/"), "/")
	var r request
	switch {
	case len(parts) >= 3 && parts[0] == "api":
		r.resource, parts = parts[1], parts[2:]
	case len(parts) >= 4 && parts[0] == "apis":
		r.resource, parts = parts[1]+"/"+parts[2], parts[3:]
	default:
		return request{resource: p}
	}
	if parts[0] == "namespaces" && len(parts) > 2 {
		r.namespace, parts = parts[1], parts[2:]
	}
	r.resource += "/" + parts[0]
	if len(parts) > 1 {
		r.name = parts[1]
	}
	if len(parts) > 2 {
		r.sub = parts[2]
	}
	return r
}

func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, req.URL.RequestURI())
	if f.before != nil {
		f.before(req)
	}
	r := parsePath(req.URL.Path)
	if code := f.status[req.URL.Path]; code != 0 {
		refuse(w, code, http.StatusText(code))
		return
	}
	if f.denied(w, r) {
		return
	}
	switch {
	case req.URL.Path == "/version":
		fmt.Fprint(w, `{"gitVersion":"v1.37.2"}`)
	case r.sub == "log":
		f.serveLog(w, req, r)
	case r.name != "":
		f.serveOne(w, req, r)
	default:
		f.serveList(w, req, r)
	}
}

func (f *fakeAPI) denied(w http.ResponseWriter, r request) bool {
	verb := "list"
	if r.name != "" {
		verb = "get"
	}
	res := r.resource[strings.LastIndex(r.resource, "/")+1:]
	if r.sub != "" {
		res += "/" + r.sub
	}
	if r.resource == "metrics.k8s.io/v1beta1/pods" {
		res = "podmetrics"
	}
	scope := r.namespace
	if scope == "" {
		scope = "*"
	}
	if !f.deny[verb+" "+res] && !f.deny[verb+" "+res+" "+scope] {
		return false
	}
	refuse(w, http.StatusForbidden, fmt.Sprintf("%s is forbidden: User \"eve\" cannot %s resource %q in API group \"\"", res, verb, res))
	return true
}

func refuse(w http.ResponseWriter, code int, message string) {
	reason := map[int]metav1.StatusReason{403: metav1.StatusReasonForbidden, 404: metav1.StatusReasonNotFound, 401: metav1.StatusReasonUnauthorized,
		400: metav1.StatusReasonBadRequest, 410: metav1.StatusReasonExpired, 503: metav1.StatusReasonServiceUnavailable}[code]
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: "Failure", Code: int32(code), Reason: reason, Message: message})
}

func (f *fakeAPI) serveLog(w http.ResponseWriter, req *http.Request, r request) {
	q := req.URL.Query()
	if f.find("v1/pods", r.namespace, r.name) == nil {
		refuse(w, 404, fmt.Sprintf("pods %q not found", r.name))
		return
	}
	if f.logs == nil {
		return
	}
	n := 0
	for _, c := range f.calls {
		if strings.Contains(c, "/log?") {
			n++
		}
	}
	code, body := f.logs(logRequest{r.namespace, r.name, q.Get("container"), q.Get("previous") == "true", q.Get("tailLines"), q.Get("limitBytes"), n - 1})
	if code >= 300 {
		refuse(w, code, body)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprint(w, body)
}

func (f *fakeAPI) find(resource, namespace, name string) runtime.Object {
	for _, o := range f.objects[resource] {
		if m := o.(metav1.Object); m.GetName() == name && m.GetNamespace() == namespace {
			return o
		}
	}
	return nil
}

func (f *fakeAPI) remove(resource, namespace, name string) {
	f.objects[resource] = slices.DeleteFunc(f.objects[resource], func(o runtime.Object) bool {
		m := o.(metav1.Object)
		return m.GetName() == name && m.GetNamespace() == namespace
	})
}

func (f *fakeAPI) serveOne(w http.ResponseWriter, req *http.Request, r request) {
	o := f.find(r.resource, r.namespace, r.name)
	if o == nil {
		refuse(w, 404, fmt.Sprintf("%s %q not found", r.resource, r.name))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(o)
}

func (f *fakeAPI) serveList(w http.ResponseWriter, req *http.Request, r request) {
	all, known := f.objects[r.resource]
	if !known && !slices.Contains(strings.Fields("v1/pods v1/nodes v1/events apps/v1/replicasets apps/v1/deployments batch/v1/jobs"), r.resource) {
		refuse(w, 404, "the server could not find the requested resource")
		return
	}
	q := req.URL.Query()
	items := f.selectItems(all, r.namespace, q.Get("labelSelector"), q.Get("fieldSelector"))
	next := ""
	if f.pageSize > 0 {
		start := 0
		if tok := q.Get("continue"); tok != "" {
			if f.expired {
				refuse(w, 410, "The provided continue parameter is too old")
				return
			}
			fmt.Sscan(tok, &start)
		}
		items = items[start:]
		if len(items) > f.pageSize {
			items, next = items[:f.pageSize], fmt.Sprint(start+f.pageSize)
		}
	}
	if f.protobuf && r.resource == "v1/pods" && strings.Contains(req.Header.Get("Accept"), "protobuf") {
		writeProtobuf(w, items, next)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"kind": "List", "apiVersion": "v1", "metadata": map[string]any{"resourceVersion": "7", "continue": next}, "items": items})
}

func writeProtobuf(w http.ResponseWriter, items []runtime.Object, next string) {
	list := &corev1.PodList{ListMeta: metav1.ListMeta{ResourceVersion: "7", Continue: next}}
	for _, o := range items {
		list.Items = append(list.Items, *o.(*corev1.Pod))
	}
	list.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("PodList"))
	w.Header().Set("Content-Type", "application/vnd.kubernetes.protobuf")
	_, _ = w.Write(encodeProtobuf(list))
}

func encodeProtobuf(o runtime.Object) []byte {
	var b bytes.Buffer
	if err := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme).Encode(o, &b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (f *fakeAPI) selectItems(all []runtime.Object, namespace, labelSel, fieldSel string) []runtime.Object {
	ls, _ := labels.Parse(labelSel)
	fs := fields.ParseSelectorOrDie(fieldSel)
	out := []runtime.Object{}
	for _, o := range all {
		m := o.(metav1.Object)
		set := fields.Set{"metadata.name": m.GetName()}
		if e, ok := o.(*corev1.Event); ok {
			set["involvedObject.kind"] = e.InvolvedObject.Kind
		}
		if (namespace == "" || m.GetNamespace() == namespace) && ls.Matches(labels.Set(m.GetLabels())) && fs.Matches(set) {
			out = append(out, o)
		}
	}
	return out
}

// count counts the requests whose URI contains s.
func (f *fakeAPI) count(s string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.calls {
		if strings.Contains(c, s) {
			n++
		}
	}
	return n
}

// mux answers paths with fixed bodies.
func (f *fakeAPI) mux(bodies map[string]string) {
	next := f.Config.Handler
	f.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := bodies[r.URL.Path]
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		f.mu.Lock()
		f.calls = append(f.calls, r.URL.RequestURI())
		f.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(body, "APIGroupDiscoveryList") {
			w.Header().Set("Content-Type", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
		}
		fmt.Fprint(w, body)
	})
}
