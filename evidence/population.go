package evidence

import (
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Row is one pod of the population, sick or well: what scope needs and no more. Strings are interned by the
// [Population], so that a cluster of 150,000 pods fits into some tens of megabytes.
type Row struct {
	Namespace    string    `json:"ns"`
	Pod          string    `json:"pod"`
	UID          string    `json:"uid,omitempty"`
	OwnerKind    string    `json:"ownerKind,omitempty"` // the direct controller
	Owner        string    `json:"owner,omitempty"`
	WorkloadKind string    `json:"kind,omitempty"` // the top owner as far as known
	Workload     string    `json:"workload,omitempty"`
	Revision     string    `json:"rev,omitempty"` // pod-template-hash or controller-revision-hash
	Node         string    `json:"node,omitempty"`
	Images       []string  `json:"images,omitempty"` // of main containers, in order
	Uses         []string  `json:"uses,omitempty"`   // what it refers to, see [Uses]; empty in evidence of older versions
	Created      time.Time `json:"created,omitzero"`
	// Symptom is triage's word; empty where the pod is well. SickContainers names who shows it.
	Symptom        string   `json:"symptom,omitempty"`
	SickContainers []string `json:"sick,omitempty"`
	Active         bool     `json:"active,omitempty"`
}

// NodeRow is one node of the population.
type NodeRow struct {
	Name           string    `json:"name"`
	Pool           string    `json:"pool,omitempty"`
	Zone           string    `json:"zone,omitempty"`
	Image          string    `json:"nodeImage,omitempty"`
	KubeletVersion string    `json:"kubelet,omitempty"`
	Runtime        string    `json:"runtime,omitempty"`
	OS             string    `json:"os,omitempty"`
	Arch           string    `json:"arch,omitempty"`
	InstanceType   string    `json:"instanceType,omitempty"`
	Spot           bool      `json:"spot,omitempty"` // may be taken away by the cloud at any time
	ProviderID     string    `json:"providerID,omitempty"`
	Ready          string    `json:"ready,omitempty"` // True, False, Unknown; empty where not known
	ReadySince     time.Time `json:"readySince,omitzero"`
	ReadyReason    string    `json:"readyReason,omitempty"`
	ReadyMessage   string    `json:"readyMessage,omitempty"`
	Pressure       []string  `json:"pressure,omitempty"` // conditions MemoryPressure, DiskPressure, PIDPressure that are True
	Unschedulable  bool      `json:"unschedulable,omitempty"`
	Created        time.Time `json:"created,omitzero"`
}

// Population is every pod and node that the collection could see. Complete is false where it saw only a part
// (one namespace, a filter); then scope beyond that part cannot be told.
type Population struct {
	Rows     []Row     `json:"rows"`
	Nodes    []NodeRow `json:"nodes"`
	Complete bool      `json:"complete"`
	strings  map[string]string
	lists    map[uint64][][]string
}

// Add interns a row's strings and keeps it.
func (p *Population) Add(r Row) {
	for _, s := range []*string{&r.Namespace, &r.OwnerKind, &r.Owner, &r.WorkloadKind, &r.Workload, &r.Revision, &r.Node, &r.Symptom} {
		*s = p.intern(*s)
	}
	r.Images, r.Uses, r.SickContainers = p.internList(r.Images), p.internList(r.Uses), p.internList(r.SickContainers)
	p.Rows = append(p.Rows, r)
}

func (p *Population) intern(s string) string {
	if p.strings == nil {
		p.strings = map[string]string{}
	}
	if v, ok := p.strings[s]; ok {
		return v
	}
	s = strings.Clone(s) // a decoded page's buffer must not be kept alive by one of its strings
	p.strings[s] = s
	return s
}

// Node returns a node's row.
func (p *Population) Node(name string) (NodeRow, bool) {
	for _, n := range p.Nodes {
		if n.Name == name {
			return n, true
		}
	}
	return NodeRow{}, false
}

// Labels by which clusters name node pools, in order of preference: AKS, GKE, EKS, Karpenter.
var poolLabels = []string{"kubernetes.azure.com/agentpool", "agentpool", "cloud.google.com/gke-nodepool", "eks.amazonaws.com/nodegroup", "karpenter.sh/nodepool"}

// Labels by which clouds mark nodes that they may take away: AKS, GKE (two generations), EKS, Karpenter.
var spotLabels = map[string]string{"kubernetes.azure.com/scalesetpriority": "spot", "cloud.google.com/gke-spot": "true",
	"cloud.google.com/gke-preemptible": "true", "eks.amazonaws.com/capacityType": "SPOT", "karpenter.sh/capacity-type": "spot"}

// NodeRowFromAPI reads a node.
func NodeRowFromAPI(n *corev1.Node) NodeRow {
	out := NodeRow{Name: n.Name, ProviderID: n.Spec.ProviderID, Unschedulable: n.Spec.Unschedulable, Created: utc(n.CreationTimestamp.Time),
		Zone: n.Labels[corev1.LabelTopologyZone], Image: n.Labels["kubernetes.azure.com/node-image-version"],
		InstanceType: n.Labels[corev1.LabelInstanceTypeStable], KubeletVersion: n.Status.NodeInfo.KubeletVersion,
		Runtime: n.Status.NodeInfo.ContainerRuntimeVersion, OS: n.Status.NodeInfo.OSImage, Arch: n.Status.NodeInfo.Architecture}
	for _, l := range poolLabels {
		if v := n.Labels[l]; v != "" {
			out.Pool = v
			break
		}
	}
	for l, v := range spotLabels {
		out.Spot = out.Spot || n.Labels[l] == v
	}
	for _, c := range n.Status.Conditions {
		switch {
		case c.Type == corev1.NodeReady:
			out.Ready, out.ReadySince, out.ReadyReason, out.ReadyMessage = string(c.Status), utc(c.LastTransitionTime.Time), c.Reason, c.Message
		case c.Status == corev1.ConditionTrue && strings.HasSuffix(string(c.Type), "Pressure"):
			out.Pressure = append(out.Pressure, string(c.Type))
		}
	}
	return out
}

// RevisionOf reads the revision that a pod's labels name.
func RevisionOf(labels map[string]string) string {
	for _, l := range []string{"pod-template-hash", "controller-revision-hash"} {
		if v := labels[l]; v != "" {
			return v
		}
	}
	return ""
}

// ProviderOf reads the cloud from a node's providerID, as cloud controller managers write it; "" where it is another.
func ProviderOf(id string) string {
	scheme, _, _ := strings.Cut(id, "://")
	return map[string]string{"azure": "aks", "gce": "gke", "aws": "eks"}[scheme]
}
