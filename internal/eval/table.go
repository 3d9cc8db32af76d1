package eval

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/playbook"
)

// Splits are the names of the splits of some outcomes, tuned first.
func Splits(all []Outcome) []string {
	var out []string
	for _, o := range all {
		if !slices.Contains(out, o.Case.Split) {
			out = append(out, o.Case.Split)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if (a == Tuned) != (b == Tuned) {
			return map[bool]int{true: -1, false: 1}[a == Tuned]
		}
		return strings.Compare(a, b)
	})
	return out
}

// Of keeps the outcomes of a split.
func Of(all []Outcome, split string) []Outcome {
	return slices.DeleteFunc(slices.Clone(all), func(o Outcome) bool { return o.Case.Split != split })
}

// share counts how many of some outcomes hold.
func share(all []Outcome, of func(Outcome) bool, holds func(Outcome) bool) Rate {
	c := clustered{}
	for _, o := range all {
		if of(o) {
			c.add(o.Case.Name, holds(o))
		}
	}
	return c.rate()
}

func (r Rate) String() string {
	if r.Of == 0 {
		return "none"
	}
	return fmt.Sprintf("%d of %d = %.1f %% (%.1f to %.1f)", r.Right, r.Of, 100*r.Share(), 100*r.Low, 100*r.High)
}

// Summary prints how often a split's answers are right.
func Summary(w io.Writer, split string, all []Outcome) error {
	fault := func(o Outcome) bool { return o.Case.Expect.Finding }
	provable := func(o Outcome) bool { return o.Case.Expect.Provable() }
	fmt.Fprintf(w, "split %s: %d scenarios\n", split, len(all))
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	fmt.Fprintf(t, "  top cause right\t%s\n", share(all, provable, func(o Outcome) bool { return o.Right }))
	fmt.Fprintf(t, "  family right\t%s\n", share(all, provable, func(o Outcome) bool { return o.Family }))
	fmt.Fprintf(t, "  a cause can be told, and none is\t%s\n", share(all, provable, func(o Outcome) bool { return o.Silent }))
	fmt.Fprintf(t, "  the evidence does not say, and the answer neither\t%s\n",
		share(all, func(o Outcome) bool { return fault(o) && !provable(o) }, func(o Outcome) bool { return o.Right }))
	fmt.Fprintf(t, "  nothing is wrong, and no active finding\t%s\n",
		share(all, func(o Outcome) bool { return !fault(o) }, func(o Outcome) bool { return o.Right }))
	fmt.Fprintf(t, "  something misleads, and the answer is right\t%s\n",
		share(all, func(o Outcome) bool { return o.Case.Confounder != "" }, func(o Outcome) bool { return o.Right }))
	fmt.Fprintf(t, "  scope right\t%s\n", share(all, func(o Outcome) bool { return len(o.Case.Expect.Reach) > 0 }, func(o Outcome) bool { return o.Reached }))
	fmt.Fprintf(t, "  something changed, and that change is named\t%s\n", share(all, changed, func(o Outcome) bool { return o.Named }))
	fmt.Fprintf(t, "  nothing changed, and no change is blamed\t%s\n",
		share(all, func(o Outcome) bool { return o.Case.Expect.Change == NoChange }, func(o Outcome) bool { return o.Named }))
	fmt.Fprintf(t, "  wrong with proven\t%d\n", count(all, func(o Outcome) bool { return o.WrongProven }))
	return t.Flush()
}

func changed(o Outcome) bool { return o.Case.Expect.Change != "" && o.Case.Expect.Change != NoChange }

// Misplaced prints where scope or change are not as they should be.
func Misplaced(w io.Writer, all []Outcome) {
	for _, o := range all {
		if len(o.Case.Expect.Reach) > 0 && !o.Reached {
			fmt.Fprintf(w, "  %s: %s\n", o.Case.Name, o.Misplaced)
		}
		if o.Case.Expect.Change != "" && !o.Named {
			fmt.Fprintf(w, "  %s: blames %q, expected %s\n", o.Case.Name, strings.TrimSpace(o.Blamed), o.Case.Expect.Change)
		}
	}
}

func count[T any](all []T, holds func(T) bool) int {
	n := 0
	for _, o := range all {
		if holds(o) {
			n++
		}
	}
	return n
}

// Tiers prints how often each verdict is right, and what the shown probabilities are worth.
func Tiers(w io.Writer, split string, all []Outcome, pb *playbook.Playbook) error {
	fmt.Fprintf(w, "verdicts, split %s\n", split)
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	answered := 0
	var forecasts []forecast
	for _, v := range []diagnosis.Verdict{diagnosis.Proven, diagnosis.Likely, diagnosis.Ambiguous, diagnosis.Unexplained} {
		of := func(o Outcome) bool { return o.Verdict == v }
		r := share(all, of, func(o Outcome) bool { return o.Right })
		fmt.Fprintf(t, "  %s\t%s\n", v, r)
		if v == diagnosis.Proven || v == diagnosis.Likely {
			answered += r.Of
		}
		for _, o := range all {
			if p, ok := pb.Probability(string(v)); ok && of(o) {
				forecasts = append(forecasts, forecast{p, o.Right})
			}
		}
	}
	score, constant := brier(forecasts)
	fmt.Fprintf(t, "  answered (proven or likely)\t%d of %d\n", answered, count(all, func(o Outcome) bool { return o.Verdict != "" }))
	fmt.Fprintf(t, "  Brier score\t%.4f, of a constant forecast %.4f (%d findings)\n", score, constant, len(forecasts))
	return t.Flush()
}

// Wrong lists what is not as it should be.
func Wrong(w io.Writer, all []Outcome) {
	for _, o := range all {
		if o.Why != "" && !o.Right {
			fmt.Fprintf(w, "  %s (%s): %s\n", o.Case.Name, o.Case.Split, o.Why)
		}
	}
}

// Ablation prints what the answers without some producers' words are worth.
func Ablation(w io.Writer, all []Ablated) error {
	fmt.Fprintf(w, "ablation: %d variants (every incident without each producer and each pair of them)\n", len(all))
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	for _, p := range Producers {
		c := clustered{}
		for _, a := range all {
			if slices.Contains(a.Without, p) && a.Case.Expect.Provable() {
				c.add(a.Case.Name, a.Right)
			}
		}
		fmt.Fprintf(t, "  top cause right without %s\t%s\n", p, c.rate())
	}
	fmt.Fprintf(t, "  wrong with proven\t%d\n", count(all, func(a Ablated) bool { return a.WrongProven }))
	fmt.Fprintf(t, "  more claimed than with everything\t%d\n", count(all, func(a Ablated) bool { return a.Raised != "" }))
	if err := t.Flush(); err != nil {
		return err
	}
	for _, a := range all {
		if a.WrongProven {
			fmt.Fprintf(w, "  wrong: %s without %v: %s\n", a.Case.Name, a.Without, a.Why)
		}
		if a.Raised != "" {
			fmt.Fprintf(w, "  more: %s without %v: %s\n", a.Case.Name, a.Without, a.Raised)
		}
	}
	return nil
}

// Sides prints what Azure's side adds, case by case.
func Sides(w io.Writer, all []Side) error {
	fmt.Fprintf(w, "with Azure's side and without it: %d incidents\n", len(all))
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  incident\twith\tchange\tright\twithout\tright")
	for _, s := range all {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\n", s.With.Case.Name, answer(s.With), yes(s.With.Case.Expect.Change == "" || s.With.Named), yes(s.With.Right && !s.With.WrongProven), answer(s.Without), yes(s.Without.Right && !s.Without.WrongProven))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	right := func(f func(Side) bool) int { return count(all, f) }
	fmt.Fprintf(w, "  right with Azure's side %d of %d, not wrong without %d of %d, wrong with proven %d and %d\n", right(func(s Side) bool { return s.With.Right }), len(all),
		right(func(s Side) bool { return s.Without.Right }), len(all), right(func(s Side) bool { return s.With.WrongProven }), right(func(s Side) bool { return s.Without.WrongProven }))
	for _, s := range all {
		if s.With.Why != "" || s.Without.Why != "" {
			fmt.Fprintf(w, "  %s: with: %s; without: %s\n", s.With.Case.Name, s.With.Why, s.Without.Why)
		}
	}
	return nil
}

func answer(o Outcome) string {
	if o.Verdict == "" {
		return "nothing"
	}
	return strings.TrimSpace(string(o.Verdict) + " " + o.Cause)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
