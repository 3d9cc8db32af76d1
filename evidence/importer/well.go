package importer

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// siblings is how many pods of a workload's revision that are well are kept whole, to compare the sick ones with; wholeWell
// is how many in all, before those of workloads of which no pod is sick are let go.
const (
	siblings  = 3
	wholeWell = 1500
)

// wellPod is a pod that is well and was kept whole.
type wellPod struct {
	key, workload string
	row           evidence.Row
	newest        time.Time
}

// well keeps only the row of a pod that has never been in trouble, once enough like it are kept whole: dumps of large
// clusters hold tens of thousands of them.
func (b *builder) well(o evidence.Object) bool {
	p, err := evidence.PodFromObject(o)
	if err != nil {
		return false
	}
	row, verdicts := triage.Row(p, triage.At(p.Newest()))
	workload := row.Namespace + "/" + row.Workload
	if o.Raw.Str("status", "phase") != string(corev1.PodRunning) || !calm(o.Raw) || len(verdicts) > 0 {
		b.sickOf[workload] = true
		return false
	}
	key := o.Key()
	if _, again := b.rows[key]; again {
		return true
	}
	if len(b.wells) >= b.roomWell {
		b.letGo()
	}
	next := wellPod{key, workload, row, newestOf(o.Raw)}
	group := workload + "@" + row.Revision
	if b.kept[group]++; b.kept[group] <= siblings {
		b.wells = append(b.wells, next)
		return false
	}
	b.used++
	b.onlyRow(next)
	return true
}

func (b *builder) onlyRow(w wellPod) {
	b.saw(w.newest)
	b.population.Add(w.row)
	b.rows[w.key] = len(b.population.Rows) - 1
}

// letGo keeps only the rows of pods that are well and whose workload has no sick pod so far.
func (b *builder) letGo() {
	var stay []wellPod
	gone := map[string]bool{}
	for _, w := range b.wells {
		if o := b.objects[w.key]; o == nil || b.sickOf[w.workload] || !o.newest.Equal(w.newest) {
			stay = append(stay, w)
			continue
		}
		gone[w.key] = true
		delete(b.objects, w.key)
		b.onlyRow(w)
	}
	b.order = slices.DeleteFunc(b.order, func(key string) bool { return gone[key] })
	b.wells = stay
	b.roomWell = max(wholeWell, 2*len(stay))
}

// calm: every container runs, is ready, and has never restarted.
func calm(raw evidence.Raw) bool {
	if raw.Has("metadata", "deletionTimestamp") || raw.Has("status", "reason") {
		return false
	}
	statuses := raw.List("status", "containerStatuses")
	for _, c := range statuses {
		ready, _ := c.Get("ready")
		restarts, known := c.Get("restartCount")
		if n, ok := restarts.(float64); ready != true || !known || !ok || n != 0 || !c.Has("state", "running") {
			return false
		}
	}
	for _, c := range raw.List("status", "initContainerStatuses") {
		if n, ok := c["restartCount"].(float64); !ok || n != 0 {
			return false
		}
	}
	return len(statuses) > 0
}
