package redact

import (
	"fmt"
	"math/rand/v2"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
)

// TestRulesAreCutAsGitleaksParsesThem: the rules that are cut out of gitleaks' configuration are those that gitleaks
// reads from it, with the same keywords.
func TestRulesAreCutAsGitleaksParsesThem(t *testing.T) {
	all, err := parseRules(config.DefaultConfig)
	if err != nil {
		t.Fatal(err)
	}
	for id, reason := range leftOut {
		if _, ok := all.Rules[id]; !ok {
			t.Errorf("%s is left out (%s), but gitleaks has no such rule", id, reason)
		}
	}
	used := map[string]bool{}
	for _, r := range gitleaks() {
		used[r.id] = true
		got, err := r.parsed()
		want := all.Rules[r.id]
		switch {
		case err != nil:
			t.Errorf("%s: %v", r.id, err)
		case got.Regex == nil || want.Regex == nil || got.Regex.String() != want.Regex.String() || got.Entropy != want.Entropy || got.SecretGroup != want.SecretGroup:
			t.Errorf("%s: parsed alone it differs", r.id)
		case !slices.Equal(r.keywords, want.Keywords):
			t.Errorf("%s: keywords %q, want %q", r.id, r.keywords, want.Keywords)
		case len(r.keywords) == 0:
			t.Errorf("%s has no keyword, so it would never be asked", r.id)
		case len(got.Allowlists) != len(want.Allowlists)+len(all.Allowlists):
			t.Errorf("%s: %d allowlists, want %d", r.id, len(got.Allowlists), len(want.Allowlists)+len(all.Allowlists))
		case len(want.RequiredRules) > 0:
			t.Errorf("%s asks for other rules beside it, which is not evaluated", r.id)
		}
	}
	for id, r := range all.Rules {
		if !used[id] && leftOut[id] == "" && r.Path == nil {
			t.Errorf("%s is neither used nor left out for a reason", id)
		}
	}
}

// TestWhatGitleaksFindsIsReplaced makes secrets from the expression of each rule, and compares with gitleaks' own
// detector: what it finds with its default configuration is not left.
func TestWhatGitleaksFindsIsReplaced(t *testing.T) {
	oracle, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	rules, secrets := 0, 0
	for _, r := range gitleaks() {
		g, err := r.parsed()
		if err != nil {
			t.Fatal(err)
		}
		made := 0
		for try := 0; try < 60 && made < 3; try++ {
			secret := fromExpr(rnd, g.Regex.String())
			for _, line := range []string{"2026-11-23T03:02:49Z using " + secret + " now", "export " + strings.ToUpper(strings.Trim(r.keywords[0], "-_. ")) + "_API_KEY=" + secret} {
				for _, f := range oracle.DetectString(line) {
					if f.RuleID != r.id || strings.ContainsAny(f.Secret, "\n\"") {
						continue
					}
					made++
					secrets++
					if got := redactor(t).String(line); strings.Contains(got, f.Secret) {
						t.Errorf("%s: a secret of %d characters is left in a line of %d", r.id, len(f.Secret), len(line))
					}
				}
			}
		}
		if made > 0 {
			rules++
		} else {
			t.Logf("%s: no example that gitleaks finds could be made", r.id)
		}
	}
	t.Logf("%d secrets by %d of %d rules", secrets, rules, len(gitleaks()))
	if rules < 150 {
		t.Errorf("only %d rules were tested", rules)
	}
}

// fromExpr makes a text that the first group of an expression matches, or the whole where it has none.
func fromExpr(rnd *rand.Rand, expr string) string {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic(err)
	}
	if g := firstGroup(re); g != nil {
		re = g
	}
	var b strings.Builder
	makeText(rnd, re, &b)
	return b.String()
}

func firstGroup(re *syntax.Regexp) *syntax.Regexp {
	if re.Op == syntax.OpCapture {
		return re.Sub[0]
	}
	for _, s := range re.Sub {
		if g := firstGroup(s); g != nil {
			return g
		}
	}
	return nil
}

func makeText(rnd *rand.Rand, re *syntax.Regexp, b *strings.Builder) {
	repeat := func(least, most int) {
		if most < 0 || most > least+8 {
			most = least + 8
		}
		for range least + rnd.IntN(most-least+1) {
			makeText(rnd, re.Sub[0], b)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		var set []rune
		for i := 0; i < len(re.Rune); i += 2 {
			for c := re.Rune[i]; c <= min(re.Rune[i+1], 126); c++ {
				if c > ' ' {
					set = append(set, c)
				}
			}
		}
		if len(set) > 0 {
			b.WriteRune(set[rnd.IntN(len(set))])
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte("abcdef0123456789"[rnd.IntN(16)])
	case syntax.OpCapture:
		makeText(rnd, re.Sub[0], b)
	case syntax.OpConcat:
		for _, s := range re.Sub {
			makeText(rnd, s, b)
		}
	case syntax.OpAlternate:
		makeText(rnd, re.Sub[rnd.IntN(len(re.Sub))], b)
	case syntax.OpStar:
		repeat(0, 8)
	case syntax.OpPlus:
		repeat(1, 9)
	case syntax.OpQuest:
		repeat(0, 1)
	case syntax.OpRepeat:
		repeat(re.Min, re.Max)
	}
}

// A vendor's name before a commit or an id makes no secret of it.
func TestVendorsNamesAreNoSecrets(t *testing.T) {
	r := redactor(t)
	for _, vendor := range []string{"datadog", "heroku", "confluent", "snyk", "sonar", "twitter", "dropbox", "discord", "linear", "okta", "facebook"} {
		for _, id := range []string{strings.Repeat("0a1b2c3d4e", 4), "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", strings.Repeat("9f8e7d6c", 4)} {
			for _, form := range []string{"%s: %s", "%s-agent commit=%s", `{"%s":"%s"}`} {
				if text := fmt.Sprintf(form, vendor, id); r.String(text) != text {
					t.Errorf("%s became %s", text, r.String(text))
				}
			}
		}
	}
}
