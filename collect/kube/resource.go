package kube

import "strings"

// resource is one REST resource of the API.
type resource struct {
	group, version, name string
	kind                 string
	clusterWide          bool
}

func (r resource) apiVersion() string {
	if r.group == "" {
		return r.version
	}
	return r.group + "/" + r.version
}

// path is the resource's URL path; ns and name may be empty.
func (r resource) path(ns, name string) string {
	p := "/apis/" + r.group + "/" + r.version
	if r.group == "" {
		p = "/api/" + r.version
	}
	if ns != "" && !r.clusterWide {
		p += "/namespaces/" + ns
	}
	p += "/" + r.name
	if name != "" {
		p += "/" + name
	}
	return p
}

// The resources that the base round reads whatever the target is.
var (
	resPods        = resource{version: "v1", name: "pods", kind: "Pod"}
	resPodLogs     = resource{version: "v1", name: "pods/log", kind: "Pod"}
	resNodes       = resource{version: "v1", name: "nodes", kind: "Node", clusterWide: true}
	resNamespaces  = resource{version: "v1", name: "namespaces", kind: "Namespace", clusterWide: true}
	resEvents      = resource{version: "v1", name: "events", kind: "Event"}
	resReplicaSets = resource{group: "apps", version: "v1", name: "replicasets", kind: "ReplicaSet"}
	resJobs        = resource{group: "batch", version: "v1", name: "jobs", kind: "Job"}
	resPodMetrics  = resource{group: "metrics.k8s.io", version: "v1beta1", name: "pods", kind: "PodMetrics"}
)

// known are the resources that need no discovery. Secrets are not among them, on purpose.
var known = []struct {
	resource
	short string // the short names of kubectl api-resources
}{
	{resPods, "po"},
	{resNodes, "no"},
	{resNamespaces, "ns"},
	{resource{version: "v1", name: "replicationcontrollers", kind: "ReplicationController"}, "rc"},
	{resource{version: "v1", name: "services", kind: "Service"}, "svc"},
	{resource{version: "v1", name: "configmaps", kind: "ConfigMap"}, "cm"},
	{resource{version: "v1", name: "serviceaccounts", kind: "ServiceAccount"}, "sa"},
	{resource{version: "v1", name: "persistentvolumeclaims", kind: "PersistentVolumeClaim"}, "pvc"},
	{resource{version: "v1", name: "persistentvolumes", kind: "PersistentVolume", clusterWide: true}, "pv"},
	{resource{version: "v1", name: "resourcequotas", kind: "ResourceQuota"}, "quota"},
	{resource{version: "v1", name: "limitranges", kind: "LimitRange"}, "limits"},
	{resource{group: "apps", version: "v1", name: "deployments", kind: "Deployment"}, "deploy"},
	{resReplicaSets, "rs"},
	{resource{group: "apps", version: "v1", name: "statefulsets", kind: "StatefulSet"}, "sts"},
	{resource{group: "apps", version: "v1", name: "daemonsets", kind: "DaemonSet"}, "ds"},
	{resource{group: "apps", version: "v1", name: "controllerrevisions", kind: "ControllerRevision"}, ""},
	{resJobs, ""},
	{resource{group: "batch", version: "v1", name: "cronjobs", kind: "CronJob"}, "cj"},
	{resource{group: "discovery.k8s.io", version: "v1", name: "endpointslices", kind: "EndpointSlice"}, ""},
	{resource{group: "networking.k8s.io", version: "v1", name: "networkpolicies", kind: "NetworkPolicy"}, "netpol"},
	{resource{group: "networking.k8s.io", version: "v1", name: "ingresses", kind: "Ingress"}, "ing"},
	{resource{group: "autoscaling", version: "v2", name: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler"}, "hpa"},
	{resource{group: "policy", version: "v1", name: "poddisruptionbudgets", kind: "PodDisruptionBudget"}, "pdb"},
	{resource{group: "rbac.authorization.k8s.io", version: "v1", name: "roles", kind: "Role"}, ""},
	{resource{group: "rbac.authorization.k8s.io", version: "v1", name: "rolebindings", kind: "RoleBinding"}, ""},
	{resource{group: "admissionregistration.k8s.io", version: "v1", name: "mutatingwebhookconfigurations", kind: "MutatingWebhookConfiguration", clusterWide: true}, ""},
	{resource{group: "admissionregistration.k8s.io", version: "v1", name: "validatingwebhookconfigurations", kind: "ValidatingWebhookConfiguration", clusterWide: true}, ""},
	{resource{group: "storage.k8s.io", version: "v1", name: "storageclasses", kind: "StorageClass", clusterWide: true}, "sc"},
}

// knownByName finds a resource by what people type: kind, resource, short name, with or without its group.
func knownByName(s string) (resource, bool) {
	name, group, hasGroup := strings.Cut(strings.ToLower(s), ".")
	for _, k := range known {
		if hasGroup && group != k.group && group != k.version+"."+k.group {
			continue
		}
		if name == k.name || name == strings.ToLower(k.kind) || (k.short != "" && name == k.short) {
			return k.resource, true
		}
	}
	return resource{}, false
}

// knownByKind finds a resource by an owner reference's apiVersion and kind.
func knownByKind(apiVersion, kind string) (resource, bool) {
	group, _, ok := strings.Cut(apiVersion, "/")
	if !ok {
		group = ""
	}
	for _, k := range known {
		if k.kind == kind && (k.group == group || apiVersion == "") {
			return k.resource, true
		}
	}
	return resource{}, false
}
