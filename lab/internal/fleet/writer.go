package fleet

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Stored is an object in the form in which the API server keeps it.
type Stored struct {
	Key   string
	Value []byte
}

// Written is a population as objects, and what its containers print.
type Written struct {
	Objects []Stored
	Logs    map[string]Log // namespace/pod/container
}

// writer turns a description into objects.
type writer struct {
	fleet       *Fleet
	now         metav1.Time
	kubeletPort int32
	places      []*node
	out         Written
	namespaces  map[string]bool
	events      int
	problems    []error
}

// Write makes the objects of a population as they are at a moment. Logs are read from kubelets at a port of loopback.
func (f *Fleet) Write(now time.Time, kubeletPort int32) (*Written, error) {
	w := &writer{fleet: f, now: metav1.NewTime(now.UTC().Truncate(time.Second)), kubeletPort: kubeletPort, out: Written{Logs: map[string]Log{}}, namespaces: map[string]bool{}}
	w.nodes()
	for i := range f.Objects {
		w.object(&f.Objects[i])
	}
	for i := range f.Workloads {
		w.workload(&f.Workloads[i])
	}
	return &w.out, errors.Join(w.problems...)
}

func (w *writer) fail(format string, args ...any) {
	w.problems = append(w.problems, fmt.Errorf(format, args...))
}

func (w *writer) ago(a Age) metav1.Time { return metav1.NewTime(w.now.Add(-time.Duration(a))) }

// prefixes are the folders of etcd in which the API server keeps its kinds (k8s.io/kubernetes/pkg/registry, ResourcePrefix).
var prefixes = map[string]string{"Node": "minions", "Pod": "pods", "Namespace": "namespaces", "Event": "events", "ConfigMap": "configmaps", "Service": "services/specs",
	"ServiceAccount": "serviceaccounts", "ResourceQuota": "resourcequotas", "LimitRange": "limitranges", "PersistentVolumeClaim": "persistentvolumeclaims",
	"Deployment": "deployments", "ReplicaSet": "replicasets", "StatefulSet": "statefulsets", "DaemonSet": "daemonsets", "ControllerRevision": "controllerrevisions",
	"NetworkPolicy": "networkpolicies", "HorizontalPodAutoscaler": "horizontalpodautoscalers", "EndpointSlice": "endpointslices", "Job": "jobs", "CronJob": "cronjobs",
	"PodDisruptionBudget": "poddisruptionbudgets", "Role": "roles", "RoleBinding": "rolebindings", "ClusterRole": "clusterroles", "ClusterRoleBinding": "clusterrolebindings",
	"MutatingWebhookConfiguration": "mutatingwebhookconfigurations", "ValidatingWebhookConfiguration": "validatingwebhookconfigurations", "Ingress": "ingress",
	"StorageClass": "storageclasses", "PriorityClass": "priorityclasses", "Lease": "leases"}

// keep stores an object under its kind, and the namespace that it is in.
func (w *writer) keep(kind, version string, o metav1.Object) {
	raw, err := json.Marshal(o)
	if err != nil {
		w.fail("%s %s: %w", kind, o.GetName(), err)
		return
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		w.fail("%s %s: %w", kind, o.GetName(), err)
		return
	}
	fields["kind"], fields["apiVersion"] = kind, version
	w.store(kind, o.GetNamespace(), o.GetName(), fields)
}

func (w *writer) store(kind, namespace, name string, fields map[string]any) {
	prefix, ok := prefixes[kind]
	if !ok {
		w.fail("%s %s: fleets have no objects of this kind", kind, name)
		return
	}
	if namespace != "" && !w.namespaces[namespace] {
		w.namespaces[namespace] = true
		if namespace != "kube-system" && namespace != "default" {
			w.keep("Namespace", "v1", &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace, UID: uid("namespace", namespace), CreationTimestamp: w.ago(Age(300 * 24 * time.Hour)),
				Labels: map[string]string{corev1.LabelMetadataName: namespace}}, Spec: corev1.NamespaceSpec{Finalizers: []corev1.FinalizerName{corev1.FinalizerKubernetes}}, Status: corev1.NamespaceStatus{Phase: corev1.NamespaceActive}})
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		w.fail("%s %s: %w", kind, name, err)
		return
	}
	w.out.Objects = append(w.out.Objects, Stored{Key: "/registry/" + prefix + "/" + namespace + sep(namespace) + name, Value: raw})
}

func sep(namespace string) string {
	if namespace == "" {
		return ""
	}
	return "/"
}

// object keeps any other object, with its age and its edits.
func (w *writer) object(o *Object) {
	fields := o.Object
	kind, _ := fields["kind"].(string)
	meta, _ := fields["metadata"].(map[string]any)
	name, _ := meta["name"].(string)
	namespace, _ := meta["namespace"].(string)
	if kind == "" || name == "" {
		w.fail("an object without kind or name")
		return
	}
	age := o.Age
	if age == 0 {
		age = Age(60 * 24 * time.Hour)
	}
	meta["creationTimestamp"] = w.ago(age)
	meta["uid"] = uid(kind, namespace, name)
	var managed []any
	for _, e := range o.Edits {
		managed = append(managed, map[string]any{"manager": e.By, "operation": "Update", "apiVersion": fields["apiVersion"], "time": w.ago(e.Ago), "fieldsType": "FieldsV1", "fieldsV1": fieldSet(e.Fields)})
	}
	if len(managed) > 0 {
		meta["managedFields"] = managed
	}
	w.store(kind, namespace, name, fields)
}

// fieldSet writes paths as managedFields do.
func fieldSet(paths []string) map[string]any {
	out := map[string]any{}
	for _, p := range paths {
		at := out
		parts := strings.Split(p, ".")
		if top, key, ok := strings.Cut(p, "."); ok && (top == "data" || top == "binaryData") {
			parts = []string{top, key} // keys of ConfigMaps have dots
		}
		for _, part := range parts {
			key := part
			if !strings.HasPrefix(part, "k:") {
				key = "f:" + part
			}
			next, ok := at[key].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[key] = next
			}
			at = next
		}
	}
	return out
}

// event keeps an event about an object.
func (w *writer) event(e Event, about corev1.ObjectReference, host string) {
	if e.Type == "" {
		e.Type = corev1.EventTypeWarning
	}
	if e.From == "" {
		e.From = "kubelet"
	}
	if e.First == 0 {
		e.First = e.Ago
	}
	namespace := about.Namespace
	if namespace == "" {
		namespace = metav1.NamespaceDefault
	}
	w.events++
	name := fmt.Sprintf("%s.%016x", about.Name, 0x18a0000000000000+w.events)
	source := corev1.EventSource{Component: e.From}
	if e.From == "kubelet" {
		source.Host = host
	}
	about.APIVersion = map[string]string{"Node": "v1", "Pod": "v1", "Deployment": "apps/v1", "ReplicaSet": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1"}[about.Kind]
	w.keep("Event", "v1", &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace, UID: uid("event", name), CreationTimestamp: w.ago(e.First)},
		InvolvedObject: about, Reason: e.Reason, Message: e.Message, Source: source, FirstTimestamp: w.ago(e.First), LastTimestamp: w.ago(e.Ago), Count: max(1, e.Count), Type: e.Type,
		ReportingController: e.From, ReportingInstance: source.Host})
}

// Count is how many objects there are in a folder of the API server's etcd.
func (w *Written) Count(folder string) int {
	n := 0
	for _, o := range w.Objects {
		if strings.HasPrefix(o.Key, "/registry/"+folder+"/") {
			n++
		}
	}
	return n
}

// Nodes are those of the population.
func (w *Written) Nodes() []corev1.Node { return read[corev1.Node](w, "minions") }

// PodList is its pods.
func (w *Written) PodList() []corev1.Pod { return read[corev1.Pod](w, "pods") }

func read[T any](w *Written, folder string) []T {
	var out []T
	for _, o := range w.Objects {
		var t T
		if strings.HasPrefix(o.Key, "/registry/"+folder+"/") && json.Unmarshal(o.Value, &t) == nil {
			out = append(out, t)
		}
	}
	return out
}

// Pods tells one line for each pod: where it is, and what is wrong with it.
func (w *Written) Pods() []string {
	var out []string
	for _, p := range w.PodList() {
		state, restarts := string(p.Status.Phase), int32(0)
		for _, c := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses) {
			restarts += c.RestartCount
			if c.State.Waiting != nil && c.State.Waiting.Reason != "PodInitializing" {
				state = c.State.Waiting.Reason
			}
		}
		out = append(out, fmt.Sprintf("%-12s %-40s %-28s %3d  %s", p.Namespace, p.Name, state, restarts, p.Spec.NodeName))
	}
	return out
}

// uid is made of what it names, so that a population has the same ones every time.
func uid(parts ...string) types.UID {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	h := hex.EncodeToString(sum[:])
	return types.UID(h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-8" + h[17:20] + "-" + h[20:32])
}

// letters are those of generated names (apimachinery, util/rand).
const letters = "bcdfghjklmnpqrstvwxz2456789"

// short is the end of a generated name.
func short(n int, parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x01")))
	out := make([]byte, n)
	for i := range out {
		out[i] = letters[int(sum[i])%len(letters)]
	}
	return string(out)
}
