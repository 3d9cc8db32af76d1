package attribution_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution"
	"github.com/crashproof-dev/crashproof/diagnosis/attribution/simulation"
	"github.com/crashproof-dev/crashproof/evidence"
)

// trials is how many populations a property is tried on; TRIALS asks for more, as `make scope` does.
func trials(t *testing.T, usual int) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("TRIALS"))
	if err != nil {
		return usual
	}
	return n
}

// sizes are like those of real clusters: most are small.
func sizeOf(r *rand.Rand) int { return int(20 * math.Pow(100, r.Float64())) }

// TestNothingPlanted: where workloads are sick each for itself, next to nothing is attributed.
func TestNothingPlanted(t *testing.T) {
	n := trials(t, 300)
	wrong := map[attribution.Attribute]int{}
	false_, within := 0, 0
	for i := range n {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		c := simulation.New(r, sizeOf(r))
		c.Background([]float64{0.01, 0.03, 0.1, 0.25}[i%4])
		t1 := c.Table()
		if found := slices.Concat(t1.Explain(attribution.Options{}), t1.ExplainWithin(attribution.Options{})); len(found) > 0 {
			false_++
			if found[0].Within {
				within++
			}
			wrong[found[0].Attribute]++
			if testing.Verbose() {
				t.Logf("trial %d, %d pods, %d sick: %+v", i, len(c.P.Rows), len(c.Sick), found[0])
			}
		}
	}
	low, high := wilson(false_, n)
	t.Logf("attributed although nothing is there: %d of %d = %.2f %% (95 %%: %.2f to %.2f) %v, %d of them within templates", false_, n, 100*float64(false_)/float64(n), 100*low, 100*high, wrong, within)
	if low > 0.02 {
		t.Errorf("%d of %d populations without a shared reason were attributed to one", false_, n)
	}
}

// TestPlanted: a shared reason is found, and not another.
func TestPlanted(t *testing.T) {
	n := trials(t, 210)
	kinds := []attribution.Attribute{attribution.Node, attribution.Pool, attribution.Zone, attribution.NodeImage, attribution.Namespace, attribution.Image, attribution.Reference}
	right, silent, other := map[attribution.Attribute]int{}, map[attribution.Attribute]int{}, map[attribution.Attribute]int{}
	of := map[attribution.Attribute]int{}
	for i := range n {
		r := rand.New(rand.NewPCG(2, uint64(i)))
		kind := kinds[i%len(kinds)]
		c := simulation.New(r, 100+sizeOf(r))
		v, ok := choose(r, c, kind)
		if !ok {
			continue
		}
		c.Plant(v, 0.7+0.3*r.Float64())
		if i%2 == 0 {
			c.Background(0.01)
		}
		of[kind]++
		whole := c.Table()
		found := slices.Concat(whole.ExplainWithin(attribution.Options{}), whole.Explain(attribution.Options{})) // in the order in which they are asked
		switch {
		case len(found) == 0:
			silent[kind]++
		case slices.ContainsFunc(found[:1], func(e attribution.Explanation) bool { return e.Value == v || slices.Contains(e.Same, v) }):
			right[kind]++
		default:
			other[kind]++
			if testing.Verbose() {
				t.Logf("trial %d, %d pods, %d sick, planted %v: %+v", i, len(c.P.Rows), len(c.Sick), v, found[0])
			}
		}
	}
	all, hit, bad := 0, 0, 0
	for _, k := range kinds {
		t.Logf("%-12s right %d of %d, nothing said %d, something else %d", k, right[k], of[k], silent[k], other[k])
		all, hit, bad = all+of[k], hit+right[k], bad+other[k]
	}
	t.Logf("all: right %d of %d = %.1f %%, something else %d = %.1f %%", hit, all, 100*float64(hit)/float64(all), bad, 100*float64(bad)/float64(all))
	if 100*hit < 90*all || 100*bad > 5*all {
		t.Errorf("%d of %d planted reasons were found, and %d times something else", hit, all, bad)
	}
}

// choose finds a value that enough has and enough has not, so that it can be found at all: what nearly all have is the
// whole cluster.
func choose(r *rand.Rand, c *simulation.Cluster, kind attribution.Attribute) (attribution.Value, bool) {
	for range 200 {
		row := &c.P.Rows[r.IntN(len(c.P.Rows))]
		n, _ := c.P.Node(row.Node)
		v := attribution.Value{Attribute: kind, Value: map[attribution.Attribute]string{attribution.Node: n.Name, attribution.Pool: n.Pool, attribution.Zone: n.Zone,
			attribution.NodeImage: n.Image, attribution.Namespace: row.Namespace}[kind]}
		for _, u := range row.Uses {
			switch {
			case kind == attribution.Image && len(u) > 6 && u[:6] == "Image/":
				v.Value = u[6:]
			case kind == attribution.Reference && len(u) > 17 && u[:17] == "ConfigMap/shared-":
				v.Value = "ConfigMap/" + row.Namespace + u[9:]
			}
		}
		workloads, nodes, without, pods := map[string]bool{}, map[string]bool{}, map[string]bool{}, 0
		for i := range c.P.Rows {
			o := &c.P.Rows[i]
			if o.WorkloadKind == "DaemonSet" {
				continue
			}
			if v.Value != "" && c.Has(o, v) {
				workloads[o.Workload], nodes[o.Node] = true, true
				pods++
			} else {
				without[o.Workload] = true
			}
		}
		if len(workloads) >= 4 && len(without) >= 6 && 3*pods < 2*len(c.P.Rows) && (len(nodes) >= 2 || kind == attribution.Node) {
			return v, true
		}
	}
	return attribution.Value{}, false
}

// TestWithin: what only a few workloads need is missing on some nodes. Most of what is there is well, and what is sick there
// is well elsewhere.
func TestWithin(t *testing.T) {
	population := func(sick func(app, node int) bool) *attribution.Table {
		p := evidence.Population{}
		for n := range 12 {
			p.Nodes = append(p.Nodes, evidence.NodeRow{Name: fmt.Sprintf("n%d", n), Pool: fmt.Sprintf("pool%d", n%2), Zone: fmt.Sprintf("z%d", n%3), Ready: "True", Image: fmt.Sprintf("image-%d", (n/3)%2)})
		}
		ill := map[string]bool{}
		for app := range 20 {
			for k := range 4 {
				node := (app + k*5) % 12
				row := evidence.Row{Namespace: "ns", Pod: fmt.Sprintf("app%d-%d", app, k), WorkloadKind: "Deployment", Workload: fmt.Sprintf("app%d", app), Revision: "r", Node: fmt.Sprintf("n%d", node), Uses: []string{fmt.Sprintf("Image/app%d", app)}}
				if k == 0 { // whose container has not begun, so that its digest is not known
					row.Uses = []string{fmt.Sprintf("Image/app%d", app)}
				} else {
					row.Uses = []string{fmt.Sprintf("Digest/app%d@sha256:1", app), fmt.Sprintf("Image/app%d", app)}
				}
				ill[row.Pod] = sick(app, node)
				p.Add(row)
			}
		}
		return attribution.New(&p, func(r *evidence.Row) bool { return ill[r.Pod] })
	}
	for _, c := range []struct {
		name string
		sick func(app, node int) bool
		want attribution.Value
	}{
		{"a zone that four of twenty need", func(app, node int) bool { return app < 4 && node%3 == 1 }, attribution.Value{Attribute: attribution.Zone, Value: "z1"}},
		{"a node image that five need", func(app, node int) bool { return app >= 15 && (node/3)%2 == 1 }, attribution.Value{Attribute: attribution.NodeImage, Value: "image-1"}},
		{"a pool that four need", func(app, node int) bool { return app%5 == 0 && node%2 == 1 }, attribution.Value{Attribute: attribution.Pool, Value: "pool1"}},
		{"one workload alone", func(app, node int) bool { return app == 3 && node%3 == 1 }, attribution.Value{}},
		{"two workloads, each on a node of its own", func(app, node int) bool { return app == 3 && node == 3 || app == 8 && node == 1 }, attribution.Value{}},
		{"workloads that are sick everywhere", func(app, node int) bool { return app < 4 }, attribution.Value{}},
	} {
		found := population(c.sick).ExplainWithin(attribution.Options{})
		switch {
		case c.want == attribution.Value{} && len(found) > 0:
			t.Errorf("%s: %+v", c.name, found)
		case c.want != attribution.Value{} && (len(found) == 0 || found[0].Value != c.want || found[0].Sick != found[0].Pods || found[0].SickElsewhere != 0):
			t.Errorf("%s: %+v", c.name, found)
		}
	}
}

// wilson is the 95 % interval of a proportion.
func wilson(k, n int) (low, high float64) {
	const z = 1.96
	p, m := float64(k)/float64(n), float64(n)
	mid, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return (mid - half) / (1 + z*z/m), (mid + half) / (1 + z*z/m)
}

// BenchmarkExplain prints how the time grows with the number of pods. One pod in a hundred is sick.
//
//	go test ./diagnosis/attribution -run - -bench Explain
func BenchmarkExplain(b *testing.B) {
	for _, pods := range []int{1_000, 10_000, 100_000, 150_000} {
		r := rand.New(rand.NewPCG(3, uint64(pods)))
		c := simulation.New(r, pods)
		c.Background(0.01)
		for i := range c.P.Rows {
			if row := &c.P.Rows[i]; c.Sick[row.Namespace+"/"+row.Pod] {
				row.Symptom = "crash-loop"
			}
		}
		b.Run(strconv.Itoa(pods), func(b *testing.B) {
			before := heap()
			t := attribution.New(&c.P, func(r *evidence.Row) bool { return r.Symptom != "" })
			t.Explain(attribution.Options{})
			kept := heap() - before
			runtime.KeepAlive(t)
			for b.Loop() {
				attribution.New(&c.P, func(r *evidence.Row) bool { return r.Symptom != "" }).Explain(attribution.Options{})
			}
			b.ReportMetric(float64(kept)/(1<<20), "MiB-kept")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(c.P.Rows)), "ns/pod")
		})
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
