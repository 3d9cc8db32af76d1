package attribution

import (
	"cmp"
	"math"
	"slices"
)

// Options say when an explanation is accepted.
type Options struct {
	// Chance is up to what probability of chance an explanation is accepted; 0 is half a percent.
	Chance float64
	// Alone attributes one workload by itself: then its nodes are the independent units, and no second workload is asked for.
	Alone bool
	// Deals is how many times chance is tried at most; 0 is 999.
	Deals int
	// Accept tells which values can be the reason at all; nil accepts all. Chance is reckoned among the same.
	Accept func(Value) bool
}

// Explanation is what sick pods share and well ones do not.
type Explanation struct {
	Value
	// Same are other values that select the same sick and the same well pods: they cannot be told from this one.
	Same []Value
	// Sick of Pods have the value, SickElsewhere of Elsewhere do not.
	Sick, Pods, SickElsewhere, Elsewhere int
	// Units of UnitsOf are the sick among the independent units within: templates, or of attributes of nodes cells.
	Units, UnitsOf int
	// Workloads are the sick workloads within, Nodes how many nodes they are on.
	Workloads []Workload
	Nodes     int
	// Within: only templates were looked at that are sick on some nodes and well on others, and the counts are theirs.
	Within bool
	// Bits is how much shorter the description is that names the explanation.
	Bits float64
	// Chance is how often an explanation at least as good comes about where who is sick is dealt anew.
	Chance float64
}

// maxRounds is how many independent explanations are looked for.
const maxRounds = 6

// Explain finds what is sick for a shared reason, the best explanation first. What an explanation covers is left out
// before the next is looked for, so that several incidents at a time do not hide each other.
func (t *Table) Explain(o Options) []Explanation {
	t.prepare()
	t.allowed = make([]bool, len(t.values))
	for i, v := range t.values {
		t.allowed[i] = o.Accept == nil || o.Accept(v)
	}
	return t.rounds(t.observed(), o, t.best)
}

// rounds takes the best explanation of what is left, again and again.
func (t *Table) rounds(sick []dealt, o Options, best func([]dealt, Options) (Explanation, int32, bool)) []Explanation {
	if o.Chance == 0 {
		o.Chance = 0.005
	}
	if o.Deals == 0 {
		o.Deals = 999
	}
	var out []Explanation
	for range maxRounds {
		e, v, ok := best(sick, o)
		if !ok {
			break
		}
		out = append(out, e)
		sick = t.without(sick, v)
	}
	return out
}

// dealt is a template with the cells of it that are sick.
type dealt struct {
	template int32
	cells    []int32
}

func (t *Table) observed() []dealt {
	var out []dealt
	for i := range t.templates {
		tm := &t.templates[i]
		if tm.sick == 0 {
			continue
		}
		d := dealt{template: int32(i)}
		for j, c := range tm.cells {
			if c.sick > 0 {
				d.cells = append(d.cells, int32(j))
			}
		}
		out = append(out, d)
	}
	return out
}

// without leaves out what a value explains.
func (t *Table) without(sick []dealt, v int32) []dealt {
	var out []dealt
	for _, d := range sick {
		rest := dealt{template: d.template}
		for _, c := range d.cells {
			if !t.has(d.template, c, v) {
				rest.cells = append(rest.cells, c)
			}
		}
		if len(rest.cells) > 0 {
			out = append(out, rest)
		}
	}
	return out
}

// has tells whether a cell of a template has a value.
func (t *Table) has(template, c, v int32) bool {
	if !t.values[v].Attribute.OfNode() {
		return slices.Contains(t.byTemplate[template], v)
	}
	node := t.templates[template].cells[c].node
	return node >= 0 && slices.Contains(t.byNode[node], v)
}

// best finds the explanation of most of what is sick, if there is one that is not chance.
func (t *Table) best(sick []dealt, o Options) (Explanation, int32, bool) {
	if len(sick) == 0 || len(sick) < 2 && !o.Alone {
		return Explanation{}, 0, false
	}
	s := t.newScore()
	t.weigh(sick, s)
	var found [2]*Explanation // of nodes, of templates
	var at [2]int32
	for kind, nodes := range []bool{true, false} {
		if o.Alone && !nodes {
			continue
		}
		found[kind], at[kind] = t.pick(sick, s, nodes, o)
	}
	if found[0] == nil && found[1] == nil {
		return Explanation{}, 0, false
	}
	t.chance(sick, s, found, o)
	out := -1
	for kind, e := range found {
		if e != nil && e.Chance <= o.Chance && (out < 0 || e.Bits > found[out].Bits) {
			out = kind
		}
	}
	if out < 0 {
		return Explanation{}, 0, false
	}
	return *found[out], at[out], true
}

// pick takes the value that saves most and has at least two independent units behind it.
func (t *Table) pick(sick []dealt, s *score, ofNodes bool, o Options) (*Explanation, int32) {
	var list []int32
	for _, v := range s.sick.touched {
		if t.values[v].Attribute.OfNode() == ofNodes && s.bits[v] > 0 {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b int32) int {
		va, vb := t.values[a], t.values[b]
		return cmp.Or(cmp.Compare(math.Round(s.bits[b]*1e6), math.Round(s.bits[a]*1e6)), cmp.Compare(slices.Index(order, va.Attribute), slices.Index(order, vb.Attribute)), cmp.Compare(va.Value, vb.Value))
	})
	for i, v := range list {
		if !t.enough(sick, v, o) {
			continue
		}
		e := t.explanation(sick, v)
		e.Bits = s.bits[v]
		for _, other := range list[i+1:] {
			if t.allowed[other] && math.Abs(s.bits[other]-e.Bits) < 1e-6 && t.of[other] == t.of[v] && t.sameCells(sick, v, other) {
				e.Same = append(e.Same, t.values[other])
			}
		}
		return &e, v
	}
	return nil, 0
}

// enough asks for two independent units, and that a good part of what has the value is sick: an explanation that most of
// those to whom it applies do not feel explains nothing.
func (t *Table) enough(sick []dealt, v int32, o Options) bool {
	ofNode := t.values[v].Attribute.OfNode()
	var workload, node int32 = -1, -1
	workloads, nodes, units := 1, 1, int32(0)
	for _, d := range sick {
		inside := int32(0)
		for _, c := range d.cells {
			if !t.has(d.template, c, v) {
				continue
			}
			inside++
			if at := t.templates[d.template].cells[c].node; node < 0 {
				node = at
			} else if at != node {
				nodes = 2
			}
		}
		if inside == 0 {
			continue
		}
		if !ofNode {
			inside = 1
		}
		units += inside
		if at := t.templates[d.template].workload; workload < 0 {
			workload = at
		} else if at != workload {
			workloads = 2
		}
	}
	switch {
	case workloads < 2 && !o.Alone:
		return false
	case !ofNode:
		return 2*units >= t.of[v].templates
	}
	return (nodes == 2 || t.values[v].Attribute == Node) && 5*units >= t.of[v].cells
}

// explanation counts what a value covers.
func (t *Table) explanation(sick []dealt, v int32) Explanation {
	e := Explanation{Value: t.values[v], UnitsOf: int(t.of[v].templates)}
	ofNode := e.Attribute.OfNode()
	if ofNode {
		e.UnitsOf = int(t.of[v].cells)
	}
	nodes, workloads := map[int32]bool{}, map[int32]bool{}
	for _, d := range sick {
		tm, units := &t.templates[d.template], 0
		for _, c := range d.cells {
			at := tm.cells[c]
			if !t.has(d.template, c, v) {
				e.SickElsewhere += int(at.sick)
				continue
			}
			e.Sick += int(at.sick)
			nodes[at.node] = true
			units++
		}
		if units == 0 {
			continue
		}
		if !ofNode {
			units = 1
		}
		e.Units += units
		if !workloads[tm.workload] {
			workloads[tm.workload] = true
			e.Workloads = append(e.Workloads, t.workloads[tm.workload])
		}
	}
	e.Nodes = len(nodes)
	for i := range t.templates {
		for j, c := range t.templates[i].cells {
			if t.has(int32(i), int32(j), v) {
				e.Pods += int(c.pods)
			}
		}
	}
	e.Elsewhere = t.pods - e.Pods
	return e
}

// sameCells tells whether two values cover the same sick cells.
func (t *Table) sameCells(sick []dealt, a, b int32) bool {
	for _, d := range sick {
		for _, c := range d.cells {
			if t.has(d.template, c, a) != t.has(d.template, c, b) {
				return false
			}
		}
	}
	return true
}

// chance deals who is sick anew, and counts how often the best explanation of that is as good.
func (t *Table) chance(sick []dealt, s *score, found [2]*Explanation, o Options) {
	cells := 0
	for _, d := range sick {
		cells += len(d.cells) + len(t.templates[d.template].cells)
	}
	deals := min(o.Deals, max(499, 2_000_000/(cells+1)))
	d := newDealer(t, sick)
	var as [2]int
	n := 0
	for n < deals {
		n++
		nodes, templates := t.weigh(d.deal(), s)
		for kind, most := range [2]float64{nodes, templates} {
			if found[kind] != nil && most >= found[kind].Bits-1e-9 {
				as[kind]++
			}
		}
		// Ten that are as good are enough to know that it is no better than that (Besag and Clifford 1991).
		if (found[0] == nil || as[0] >= enoughAlike) && (found[1] == nil || as[1] >= enoughAlike) {
			break
		}
	}
	both := 1.0 // of two kinds of explanations the better one is taken
	if found[0] != nil && found[1] != nil {
		both = 2
	}
	for kind, e := range found {
		if e != nil {
			e.Chance = min(1, both*float64(as[kind]+1)/float64(n+1))
		}
	}
}

const enoughAlike = 20
