package playbook

import (
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

func TestAppendShape(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "",
		"E1123 04:05 a.go:12":              "E0000 00:00 a.go:00",
		"E1123":                            "E0000",
		" 7f3a-BEEF-0c error at 12ms x86":  " 0000-BEEF-00 error at 00ms x00",
		"id=4bf92f3577b34da6 ok 3bad":      "id=0000000000000000 ok 0000",
		"ORA-12541: ébad1 and sha256:ab12": "ORA-00000: ébad0 and sha000:0000",
	} {
		if got := shape(text); got != want {
			t.Errorf("the shape of %q is %q, want %q", text, got, want)
		}
	}
}

func TestAppendMasked(t *testing.T) {
	for text, want := range map[string]string{"": "", "a1b22/:9": "a0b00/:0", "0123456789abcdef:;/.Ié9": "0000000000abcdef:;/.Ié0"} {
		if got := string(AppendMasked(nil, text)); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestBlind(t *testing.T) {
	for expression, want := range map[string]bool{`\d+ (?i:refused) [\w.]+ .{3}\b`: true, `50[0234]`: false, `[0-8]`: false, `a|b1`: false, `[^\d]+|[0-9]{3}`: true} {
		re, err := syntax.Parse(expression, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := blind(re); got != want {
			t.Errorf("blind(%s) = %v", expression, got)
		}
	}
}

// Texts that differ in their digits alone get the same answer of a blind signature, and have the same candidates.
func TestShapesAnswerAlike(t *testing.T) {
	p := Default()
	r := rand.New(rand.NewPCG(3, 4))
	other := func(text string) string {
		b := []byte(text)
		for i, c := range b {
			if digit(c) {
				b[i] = byte('0' + r.IntN(10))
			}
		}
		return string(b)
	}
	for i := range p.Signatures {
		s := &p.Signatures[i]
		if s.In != OnLog {
			continue
		}
		for _, text := range slices.Concat(s.Positives, s.Negatives) {
			changed := other(text)
			if s.Blind() && s.Matches(text) != s.Matches(changed) {
				t.Errorf("%s tells %q from %q", s.ID, text, changed)
			}
			if !slices.Equal(p.Logs().Candidates(nil, shape(text)), p.Logs().Candidates(nil, shape(changed))) {
				t.Errorf("%q and %q have other candidates", text, changed)
			}
		}
	}
}

// What is beside a literal does not hide it, even where both together look like a number.
func TestShapesKeepLiterals(t *testing.T) {
	for _, lit := range []string{"dead", "bad gateway", "401", "code 137", "[2002]", "add 3d000 fed", "e: x", "ace"} {
		m := NewMatcher([]Signature{{In: OnLog, Contains: []string{lit}}}, OnLog)
		for _, around := range [][2]string{{"", ""}, {"3", ""}, {"", "7"}, {"a", "b9"}, {" 4f", "f4 "}, {"x", "y"}, {"(", ")"}} {
			for _, text := range []string{around[0] + lit + around[1], "q " + around[0] + strings.ToUpper(lit) + around[1]} {
				if len(m.Candidates(nil, shape(text))) == 0 {
					t.Errorf("%q is not found in %q", lit, text)
				}
			}
		}
	}
}
