// Package simulation makes random populations for tests: with workloads that are sick each for itself, and with a reason that
// several share.
package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
	"github.com/crashproof-dev/crashproof/evidence"
)

// Cluster is a random population with the structure of real ones: pools of different sizes nested in zones, a pool in the
// middle of its upgrade, workloads of heavy-tailed sizes that keep to a pool, DaemonSets on every node, settings shared
// within namespaces, sidecars of several versions across them, rollouts under way.
type Cluster struct {
	r    *rand.Rand
	P    evidence.Population
	apps []*app
	// Sick are the pods that are, as namespace/name.
	Sick map[string]bool
	// upgraded are the nodes that have the new image.
	upgraded map[string]bool
}

type app struct {
	namespace, kind, name string
	everywhere            bool // one pod a node, of the platform
	pods                  []int
	revisions             []string
}

var dawn = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// New makes a population of about so many pods, all of them well.
func New(r *rand.Rand, pods int) *Cluster {
	c := &Cluster{r: r, Sick: map[string]bool{}, upgraded: map[string]bool{}}
	c.nodes(max(3, min(5000, pods/(8+r.IntN(20)))))
	namespaces := max(2, pods/60)
	for n := 0; len(c.P.Rows) < pods; n++ {
		c.app(n, namespaces)
	}
	return c
}

func (c *Cluster) nodes(n int) {
	pools := 1 + c.r.IntN(min(6, max(1, n/3)))
	for i := range n {
		pool := min(i*pools/n, c.r.IntN(pools*3)) // the first are larger
		row := evidence.NodeRow{Name: fmt.Sprintf("aks-pool%d-12345678-vmss%06d", pool, i), Pool: fmt.Sprintf("pool%d", pool), Ready: "True", Arch: "amd64",
			Image: "AKSUbuntu-2204gen2containerd-202610.12.0", KubeletVersion: "v1.37.2", InstanceType: fmt.Sprintf("Standard_D%ds_v5", 2<<(pool%3)), Spot: pool == 4,
			Created: dawn.Add(time.Duration(pool)*24*time.Hour + time.Duration(c.r.IntN(50))*time.Minute)}
		if c.r.IntN(4) > 0 || n > 6 {
			row.Zone = fmt.Sprintf("westeurope-%d", 1+i%3)
		}
		if pool == pools-1 && i%2 == 0 { // being upgraded
			row.Image, row.KubeletVersion, row.Created = "AKSUbuntu-2204gen2containerd-202611.05.0", "v1.38.0", dawn.Add(21*24*time.Hour)
			c.upgraded[row.Name] = true
		}
		c.P.Nodes = append(c.P.Nodes, row)
	}
}

func (c *Cluster) app(n, namespaces int) {
	r := c.r
	ns := int(float64(namespaces) * r.Float64() * r.Float64()) // some have many workloads
	a := &app{namespace: fmt.Sprintf("team-%d", ns), kind: "Deployment", name: fmt.Sprintf("app-%d", n), revisions: []string{"r1"}}
	replicas := 1
	for replicas < 200 && r.Float64() < 0.55 {
		replicas += 1 + replicas/2
	}
	uses := []string{"Image/registry.example/" + a.name + ":1"}
	for k := range 3 { // settings that some of the namespace share
		if r.IntN(3) == 0 {
			uses = append(uses, fmt.Sprintf("ConfigMap/shared-%d", k))
		}
	}
	uses = append(uses, "ConfigMap/"+a.name, "Secret/"+a.name)
	if r.IntN(2) == 0 {
		uses = append(uses, fmt.Sprintf("Image/registry.example/mesh-proxy:1.%d", r.IntN(3)))
	}
	if r.IntN(8) == 0 {
		uses = append(uses, "ServiceAccount/"+[]string{"runner", "reader"}[r.IntN(2)])
	}
	pool := c.P.Nodes[r.IntN(len(c.P.Nodes))].Pool
	var on []string
	for i := range c.P.Nodes {
		if n := &c.P.Nodes[i]; n.Pool == pool || r.IntN(5) == 0 {
			on = append(on, n.Name)
		}
	}
	if n < 4 {
		a.namespace, a.kind, a.everywhere, on = "kube-system", "DaemonSet", true, nil
		for i := range c.P.Nodes {
			on = append(on, c.P.Nodes[i].Name)
		}
		replicas = len(on)
	}
	rollout := r.IntN(8) == 0 && replicas > 1
	if rollout {
		a.revisions = append(a.revisions, "r2")
	}
	first := r.IntN(len(on))
	slices.Sort(uses)
	for i := range replicas {
		row := evidence.Row{Namespace: a.namespace, Pod: fmt.Sprintf("%s-%d", a.name, i), WorkloadKind: a.kind, Workload: a.name, Revision: "r1", Node: on[(first+i)%len(on)], Uses: uses,
			Created: dawn.Add(time.Duration(i) * time.Minute)}
		if r.IntN(3) == 0 && !a.everywhere {
			row.Node = on[r.IntN(len(on))] // not spread well
		}
		if rollout && i >= replicas/2 {
			row.Revision = "r2"
			row.Uses = slices.Clone(uses)
			for k, u := range row.Uses {
				row.Uses[k] = strings.Replace(u, a.name+":1", a.name+":2", 1)
			}
		}
		a.pods = append(a.pods, len(c.P.Rows))
		c.P.Add(row)
	}
	c.apps = append(c.apps, a)
}

// Background makes workloads sick that have nothing to do with each other, each in one of the ways in which they are: whole,
// in its new revision, here and there, in one pod, on one node of its own, where it was started anew on nodes that were
// upgraded (what it read at its start had changed long before), or together with what depends on it.
func (c *Cluster) Background(part float64) {
	for _, a := range c.apps {
		if c.r.Float64() < part {
			c.fall(a)
			if c.r.IntN(6) == 0 {
				if next := c.apps[c.r.IntN(len(c.apps))]; next.namespace == a.namespace {
					c.fall(next)
				}
			}
		}
	}
}

func (c *Cluster) fall(a *app) {
	how, node := c.r.IntN(19)/3, c.P.Rows[a.pods[c.r.IntN(len(a.pods))]].Node
	for i, at := range a.pods {
		row := &c.P.Rows[at]
		switch {
		case how <= 1,
			how == 2 && (row.Revision == "r2" || len(a.revisions) == 1),
			how == 3 && c.r.IntN(3) == 0,
			how == 4 && i == 0,
			how == 5 && row.Node == node,
			how == 6 && c.upgraded[row.Node]:
			c.Sick[row.Namespace+"/"+row.Pod] = true
		}
	}
}

// Plant makes those sick that have a value: most of them, and of a node's trouble not what looks after the node.
func (c *Cluster) Plant(v attribution.Value, part float64) {
	for i := range c.P.Rows {
		row := &c.P.Rows[i]
		if c.Has(row, v) && c.r.Float64() < part && (row.WorkloadKind != "DaemonSet" || !ofNode(v.Attribute)) {
			c.Sick[row.Namespace+"/"+row.Pod] = true
		}
	}
}

func ofNode(a attribution.Attribute) bool {
	return a != attribution.Namespace && a != attribution.Image && a != attribution.Reference
}

// Has tells whether a pod has a value.
func (c *Cluster) Has(row *evidence.Row, v attribution.Value) bool {
	switch v.Attribute {
	case attribution.Namespace:
		return row.Namespace == v.Value
	case attribution.Image:
		return slices.Contains(row.Uses, "Image/"+v.Value)
	case attribution.Reference:
		kind, rest, _ := strings.Cut(v.Value, "/")
		ns, name, _ := strings.Cut(rest, "/")
		return row.Namespace == ns && slices.Contains(row.Uses, kind+"/"+name)
	}
	n, ok := c.P.Node(row.Node)
	if !ok {
		return false
	}
	return map[attribution.Attribute]string{attribution.Node: n.Name, attribution.Pool: n.Pool, attribution.Zone: n.Zone, attribution.NodeImage: n.Image}[v.Attribute] == v.Value
}

// Table is the population as it is attributed.
func (c *Cluster) Table() *attribution.Table {
	return attribution.New(&c.P, func(r *evidence.Row) bool { return c.Sick[r.Namespace+"/"+r.Pod] })
}
