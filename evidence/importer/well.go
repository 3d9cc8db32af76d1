package importer

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// siblings is how many pods of a workload's revision that are well are kept whole, to compare the sick ones with.
const siblings = 3

// well keeps only the row of a pod that has never been in trouble, once enough like it are kept whole: dumps of large
// clusters hold tens of thousands of them.
func (b *builder) well(o evidence.Object) bool {
	if o.Raw.Str("status", "phase") != string(corev1.PodRunning) || !calm(o.Raw) {
		return false
	}
	p, err := evidence.PodFromObject(o)
	if err != nil {
		return false
	}
	row, verdicts := triage.Row(p, p.Newest())
	if len(verdicts) > 0 {
		return false
	}
	key := o.Key()
	if _, again := b.rows[key]; again {
		return true
	}
	group := row.Namespace + "/" + row.Workload + "@" + row.Revision
	if b.kept[group]++; b.kept[group] <= siblings {
		return false
	}
	b.used++
	b.saw(newestOf(o.Raw))
	b.population.Add(row)
	b.rows[key] = len(b.population.Rows) - 1
	return true
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
