package attribution

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// dealer deals sickness anew: among workloads as many templates with as large a part of their cells, and within a template
// any of its cells.
type dealer struct {
	t    *Table
	rand *rand.Rand
	// shares are, for each sick workload, the parts of its sick templates that are sick.
	shares []share
	pool   []int32 // workloads, small ones first
	owns   [][]int32
	taken  []int32 // in which deal a workload got its share last
	deals  int32
	out    []dealt
	perm   []int32
}

type share struct {
	parts []float64
	rank  int // of the workload that has it, by size
}

func newDealer(t *Table, sick []dealt) *dealer {
	d := &dealer{t: t, rand: rand.New(rand.NewPCG(20261123, uint64(len(sick)))), owns: make([][]int32, len(t.workloads))}
	for i := range t.templates {
		w := t.templates[i].workload
		d.owns[w] = append(d.owns[w], int32(i))
	}
	size := make([]int, len(t.workloads))
	for i := range t.templates {
		size[t.templates[i].workload] += len(t.templates[i].cells)
	}
	for w := range t.workloads {
		d.pool = append(d.pool, int32(w))
	}
	slices.SortStableFunc(d.pool, func(a, b int32) int { return cmp.Compare(size[a], size[b]) })
	d.taken = make([]int32, len(t.workloads))
	rank := make([]int, len(t.workloads))
	for i, w := range d.pool {
		rank[w] = i
	}
	at := map[int32]int{}
	for _, x := range sick {
		tm := &t.templates[x.template]
		i, ok := at[tm.workload]
		if !ok {
			i = len(d.shares)
			at[tm.workload] = i
			d.shares = append(d.shares, share{rank: rank[tm.workload]})
		}
		d.shares[i].parts = append(d.shares[i].parts, float64(len(x.cells))/float64(len(tm.cells)))
	}
	return d
}

// A share goes to a workload of about the size of the one that has it: to one of the near by rank, a fifth of all to
// either side, and never fewer than a dozen.
const (
	nearest = 12
	near    = 5
)

// deal gives each share to another workload.
func (d *dealer) deal() []dealt {
	d.out = d.out[:0]
	d.deals++
	for _, sh := range d.shares {
		own := d.owns[d.receiver(sh.rank)]
		from := d.rand.IntN(len(own))
		for n := range min(len(sh.parts), len(own)) {
			d.give(own[(from+n)%len(own)], sh.parts[n])
		}
	}
	return d.out
}

// receiver draws a workload near a rank that has nothing yet; after some tries, any.
func (d *dealer) receiver(rank int) int32 {
	n := len(d.pool)
	reach := max(nearest, n/near)
	low, high := max(0, rank-reach), min(n, rank+reach+1)
	for try := 0; ; try++ {
		if try == 20 {
			low, high = 0, n
		}
		w := d.pool[low+d.rand.IntN(high-low)]
		if d.taken[w] != d.deals {
			d.taken[w] = d.deals
			return w
		}
	}
}

// give makes a part of a template's cells sick, at least one.
func (d *dealer) give(template int32, part float64) {
	n := len(d.t.templates[template].cells)
	m := min(n, max(1, int(math.Round(part*float64(n)))))
	var cells []int32
	if len(d.out) < cap(d.out) { // its memory of the last deal
		cells = d.out[:len(d.out)+1][len(d.out)].cells[:0]
	}
	d.perm = d.perm[:0]
	for i := range n {
		d.perm = append(d.perm, int32(i))
	}
	for i := range m {
		j := i + d.rand.IntN(n-i)
		d.perm[i], d.perm[j] = d.perm[j], d.perm[i]
		cells = append(cells, d.perm[i])
	}
	d.out = append(d.out, dealt{template: template, cells: cells})
}
