package diagnosis

import (
	"github.com/crashproof-dev/crashproof/evidence"
)

// rows are the population's pods, by workload. The workload is the row's own word, corrected by the owners that were read
// where the word stops below the top.
type rows struct {
	list []evidence.Row
	by   map[evidence.Ref][]int32
}

// byWorkload sorts the population once, when it is first asked for.
func (in *input) byWorkload() *rows {
	if in.rows != nil {
		return in.rows
	}
	in.rows = &rows{list: in.s.Population.Rows, by: map[evidence.Ref][]int32{}}
	for i := range in.rows.list {
		w := in.ownerOf(&in.rows.list[i])
		in.rows.by[w] = append(in.rows.by[w], int32(i))
	}
	return in.rows
}

// ownerOf is the workload of a pod of the population.
func (in *input) ownerOf(r *evidence.Row) evidence.Ref {
	if top, ok := in.workload[key(r.Namespace, r.Pod)]; ok && top.Kind != "" {
		return evidence.Ref{Kind: top.Kind, Namespace: r.Namespace, Name: top.Name}
	}
	return evidence.Ref{Kind: r.WorkloadKind, Namespace: r.Namespace, Name: r.Workload}
}

// of lists the pods of a workload.
func (rs *rows) of(w evidence.Ref) []*evidence.Row {
	var out []*evidence.Row
	for _, i := range rs.by[evidence.Ref{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}] {
		out = append(out, &rs.list[i])
	}
	return out
}
