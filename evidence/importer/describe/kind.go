package describe

// apiVersions are those that kubectl describes each kind from.
var apiVersions = map[string]string{
	"Pod": "v1", "Node": "v1", "PersistentVolumeClaim": "v1", "PersistentVolume": "v1", "Service": "v1", "Endpoints": "v1",
	"ConfigMap": "v1", "Secret": "v1", "ServiceAccount": "v1", "ResourceQuota": "v1", "LimitRange": "v1", "Event": "v1",
	"Namespace": "v1", "ReplicationController": "v1",
	"Deployment": "apps/v1", "ReplicaSet": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1",
	"Job": "batch/v1", "CronJob": "batch/v1", "HorizontalPodAutoscaler": "autoscaling/v2",
	"Ingress": "networking.k8s.io/v1", "NetworkPolicy": "networking.k8s.io/v1",
}

// kind infers the kind from the sections that only its describer prints.
func (b *block) kind() string {
	has := func(keys ...string) bool {
		for _, k := range keys {
			if b.sections[k] == nil {
				return false
			}
		}
		return true
	}
	switch {
	case has("API Version", "Kind"):
		return b.sections["Kind"].val // describeGeneric
	case has("Pod Template"), has("Pods Status"), has("Pods Statuses"), has("StrategyType"), has("Schedule"):
		return b.workloadKind(has)
	case has("System Info"), has("Roles"), has("Non-terminated Pods"), has("Unschedulable"):
		return "Node"
	case has("Reclaim Policy"), has("Source", "Claim"):
		return "PersistentVolume"
	case has("Subsets"):
		return "Endpoints"
	case has("Session Affinity"), has("TargetPort"), has("IP Families"):
		return "Service"
	case has("StorageClass"), has("Access Modes"):
		return "PersistentVolumeClaim"
	case has("Image pull secrets"), has("Mountable secrets"):
		return "ServiceAccount"
	case has("Reference"), has("Min replicas"):
		return "HorizontalPodAutoscaler"
	case has("Default backend"), has("Rules", "Address"):
		return "Ingress"
	case has("Spec", "Created on"):
		return "NetworkPolicy"
	case has("Quota table"):
		return "ResourceQuota"
	case has("Limits table"):
		return "LimitRange"
	case has("Data", "Type"):
		return "Secret"
	case has("Data"):
		return "ConfigMap"
	case has("Containers"), has("Init Containers"), has("QoS Class"), has("QoS Tier"), has("IPs"), has("Node", "Start Time"),
		has("Node", "Status"), has(""):
		return "Pod"
	case has("Name", "Status") && !has("Namespace"):
		return "Namespace"
	}
	return ""
}

func (b *block) workloadKind(has func(...string) bool) string {
	switch {
	case has("Schedule"), has("Concurrency Policy"):
		return "CronJob"
	case has("Pods Statuses"), has("Parallelism"):
		return "Job"
	case has("StrategyType"), has("NewReplicaSet"):
		return "Deployment"
	case has("Desired Number of Nodes Scheduled"):
		return "DaemonSet"
	case has("Update Strategy"), has("Volume Claims"):
		return "StatefulSet"
	case has("Replicas"):
		// describeReplicaSet and describeReplicationController print the same; only the former has an owner, and the
		// events tell the controllers apart.
		for _, e := range b.obj.Events {
			if e.From == "replication-controller" {
				return "ReplicationController"
			}
		}
		return "ReplicaSet"
	}
	return ""
}

// fill reads the sections into the object.
func (b *block) fill() {
	b.metadata()
	readers := map[string]func(){
		"Pod": b.pod, "Node": b.node, "Deployment": b.deployment, "ReplicaSet": b.replicaSet, "ReplicationController": b.replicaSet,
		"DaemonSet": b.daemonSet, "StatefulSet": b.statefulSet, "Job": b.job, "CronJob": b.cronJob,
		"PersistentVolumeClaim": b.claim, "PersistentVolume": b.volume, "Service": b.service, "Endpoints": b.endpoints,
		"ServiceAccount": b.serviceAccount, "Ingress": b.ingress, "ConfigMap": b.configMap, "ResourceQuota": b.quota,
		"LimitRange": b.limitRange, "Namespace": b.namespace, "HorizontalPodAutoscaler": b.autoscaler, "NetworkPolicy": b.networkPolicy,
	}
	if b.sections["API Version"] != nil {
		b.generic()
	} else if r := readers[b.obj.Kind]; r != nil {
		r()
	}
}
