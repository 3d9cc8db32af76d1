package diagnosis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis/attribution/simulation"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// sayings are what findings about unrelated workloads say; several of a cluster often say the same.
var sayings = []struct {
	verdict Verdict
	cause   string
}{
	{Unexplained, unexplainedExit}, {Unexplained, unexplainedExit}, {Likely, "app.exception"}, {Proven, "app.exception"}, {Proven, "config.invalid"}, {Proven, "config.env-missing"},
	{Likely, "dependency.timeout"}, {Proven, "dependency.refused"}, {Proven, "memory.container-limit"}, {Proven, "probe.app-unhealthy"}, {Proven, "access.credentials-rejected"}, {Proven, "storage.permission-denied"},
}

// unrelated makes a finding of each sick workload of a population, each with an answer of its own.
func unrelated(r *rand.Rand, c *simulation.Cluster) (*evidence.Snapshot, []Finding) {
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	s := &evidence.Snapshot{CapturedAt: now, Redacted: true, Cluster: evidence.Cluster{UID: "c"}}
	s.Population = c.P
	s.Population.Complete = true
	at := map[evidence.Ref]int{}
	var out []Finding
	for i := range s.Population.Rows {
		row := &s.Population.Rows[i]
		if !c.Sick[row.Namespace+"/"+row.Pod] {
			continue
		}
		row.Symptom, row.Active = "crash-loop", true
		w := evidence.Ref{Kind: row.WorkloadKind, Namespace: row.Namespace, Name: row.Workload}
		k, ok := at[w]
		if !ok {
			k = len(out)
			at[w] = k
			a := sayings[r.IntN(len(sayings))]
			out = append(out, Finding{State: "active", Symptom: row.Symptom, Verdict: a.verdict, Cause: a.cause, Workload: Workload{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name},
				Onset: &Moment{Time: now.Add(-time.Duration(r.IntN(300)) * time.Minute), PlusMinus: "1m0s"}, Scope: Scope{Level: ScopeWorkload, Subject: w.String()}})
		}
		out[k].Scope.Affected++
	}
	return s, out
}

// TestUnrelated: of workloads that are sick each for itself, whatever their findings say, next to none are given a common
// scope. It goes through all of widen, where TestNothingPlanted of package attribution asks for one explanation.
func TestUnrelated(t *testing.T) {
	n := 200
	if v, err := strconv.Atoi(os.Getenv("TRIALS")); err == nil {
		n = v
	}
	pb := playbook.Default()
	wrong, low := 0, 0
	levels := map[ScopeLevel]int{}
	for i := range n {
		r := rand.New(rand.NewPCG(7, uint64(i)))
		c := simulation.New(r, int(20*math.Pow(100, r.Float64())))
		c.Background([]float64{0.01, 0.03, 0.1, 0.25}[i%4])
		s, findings := unrelated(r, c)
		in, err := newInput(s, pb)
		if err != nil {
			t.Fatal(err)
		}
		in.widen(findings)
		told, weakly := ScopeLevel(""), false
		for _, f := range findings {
			switch {
			case f.Scope.Level == ScopeWorkload:
			case f.Scope.Confidence == "low":
				weakly = true
			default:
				told = f.Scope.Level
				if testing.Verbose() {
					t.Logf(" trial %d, %d pods, %d findings: %s", i, len(s.Population.Rows), len(findings), fmt.Sprint(f.Cause, " ", f.Scope.Statement))
				}
			}
		}
		if told != "" {
			wrong++
			levels[told]++
		} else if weakly {
			low++
		}
	}
	p, z, m := float64(wrong)/float64(n), 1.96, float64(n)
	mid, half := p+z*z/(2*m), z*math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	from, to := (mid-half)/(1+z*z/m), (mid+half)/(1+z*z/m)
	t.Logf("given a common scope although there is none: %d of %d = %.2f %% (95 %%: %.2f to %.2f) %v; beside that %d with low confidence", wrong, n, 100*p, 100*from, 100*to, levels, low)
	if from > 0.02 {
		t.Errorf("%d of %d populations of unrelated workloads were given a common scope", wrong, n)
	}
}
