package describe

import (
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func ptr[T any](v T) *T { return &v }

func at(s string) metav1.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return metav1.Time{Time: t}
}

func named(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: "harbour", Labels: map[string]string{"app": name, "tier": "quay"},
		Annotations: map[string]string{"team": "cranes", "note": "two\nlines"}}
}

func created(m metav1.ObjectMeta) metav1.ObjectMeta {
	m.CreationTimestamp = at("2031-02-03T04:05:06Z")
	return m
}

func cluster(m metav1.ObjectMeta) metav1.ObjectMeta {
	m.Namespace = ""
	return m
}

var selectorOf = &metav1.LabelSelector{MatchLabels: map[string]string{"app": "crane"},
	MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "side", Operator: metav1.LabelSelectorOpIn, Values: []string{"east", "west"}}}}

// template has only fields that describe shows.
func template() corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "crane", "x": "y"}, Annotations: map[string]string{"seen": "yes"}},
		Spec: corev1.PodSpec{
			ServiceAccountName: "operator", PriorityClassName: "heavy",
			NodeSelector: map[string]string{"disk": "fast"},
			Tolerations:  []corev1.Toleration{{Key: "wet", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoSchedule}},
			TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{MaxSkew: 2, TopologyKey: "zone", WhenUnsatisfiable: corev1.DoNotSchedule,
				LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "crane"}}}},
			InitContainers: []corev1.Container{{Name: "oil", Image: "oil:1", Command: []string{"sh", "-c", "set -e\noil --all\n\n  done: yes"}}},
			Containers: []corev1.Container{{
				Name: "lift", Image: "reg.example:5000/lift@sha256:1234", Args: []string{"--mode=slow", "State:  Running"},
				Ports:     []corev1.ContainerPort{{Name: "web", ContainerPort: 8080, Protocol: "TCP"}, {ContainerPort: 9000, HostPort: 9001, Protocol: "UDP"}},
				Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"memory": resource.MustParse("64Mi")}, Requests: corev1.ResourceList{"cpu": resource.MustParse("100m")}},
				ReadinessProbe: &corev1.Probe{PeriodSeconds: 3, TimeoutSeconds: 1, SuccessThreshold: 1, FailureThreshold: 9, InitialDelaySeconds: 4,
					ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Scheme: "HTTPS", Path: "/ready now", Port: intstr.FromString("web")}}},
				Env: []corev1.EnvVar{{Name: "HOOK", Value: "iron"}, {Name: "KEY", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
					LocalObjectReference: corev1.LocalObjectReference{Name: "keys"}, Key: "main", Optional: ptr(true)}}}},
				VolumeMounts: []corev1.VolumeMount{{Name: "deck", MountPath: "/deck", ReadOnly: true}},
			}},
			Volumes: []corev1.Volume{{Name: "deck", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
				LocalObjectReference: corev1.LocalObjectReference{Name: "plan"}, Optional: ptr(false)}}}},
		},
	}
}

// kinds are objects with nothing but fields that describe shows.
var kinds = []struct {
	kind string
	obj  runtime.Object
}{
	{"Deployment", &appsv1.Deployment{ObjectMeta: created(named("crane")),
		Spec: appsv1.DeploymentSpec{Replicas: ptr(int32(3)), Selector: selectorOf, MinReadySeconds: 5, Template: template(),
			Strategy: appsv1.DeploymentStrategy{Type: "RollingUpdate", RollingUpdate: &appsv1.RollingUpdateDeployment{MaxUnavailable: ptr(intstr.FromString("25%")), MaxSurge: ptr(intstr.FromInt32(1))}}},
		Status: appsv1.DeploymentStatus{Replicas: 4, UpdatedReplicas: 2, AvailableReplicas: 1, UnavailableReplicas: 3,
			Conditions: []appsv1.DeploymentCondition{{Type: "Available", Status: "False", Reason: "MinimumReplicasUnavailable"}}}}},
	{"ReplicaSet", &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{Name: "crane-7", Namespace: "harbour", OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "crane", Controller: ptr(true)}}},
		Spec:       appsv1.ReplicaSetSpec{Replicas: ptr(int32(3)), Selector: selectorOf, Template: template()},
		Status:     appsv1.ReplicaSetStatus{Replicas: 2, Conditions: []appsv1.ReplicaSetCondition{{Type: "ReplicaFailure", Status: "True", Reason: "FailedCreate"}}}}},
	{"StatefulSet", &appsv1.StatefulSet{ObjectMeta: created(named("tide")),
		Spec: appsv1.StatefulSetSpec{Replicas: ptr(int32(2)), Selector: selectorOf, ServiceName: "tide-headless", PodManagementPolicy: "Parallel", Template: template(),
			UpdateStrategy:                       appsv1.StatefulSetUpdateStrategy{Type: "RollingUpdate", RollingUpdate: &appsv1.RollingUpdateStatefulSetStrategy{Partition: ptr(int32(1))}},
			PersistentVolumeClaimRetentionPolicy: &appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy{WhenDeleted: "Retain", WhenScaled: "Delete"},
			VolumeClaimTemplates: []corev1.PersistentVolumeClaim{
				{ObjectMeta: metav1.ObjectMeta{Name: "data", Labels: map[string]string{"a": "b", "c": "d"}}, Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: ptr("slow"), AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteOnce"},
					Resources: corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{"storage": resource.MustParse("1Gi")}}}},
				{ObjectMeta: metav1.ObjectMeta{Name: "log"}, Spec: corev1.PersistentVolumeClaimSpec{AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteMany"}}}}},
		Status: appsv1.StatefulSetStatus{Replicas: 2}}},
	{"DaemonSet", &appsv1.DaemonSet{ObjectMeta: named("buoy"),
		Spec:   appsv1.DaemonSetSpec{Selector: selectorOf, Template: template()},
		Status: appsv1.DaemonSetStatus{DesiredNumberScheduled: 5, CurrentNumberScheduled: 4, UpdatedNumberScheduled: 3, NumberAvailable: 2, NumberMisscheduled: 1}}},
	{"Job", &batchv1.Job{ObjectMeta: named("dredge"),
		Spec: batchv1.JobSpec{Selector: selectorOf, Parallelism: ptr(int32(2)), Completions: ptr(int32(4)), CompletionMode: ptr(batchv1.IndexedCompletion), Suspend: ptr(true),
			BackoffLimit: ptr(int32(6)), TTLSecondsAfterFinished: ptr(int32(60)), ActiveDeadlineSeconds: ptr(int64(90)), Template: template()},
		Status: batchv1.JobStatus{StartTime: ptr(at("2031-02-03T04:05:06Z")), CompletionTime: ptr(at("2031-02-03T04:15:06Z")), Active: 1, Ready: ptr(int32(1)), Succeeded: 2, Failed: 3, CompletedIndexes: "0,2"}}},
	{"CronJob", &batchv1.CronJob{ObjectMeta: named("log-book"),
		Spec: batchv1.CronJobSpec{Schedule: "*/5 * * * *", ConcurrencyPolicy: "Forbid", Suspend: ptr(false), TimeZone: ptr("Europe/Paris"), SuccessfulJobsHistoryLimit: ptr(int32(3)),
			StartingDeadlineSeconds: ptr(int64(30)), JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Parallelism: ptr(int32(1)), ActiveDeadlineSeconds: ptr(int64(9)), Template: template()}}},
		Status: batchv1.CronJobStatus{LastScheduleTime: ptr(at("2031-02-03T04:05:00Z")), Active: []corev1.ObjectReference{{Kind: "Job", Name: "log-book-1"}, {Kind: "Job", Name: "log-book-2"}}}}},
	{"Node", &corev1.Node{ObjectMeta: created(cluster(named("pier-1"))),
		Spec: corev1.NodeSpec{Taints: []corev1.Taint{{Key: "wet", Effect: "NoExecute"}, {Key: "pool", Value: "gpu", Effect: "NoSchedule"}}, PodCIDR: "10.1.0.0/24", PodCIDRs: []string{"10.1.0.0/24", "fd00::/80"}, ProviderID: "cloud:///pier-1"},
		Status: corev1.NodeStatus{Conditions: []corev1.NodeCondition{{Type: "Ready", Status: "False", LastHeartbeatTime: at("2031-02-03T04:05:00Z"), LastTransitionTime: at("2031-02-03T04:00:00Z"), Reason: "KubeletNotReady", Message: "container runtime is down: no"}},
			Addresses: []corev1.NodeAddress{{Type: "InternalIP", Address: "10.0.0.4"}, {Type: "Hostname", Address: "pier-1"}},
			Capacity:  corev1.ResourceList{"cpu": resource.MustParse("4"), "memory": resource.MustParse("8Gi")}, Allocatable: corev1.ResourceList{"cpu": resource.MustParse("3800m"), "memory": resource.MustParse("7Gi")},
			NodeInfo: corev1.NodeSystemInfo{MachineID: "m", SystemUUID: "s", BootID: "b", KernelVersion: "6.1.0", OSImage: "Some Linux 12 (calm)", OperatingSystem: "linux", Architecture: "arm64", ContainerRuntimeVersion: "containerd://2.0", KubeletVersion: "v1.37.2"}}}},
	{"PersistentVolumeClaim", &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Name: "hold", Namespace: "harbour", Finalizers: []string{"kubernetes.io/pvc-protection"}},
		Spec:       corev1.PersistentVolumeClaimSpec{StorageClassName: ptr("fast"), VolumeName: "pv-9", VolumeMode: ptr(corev1.PersistentVolumeFilesystem), DataSource: &corev1.TypedLocalObjectReference{APIGroup: ptr("snapshot.storage.k8s.io"), Kind: "VolumeSnapshot", Name: "before"}},
		Status: corev1.PersistentVolumeClaimStatus{Phase: "Bound", AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteOnce", "ReadOnlyMany"}, Capacity: corev1.ResourceList{"storage": resource.MustParse("5Gi")},
			Conditions: []corev1.PersistentVolumeClaimCondition{{Type: "Resizing", Status: "True", LastProbeTime: at("2031-02-03T04:05:00Z"), LastTransitionTime: at("2031-02-03T04:00:00Z"), Reason: "Wait", Message: "waiting for the node"}}}}},
	{"PersistentVolume", &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: "pv-9", Finalizers: []string{"kubernetes.io/pv-protection"}},
		Spec: corev1.PersistentVolumeSpec{StorageClassName: "fast", ClaimRef: &corev1.ObjectReference{Namespace: "harbour", Name: "hold"}, PersistentVolumeReclaimPolicy: "Retain", AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteOncePod"},
			VolumeMode: ptr(corev1.PersistentVolumeBlock), Capacity: corev1.ResourceList{"storage": resource.MustParse("5Gi")},
			NodeAffinity:           &corev1.VolumeNodeAffinity{Required: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: "zone", Operator: "In", Values: []string{"a", "b"}}, {Key: "hot", Operator: "Exists"}}}}}},
			PersistentVolumeSource: corev1.PersistentVolumeSource{CSI: &corev1.CSIPersistentVolumeSource{Driver: "disk.example", FSType: "ext4", VolumeHandle: "vol/1", ReadOnly: true, VolumeAttributes: map[string]string{"k": "v", "l": "w"}}}},
		Status: corev1.PersistentVolumeStatus{Phase: "Released", Message: "was let go"}}},
	{"Service", &corev1.Service{ObjectMeta: named("gate"),
		Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "crane", "tier": "x"}, Type: "LoadBalancer", IPFamilyPolicy: ptr(corev1.IPFamilyPolicySingleStack), IPFamilies: []corev1.IPFamily{"IPv4"}, ClusterIP: "10.9.0.1", ClusterIPs: []string{"10.9.0.1"},
			ExternalIPs: []string{"192.0.2.1"}, Ports: []corev1.ServicePort{{Name: "web", Port: 80, Protocol: "TCP", TargetPort: intstr.FromString("http"), NodePort: 30080, AppProtocol: ptr("http")}, {Port: 443, Protocol: "TCP", TargetPort: intstr.FromInt32(8443)}},
			SessionAffinity: "None", ExternalTrafficPolicy: "Local", InternalTrafficPolicy: ptr(corev1.ServiceInternalTrafficPolicyCluster), HealthCheckNodePort: 31000, LoadBalancerSourceRanges: []string{"192.0.2.0/24"}},
		Status: corev1.ServiceStatus{LoadBalancer: corev1.LoadBalancerStatus{Ingress: []corev1.LoadBalancerIngress{{IP: "192.0.2.9", IPMode: ptr(corev1.LoadBalancerIPModeVIP)}, {Hostname: "lb.example"}}}}}},
	{"Endpoints", &corev1.Endpoints{ObjectMeta: named("gate"), //nolint:staticcheck // deprecated, and described
		Subsets: []corev1.EndpointSubset{ //nolint:staticcheck // as above
			{Addresses: []corev1.EndpointAddress{{IP: "10.1.0.2"}, {IP: "10.1.0.3"}}, Ports: []corev1.EndpointPort{{Name: "web", Port: 8080, Protocol: "TCP"}, {Port: 1, Protocol: "UDP"}}},
			{NotReadyAddresses: []corev1.EndpointAddress{{IP: "10.1.0.4"}}}}}},
	{"ConfigMap", &corev1.ConfigMap{ObjectMeta: named("plan"),
		Data: map[string]string{"app.yaml": "a: 1\nEvents:  no\nName: x\n\nb: 2\nc:\n----\nend", "empty": "", "one": "1"}}},
	{"ServiceAccount", &corev1.ServiceAccount{ObjectMeta: named("operator"),
		ImagePullSecrets: []corev1.LocalObjectReference{{Name: "pull-a"}, {Name: "pull-b"}}}},
	{"Ingress", &networkingv1.Ingress{ObjectMeta: named("front"),
		Spec: networkingv1.IngressSpec{IngressClassName: ptr("nginx"), TLS: []networkingv1.IngressTLS{{SecretName: "cert", Hosts: []string{"a.example", "b.example"}}, {Hosts: []string{"c.example"}}},
			DefaultBackend: &networkingv1.IngressBackend{Resource: &corev1.TypedLocalObjectReference{APIGroup: ptr("x.example"), Kind: "Bucket", Name: "static"}},
			Rules: []networkingv1.IngressRule{
				{Host: "a.example", IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{Paths: []networkingv1.HTTPIngressPath{
					{Path: "/", Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: "gate", Port: networkingv1.ServiceBackendPort{Number: 80}}}},
					{Path: "/old", Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: "gone", Port: networkingv1.ServiceBackendPort{Name: "web"}}}}}}}},
				{IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{Paths: []networkingv1.HTTPIngressPath{{Path: "/any", Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: "gate", Port: networkingv1.ServiceBackendPort{Number: 81}}}}}}}}}},
		Status: networkingv1.IngressStatus{LoadBalancer: networkingv1.IngressLoadBalancerStatus{Ingress: []networkingv1.IngressLoadBalancerIngress{{IP: "192.0.2.9"}}}}}},
	{"NetworkPolicy", &networkingv1.NetworkPolicy{ObjectMeta: created(named("walls")),
		Spec: networkingv1.NetworkPolicySpec{PodSelector: *selectorOf, PolicyTypes: []networkingv1.PolicyType{"Ingress", "Egress"},
			Ingress: []networkingv1.NetworkPolicyIngressRule{
				{Ports: []networkingv1.NetworkPolicyPort{{Port: ptr(intstr.FromInt32(80)), Protocol: ptr(corev1.ProtocolTCP)}, {Port: ptr(intstr.FromInt32(90)), EndPort: ptr(int32(99)), Protocol: ptr(corev1.ProtocolUDP)}},
					From: []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"a": "b"}}, NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"c": "d"}}},
						{IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8", Except: []string{"10.1.0.0/16", "10.2.0.0/16"}}}}},
				{From: []networkingv1.NetworkPolicyPeer{{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"e": "f"}}}}}}}}},
	{"ResourceQuota", &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "berths", Namespace: "harbour"},
		Spec:   corev1.ResourceQuotaSpec{Scopes: []corev1.ResourceQuotaScope{"NotBestEffort"}, Hard: corev1.ResourceList{"pods": resource.MustParse("10"), "limits.memory": resource.MustParse("4Gi")}},
		Status: corev1.ResourceQuotaStatus{Hard: corev1.ResourceList{"pods": resource.MustParse("10"), "limits.memory": resource.MustParse("4Gi")}, Used: corev1.ResourceList{"pods": resource.MustParse("10"), "limits.memory": resource.MustParse("1Gi")}}}},
	{"LimitRange", &corev1.LimitRange{ObjectMeta: metav1.ObjectMeta{Name: "sizes", Namespace: "harbour"},
		Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{Type: "Container", Max: corev1.ResourceList{"memory": resource.MustParse("1Gi")}, Min: corev1.ResourceList{"cpu": resource.MustParse("10m")}, Default: corev1.ResourceList{"memory": resource.MustParse("128Mi")}, DefaultRequest: corev1.ResourceList{"memory": resource.MustParse("64Mi")}}, {Type: "Pod", MaxLimitRequestRatio: corev1.ResourceList{"cpu": resource.MustParse("4")}}}}}},
	{"Namespace", &corev1.Namespace{ObjectMeta: cluster(named("harbour")),
		Status: corev1.NamespaceStatus{Phase: "Terminating", Conditions: []corev1.NamespaceCondition{{Type: "NamespaceContentRemaining", Status: "True", LastTransitionTime: at("2031-02-03T04:05:00Z"), Reason: "SomeResourcesRemain", Message: "pods. has 1"}}}}},
	{"HorizontalPodAutoscaler", &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: created(named("crane")),
		Spec: autoscalingv2.HorizontalPodAutoscalerSpec{ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "crane"}, MinReplicas: ptr(int32(2)), MaxReplicas: 9,
			Metrics: []autoscalingv2.MetricSpec{{Type: "Resource", Resource: &autoscalingv2.ResourceMetricSource{Name: "cpu", Target: autoscalingv2.MetricTarget{Type: "Utilization", AverageUtilization: ptr(int32(80))}}},
				{Type: "Resource", Resource: &autoscalingv2.ResourceMetricSource{Name: "memory", Target: autoscalingv2.MetricTarget{Type: "AverageValue", AverageValue: ptr(resource.MustParse("100Mi"))}}}}},
		Status: autoscalingv2.HorizontalPodAutoscalerStatus{CurrentReplicas: 3, DesiredReplicas: 4, Conditions: []autoscalingv2.HorizontalPodAutoscalerCondition{{Type: "ScalingActive", Status: "False", Reason: "FailedGetResourceMetric", Message: "no metrics, sorry"}},
			CurrentMetrics: []autoscalingv2.MetricStatus{{Type: "Resource", Resource: &autoscalingv2.ResourceMetricStatus{Name: "cpu", Current: autoscalingv2.MetricValueStatus{AverageUtilization: ptr(int32(12)), AverageValue: ptr(resource.MustParse("60m"))}}}}}}},
}

// lossyTemplate makes equal what the text of a template cannot tell apart.
func lossyTemplate(v map[string]string) map[string]string {
	out := map[string]string{}
	for k, s := range v {
		switch {
		case strings.HasSuffix(k, ".creationTimestamp") && s == "<nil>", k == ".kind", k == ".apiVersion":
		case s == "0" && (k == ".status.availableReplicas" || k == ".status.numberReady" || strings.HasSuffix(k, ".Port")): // not shown, sent as zero
		case strings.HasSuffix(k, ".readOnly") && s == "false", strings.HasSuffix(k, ".unschedulable") && s == "false":
		default:
			out[k] = s
		}
	}
	return out
}

// Every kind comes back with every field that its describer shows.
func TestKinds(t *testing.T) {
	all := newCoverage()
	for _, k := range kinds {
		t.Run(k.kind, func(t *testing.T) {
			s := realText(t, k.obj)
			o := parseOne(t, s)
			if o.Kind != k.kind || !o.Complete || len(o.Ignored) > 0 {
				t.Errorf("kind %q, complete %v, ignored %v", o.Kind, o.Complete, o.Ignored)
			}
			c := newCoverage()
			c.compareLeaves(k.kind, lossyTemplate(leaves(t, k.obj)), lossyTemplate(leaves(t, o.Raw)))
			for f, n := range c.shown {
				all.shown[k.kind+" "+f] += n
				all.equal[k.kind+" "+f] += c.equal[f]
			}
			if len(c.lost) > 0 {
				t.Errorf("%s\n%s", strings.Join(c.lost, "\n"), s)
			}
		})
	}
	all.table(t)
}
