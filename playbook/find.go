package playbook

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/internal/typo"
)

// UnknownCauseError says that a name is no cause, or that of several.
type UnknownCauseError struct {
	Name string
	// Near are ids that may be meant, the nearest first.
	Near []string
}

func (e *UnknownCauseError) Error() string {
	if len(e.Near) == 0 {
		return fmt.Sprintf("%q is no cause of the playbook;", e.Name)
	}
	return fmt.Sprintf("%q is no cause of the playbook; did you mean %s?", e.Name, strings.Join(e.Near, ", "))
}

// Find returns the cause that a person names: by its id, or by an end of it that no other id has ("container-limit").
func (p *Playbook) Find(name string) (*Cause, error) {
	want := strings.ToLower(strings.TrimSpace(name))
	if c, ok := p.Cause(want); ok {
		return c, nil
	}
	var ends []string
	for _, c := range p.Causes {
		if want != "" && (strings.HasSuffix(c.ID, "."+want) || strings.HasSuffix(c.ID, "-"+want)) {
			ends = append(ends, c.ID)
		}
	}
	if len(ends) == 1 {
		return p.byID[ends[0]], nil
	}
	return nil, &UnknownCauseError{Name: name, Near: p.near(want)}
}

// mostNear bounds what is proposed: more is no help.
const mostNear = 8

// near lists ids that resemble a name: those that have it in them, those of a family of that name, those that are
// spelled nearly so, and where there are none those whose words have it.
func (p *Playbook) near(want string) []string {
	if want == "" {
		return nil
	}
	tolerance := max(1, len(want)/4)
	distance := func(c Cause) int { // slips count; how long a word is that has the name in it does not
		_, last, _ := strings.Cut(c.ID, ".")
		return min(typo.Edits(want, c.ID), typo.Edits(want, last), tolerance+1)
	}
	pick := func(like func(Cause) bool) []string {
		var list []Cause
		for _, c := range p.Causes {
			if like(c) {
				list = append(list, c)
			}
		}
		slices.SortStableFunc(list, func(a, b Cause) int { return cmp.Compare(distance(a), distance(b)) })
		var out []string
		for _, c := range list[:min(len(list), mostNear)] {
			out = append(out, c.ID)
		}
		return out
	}
	if ids := pick(func(c Cause) bool {
		return strings.Contains(c.ID, want) || c.Family == want || distance(c) <= tolerance
	}); len(ids) > 0 {
		return ids
	}
	return pick(func(c Cause) bool { return len(want) > 2 && strings.Contains(strings.ToLower(prose(c)), want) })
}

// prose is all that is said of a cause in words by which a person may look for it.
func prose(c Cause) string {
	out := c.Means + " " + c.Says + " " + c.Harmless
	for _, text := range c.Expects {
		out += " " + text
	}
	return out
}
