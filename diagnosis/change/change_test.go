package change_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
)

var now = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

func template(edit func(*corev1.PodTemplateSpec)) *corev1.PodTemplateSpec {
	t := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "api", Image: "shop/api:1",
		Env:           []corev1.EnvVar{{Name: "DB_HOST", Value: "db"}, {Name: "MODE", Value: "fast"}},
		Resources:     corev1.ResourceRequirements{Limits: corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("512Mi")}},
		LivenessProbe: &corev1.Probe{PeriodSeconds: 10, ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/live", Port: intstr.FromInt32(8080)}}}}}}}
	if edit != nil {
		edit(t)
	}
	return t
}

func TestTemplates(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*corev1.PodTemplateSpec)
		want []change.Item
	}{
		{"nothing", func(*corev1.PodTemplateSpec) {}, nil},
		{"image", func(t *corev1.PodTemplateSpec) { t.Spec.Containers[0].Image = "shop/api:2" }, []change.Item{{"image", "image of api: shop/api:1 → shop/api:2"}}},
		{"env", func(t *corev1.PodTemplateSpec) {
			t.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "DB_HOST", Value: "db-v2"}, {Name: "KEY", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: "keys"}, Key: "main"}}}}
		}, []change.Item{{"env", `env DB_HOST of api: "db" → "db-v2"`}, {"env", "env KEY of api is new: key main of Secret keys"}, {"env", `env MODE of api is gone (it was "fast")`}}},
		{"limit", func(t *corev1.PodTemplateSpec) {
			t.Spec.Containers[0].Resources.Limits = corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("64Mi")}
		}, []change.Item{{"resources", "resources of api limits.memory: 512Mi → 64Mi"}}},
		{"probe", func(t *corev1.PodTemplateSpec) { t.Spec.Containers[0].LivenessProbe.HTTPGet.Path = "/healthz" },
			[]change.Item{{"probes", "livenessProbe of api httpGet.path: /live → /healthz"}}},
		{"sidecar", func(t *corev1.PodTemplateSpec) {
			t.Spec.Containers = append(t.Spec.Containers, corev1.Container{Name: "proxy", Image: "mesh/proxy:1"})
		}, []change.Item{{"lifecycle", "container proxy (mesh/proxy:1) is new"}}},
		{"volume", func(t *corev1.PodTemplateSpec) {
			t.Spec.Volumes = []corev1.Volume{{Name: "conf", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "settings"}}}}}
			t.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "conf", MountPath: "/etc/api"}}
		}, []change.Item{{"volumes", "mount of api at /etc/api is new: mountPath /etc/api, name conf"}, {"config", "volume conf is new: configMap.name settings"}}},
		{"restart", func(t *corev1.PodTemplateSpec) {
			t.Annotations = map[string]string{"kubectl.kubernetes.io/restartedAt": "2026-11-23T02:00:00Z"}
		}, []change.Item{{"", "nothing but a restart (2026-11-23T02:00:00Z)"}}},
		{"checksum", func(t *corev1.PodTemplateSpec) { t.Annotations = map[string]string{"checksum/config": "b"} },
			[]change.Item{{"config", "annotation checksum/config changed: the content of a configuration did"}}},
		{"user", func(t *corev1.PodTemplateSpec) {
			t.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsUser: new(int64(1000))}
		}, []change.Item{{"security", "securityContext runAsUser is new: 1000"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, change.Templates(template(nil), template(c.edit))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func object(t *testing.T, o any, apiVersion, kind string) evidence.Object {
	t.Helper()
	raw, err := evidence.ToRaw(o)
	if err != nil {
		t.Fatal(err)
	}
	return evidence.NewObject(raw, apiVersion, kind, "live")
}

func replicaSet(t *testing.T, revision int, history string, made time.Duration, edit func(*corev1.PodTemplateSpec)) evidence.Object {
	t.Helper()
	hash := fmt.Sprintf("hash%d", revision)
	rs := appsv1.ReplicaSet{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "api-" + hash, CreationTimestamp: metav1.NewTime(now.Add(-made)), Labels: map[string]string{"pod-template-hash": hash},
		Annotations: map[string]string{"deployment.kubernetes.io/revision": fmt.Sprint(revision)}, OwnerReferences: []metav1.OwnerReference{{Kind: "Deployment", Name: "api", Controller: new(true)}}}}
	if history != "" {
		rs.Annotations["deployment.kubernetes.io/revision-history"] = history
	}
	rs.Spec.Template = *template(edit)
	rs.Spec.Template.Labels = map[string]string{"pod-template-hash": hash}
	return object(t, rs, "apps/v1", "ReplicaSet")
}

func deployment(t *testing.T, fields ...metav1.ManagedFieldsEntry) evidence.Object {
	t.Helper()
	return object(t, appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "api", CreationTimestamp: metav1.NewTime(now.Add(-100 * time.Hour)), ManagedFields: fields,
		Annotations: map[string]string{"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "shop"}}}, "apps/v1", "Deployment")
}

func managed(by string, before time.Duration, sub, fields string) metav1.ManagedFieldsEntry {
	at := metav1.NewTime(now.Add(-before))
	return metav1.ManagedFieldsEntry{Manager: by, Operation: metav1.ManagedFieldsOperationUpdate, Time: &at, Subresource: sub, FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(fields)}
}

func told(list []change.Change) string {
	var b strings.Builder
	for _, c := range list {
		fmt.Fprintf(&b, "%s %s | %s\n", c.Time.Format("15:04:05"), c.Text(3), c.Owner)
	}
	return b.String()
}

func TestAll(t *testing.T) {
	for _, c := range []struct {
		name string
		s    evidence.Snapshot
		want string
	}{
		{"a rollout, who made it, and whose it is", evidence.Snapshot{Objects: []evidence.Object{
			deployment(t, managed("kubectl-edit", time.Hour, "", `{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"api\"}":{"f:image":{}}}}}}}`),
				managed("kube-controller-manager", time.Minute, "status", `{"f:status":{"f:replicas":{}}}`)),
			replicaSet(t, 1, "", 100*time.Hour, nil), replicaSet(t, 2, "", time.Hour, func(t *corev1.PodTemplateSpec) { t.Spec.Containers[0].Image = "shop/api:2" })}},
			"23:00:00 creation of Deployment shop/api to revision hash1 | Helm (shop/shop)\n" +
				"02:00:00 rollout of Deployment shop/api to revision hash2: image of api: shop/api:1 → shop/api:2 (by kubectl-edit) | Helm (shop/shop)\n"},
		{"a template that came back is not as new as its ReplicaSet is old", evidence.Snapshot{
			Events: []evidence.Event{{Reason: "ScalingReplicaSet", Message: "Scaled up replica set api-hash3 from 0 to 1", Last: now.Add(-10 * time.Minute), About: evidence.Ref{Kind: "Deployment", Namespace: "shop", Name: "api"}}},
			Objects: []evidence.Object{deployment(t), replicaSet(t, 2, "", time.Hour, func(t *corev1.PodTemplateSpec) { t.Spec.Containers[0].Image = "shop/api:2" }),
				replicaSet(t, 3, "1", 100*time.Hour, nil)}},
			"02:50:00 rollout of Deployment shop/api to revision hash3: image of api: shop/api:2 → shop/api:1 | Helm (shop/shop)\n"},
		{"an edit of a ConfigMap, not its creation by two tools", evidence.Snapshot{Objects: []evidence.Object{
			object(t, corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "settings", CreationTimestamp: metav1.NewTime(now.Add(-2 * time.Hour)), ManagedFields: []metav1.ManagedFieldsEntry{
				managed("helm", 2*time.Hour-time.Second, "", `{"f:data":{"f:a":{},"f:b":{}}}`), managed("kubectl-patch", time.Hour, "", `{"f:data":{"f:b":{}}}`)}}}, "v1", "ConfigMap")}},
			"01:00:00 creation of ConfigMap shop/settings: it was not there before | \n02:00:00 edit of ConfigMap shop/settings: one or more of its keys b (by kubectl-patch) | \n"},
		{"scaled to zero, by whom", evidence.Snapshot{Objects: []evidence.Object{
			object(t, appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "db", CreationTimestamp: metav1.NewTime(now.Add(-9 * time.Hour)), ManagedFields: []metav1.ManagedFieldsEntry{
				managed("kubectl", time.Hour, "scale", `{"f:spec":{"f:replicas":{}}}`)}}, Spec: appsv1.DeploymentSpec{Replicas: new(int32(0))}}, "apps/v1", "Deployment")}},
			"18:00:00 creation of Deployment shop/db | \n02:00:00 scaling of Deployment shop/db: it has 0 replicas (by kubectl) | \n"},
		{"scaled by somebody, and rolled out", evidence.Snapshot{Events: []evidence.Event{
			{Reason: "ScalingReplicaSet", Message: "Scaled up replica set api-a from 2 to 3", Last: now.Add(-time.Hour), About: evidence.Ref{Kind: "Deployment", Namespace: "shop", Name: "api"}},
			{Reason: "ScalingReplicaSet", Message: "Scaled up replica set api-b from 1 to 2", Last: now.Add(-10 * time.Minute), About: evidence.Ref{Kind: "Deployment", Namespace: "shop", Name: "api"}},
			{Reason: "ScalingReplicaSet", Message: "Scaled down replica set api-a from 2 to 1", Last: now.Add(-9 * time.Minute), About: evidence.Ref{Kind: "Deployment", Namespace: "shop", Name: "api"}}}},
			"02:00:00 scaling of Deployment shop/api: from 2 to 3 replicas | \n"},
		{"a slow rollout takes its former pods down late", evidence.Snapshot{Events: []evidence.Event{
			{Reason: "ScalingReplicaSet", Message: "Scaled up replica set db-b from 0 to 1", Last: now.Add(-10 * time.Minute), About: evidence.Ref{Kind: "Deployment", Namespace: "shop", Name: "db"}},
			{Reason: "ScalingReplicaSet", Message: "Scaled down replica set db-a from 1 to 0", Last: now.Add(-5 * time.Minute), About: evidence.Ref{Kind: "Deployment", Namespace: "shop", Name: "db"}}}}, ""},
		{"nodes", evidence.Snapshot{Population: evidence.Population{Nodes: []evidence.NodeRow{{Name: "n1", Created: now.Add(-time.Hour), Image: "i2", Ready: "False", ReadySince: now.Add(-time.Minute), ReadyReason: "KubeletNotReady"}}},
			Events: []evidence.Event{{Reason: "Rebooted", Message: "Node n1 has been rebooted", Last: now.Add(-2 * time.Minute), About: evidence.Ref{Kind: "Node", Name: "n1"}},
				{Reason: "NodeHasSufficientMemory", Last: now, About: evidence.Ref{Kind: "Node", Name: "n1"}}}},
			"02:00:00 Node n1: it joined the cluster with image i2 | \n02:58:00 Node n1: Rebooted: Node n1 has been rebooted | \n02:59:00 Node n1: Ready became False: KubeletNotReady | \n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, told(change.All(&c.s))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
