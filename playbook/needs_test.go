package playbook

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestNeeds(t *testing.T) {
	for expression, want := range map[string][]string{
		`(?i)(?:status|code)[ =:]*401\b|Unauthorized`: {"tatu", "code", "unauthorized"},
		`dial tcp (\S+): connection refused`:          {": connection refused"},
		`(?:abc|x?)def`:                               {"def"},
		`(?:abc)*`:                                    nil,
		`abc|[0-9]+`:                                  nil,
		`(?i)K8S`:                                     nil,
		`été abc`:                                     {" abc"},
	} {
		if got := needs(expression); !slices.Equal(got, want) {
			t.Errorf("needs(%s) = %q, want %q", expression, got, want)
		}
	}
}

// Over the whole catalogue and texts made of its own examples and literals, the matcher proposes every signature that
// matches, and none whose literals are not there.
func TestMatcherAgainstSearch(t *testing.T) {
	p := Default()
	m := p.Logs()
	var parts []string
	for _, s := range p.Signatures {
		parts = append(append(append(parts, s.Positives...), s.Negatives...), s.Contains...)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var got []int32
	for range 2000 {
		a, b := parts[r.IntN(len(parts))], parts[r.IntN(len(parts))]
		text := strings.Repeat("x", r.IntN(9)) + a + b[r.IntN(len(b)+1):] + strings.Repeat(" ", r.IntN(3))
		switch r.IntN(4) {
		case 0:
			text = strings.ToUpper(text)
		case 1:
			text = text[:r.IntN(len(text)+1)]
		}
		got = m.Candidates(got, shape(text))
		lower := strings.ToLower(text)
		for i := range p.Signatures {
			s := &p.Signatures[i]
			if s.In != OnLog {
				continue
			}
			proposed := slices.Contains(got, int32(i))
			if _, ok := s.Find(text, lower); ok && !proposed {
				t.Errorf("%s matches %q but is no candidate", s.ID, text)
			}
			if proposed && s.Matches(text) && !slices.ContainsFunc(s.Contains, func(lit string) bool { return strings.Contains(lower, lit) }) {
				t.Errorf("%s fits %q, which has none of its literals", s.ID, text)
			}
		}
	}
}

// Literals of every length are found wherever they stand.
func TestMatcherPlaces(t *testing.T) {
	for n := 1; n <= 12; n++ {
		lit := "q7zx-kvwj{y~"[:n]
		m := NewMatcher([]Signature{{In: OnLog, Contains: []string{lit}}}, OnLog)
		for before := range 12 {
			for after := range 12 {
				text := strings.Repeat("q", before) + strings.ToUpper(lit) + strings.Repeat("7", after)
				if got := m.Candidates(nil, shape(text)); len(got) != 1 {
					t.Errorf("%q is not found in %q", lit, text)
				}
			}
		}
	}
}
