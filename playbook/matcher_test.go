package playbook

import (
	"slices"
	"strings"
	"testing"
)

// The matcher must propose every signature that matches by itself, on every example and in any case.
func TestMatcherProposesWhatMatches(t *testing.T) {
	p := Default()
	m := NewMatcher(p.Signatures, OnLog)
	for _, s := range p.Signatures {
		for _, text := range s.Positives {
			for _, variant := range []string{text, "x " + text + " y"} {
				got := m.Candidates(nil, shape(variant))
				for i := range p.Signatures {
					if p.Signatures[i].In != OnLog {
						continue
					}
					if _, ok := p.Signatures[i].Find(variant, strings.ToLower(variant)); ok && !slices.Contains(got, int32(i)) {
						t.Errorf("%s matches %q but is no candidate", p.Signatures[i].ID, variant)
					}
				}
			}
		}
	}
}

func TestMatcherOverlaps(t *testing.T) {
	sigs := []Signature{{ID: "a", In: OnLog, Contains: []string{"she"}}, {ID: "b", In: OnLog, Contains: []string{"hers", "he"}}, {ID: "c", In: OnEvent, Contains: []string{"he"}}}
	m := NewMatcher(sigs, OnLog)
	if got := m.Candidates(nil, "uSHERs"); !slices.Equal(got, []int32{0, 1}) {
		t.Errorf("candidates %v, want [0 1]", got)
	}
	if got := m.Candidates(nil, "nothing"); len(got) != 0 {
		t.Errorf("candidates %v, want none", got)
	}
}

func shape(text string) string { return string(AppendShape(nil, text)) }
