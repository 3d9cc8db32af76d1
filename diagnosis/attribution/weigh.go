package attribution

import (
	"math"
)

// prepare makes the table of logarithms of factorials, in bits.
func (t *Table) prepare() {
	if t.prepared {
		return
	}
	t.prepared = true
	n := len(t.templates)
	for _, s := range t.of {
		n = max(n, int(s.cells))
	}
	for i := range t.templates {
		n = max(n, len(t.templates[i].cells))
	}
	t.logsTo(n)
}

// logsTo makes the table reach to n.
func (t *Table) logsTo(n int) {
	for i := len(t.logs); i < n+2; i++ {
		if i < 2 {
			t.logs = append(t.logs, 0)
		} else {
			t.logs = append(t.logs, t.logs[i-1]+math.Log2(float64(i)))
		}
	}
}

// code is the length in bits of saying which k of n are sick: how many first, then which.
func (t *Table) code(n, k int32) float64 {
	if n <= 0 {
		return 0
	}
	return math.Log2(float64(n+1)) + t.logs[n] - t.logs[k] - t.logs[n-k]
}

// score is what the values are worth for one deal.
type score struct {
	bits  []float64 // by value; only of touched ones
	sick  *tally    // sick templates or cells
	gone  *tally    // templates that are sick within and nowhere else
	saved []float64
	in    *tally // of one template: its sick cells
	all   *tally // of one template: its cells
}

func (t *Table) newScore() *score {
	n := len(t.values)
	return &score{bits: make([]float64, n), sick: newTally(n), gone: newTally(n), saved: make([]float64, n), in: newTally(n), all: newTally(n)}
}

// weigh finds what each value saves. It returns the most that a value of nodes and one of templates save.
func (t *Table) weigh(sick []dealt, s *score) (ofNodes, ofTemplates float64) {
	for _, v := range s.sick.touched {
		s.saved[v] = 0
	}
	s.sick.clear()
	s.gone.clear()
	for i := range sick {
		t.weighOne(&sick[i], s)
	}
	n, k := int32(len(t.templates)), int32(len(sick))
	listed := t.code(n, k)
	for _, v := range s.sick.touched {
		if s.bits[v] = 0; !t.allowed[v] {
			continue
		}
		of, in := t.of[v], s.sick.n[v]
		if t.values[v].Attribute.OfNode() {
			s.bits[v] = listed - t.code(n-of.whole, k-s.gone.n[v]) + s.saved[v] - t.code(of.cells, in)
			ofNodes = max(ofNodes, s.bits[v])
			continue
		}
		if int64(in)*int64(n) > int64(k)*int64(of.templates) {
			s.bits[v] = listed - t.code(of.templates, in) - t.code(n-of.templates, k-in)
			ofTemplates = max(ofTemplates, s.bits[v])
		}
	}
	return ofNodes, ofTemplates
}

func (t *Table) weighOne(d *dealt, s *score) {
	tm := &t.templates[d.template]
	for _, v := range t.byTemplate[d.template] {
		s.sick.add(v, 1)
	}
	for _, c := range d.cells {
		if node := tm.cells[c].node; node >= 0 {
			for _, v := range t.byNode[node] {
				s.in.add(v, 1)
			}
		}
	}
	n, m := int32(len(tm.cells)), int32(len(d.cells))
	if m < n { // else all cells of a value are sick cells
		t.cellsIn(tm, s.all)
	}
	listed := t.code(n, m)
	for _, v := range s.in.touched {
		x, a := s.in.n[v], s.in.n[v]
		if m < n {
			a = s.all.n[v]
		}
		s.sick.add(v, x)
		if x == m {
			s.gone.add(v, 1)
			s.saved[v] += listed
		} else {
			s.saved[v] += listed - t.code(n-a, m-x)
		}
	}
	s.in.clear()
	s.all.clear()
}
