package eval

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/internal/pipeline"
	"github.com/crashproof-dev/crashproof/playbook"
)

// Outcome is what a report said of one case, and whether that is right.
type Outcome struct {
	Case    Case
	Verdict diagnosis.Verdict // of the finding about the case; empty where there is none
	Cause   string
	State   string
	// Right: the top cause is one of those expected; or nothing active is reported where nothing is wrong.
	Right bool
	// Family: the cause's family is that of an expected cause.
	Family bool
	// Silent: a cause could be told, and the answer is unexplained, ambiguous or no finding.
	Silent bool
	// WrongProven: something is proven that is not so.
	WrongProven bool
	Why         string // what is not as it should be
	// Reach is the report's own scope, and Reached whether that is expected, level and subject, and those of findings are.
	Reach   diagnosis.Scope
	Reached bool
	// Misplaced is what of that is not as expected.
	Misplaced string
	// Blamed is what the report says of the change that brought it about; Named that it is the right one, or that none is
	// blamed where nothing changed.
	Blamed string
	Named  bool
}

// Diagnose reasons about a snapshot and keeps what concerns the case's namespace.
func Diagnose(c Case, s *evidence.Snapshot, pb *playbook.Playbook) (*diagnosis.Report, error) {
	r, _, err := diagnosis.Diagnose(s, pb)
	if err != nil {
		return nil, err
	}
	return r, pipeline.Narrow(&pipeline.Result{Snapshot: s, Report: r}, evidence.Target{Namespace: c.Namespace})
}

// Judge compares a report with what a person should conclude.
func Judge(c Case, r *diagnosis.Report, pb *playbook.Playbook) Outcome {
	o := judge(c, r, pb)
	o.Reach, o.Misplaced = r.Scope, misplaced(c, r)
	o.Reached = o.Misplaced == ""
	for i := range r.Findings {
		if t := r.Findings[i].Trigger; t != nil && r.Findings[i].State == "active" {
			o.Blamed += t.Text + "\n"
		}
	}
	if c.Expect.Change == NoChange {
		o.Named = o.Blamed == ""
	} else if re, err := regexp.Compile(c.Expect.Change); err == nil {
		o.Named = o.Blamed != "" && re.MatchString(o.Blamed)
	}
	return o
}

// misplaced says what of the report's scope, and of those of its findings, is not as a person would say it.
func misplaced(c Case, r *diagnosis.Report) string {
	e := c.Expect
	if len(e.Reach) > 0 && !slices.Contains(e.Reach, string(r.Scope.Level)) {
		return fmt.Sprintf("scope %s (%s), expected %s", r.Scope.Level, r.Scope.Statement, strings.Join(e.Reach, " or "))
	}
	subject := e.Subject
	if own := r.Scope.Level == diagnosis.ScopeWorkload || r.Scope.Level == diagnosis.ScopeRevision; subject == "" && own {
		_, name, _ := strings.Cut(cmp.Or(e.Workload, c.Target), "/")
		subject = regexp.QuoteMeta(name)
	}
	if ok, err := regexp.MatchString(subject, r.Scope.Subject); !ok || err != nil {
		return fmt.Sprintf("scope about %q, expected %s", r.Scope.Subject, subject)
	}
	for _, p := range e.Scopes {
		if !slices.ContainsFunc(r.Findings, func(f diagnosis.Finding) bool {
			ok, err := regexp.MatchString(p.Subject, f.Scope.Subject)
			return f.State == "active" && string(f.Scope.Level) == p.Level && ok && err == nil
		}) {
			return fmt.Sprintf("no finding with scope %s %s", p.Level, p.Subject)
		}
	}
	return ""
}

func judge(c Case, r *diagnosis.Report, pb *playbook.Playbook) Outcome {
	o := Outcome{Case: c}
	for i := range r.Findings {
		f := &r.Findings[i]
		if slices.Contains(c.Expect.Never, f.Cause) {
			o.Why = f.Workload.Name + ": " + f.Cause + " must never be named"
			o.WrongProven = o.WrongProven || f.Verdict == diagnosis.Proven
		}
	}
	f := top(c, r)
	if f != nil {
		o.Verdict, o.Cause, o.State = f.Verdict, f.Cause, f.State
	}
	if !c.Expect.Finding {
		o.Right = o.Why == "" && (f == nil || f.State != "active")
		o.Family = o.Right
		if !o.Right && o.Why == "" {
			o.Why = "an active finding where nothing is wrong: " + f.Workload.Name + ", " + f.Cause
			o.WrongProven = f.Verdict == diagnosis.Proven
		}
		return o
	}
	if f == nil {
		o.Silent, o.Why = c.Expect.Provable(), "no finding"
		return o
	}
	named := len(c.Expect.Cause) == 0 || slices.Contains(c.Expect.Cause, f.Cause)
	o.Silent = c.Expect.Provable() && (f.Verdict == diagnosis.Unexplained || f.Verdict == diagnosis.Ambiguous)
	o.Right = named && o.Why == "" && !o.Silent && (c.Expect.State == "" || c.Expect.State == f.State)
	o.Family = named || slices.ContainsFunc(c.Expect.Cause, func(id string) bool { return family(pb, id) == family(pb, f.Cause) })
	o.WrongProven = o.WrongProven || !named && f.Verdict == diagnosis.Proven
	if !o.Right && o.Why == "" {
		o.Why = string(f.Verdict) + " " + f.Cause + " (" + f.State + "), expected " + strings.Join(c.Expect.Cause, " or ")
	}
	return o
}

// top is the first finding about the expected workload, active ones and true crash loops first; where no workload is
// expected, the first of all.
func top(c Case, r *diagnosis.Report) *diagnosis.Finding {
	about := c.Expect.Workload
	if about == "" && c.Expect.Finding {
		about = c.Target
	}
	var best *diagnosis.Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		if about != "" && !strings.EqualFold(subject(f.Workload), about) {
			continue
		}
		if best == nil || rank(f) < rank(best) {
			best = f
		}
	}
	return best
}

func subject(w diagnosis.Workload) string {
	if w.External != "" {
		return "external/" + w.External
	}
	return w.Kind + "/" + w.Name
}

func rank(f *diagnosis.Finding) int {
	n := 0
	if f.State != "active" {
		n += 2
	}
	if f.Neighbour {
		n++
	}
	return n
}

func family(pb *playbook.Playbook, id string) string {
	c, ok := pb.Cause(id)
	if !ok {
		return ""
	}
	return c.Family
}
