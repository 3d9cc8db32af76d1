package fleet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// region is where all fleets are.
const region = "westeurope"

// node is a node of the population with what placing pods needs.
type node struct {
	short, name, pool, zone string
	taken                   int
}

// nodes makes the nodes of all pools, as AKS labels them.
func (w *writer) nodes() {
	for _, p := range w.fleet.Pools {
		for i := range p.Nodes {
			w.node(&p, i)
		}
	}
}

func (w *writer) node(p *Pool, i int) {
	n := Node{}
	if at := slices.IndexFunc(p.Except, func(e Node) bool { return e.Node == i }); at >= 0 {
		n = p.Except[at]
	}
	here := &node{short: fmt.Sprintf("%s-%d", p.Name, i), name: fmt.Sprintf("aks-%s-27182818-vmss%06x", p.Name, i), pool: p.Name}
	if len(p.Zones) > 0 {
		here.zone = region + "-" + p.Zones[i%len(p.Zones)]
	}
	w.places = append(w.places, here)
	age := cmp.Or(n.Age, p.Age, Age(40*24*time.Hour))
	arch := cmp.Or(p.Arch, "amd64")
	size := cmp.Or(p.Size, "Standard_D8ds_v5")
	o := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: here.name, CreationTimestamp: w.ago(age), UID: uid("node", here.name), Labels: map[string]string{
		"agentpool": p.Name, "kubernetes.azure.com/agentpool": p.Name, "kubernetes.azure.com/node-image-version": cmp.Or(n.NodeImage, p.NodeImage, "AKSUbuntu-2204gen2containerd-202610.15.0"),
		"kubernetes.azure.com/cluster": "MC_fleet", "kubernetes.azure.com/mode": map[bool]string{true: "system", false: "user"}[p.Name == "system"],
		corev1.LabelHostname: here.name, corev1.LabelOSStable: "linux", corev1.LabelArchStable: arch, corev1.LabelInstanceTypeStable: size, corev1.LabelTopologyRegion: region,
	}}}
	if here.zone != "" {
		o.Labels[corev1.LabelTopologyZone] = here.zone
	}
	if p.Spot {
		o.Labels["kubernetes.azure.com/scalesetpriority"] = "spot"
	}
	for k, v := range n.Labels {
		o.Labels[k] = v
	}
	o.Spec = corev1.NodeSpec{ProviderID: fmt.Sprintf("azure:///subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mc_fleet/providers/Microsoft.Compute/virtualMachineScaleSets/aks-%s-27182818-vmss/virtualMachines/%d", p.Name, i),
		Unschedulable: n.Unschedulable, Taints: n.Taints}
	has := corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("8"), corev1.ResourceMemory: resource.MustParse("32Gi"), corev1.ResourcePods: resource.MustParse("250")}
	o.Status = corev1.NodeStatus{Capacity: has, Allocatable: has,
		Addresses:       []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: "127.0.0.1"}, {Type: corev1.NodeHostName, Address: here.name}},
		DaemonEndpoints: corev1.NodeDaemonEndpoints{KubeletEndpoint: corev1.DaemonEndpoint{Port: w.kubeletPort}},
		NodeInfo: corev1.NodeSystemInfo{KubeletVersion: cmp.Or(n.Kubelet, p.Kubelet, "v1.33.5"), ContainerRuntimeVersion: cmp.Or(n.Runtime, p.Runtime, "containerd://1.7.28-1"),
			OSImage: cmp.Or(n.OS, p.OS, "Ubuntu 22.04.5 LTS"), Architecture: arch, OperatingSystem: "linux", KernelVersion: "5.15.0-1096-azure"}}
	for k, v := range n.Allocatable {
		o.Status.Allocatable = o.Status.Allocatable.DeepCopy()
		o.Status.Allocatable[k] = v
	}
	w.conditions(o, &n, age)
	w.keep("Node", "v1", o)
	for _, e := range n.Events {
		w.event(e, corev1.ObjectReference{Kind: "Node", Name: here.name, UID: o.UID}, here.name)
	}
}

// conditions are the usual ones, but for those that the node's description replaces.
func (w *writer) conditions(o *corev1.Node, n *Node, age Age) {
	list := []Condition{{Type: "MemoryPressure", Status: "False", Reason: "KubeletHasSufficientMemory", Message: "kubelet has sufficient memory available"},
		{Type: "DiskPressure", Status: "False", Reason: "KubeletHasNoDiskPressure", Message: "kubelet has no disk pressure"},
		{Type: "PIDPressure", Status: "False", Reason: "KubeletHasSufficientPID", Message: "kubelet has sufficient PID available"},
		{Type: "Ready", Status: "True", Reason: "KubeletReady", Message: "kubelet is posting ready status"}}
	for _, c := range n.Conditions {
		list = slices.DeleteFunc(list, func(x Condition) bool { return x.Type == c.Type })
		list = append(list, c)
	}
	for _, c := range list {
		beat := w.now
		if c.Status == "Unknown" {
			beat = w.ago(c.Since + Age(40*time.Second))
		}
		o.Status.Conditions = append(o.Status.Conditions, corev1.NodeCondition{Type: corev1.NodeConditionType(c.Type), Status: corev1.ConditionStatus(c.Status), Reason: c.Reason, Message: c.Message,
			LastTransitionTime: w.ago(cmp.Or(c.Since, age)), LastHeartbeatTime: beat})
	}
}

// place chooses the node of a workload's next pod: the emptiest one of its pools.
func (w *writer) place(wl *Workload, i int) *node {
	if len(wl.Nodes) > 0 {
		want := wl.Nodes[i%len(wl.Nodes)]
		for _, n := range w.places {
			if n.short == want {
				n.taken++
				return n
			}
		}
		w.fail("workload %s: there is no node %s", wl.Name, want)
		return nil
	}
	var best *node
	for _, n := range w.of(wl) {
		if best == nil || n.taken < best.taken {
			best = n
		}
	}
	if best == nil {
		w.fail("workload %s: there is no node for it", wl.Name)
		return nil
	}
	best.taken++
	return best
}

// of lists the nodes that a workload may be on.
func (w *writer) of(wl *Workload) []*node {
	var out []*node
	for _, n := range w.places {
		if wl.Pool == "" && n.pool != "system" || wl.Pool == "" && len(w.fleet.Pools) == 1 || slices.Contains(strings.Split(wl.Pool, ","), n.pool) {
			out = append(out, n)
		}
	}
	return out
}
