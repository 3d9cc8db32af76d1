package attribution

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// ExplainWithin finds what nodes have in common on which pods are sick whose like are well elsewhere. It looks only at
// templates that are sick on some nodes and well on others: what else there is on those nodes, and what is sick everywhere,
// says nothing here. So it finds the node that lacks what only a few workloads need, whatever the words are in which each of
// them complains.
//
// Chance is told by dealing the sick cells of each template anew among the cells of that template (a stratified permutation,
// as in the test of Cochran, Mantel and Haenszel).
func (t *Table) ExplainWithin(o Options) []Explanation {
	var sick []dealt
	for _, d := range t.observed() {
		if len(d.cells) < len(t.templates[d.template].cells) {
			sick = append(sick, d)
		}
	}
	return t.rounds(sick, o, t.bestWithin)
}

// strata are templates that are sick in a part of their cells, with how many cells of them each value has.
type strata struct {
	list  []dealt
	cells int32 // of all
	sick  int32
	have  *tally // cells by value
	hit   *tally // sick cells by value
}

func (t *Table) strata(sick []dealt) *strata {
	s := &strata{list: sick, have: newTally(len(t.values)), hit: newTally(len(t.values))}
	for _, d := range sick {
		s.cells += int32(len(t.templates[d.template].cells))
		s.sick += int32(len(d.cells))
		t.cellsIn(&t.templates[d.template], s.have)
	}
	t.logsTo(int(s.cells))
	return s
}

// count tells where the sick cells are.
func (t *Table) count(list []dealt, hit *tally) {
	hit.clear()
	for _, d := range list {
		cells := t.templates[d.template].cells
		for _, c := range d.cells {
			if node := cells[c].node; node >= 0 {
				for _, v := range t.byNode[node] {
					hit.add(v, 1)
				}
			}
		}
	}
}

// within is what naming a value saves against listing the sick cells: nothing where those within are not for the greater part
// sick, or no more than those without.
func (t *Table) within(s *strata, v int32) float64 {
	a, x := s.have.n[v], s.hit.n[v]
	if 2*x < a || int64(x)*int64(s.cells-a) <= int64(s.sick-x)*int64(a) {
		return 0
	}
	return t.code(s.cells, s.sick) - t.code(a, x) - t.code(s.cells-a, s.sick-x)
}

func (t *Table) bestWithin(sick []dealt, o Options) (Explanation, int32, bool) {
	if len(sick) < 2 {
		return Explanation{}, 0, false
	}
	s := t.strata(sick)
	t.count(sick, s.hit)
	var list []int32
	bits := map[int32]float64{}
	for _, v := range s.hit.touched {
		if b := t.within(s, v); b > 0 && (o.Accept == nil || o.Accept(t.values[v])) {
			bits[v] = b
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b int32) int {
		va, vb := t.values[a], t.values[b]
		return cmp.Or(cmp.Compare(math.Round(bits[b]*1e6), math.Round(bits[a]*1e6)), cmp.Compare(slices.Index(order, va.Attribute), slices.Index(order, vb.Attribute)), cmp.Compare(va.Value, vb.Value))
	})
	at := slices.IndexFunc(list, func(v int32) bool { return t.enoughWithin(sick, v) })
	if at < 0 {
		return Explanation{}, 0, false
	}
	v := list[at]
	e := t.explanationWithin(sick, v)
	e.Bits = bits[v]
	for _, other := range list[at+1:] {
		if math.Abs(bits[other]-e.Bits) < 1e-6 && s.have.n[other] == s.have.n[v] && t.sameCells(sick, v, other) {
			e.Same = append(e.Same, t.values[other])
		}
	}
	e.Chance = t.chanceWithin(s, e.Bits, o)
	return e, v, e.Chance <= o.Chance
}

// enoughWithin asks for two workloads that are sick there and well elsewhere, and for two nodes behind what is wider than one.
// Behind what comes with an upgrade of nodes there have to be three: who was started anew by it reads what changed long
// before, each for itself.
func (t *Table) enoughWithin(sick []dealt, v int32) bool {
	workloads, nodes := map[int32]bool{}, map[int32]bool{}
	for _, d := range sick {
		for _, c := range d.cells {
			if t.has(d.template, c, v) {
				workloads[t.templates[d.template].workload] = true
				nodes[t.templates[d.template].cells[c].node] = true
			}
		}
	}
	switch t.values[v].Attribute {
	case Node:
		return len(workloads) >= 2
	case Pool, Zone:
		return len(workloads) >= 2 && len(nodes) >= 2
	}
	return len(workloads) >= 3 && len(nodes) >= 2
}

// explanationWithin counts the pods of the templates that are sick for it: there, and elsewhere.
func (t *Table) explanationWithin(sick []dealt, v int32) Explanation {
	e := Explanation{Value: t.values[v], Within: true}
	nodes, workloads := map[int32]bool{}, map[int32]bool{}
	for _, d := range sick {
		tm := &t.templates[d.template]
		inside := 0
		for _, c := range d.cells {
			if t.has(d.template, c, v) {
				inside++
				nodes[tm.cells[c].node] = true
			}
		}
		if 2*inside < len(d.cells) || inside == 0 {
			continue // something else is the matter with it
		}
		e.Units += inside
		for i, c := range tm.cells {
			if t.has(d.template, int32(i), v) {
				e.UnitsOf++
				e.Sick, e.Pods = e.Sick+int(c.sick), e.Pods+int(c.pods)
			} else {
				e.SickElsewhere, e.Elsewhere = e.SickElsewhere+int(c.sick), e.Elsewhere+int(c.pods)
			}
		}
		if !workloads[tm.workload] {
			workloads[tm.workload] = true
			e.Workloads = append(e.Workloads, t.workloads[tm.workload])
		}
	}
	e.Nodes = len(nodes)
	return e
}

// chanceWithin deals the sick cells of each template anew among its cells.
func (t *Table) chanceWithin(s *strata, bits float64, o Options) float64 {
	r := rand.New(rand.NewPCG(20261123, uint64(s.cells)))
	dealtOut := make([]dealt, len(s.list))
	for i, d := range s.list {
		dealtOut[i] = dealt{template: d.template, cells: slices.Clone(d.cells)}
	}
	deals := min(o.Deals, max(499, 2_000_000/(int(s.cells)+1)))
	var perm []int32
	as, n := 0, 0
	for n < deals && as < enoughAlike {
		n++
		for i := range dealtOut {
			d := &dealtOut[i]
			perm = perm[:0]
			for j := range t.templates[d.template].cells {
				perm = append(perm, int32(j))
			}
			for j := range d.cells {
				k := j + r.IntN(len(perm)-j)
				perm[j], perm[k] = perm[k], perm[j]
				d.cells[j] = perm[j]
			}
		}
		t.count(dealtOut, s.hit)
		for _, v := range s.hit.touched {
			if (o.Accept == nil || o.Accept(t.values[v])) && t.within(s, v) >= bits-1e-9 {
				as++
				break
			}
		}
	}
	return min(1, float64(as+1)/float64(n+1))
}
