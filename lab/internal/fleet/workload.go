package fleet

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

// version is a revision with what it inherits from the one before, as a template.
type version struct {
	Revision
	number int
	hash   string
	spec   corev1.PodSpec
	owner  metav1.OwnerReference // of its pods
}

// workload makes a controller, its revisions and its pods.
func (w *writer) workload(wl *Workload) {
	wl.Kind = cmp.Or(wl.Kind, "Deployment")
	if wl.Age == 0 {
		wl.Age = Age(90 * 24 * time.Hour)
	}
	labels := map[string]string{"app": wl.Name}
	maps.Copy(labels, wl.Labels)
	meta := metav1.ObjectMeta{Name: wl.Name, Namespace: wl.Namespace, UID: uid(wl.Kind, wl.Namespace, wl.Name), CreationTimestamp: w.ago(wl.Age), Labels: labels, Annotations: maps.Clone(wl.Annotations)}
	versions := w.versions(wl)
	last := versions[len(versions)-1]
	meta.Generation = int64(len(versions))
	if wl.Kind != "Pod" {
		by := cmp.Or(wl.Manager, "kubectl-client-side-apply")
		var container string
		if c := last.spec.Containers; len(c) > 0 {
			container = c[0].Name
		}
		raw, _ := json.Marshal(fieldSet([]string{"spec.template.spec.containers.k:{\"name\":\"" + container + "\"}.image"}))
		at := w.ago(last.Age)
		meta.ManagedFields = []metav1.ManagedFieldsEntry{{Manager: by, Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "apps/v1", Time: &at, FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(string(raw))}}
	}
	owner := metav1.OwnerReference{APIVersion: "apps/v1", Kind: wl.Kind, Name: wl.Name, UID: meta.UID, Controller: new(true), BlockOwnerDeletion: new(true)}
	selector := &metav1.LabelSelector{MatchLabels: map[string]string{"app": wl.Name}}
	total, ready := 0, 0
	for i := range versions {
		v := &versions[i]
		v.owner = owner
		if wl.Kind == "Deployment" {
			v.owner = w.replicaSet(wl, v, owner, labels)
		} else if wl.Kind != "Pod" {
			w.controllerRevision(wl, v, owner)
		}
		n, ok := w.pods(wl, v)
		total, ready = total+n, ready+ok
	}
	template := corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: last.PodAnnotations}, Spec: last.spec}
	replicas, good, current := int32(total), int32(ready), int32(last.Pods)
	switch wl.Kind {
	case "Deployment":
		meta.Annotations = withDefault(meta.Annotations, "deployment.kubernetes.io/revision", strconv.Itoa(len(versions)))
		w.keep("Deployment", "apps/v1", &appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Replicas: new(max(replicas, 0)), Selector: selector, Template: template, ProgressDeadlineSeconds: new(int32(600)), RevisionHistoryLimit: new(int32(10)),
			Strategy: appsv1.DeploymentStrategy{Type: appsv1.RollingUpdateDeploymentStrategyType}},
			Status: appsv1.DeploymentStatus{ObservedGeneration: meta.Generation, Replicas: replicas, ReadyReplicas: good, AvailableReplicas: good, UnavailableReplicas: replicas - good, UpdatedReplicas: current}})
	case "StatefulSet":
		w.keep("StatefulSet", "apps/v1", &appsv1.StatefulSet{ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{Replicas: new(replicas), Selector: selector, ServiceName: wl.Name, Template: template, PodManagementPolicy: appsv1.OrderedReadyPodManagement, RevisionHistoryLimit: new(int32(10)),
			UpdateStrategy: appsv1.StatefulSetUpdateStrategy{Type: appsv1.RollingUpdateStatefulSetStrategyType}},
			Status: appsv1.StatefulSetStatus{ObservedGeneration: meta.Generation, Replicas: replicas, ReadyReplicas: good, AvailableReplicas: good, CurrentRevision: wl.Name + "-" + versions[0].hash, UpdateRevision: wl.Name + "-" + last.hash, UpdatedReplicas: current}})
	case "DaemonSet":
		w.keep("DaemonSet", "apps/v1", &appsv1.DaemonSet{ObjectMeta: meta, Spec: appsv1.DaemonSetSpec{Selector: selector, Template: template, RevisionHistoryLimit: new(int32(10)), UpdateStrategy: appsv1.DaemonSetUpdateStrategy{Type: appsv1.RollingUpdateDaemonSetStrategyType}},
			Status: appsv1.DaemonSetStatus{ObservedGeneration: meta.Generation, DesiredNumberScheduled: replicas, CurrentNumberScheduled: replicas, NumberReady: good, NumberAvailable: good, NumberUnavailable: replicas - good, UpdatedNumberScheduled: current}})
	}
}

func withDefault(m map[string]string, k, v string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[k] = v
	return m
}

// versions resolves what revisions leave out.
func (w *writer) versions(wl *Workload) []version {
	var out []version
	for i, r := range wl.Revisions {
		if i > 0 {
			r = inherit(r, out[i-1].Revision)
		}
		r.Age = cmp.Or(r.Age, wl.Age)
		r.PodAge = cmp.Or(r.PodAge, r.Age)
		v := version{Revision: r, number: i + 1}
		v.spec = w.template(wl, &r)
		raw, _ := json.Marshal([]any{v.spec, r.PodAnnotations})
		v.hash = short(10, wl.Namespace, wl.Name, string(raw))
		out = append(out, v)
	}
	return out
}

func inherit(r, from Revision) Revision {
	r.Image, r.Memory = cmp.Or(r.Image, from.Image), cmp.Or(r.Memory, from.Memory)
	r.ServiceAccount, r.PriorityClass = cmp.Or(r.ServiceAccount, from.ServiceAccount), cmp.Or(r.PriorityClass, from.PriorityClass)
	r.Liveness, r.Readiness, r.Startup, r.Patch = cmp.Or(r.Liveness, from.Liveness), cmp.Or(r.Readiness, from.Readiness), cmp.Or(r.Startup, from.Startup), cmp.Or(r.Patch, from.Patch)
	list := func(have *[]string, before []string) {
		if *have == nil {
			*have = before
		}
	}
	list(&r.Command, from.Command)
	list(&r.Args, from.Args)
	list(&r.ConfigMaps, from.ConfigMaps)
	list(&r.Secrets, from.Secrets)
	list(&r.Claims, from.Claims)
	set := func(have *map[string]string, before map[string]string) {
		if *have == nil {
			*have = before
		}
	}
	set(&r.Env, from.Env)
	set(&r.Sidecars, from.Sidecars)
	set(&r.Injected, from.Injected)
	set(&r.PodAnnotations, from.PodAnnotations)
	return r
}

func (w *writer) template(wl *Workload, r *Revision) corev1.PodSpec {
	c := corev1.Container{Name: wl.Name, Image: r.Image, Command: r.Command, Args: r.Args, LivenessProbe: r.Liveness, ReadinessProbe: r.Readiness, StartupProbe: r.Startup,
		TerminationMessagePath: corev1.TerminationMessagePathDefault, TerminationMessagePolicy: corev1.TerminationMessageReadFile, ImagePullPolicy: corev1.PullIfNotPresent}
	for _, p := range []*corev1.Probe{c.LivenessProbe, c.ReadinessProbe, c.StartupProbe} {
		usualProbe(p)
	}
	for _, k := range slices.Sorted(maps.Keys(r.Env)) {
		c.Env = append(c.Env, corev1.EnvVar{Name: k, Value: r.Env[k]})
	}
	for _, n := range r.ConfigMaps {
		c.EnvFrom = append(c.EnvFrom, corev1.EnvFromSource{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: n}}})
	}
	for _, n := range r.Secrets {
		c.EnvFrom = append(c.EnvFrom, corev1.EnvFromSource{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: n}}})
	}
	c.Resources.Requests = corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("100m"), corev1.ResourceMemory: resource.MustParse("128Mi")}
	if r.Memory != "" {
		q, err := resource.ParseQuantity(r.Memory)
		if err != nil {
			w.fail("workload %s: memory %q: %w", wl.Name, r.Memory, err)
		}
		c.Resources.Limits = corev1.ResourceList{corev1.ResourceMemory: q}
	}
	spec := corev1.PodSpec{RestartPolicy: corev1.RestartPolicyAlways, DNSPolicy: corev1.DNSClusterFirst, TerminationGracePeriodSeconds: new(int64(30)), SchedulerName: corev1.DefaultSchedulerName,
		SecurityContext: &corev1.PodSecurityContext{}, ServiceAccountName: cmp.Or(r.ServiceAccount, "default"), PriorityClassName: r.PriorityClass}
	for i, n := range r.Claims {
		name := fmt.Sprintf("data-%d", i)
		spec.Volumes = append(spec.Volumes, corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: n}}})
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: name, MountPath: "/data/" + n})
	}
	spec.Containers = append([]corev1.Container{c}, others(r.Sidecars)...)
	if r.Patch != nil {
		spec = w.patched(wl, spec, r.Patch)
	}
	return spec
}

// others are further containers, by name.
func others(images map[string]string) []corev1.Container {
	var out []corev1.Container
	for _, n := range slices.Sorted(maps.Keys(images)) {
		out = append(out, corev1.Container{Name: n, Image: images[n], TerminationMessagePath: corev1.TerminationMessagePathDefault, TerminationMessagePolicy: corev1.TerminationMessageReadFile, ImagePullPolicy: corev1.PullIfNotPresent})
	}
	return out
}

// usualProbe fills in the defaults of a probe (core/v1, SetDefaults_Probe).
func usualProbe(p *corev1.Probe) {
	if p == nil {
		return
	}
	p.TimeoutSeconds, p.PeriodSeconds = cmp.Or(p.TimeoutSeconds, 1), cmp.Or(p.PeriodSeconds, 10)
	p.SuccessThreshold, p.FailureThreshold = cmp.Or(p.SuccessThreshold, 1), cmp.Or(p.FailureThreshold, 3)
	if p.HTTPGet != nil {
		p.HTTPGet.Scheme = cmp.Or(p.HTTPGet.Scheme, corev1.URISchemeHTTP)
	}
}

func (w *writer) patched(wl *Workload, spec corev1.PodSpec, patch *corev1.PodSpec) corev1.PodSpec {
	from, err := json.Marshal(spec)
	if err != nil {
		w.fail("workload %s: %w", wl.Name, err)
		return spec
	}
	with, err := json.Marshal(patch)
	if err != nil {
		w.fail("workload %s: %w", wl.Name, err)
		return spec
	}
	var fields map[string]any
	if err := json.Unmarshal(with, &fields); err == nil && fields["containers"] == nil {
		delete(fields, "containers") // left out, and not taken away
		with, _ = json.Marshal(fields)
	}
	merged, err := strategicpatch.StrategicMergePatch(from, with, corev1.PodSpec{})
	if err != nil {
		w.fail("workload %s: patch: %w", wl.Name, err)
		return spec
	}
	var out corev1.PodSpec
	if err := json.Unmarshal(merged, &out); err != nil {
		w.fail("workload %s: patch: %w", wl.Name, err)
		return spec
	}
	return out
}

func (w *writer) replicaSet(wl *Workload, v *version, owner metav1.OwnerReference, labels map[string]string) metav1.OwnerReference {
	name := wl.Name + "-" + v.hash
	own := maps.Clone(labels)
	own["pod-template-hash"] = v.hash
	o := &appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: wl.Namespace, UID: uid("ReplicaSet", wl.Namespace, name), CreationTimestamp: w.ago(v.Age), Labels: own, OwnerReferences: []metav1.OwnerReference{owner},
		Annotations: map[string]string{"deployment.kubernetes.io/revision": strconv.Itoa(v.number), "deployment.kubernetes.io/desired-replicas": strconv.Itoa(v.Pods)}},
		Spec:   appsv1.ReplicaSetSpec{Replicas: new(int32(v.Pods)), Selector: &metav1.LabelSelector{MatchLabels: own}, Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: own, Annotations: v.PodAnnotations}, Spec: v.spec}},
		Status: appsv1.ReplicaSetStatus{Replicas: int32(v.Pods), FullyLabeledReplicas: int32(v.Pods), ObservedGeneration: 1}}
	w.keep("ReplicaSet", "apps/v1", o)
	return metav1.OwnerReference{APIVersion: "apps/v1", Kind: "ReplicaSet", Name: name, UID: o.UID, Controller: new(true), BlockOwnerDeletion: new(true)}
}

func (w *writer) controllerRevision(wl *Workload, v *version, owner metav1.OwnerReference) {
	raw, err := json.Marshal(map[string]any{"spec": map[string]any{"template": map[string]any{"metadata": map[string]any{"labels": map[string]string{"app": wl.Name}}, "spec": v.spec, "$patch": "replace"}}})
	if err != nil {
		w.fail("workload %s: %w", wl.Name, err)
		return
	}
	name := wl.Name + "-" + v.hash
	label := map[string]string{"StatefulSet": "controller.kubernetes.io/hash", "DaemonSet": "controller-revision-hash"}[wl.Kind]
	w.keep("ControllerRevision", "apps/v1", &appsv1.ControllerRevision{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: wl.Namespace, UID: uid("ControllerRevision", wl.Namespace, name), CreationTimestamp: w.ago(v.Age),
		Labels: map[string]string{"app": wl.Name, label: v.hash}, OwnerReferences: []metav1.OwnerReference{owner}}, Revision: int64(v.number), Data: runtime.RawExtension{Raw: raw}})
}
