package cluster

import (
	"fmt"
	"path/filepath"
	"strconv"
)

// Addresses exist only inside the lab's network namespaces, so every instance has the same.
const (
	controlPlaneIP = "10.240.0.1"
	nodeCIDR       = "10.240.0.0/16"
	// azureDNS is the address of Azure's name server on every node of AKS.
	azureDNS    = "168.63.129.16"
	serviceCIDR = "10.0.0.0/16"
	podCIDR     = "10.244.0.0/16"
	dnsService  = "10.0.0.10"
)

// Node is one node of the lab.
type Node struct {
	Alias    string // as scenarios call it: system-0
	Name     string // as Kubernetes calls it: aks-system-12345678-vmss000000
	Pool     Pool
	Index    int // within the pool
	Position int // within the lab
}

// vmssID stands where AKS puts a hash of the cluster's DNS name.
const vmssID = "12345678"

// Nodes lists the nodes of all pools.
func (s Settings) Nodes() []Node {
	var all []Node
	for _, pool := range s.Pools {
		for i := range pool.Nodes {
			all = append(all, Node{
				Alias: fmt.Sprintf("%s-%d", pool.Name, i),
				// AKS writes a machine's number in base 36 with six places.
				Name:     fmt.Sprintf("aks-%s-%s-vmss%06s", pool.Name, vmssID, strconv.FormatInt(int64(i), 36)),
				Pool:     pool,
				Index:    i,
				Position: len(all),
			})
		}
	}
	return all
}

// Node finds a node by alias or name.
func (s Settings) Node(name string) (Node, error) {
	for _, n := range s.Nodes() {
		if n.Alias == name || n.Name == name {
			return n, nil
		}
	}
	return Node{}, fmt.Errorf("there is no node %q in this lab", name)
}

// IP is the node's address.
func (n Node) IP() string { return fmt.Sprintf("10.240.0.%d", 4+n.Position) }

// podSubnet is where the node's pods live.
func (n Node) podSubnet() string { return fmt.Sprintf("10.244.%d.0/24", n.Position) }

const (
	resourceGroup = "mc_shop-rg_shop-aks_westeurope"
	region        = "westeurope"
)

// labels are those that AKS gives its nodes and that tools group by.
func (n Node) labels() map[string]string {
	mode, size := "user", "Standard_D4s_v5"
	if n.Pool.Name == "system" {
		mode, size = "system", "Standard_D2s_v5"
	}
	return map[string]string{
		"agentpool":                               n.Pool.Name,
		"kubernetes.azure.com/agentpool":          n.Pool.Name,
		"kubernetes.azure.com/mode":               mode,
		"kubernetes.azure.com/role":               "agent",
		"kubernetes.azure.com/cluster":            "MC_shop-rg_shop-aks_westeurope",
		"kubernetes.azure.com/node-image-version": "AKSUbuntu-2204gen2containerd-202509.18.0",
		"kubernetes.azure.com/os-sku":             "Ubuntu",
		"kubernetes.azure.com/os-sku-effective":   "Ubuntu2204",
		"kubernetes.azure.com/storageprofile":     "managed",
		"node.kubernetes.io/instance-type":        size,
		"topology.kubernetes.io/region":           region,
		"topology.kubernetes.io/zone":             fmt.Sprintf("%s-%d", region, n.Position%3+1),
	}
}

// providerID is the Azure resource of the machine.
func (n Node) providerID() string {
	return fmt.Sprintf("azure:///subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/%s/providers/Microsoft.Compute/virtualMachineScaleSets/aks-%s-%s-vmss/virtualMachines/%d",
		resourceGroup, n.Pool.Name, vmssID, n.Index)
}

// Names of a node's processes in the book, and of their logs.
func (n Node) namespaces() string { return "node-" + n.Alias }
func (n Node) containerd() string { return "containerd-" + n.Alias }
func (n Node) kubelet() string    { return "kubelet-" + n.Alias }
func (n Node) proxy() string      { return "kube-proxy-" + n.Alias }

func (l *Lab) nodeState(n Node) string { return filepath.Join(l.Dir.State(), n.Alias) }
func (l *Lab) nodeEtc(n Node) string   { return filepath.Join(l.Dir.Etc(), n.Alias) }

// cgroup is the node's subtree of control groups.
func (l *Lab) cgroup() string           { return "crashlab-" + l.Dir.Name }
func (l *Lab) nodeCgroup(n Node) string { return l.cgroup() + "/" + n.Alias }
func (n Node) hostVeth() string         { return fmt.Sprintf("vn%d", n.Position) }
func (n Node) kubeconfig(l *Lab) string {
	return filepath.Join(l.Dir.PKI(), "node-"+n.Name+".kubeconfig")
}
func (n Node) certificate(l *Lab) string  { return filepath.Join(l.Dir.PKI(), "node-"+n.Name) }
func (l *Lab) pkiFile(name string) string { return filepath.Join(l.Dir.PKI(), name) }
