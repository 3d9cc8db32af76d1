package attribution_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
	"github.com/crashproof-dev/crashproof/evidence"
)

// cluster is a random population with the structure of real ones: pools of different sizes nested in zones, a pool in the
// middle of its upgrade, workloads of heavy-tailed sizes that keep to a pool, DaemonSets on every node, settings shared
// within namespaces, sidecars of several versions across them, rollouts under way.
type cluster struct {
	r    *rand.Rand
	p    evidence.Population
	apps []*app
	sick map[string]bool // pods
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

func newCluster(r *rand.Rand, pods int) *cluster {
	c := &cluster{r: r, sick: map[string]bool{}, upgraded: map[string]bool{}}
	c.nodes(max(3, min(5000, pods/(8+r.IntN(20)))))
	namespaces := max(2, pods/60)
	for n := 0; len(c.p.Rows) < pods; n++ {
		c.app(n, namespaces)
	}
	return c
}

func (c *cluster) nodes(n int) {
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
		c.p.Nodes = append(c.p.Nodes, row)
	}
}

func (c *cluster) app(n, namespaces int) {
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
	pool := c.p.Nodes[r.IntN(len(c.p.Nodes))].Pool
	var on []string
	for i := range c.p.Nodes {
		if n := &c.p.Nodes[i]; n.Pool == pool || r.IntN(5) == 0 {
			on = append(on, n.Name)
		}
	}
	if n < 4 {
		a.namespace, a.kind, a.everywhere, on = "kube-system", "DaemonSet", true, nil
		for i := range c.p.Nodes {
			on = append(on, c.p.Nodes[i].Name)
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
		a.pods = append(a.pods, len(c.p.Rows))
		c.p.Add(row)
	}
	c.apps = append(c.apps, a)
}

// background makes workloads sick that have nothing to do with each other, each in one of the ways in which they are: whole,
// in its new revision, here and there, in one pod, on one node of its own, where it was started anew on nodes that were
// upgraded (what it read at its start had changed long before), or together with what depends on it.
func (c *cluster) background(part float64) {
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

func (c *cluster) fall(a *app) {
	how, node := c.r.IntN(19)/3, c.p.Rows[a.pods[c.r.IntN(len(a.pods))]].Node
	for i, at := range a.pods {
		row := &c.p.Rows[at]
		switch {
		case how <= 1,
			how == 2 && (row.Revision == "r2" || len(a.revisions) == 1),
			how == 3 && c.r.IntN(3) == 0,
			how == 4 && i == 0,
			how == 5 && row.Node == node,
			how == 6 && c.upgraded[row.Node]:
			c.sick[row.Namespace+"/"+row.Pod] = true
		}
	}
}

// plant makes those sick that have a value: most of them, and of a node's trouble not what looks after the node.
func (c *cluster) plant(v attribution.Value, part float64) {
	for i := range c.p.Rows {
		row := &c.p.Rows[i]
		if c.has(row, v) && c.r.Float64() < part && (row.WorkloadKind != "DaemonSet" || !ofNode(v.Attribute)) {
			c.sick[row.Namespace+"/"+row.Pod] = true
		}
	}
}

func ofNode(a attribution.Attribute) bool {
	return a != attribution.Namespace && a != attribution.Image && a != attribution.Reference
}

func (c *cluster) has(row *evidence.Row, v attribution.Value) bool {
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
	n, ok := c.p.Node(row.Node)
	if !ok {
		return false
	}
	return map[attribution.Attribute]string{attribution.Node: n.Name, attribution.Pool: n.Pool, attribution.Zone: n.Zone, attribution.NodeImage: n.Image}[v.Attribute] == v.Value
}

func (c *cluster) table() *attribution.Table {
	return attribution.New(&c.p, func(r *evidence.Row) bool { return c.sick[r.Namespace+"/"+r.Pod] })
}
