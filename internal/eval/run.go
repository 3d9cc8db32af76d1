package eval

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// Replay judges the report about each case's whole evidence.
func Replay(cases []Case, pb *playbook.Playbook) ([]Outcome, error) {
	out := make([]Outcome, len(cases))
	err := each(len(cases), func(i int) error {
		s, err := cases[i].Read()
		if err != nil {
			return err
		}
		r, err := Diagnose(cases[i], s, pb)
		if err == nil {
			out[i] = Judge(cases[i], r, pb)
		}
		return err
	})
	return out, err
}

// Ablated is the outcome of one case without the word of some producers.
type Ablated struct {
	Outcome
	Without []evidence.Producer
	// Raised says which verdict is stronger than with everything; empty where none is.
	Raised string
}

// Ablate judges every case again, without each producer and each pair of them.
func Ablate(cases []Case, pb *playbook.Playbook) ([]Ablated, error) {
	sets := Ablations()
	out := make([]Ablated, len(cases)*len(sets))
	err := each(len(cases), func(i int) error {
		c := cases[i]
		whole, err := c.Read()
		if err != nil {
			return err
		}
		r, err := Diagnose(c, whole, pb)
		if err != nil {
			return err
		}
		full, victims := strengths(r), victimsOf(r)
		_, cloud := whole.CloudRead()
		for k, set := range sets {
			if slices.Contains(set, evidence.Cloud) && !cloud {
				continue // it said nothing
			}
			s, err := Without(whole, set...)
			if err != nil {
				return err
			}
			r, err := Diagnose(c, s, pb)
			if err != nil {
				return err
			}
			out[i*len(sets)+k] = Ablated{Outcome: judgeLess(c, r, full, pb), Without: set, Raised: raised(full, strengths(r), victims, pb)}
		}
		return nil
	})
	return slices.DeleteFunc(out, func(a Ablated) bool { return a.Without == nil }), err
}

// Side is the outcome of one case with Azure's side and without it.
type Side struct{ With, Without Outcome }

// Azure judges the cases in which Azure's side was read, with it and without.
func Azure(cases []Case, pb *playbook.Playbook) ([]Side, error) {
	out := make([]Side, len(cases))
	err := each(len(cases), func(i int) error {
		c := cases[i]
		whole, err := c.Read()
		if err != nil {
			return err
		}
		if _, read := whole.CloudRead(); !read && c.Expect.WithoutAzure == nil {
			return nil
		}
		less, err := Without(whole, evidence.Cloud)
		if err != nil {
			return err
		}
		r, err := Diagnose(c, whole, pb)
		if err != nil {
			return err
		}
		out[i].With = Judge(c, r, pb)
		if c.Expect, err = c.Expect.Less(); err != nil {
			return fmt.Errorf("%s: withoutAzure: %w", c.Name, err)
		}
		if r, err = Diagnose(c, less, pb); err != nil {
			return err
		}
		out[i].Without = Judge(c, r, pb)
		return nil
	})
	return slices.DeleteFunc(out, func(s Side) bool { return s.With.Case.Name == "" }), err
}

// judgeLess judges a report about less than was captured. What a shallower look still proves is not wrong where the
// whole evidence has the cause that accounts for it: a link of its chain.
func judgeLess(c Case, r *diagnosis.Report, full map[string]said, pb *playbook.Playbook) Outcome {
	o := Judge(c, r, pb)
	if o.WrongProven && o.Verdict == diagnosis.Proven && slices.ContainsFunc(c.Expect.Cause, func(id string) bool { return accounts(pb, id, o.Cause) }) {
		o.WrongProven = false // a link of the chain of what is so
	}
	if o.WrongProven && o.Verdict == diagnosis.Proven {
		for _, f := range full {
			if f.verdict == diagnosis.Proven && accounts(pb, f.cause, o.Cause) && c.Expect.Finding {
				o.WrongProven = false
			}
		}
	}
	return o
}

func accounts(pb *playbook.Playbook, deep, shallow string) bool {
	d, ok := pb.Cause(deep)
	if !ok {
		return false
	}
	for _, id := range d.Explains {
		if id == shallow {
			return true
		}
	}
	return false
}

// said is what a report says of one sick container.
type said struct {
	verdict diagnosis.Verdict
	cause   string
}

var tiers = map[diagnosis.Verdict]int{diagnosis.Unexplained: 1, diagnosis.Ambiguous: 2, diagnosis.Likely: 3, diagnosis.Proven: 4}

// strengths is the strongest verdict about each container of each pod.
func strengths(r *diagnosis.Report) map[string]said {
	out := map[string]said{}
	for i := range r.Findings {
		f := &r.Findings[i]
		for _, c := range f.Containers {
			key := c.Pod + "/" + c.Container
			if tiers[f.Verdict] > tiers[out[key].verdict] {
				out[key] = said{f.Verdict, f.Cause}
			}
		}
	}
	return out
}

// victimsOf are the workloads that are told of as victims: their pods are in no finding of their own.
func victimsOf(r *diagnosis.Report) []string {
	var out []string
	for i := range r.Findings {
		for _, v := range r.Findings[i].Victims {
			out = append(out, v.Name+"-")
		}
	}
	return out
}

// raised names a container about which more is claimed than with everything.
func raised(full, less map[string]said, victims []string, pb *playbook.Playbook) string {
	for key, l := range less {
		f, ok := full[key]
		victim := slices.ContainsFunc(victims, func(v string) bool { return strings.HasPrefix(key, v) })
		if !ok && l.verdict == diagnosis.Proven && !victim {
			return key + ": proven " + l.cause + ", with everything it is not sick"
		}
		if link := f.verdict == diagnosis.Likely && accounts(pb, f.cause, l.cause); ok && tiers[l.verdict] > tiers[f.verdict] && !link {
			return key + ": " + string(l.verdict) + " " + l.cause + ", with everything " + string(f.verdict) + " " + f.cause
		}
		if ok && l.verdict == diagnosis.Proven && l.cause != f.cause && !accounts(pb, f.cause, l.cause) && !accounts(pb, l.cause, f.cause) { // else another link of one chain
			return key + ": proven " + l.cause + ", with everything proven " + f.cause
		}
	}
	return ""
}

// each calls f for 0 to n-1 on all processors and returns the first error.
func each(n int, f func(int) error) error {
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		g.Go(func() error { return f(i) })
	}
	return g.Wait()
}
