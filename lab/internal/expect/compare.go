package expect

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

// Found sums up what the report said about the expected workload.
type Found struct {
	Cause    string `json:"cause"`
	Verdict  string `json:"verdict"`
	Scope    string `json:"scope"`
	State    string `json:"state"`
	Workload string `json:"workload"`
	Findings int    `json:"findings"`
}

// Compare returns what was found and one sentence for each difference.
func Compare(e scenario.Expect, target string, r *Report) (Found, []string) {
	if !e.Finding {
		found, differ := compareNone(e, r)
		return found, append(differ, notTold(e, r)...)
	}
	object := e.Workload
	if object == "" {
		object = target
	}
	f := pick(r.Findings, object, e)
	if f == nil {
		return Found{Findings: len(r.Findings)}, append(slices.Concat(never(e, r), notTold(e, r)), missing(object, r))
	}
	found := summary(f, r)
	differ := notTold(e, r)
	check := func(what, got string, want []string) {
		if len(want) > 0 && !slices.Contains(want, got) {
			differ = append(differ, fmt.Sprintf("%s is %q, expected %s", what, got, quoted(want)))
		}
	}
	check("cause", f.Cause, e.Cause)
	check("verdict", f.Verdict, e.Verdict)
	check("scope", f.Scope.Level, e.Scope)
	if e.State != "" {
		check("state", f.State, []string{e.State})
	}
	differ = append(differ, notRefuted(e, f)...)
	differ = append(differ, never(e, r)...)
	return found, append(differ, notCited(e, f)...)
}

// Wrong says whether a report claims what is not so: something that must never be said, a sick workload where none is,
// or another cause as proven. A report that is merely weaker than expected is not wrong.
func Wrong(e scenario.Expect, target string, r *Report) bool {
	if len(never(e, r)) > 0 {
		return true
	}
	if !e.Finding {
		_, differ := compareNone(e, r)
		return len(differ) > 0
	}
	object := e.Workload
	if object == "" {
		object = target
	}
	f := pick(r.Findings, object, e)
	return f != nil && f.Verdict == "proven" && len(e.Cause) > 0 && !slices.Contains(e.Cause, f.Cause)
}

// compareNone is for scenarios in which nothing is wrong, or no longer.
func compareNone(e scenario.Expect, r *Report) (Found, []string) {
	found := Found{Findings: len(r.Findings)}
	var differ []string
	for i := range r.Findings {
		f := &r.Findings[i]
		found = summary(f, r)
		if f.State == "active" {
			differ = append(differ, fmt.Sprintf("an active finding about %s (%s, %s), expected none", f.Workload, f.Cause, f.Verdict))
		}
	}
	return found, append(differ, never(e, r)...)
}

func summary(f *Finding, r *Report) Found {
	return Found{
		Cause: f.Cause, Verdict: f.Verdict, Scope: f.Scope.Level, State: f.State,
		Workload: f.Workload.String(), Findings: len(r.Findings),
	}
}

// pick returns the finding about the object; of several, the one that fits the expected cause and state best.
func pick(all []Finding, object string, e scenario.Expect) *Finding {
	var best *Finding
	bestScore := -1
	for i := range all {
		f := &all[i]
		if object != "" && !f.Workload.is(object) {
			continue
		}
		score := 0
		if slices.Contains(e.Cause, f.Cause) {
			score += 4
		}
		if e.State == f.State {
			score += 2
		}
		if !f.Neighbour {
			score++
		}
		if score > bestScore {
			best, bestScore = f, score
		}
	}
	return best
}

func missing(object string, r *Report) string {
	var others []string
	for _, f := range r.Findings {
		others = append(others, fmt.Sprintf("%s (%s)", f.Workload, f.Cause))
	}
	if len(others) == 0 {
		return fmt.Sprintf("no finding at all, expected one about %s", object)
	}
	return fmt.Sprintf("no finding about %s; there are %s", object, strings.Join(others, ", "))
}

func notRefuted(e scenario.Expect, f *Finding) []string {
	var differ []string
	for _, cause := range e.Refuted {
		status := "not in the ledger"
		for _, h := range f.Hypotheses {
			if h.Cause == cause {
				status = h.Status
			}
		}
		if status != "refuted" {
			differ = append(differ, fmt.Sprintf("hypothesis %s is %s, expected refuted", cause, status))
		}
	}
	return differ
}

func never(e scenario.Expect, r *Report) []string {
	var differ []string
	for _, f := range r.Findings {
		if slices.Contains(e.Never, f.Cause) {
			differ = append(differ, fmt.Sprintf("a finding about %s names %s, which must never be", f.Workload, f.Cause))
		}
	}
	return differ
}

// notTold are the gaps that the report should tell of and does not.
func notTold(e scenario.Expect, r *Report) []string {
	var differ []string
	for _, want := range e.Gaps {
		if !slices.ContainsFunc(r.Gaps, func(g Gap) bool { return matches(want, g.String()) }) {
			differ = append(differ, fmt.Sprintf("no gap matches %q", want))
		}
	}
	return differ
}

func notCited(e scenario.Expect, f *Finding) []string {
	var differ []string
	for _, want := range e.Evidence {
		pattern, err := regexp.Compile(want.Match)
		if err != nil {
			differ = append(differ, err.Error())
			continue
		}
		cited := slices.ContainsFunc(f.Evidence, func(have Evidence) bool {
			return have.Source == want.Source && pattern.MatchString(have.Text)
		})
		if !cited {
			differ = append(differ, fmt.Sprintf("no evidence of source %s matches %q", want.Source, want.Match))
		}
	}
	return differ
}

func quoted(list []string) string {
	var q []string
	for _, s := range list {
		q = append(q, fmt.Sprintf("%q", s))
	}
	return strings.Join(q, " or ")
}
