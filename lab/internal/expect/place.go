package expect

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

// Place says in one sentence each how the report's scope, and those of its findings, differ from what is expected.
func Place(e scenario.Expect, r *Report) []string {
	var differ []string
	if len(e.Reach) > 0 && !slices.Contains(e.Reach, r.Scope.Level) {
		differ = append(differ, fmt.Sprintf("the report's scope is %q (%s), expected %s", r.Scope.Level, r.Scope.Statement, quoted(e.Reach)))
	} else if !matches(e.Subject, r.Scope.Subject) {
		differ = append(differ, fmt.Sprintf("the report's scope is about %q, expected %s", r.Scope.Subject, e.Subject))
	}
	for _, p := range e.Scopes {
		if !slices.ContainsFunc(r.Findings, func(f Finding) bool {
			return f.State == "active" && f.Scope.Level == p.Level && matches(p.Subject, f.Scope.Subject)
		}) {
			differ = append(differ, fmt.Sprintf("no finding has the scope %s %s", p.Level, p.Subject))
		}
	}
	return differ
}

func matches(pattern, text string) bool {
	ok, err := regexp.MatchString(pattern, text)
	return err == nil && ok
}
