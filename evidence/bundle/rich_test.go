package bundle

import (
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

var captured = time.Date(2026, 11, 23, 3, 2, 49, 123456789, time.UTC)

// rich has something in every field, names that paths do not take as they are among it.
func rich() *evidence.Snapshot {
	pod := evidence.Raw{"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": "api-5f4c-x", "namespace": "shop", "uid": "u1", "resourceVersion": "17"},
		"spec":     map[string]any{"containers": []any{map[string]any{"name": "api", "args": []any{"<a> & b"}}}, "priority": float64(3)}}
	role := evidence.Raw{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": map[string]any{"name": "system:node"}}
	long := evidence.Raw{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": strings.Repeat("n", 253), "namespace": "shop"}}
	in := evidence.Instance{Namespace: "shop", Pod: "api-5f4c-x", PodUID: "u1", Container: "api", ContainerID: "containerd://aa", Restart: 3,
		Start: captured.Add(-time.Minute), Finish: captured.Add(-time.Second)}
	older := in
	older.ContainerID, older.Restart = "containerd://bb", 2
	s := &evidence.Snapshot{
		CapturedAt: captured,
		Target:     evidence.Target{Kind: "Deployment", Namespace: "shop", Name: "api"},
		Cluster:    evidence.Cluster{UID: "c1", Version: "v1.37.2", Provider: "aks"},
		Objects:    []evidence.Object{evidence.NewObject(pod, "", "", "live"), evidence.NewObject(role, "", "", "role.yaml"), evidence.NewObject(long, "", "", "live")},
		Events: []evidence.Event{{Namespace: "shop", Name: "e", UID: "e1", About: evidence.Ref{Kind: "Pod", Namespace: "shop", Name: "api-5f4c-x", Path: "spec.containers{api}"},
			Container: "api", Type: "Warning", Reason: "BackOff", Message: "<back-off> & 10s", Component: "kubelet", Host: "n1", Count: 4, First: captured, Last: captured}},
		Logs: []evidence.Log{
			{Instance: in, Sure: true, Timestamps: true, Head: true, Tail: true, Bytes: 6, Text: []byte("a\x00\xff\n\x1bb")},
			{Instance: in, Previous: true, Skip: 2, Bytes: 4, Text: []byte("ab\nc")},
			{Instance: older, Previous: true, Text: []byte("older\n")},
		},
		Usage:   []evidence.Usage{{Namespace: "shop", Pod: "p", Container: "c", Time: captured, Window: time.Second, WorkingSet: 1 << 40, CPU: 0.25, Source: "metrics.k8s.io"}},
		Samples: []evidence.Sample{{Workload: "Deployment/shop/api", Revision: "5f4c", Container: "api", Symptom: "crash-loop", Read: 3, Of: 14}},
		Gaps: []evidence.Gap{{What: "previous log", About: evidence.Ref{Kind: "Pod", Name: "p"}, Source: evidence.Process,
			Reason: evidence.Forbidden, Detail: "no", Close: "grant get on pods/log"}},
		EventsListed: []string{"", "shop"},
		Calls:        12, LogReads: 3, Redacted: true,
	}
	s.Population.Complete = true
	s.Population.Nodes = []evidence.NodeRow{{Name: "n1", Pool: "p", Zone: "z", Ready: "True", ReadySince: captured, Pressure: []string{"DiskPressure"}}}
	s.Population.Add(evidence.Row{Namespace: "shop", Pod: "api-5f4c-x", UID: "u1", OwnerKind: "ReplicaSet", Owner: "api-5f4c", WorkloadKind: "Deployment",
		Workload: "api", Revision: "5f4c", Node: "n1", Images: []string{"a", "b"}, Created: captured, Symptom: "crash-loop", SickContainers: []string{"api"}, Active: true})
	s.Population.Add(evidence.Row{Namespace: "shop", Pod: "web"})
	return s
}
