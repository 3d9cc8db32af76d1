package eval

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

func recorded(t *testing.T) []Case {
	t.Helper()
	cases, _, err := Load("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Fatal("no recorded bundles: a test of nothing proves nothing")
	}
	return cases
}

// Whoever's word is missing, alone or with another's: nothing is proven that is not so, and nothing is claimed more
// firmly than with everything.
func TestAblation(t *testing.T) {
	less, err := Ablate(recorded(t), playbook.Default())
	if err != nil {
		t.Fatal(err)
	}
	weaker := 0
	for _, a := range less {
		if a.WrongProven {
			t.Errorf("%s without %v is wrong: %s %s: %s", a.Case.Name, a.Without, a.Verdict, a.Cause, a.Why)
		}
		if a.Raised != "" {
			t.Errorf("%s without %v: %s", a.Case.Name, a.Without, a.Raised)
		}
		if !a.Right {
			weaker++
		}
	}
	if weaker < len(less)/20 {
		t.Errorf("%d of %d variants lost their answer: hardly anything was taken away", weaker, len(less))
	}
}

// Taking a word away takes it away: without any producer, nothing is left to say.
func TestWithoutEverybodyNothingIsSaid(t *testing.T) {
	for _, c := range recorded(t) {
		s, err := c.Read()
		if err != nil {
			t.Fatal(err)
		}
		if s, err = Without(s, Producers...); err != nil {
			t.Fatal(err)
		}
		r, err := Diagnose(c, s, playbook.Default())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Findings {
			if f.Verdict == diagnosis.Proven || f.Verdict == diagnosis.Likely {
				t.Errorf("%s without anybody's word: %s %s: %s", c.Name, f.Verdict, f.Cause, f.Headline)
			}
		}
	}
}

// What must not matter does not: the order of what was read, reading it twice, when it happened, what things are
// called, and who else is sick.
func TestMetamorphic(t *testing.T) {
	pb := playbook.Default()
	cases := recorded(t)
	other := cases[slices.IndexFunc(cases, func(c Case) bool { return c.Name == "database-password-changed" })]
	sick, err := other.Read()
	if err != nil {
		t.Fatal(err)
	}
	changes := map[string]func(Case, *evidence.Snapshot) (*evidence.Snapshot, error){
		"another order": func(_ Case, s *evidence.Snapshot) (*evidence.Snapshot, error) { return Shuffled(s) },
		"read twice":    func(_ Case, s *evidence.Snapshot) (*evidence.Snapshot, error) { return Doubled(s) },
		"another time": func(_ Case, s *evidence.Snapshot) (*evidence.Snapshot, error) {
			return Shifted(s, 101*24*time.Hour+3*time.Hour+7*time.Minute)
		},
		"other names": func(c Case, s *evidence.Snapshot) (*evidence.Snapshot, error) { return Renamed(s, c.Namespace) },
		"others sick": func(c Case, s *evidence.Snapshot) (*evidence.Snapshot, error) {
			if c.Namespace == other.Namespace {
				return s, nil
			}
			return Beside(s, sick, other.Namespace)
		},
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			whole, err := c.Read()
			if err != nil {
				t.Fatal(err)
			}
			want := essence(t, c, whole, pb, "")
			for what, change := range changes {
				if what == "others sick" && slices.ContainsFunc(whole.Population.Rows, func(r evidence.Row) bool { return r.Namespace == other.Namespace }) {
					continue // they would not be others
				}
				s, err := change(c, whole)
				if err != nil {
					t.Fatal(err)
				}
				changed := c
				if what == "other names" {
					changed.Namespace = "" // it is called otherwise
				}
				beside := ""
				if what == "others sick" && c.Namespace == "" {
					beside = other.Namespace // all namespaces were asked about
				}
				if diff := cmp.Diff(want, essence(t, changed, s, pb, beside)); diff != "" {
					t.Errorf("%s changes the verdict:\n%s", what, diff)
				}
			}
		})
	}
}

// essence is what a report concludes, without names and times, and without the findings of a namespace.
func essence(t *testing.T, c Case, s *evidence.Snapshot, pb *playbook.Playbook, without string) []string {
	t.Helper()
	r, err := Diagnose(c, s, pb)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range r.Findings {
		if without != "" && f.Workload.Namespace == without {
			continue
		}
		var ledger []string
		for _, h := range f.Hypotheses {
			ledger = append(ledger, h.Cause+" "+string(h.Status))
		}
		slices.Sort(ledger)
		out = append(out, fmt.Sprintf("%s %s %s by %s, neighbour %v, %d containers\n%s", f.State, f.Verdict, f.Cause, f.Mechanism, f.Neighbour,
			len(f.Containers), strings.Join(ledger, "\n")))
	}
	slices.Sort(out)
	return out
}

// The changes are made: old names, old times and a lonely namespace are gone.
func TestChangesChange(t *testing.T) {
	c := recorded(t)[slices.IndexFunc(recorded(t), func(c Case) bool { return c.Name == "database-password-changed" })]
	whole, err := c.Read()
	if err != nil {
		t.Fatal(err)
	}
	dump := func(s *evidence.Snapshot) string {
		var b strings.Builder
		for _, o := range s.Objects {
			fmt.Fprintln(&b, o.Namespace, o.Name, o.Raw)
		}
		for _, l := range s.Logs {
			fmt.Fprintln(&b, l.Instance, string(l.Text))
		}
		fmt.Fprintln(&b, s.Events, s.Population.Rows, s.Population.Nodes)
		return b.String()
	}
	renamed, err := Renamed(whole, c.Namespace)
	if err != nil {
		t.Fatal(err)
	}
	for _, old := range []string{c.Namespace, whole.Population.Nodes[0].Name} {
		if !strings.Contains(dump(whole), old) || strings.Contains(dump(renamed), old) && strings.Contains(old, "-") {
			t.Errorf("%q is not renamed everywhere", old)
		}
	}
	shifted, err := Shifted(whole, 101*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if day := whole.CapturedAt.Format("2006-01-02T"); !strings.Contains(dump(whole), day) || strings.Contains(dump(shifted), day) {
		t.Errorf("%s is still there after a shift of 101 days", day)
	}
}

// Judging can fail: an answer that is silent, wrong or too much is told from a right one.
func TestJudge(t *testing.T) {
	pb := playbook.Default()
	about := diagnosis.Workload{Kind: "Deployment", Namespace: "shop", Name: "api"}
	finding := func(v diagnosis.Verdict, cause, state string) diagnosis.Finding {
		return diagnosis.Finding{Workload: about, Verdict: v, Cause: cause, State: state}
	}
	sick := Expect{Finding: true, Cause: []string{"memory.container-limit"}, Workload: "Deployment/api", Never: []string{"app.exception"}}
	for name, c := range map[string]struct {
		expect   Expect
		findings []diagnosis.Finding
		want     Outcome
	}{
		"right":            {sick, []diagnosis.Finding{finding("proven", "memory.container-limit", "active")}, Outcome{Right: true, Family: true}},
		"family only":      {sick, []diagnosis.Finding{finding("likely", "memory.node", "active")}, Outcome{Family: true}},
		"wrong, proven":    {sick, []diagnosis.Finding{finding("proven", "config.invalid", "active")}, Outcome{WrongProven: true}},
		"silent":           {sick, []diagnosis.Finding{finding("unexplained", "app.unexplained-exit", "active")}, Outcome{Silent: true}},
		"nothing":          {sick, nil, Outcome{Silent: true}},
		"never":            {sick, []diagnosis.Finding{finding("proven", "memory.container-limit", "active"), finding("likely", "app.exception", "active")}, Outcome{Family: true}},
		"well":             {Expect{}, nil, Outcome{Right: true, Family: true}},
		"well again":       {Expect{}, []diagnosis.Finding{finding("proven", "app.exception", "recovered")}, Outcome{Right: true, Family: true}},
		"well, and blamed": {Expect{}, []diagnosis.Finding{finding("proven", "app.exception", "active")}, Outcome{WrongProven: true}},
	} {
		t.Run(name, func(t *testing.T) {
			o := Judge(Case{Expect: c.expect}, &diagnosis.Report{Findings: c.findings}, pb)
			got := Outcome{Right: o.Right, Family: o.Family, Silent: o.Silent, WrongProven: o.WrongProven}
			if got.Right != c.want.Right || got.Family != c.want.Family || got.Silent != c.want.Silent || got.WrongProven != c.want.WrongProven {
				t.Errorf("judged %+v (%s), want %+v", got, o.Why, c.want)
			}
		})
	}
}
