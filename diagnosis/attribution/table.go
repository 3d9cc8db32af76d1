package attribution

import (
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Table is a population in the form in which it is attributed: pods are gone, templates and their cells are left.
type Table struct {
	templates []template
	workloads []Workload
	nodes     []string
	values    []Value
	// byTemplate and byNode are the values that a template or a node has, as indexes of values.
	byTemplate, byNode [][]int32
	of                 []size // of each value
	logs               []float64
	allowed            []bool // of each value
	pods               int
	prepared           bool
}

// template is a workload's revision with what it refers to; its pods are alike but for where they are.
type template struct {
	workload  int32
	namespace string
	uses      []string
	cells     []cell
	pods      int32
	sick      int32
}

// cell is the pods of one template on one node; node is -1 for pods that are on none.
type cell struct{ node, pods, sick int32 }

// Workload names a workload.
type Workload struct{ Namespace, Kind, Name string }

// Attribute is a property by which pods are compared.
type Attribute string

// The attributes. Those of nodes first, each from the narrow to the wide.
const (
	Node           Attribute = "node"
	Pool           Attribute = "node pool"
	Zone           Attribute = "zone"
	NodeImage      Attribute = "node image"
	KubeletVersion Attribute = "kubelet version"
	Runtime        Attribute = "container runtime"
	NodeOS         Attribute = "operating system"
	Arch           Attribute = "architecture"
	InstanceType   Attribute = "instance type"
	Spot           Attribute = "spot"
	NodeAge        Attribute = "age of the node"

	Reference Attribute = "reference"
	Image     Attribute = "image"
	Digest    Attribute = "image digest"
	Namespace Attribute = "namespace"
)

// order is which of two attributes is named where both explain the same.
var order = []Attribute{Node, Pool, Zone, NodeImage, KubeletVersion, Arch, InstanceType, Spot, Runtime, NodeOS, NodeAge, Reference, Digest, Image, Namespace}

// OfNode tells whether it is a property of nodes, not of what runs on them.
func (a Attribute) OfNode() bool {
	switch a {
	case Reference, Image, Digest, Namespace:
		return false
	}
	return true
}

// Value is an attribute with a value, such as the node pool "user". For a reference Value is Kind/namespace/name, or
// Kind/name of what is in no namespace.
type Value struct {
	Attribute Attribute
	Value     string
}

// size is how many templates or cells a value has, and of nodes' attributes how many templates are wholly within.
type size struct{ templates, cells, whole, nodes int32 }

// New reads a population. A pod is sick where sick says so.
func New(p *evidence.Population, sick func(*evidence.Row) bool) *Table {
	b := builder{t: &Table{}, template: map[templateKey]int32{}, workload: map[Workload]int32{}, revisions: map[revision][]int32{}, node: map[string]int32{}, value: map[Value]int32{}, cells: map[[2]int32]int32{}}
	b.nodes(p.Nodes)
	known := 0
	for i := range p.Rows {
		if len(p.Rows[i].Uses) > 0 {
			known++
		}
	}
	b.usesKnown = 10*known >= 9*len(p.Rows)
	for i := range p.Rows {
		b.row(&p.Rows[i], sick(&p.Rows[i]))
	}
	return b.done()
}

type templateKey struct {
	workload int32
	revision string
	uses     *string
}

type builder struct {
	t        *Table
	template map[templateKey]int32
	workload map[Workload]int32
	// revisions are the templates of each revision of a workload.
	revisions map[revision][]int32
	node      map[string]int32
	value     map[Value]int32
	// usesKnown: every pod has an image, so that one without any use is one of which it is not known; what the others do not
	// use can be told only where nearly all are known.
	usesKnown bool
	cells     map[[2]int32]int32 // of templates with many: template and node
	last      Workload
	lastAt    int32
}

// Nodes are grouped by when they came: those that came within an hour of each other came together.
const together = 3600

func (b *builder) nodes(list []evidence.NodeRow) {
	rows := slices.Clone(list)
	slices.SortFunc(rows, func(x, y evidence.NodeRow) int { return x.Created.Compare(y.Created) })
	batch, from := "", int64(0)
	for i := range rows {
		n := &rows[i]
		if at := n.Created.Unix(); !n.Created.IsZero() && (batch == "" || at-from > together) {
			batch, from = n.Created.UTC().Format("2006-01-02 15:04"), at
		}
		spot := ""
		if n.Spot {
			spot = "spot"
		}
		at := b.nodeAt(n.Name)
		for _, v := range []Value{{Pool, n.Pool}, {Zone, n.Zone}, {NodeImage, n.Image}, {KubeletVersion, n.KubeletVersion}, {Runtime, n.Runtime}, {NodeOS, n.OS},
			{Arch, n.Arch}, {InstanceType, n.InstanceType}, {Spot, spot}, {NodeAge, batch}} {
			if v.Value != "" {
				b.t.byNode[at] = append(b.t.byNode[at], b.valueAt(v))
			}
		}
	}
}

func (b *builder) nodeAt(name string) int32 {
	if at, ok := b.node[name]; ok {
		return at
	}
	at := int32(len(b.t.nodes))
	b.node[name] = at
	b.t.nodes = append(b.t.nodes, name)
	b.t.byNode = append(b.t.byNode, []int32{b.valueAt(Value{Node, name})})
	return at
}

func (b *builder) valueAt(v Value) int32 {
	if at, ok := b.value[v]; ok {
		return at
	}
	at := int32(len(b.t.values))
	b.value[v] = at
	b.t.values = append(b.t.values, v)
	return at
}

// row sorts one pod in. Pods of a workload mostly follow each other.
func (b *builder) row(r *evidence.Row, sick bool) {
	w := Workload{r.Namespace, r.WorkloadKind, r.Workload}
	if w.Kind == "" {
		w.Kind, w.Name = "Pod", r.Pod
	}
	if w != b.last || b.lastAt == 0 && len(b.t.workloads) == 0 {
		at, ok := b.workload[w]
		if !ok {
			at = int32(len(b.t.workloads))
			b.workload[w] = at
			b.t.workloads = append(b.t.workloads, w)
		}
		b.last, b.lastAt = w, at
	}
	k := templateKey{workload: b.lastAt, revision: r.Revision}
	if len(r.Uses) > 0 {
		k.uses = &r.Uses[0] // lists are interned
	}
	at, ok := b.template[k]
	if !ok {
		at = b.templateFor(r)
		b.template[k] = at
	}
	node := int32(-1)
	if r.Node != "" {
		node = b.nodeAt(r.Node)
	}
	one := int32(0)
	if sick {
		one = 1
	}
	t := &b.t.templates[at]
	t.pods++
	t.sick += one
	b.t.pods++
	c := b.cellAt(t, at, node)
	c.pods++
	c.sick += one
}

// templateFor is a template of the same revision that uses the same, or a new one. A pod whose containers have not begun
// has no digests of their images yet; that makes it no other template.
func (b *builder) templateFor(r *evidence.Row) int32 {
	k := revision{b.lastAt, r.Revision}
	for _, at := range b.revisions[k] {
		switch t := &b.t.templates[at]; {
		case alike(r.Uses, t.uses):
			return at
		case alike(t.uses, r.Uses):
			t.uses = r.Uses
			return at
		}
	}
	at := int32(len(b.t.templates))
	b.t.templates = append(b.t.templates, template{workload: b.lastAt, namespace: r.Namespace, uses: r.Uses})
	b.revisions[k] = append(b.revisions[k], at)
	return at
}

type revision struct {
	workload int32
	name     string
}

// alike tells whether two sorted lists differ in nothing but digests that the first one lacks.
func alike(fewer, all []string) bool {
	i := 0
	for _, u := range all {
		if i < len(fewer) && fewer[i] == u {
			i++
		} else if !strings.HasPrefix(u, "Digest/") {
			return false
		}
	}
	return i == len(fewer)
}

// few is up to how many cells of a template are looked through; a DaemonSet has as many as there are nodes.
const few = 32

func (b *builder) cellAt(t *template, at, node int32) *cell {
	if len(t.cells) <= few {
		for i := range t.cells {
			if t.cells[i].node == node {
				return &t.cells[i]
			}
		}
	} else if i, ok := b.cells[[2]int32{at, node}]; ok {
		return &t.cells[i]
	}
	t.cells = append(t.cells, cell{node: node})
	n := len(t.cells)
	if n == few+1 {
		for i, c := range t.cells {
			b.cells[[2]int32{at, c.node}] = int32(i)
		}
	} else if n > few {
		b.cells[[2]int32{at, node}] = int32(n - 1)
	}
	return &t.cells[n-1]
}

// done counts what stays the same whoever is sick.
func (b *builder) done() *Table {
	t := b.t
	t.byTemplate = make([][]int32, len(t.templates))
	for i := range t.templates {
		tm := &t.templates[i]
		add := func(v Value) { t.byTemplate[i] = append(t.byTemplate[i], b.valueAt(v)) }
		add(Value{Namespace, tm.namespace})
		for _, u := range tm.uses {
			if !b.usesKnown {
				break
			}
			add(valueOf(tm.namespace, u))
		}
	}
	t.of = make([]size, len(t.values))
	count := newTally(len(t.values))
	for i := range t.templates {
		for _, v := range t.byTemplate[i] {
			t.of[v].templates++
		}
		t.cellsIn(&t.templates[i], count)
		for _, v := range count.touched {
			t.of[v].cells += count.n[v]
			t.of[v].templates++
			if int(count.n[v]) == len(t.templates[i].cells) {
				t.of[v].whole++
			}
		}
		count.clear()
	}
	for _, list := range t.byNode {
		for _, v := range list {
			t.of[v].nodes++
		}
	}
	return t
}

// tally counts by value, and knows which values it has met.
type tally struct {
	n       []int32
	touched []int32
}

func newTally(values int) *tally { return &tally{n: make([]int32, values)} }

func (c *tally) add(v, n int32) {
	if c.n[v] == 0 {
		c.touched = append(c.touched, v)
	}
	c.n[v] += n
}

func (c *tally) clear() {
	for _, v := range c.touched {
		c.n[v] = 0
	}
	c.touched = c.touched[:0]
}

// cellsIn counts how many of a template's cells have each value.
func (t *Table) cellsIn(tm *template, into *tally) {
	for _, c := range tm.cells {
		if c.node >= 0 {
			for _, v := range t.byNode[c.node] {
				into.add(v, 1)
			}
		}
	}
}

// clusterWide are the kinds of references that are in no namespace.
var clusterWide = []string{"PriorityClass", "RuntimeClass", "StorageDriver", "Host"}

func valueOf(namespace, use string) Value {
	kind, name, _ := strings.Cut(use, "/")
	switch {
	case kind == "Image":
		return Value{Image, name}
	case kind == "Digest":
		return Value{Digest, name}
	case slices.Contains(clusterWide, kind):
		return Value{Reference, use}
	}
	return Value{Reference, kind + "/" + namespace + "/" + name}
}
