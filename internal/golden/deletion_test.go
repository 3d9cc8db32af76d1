package golden

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// deletions is how many single deletions are tried on each recorded incident.
const deletions = 15

// Whatever is deleted, a field, an object, an event or a log, no verdict gets stronger and nothing that was unknown
// becomes a refutation.
func TestDeletionNeverProvesOrRefutes(t *testing.T) {
	tried, weaker := 0, 0
	for _, file := range bundles(t) {
		name := filepath.Base(file)
		recorded := read(t, file)
		full := verdicts(t, copyOf(t, recorded))
		for seed := range deletions {
			s := copyOf(t, recorded)
			what := deleteOne(s, rand.New(rand.NewPCG(uint64(seed), 7)))
			if what == "" {
				continue
			}
			tried++
			for key, got := range verdicts(t, s) {
				want, ok := full[key]
				if !ok {
					continue // the case is known under another name now
				}
				if got.verdict == diagnosis.Proven && !want.accounts(got.cause) {
					t.Errorf("%s without %s: %s is proven to be %s, with everything %s %s", name, what, key, got.cause, want.verdict, want.cause)
				}
				if got.verdict != want.verdict || got.cause != want.cause {
					weaker++
				}
				for cause := range got.refuted {
					if !want.refuted[cause] && !want.supported[cause] && want.cause != cause {
						t.Errorf("%s without %s: %s refutes %s, which was unknown with everything", name, what, key, cause)
					}
				}
			}
		}
	}
	t.Logf("%d deletions, %d of them changed a verdict", tried, weaker)
	if tried == 0 || weaker == 0 {
		t.Error("nothing was deleted that matters")
	}
}

// judged is what a report says about one sick container.
type judged struct {
	verdict            diagnosis.Verdict
	cause              string
	refuted, supported map[string]bool
}

// accounts: the cause is that of the full evidence, or a shallower one that it explains.
func (j judged) accounts(cause string) bool {
	return cause == j.cause && j.verdict == diagnosis.Proven || explains(j.cause, cause)
}

func verdicts(t *testing.T, s *evidence.Snapshot) map[string]judged {
	t.Helper()
	r, _, err := diagnosis.Diagnose(s, playbook.Default())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]judged{}
	for _, f := range r.Findings {
		j := judged{verdict: f.Verdict, cause: f.Cause, refuted: map[string]bool{}, supported: map[string]bool{}}
		for _, h := range f.Hypotheses {
			switch h.Status {
			case diagnosis.Refuted:
				j.refuted[h.Cause] = true
			case diagnosis.Supported:
				j.supported[h.Cause] = true
			}
		}
		for _, c := range f.Containers {
			out[f.Workload.Namespace+"/"+c.Pod+"/"+c.Container+" "+f.Symptom] = j
		}
	}
	return out
}

// copyOf is a snapshot of which everything can be deleted.
func copyOf(t *testing.T, from *evidence.Snapshot) *evidence.Snapshot {
	t.Helper()
	s := *from
	s.Objects, s.Events, s.Logs = slices.Clone(s.Objects), slices.Clone(s.Events), slices.Clone(s.Logs)
	s.EventsListed, s.Gaps = slices.Clone(s.EventsListed), slices.Clone(s.Gaps)
	for i := range s.Objects {
		b, err := json.Marshal(s.Objects[i].Raw)
		if err != nil {
			t.Fatal(err)
		}
		s.Objects[i].Raw = nil
		if err := json.Unmarshal(b, &s.Objects[i].Raw); err != nil {
			t.Fatal(err)
		}
	}
	return &s
}

// deleteOne removes one thing and says what it was.
func deleteOne(s *evidence.Snapshot, r *rand.Rand) string {
	switch n := r.IntN(10); {
	case n == 0 && len(s.Events) > 0:
		i := r.IntN(len(s.Events))
		e := s.Events[i]
		s.Events = slices.Delete(s.Events, i, i+1)
		s.EventsListed = nil // a list with holes is no list
		return "event " + e.Reason + " of " + e.About.Name
	case n == 1 && len(s.Logs) > 0:
		i := r.IntN(len(s.Logs))
		l := s.Logs[i]
		s.Logs = slices.Delete(s.Logs, i, i+1)
		return fmt.Sprintf("log of %s, previous %v", l.Instance.Container, l.Previous)
	case n == 2 && len(s.Objects) > 1:
		i := r.IntN(len(s.Objects))
		o := s.Objects[i]
		s.Objects = slices.Delete(s.Objects, i, i+1)
		return o.Kind + " " + o.Name
	}
	var pods []int
	for i, o := range s.Objects {
		if o.Kind == "Pod" {
			pods = append(pods, i)
		}
	}
	if len(pods) == 0 {
		return ""
	}
	o := s.Objects[pods[r.IntN(len(pods))]]
	part := []string{"status", "spec", "status"}[r.IntN(3)]
	m := o.Raw.Map(part)
	if m == nil {
		return ""
	}
	if p := deleteIn(m, r); p != "" {
		return "pod " + o.Name + "'s " + part + p
	}
	return ""
}

// deleteIn removes a key somewhere below a map: going down is twice as likely as stopping.
func deleteIn(m map[string]any, r *rand.Rand) string {
	if len(m) == 0 {
		return ""
	}
	keys := slices.Sorted(func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	})
	k := keys[r.IntN(len(keys))]
	if r.IntN(3) > 0 {
		switch v := m[k].(type) {
		case map[string]any:
			if p := deleteIn(v, r); p != "" {
				return "." + k + p
			}
		case []any:
			if len(v) > 0 {
				i := r.IntN(len(v))
				if item, ok := v[i].(map[string]any); ok {
					if p := deleteIn(item, r); p != "" {
						return fmt.Sprintf(".%s[%d]%s", k, i, p)
					}
				}
			}
		}
	}
	delete(m, k)
	return "." + k
}
