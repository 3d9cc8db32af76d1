package redact

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/viper"
	"github.com/zricethezav/gitleaks/v8/config"
)

// leftOut are gitleaks' rules that are not used, with the reason.
var leftOut = map[string]string{
	"generic-api-key": "takes any long word near \"key\", \"api\" or \"access\" for a secret: hashes of pods, UIDs, trace ids; see assignmentFinder",
	"private-key":     "needs the whole block; see keyBeginFinder",
	"jwt":             "its keyword \"ey\" stands in every second line; see formFinders",
	"twilio-api-key":  "its keyword \"sk\" stands in disk and task; see formFinders",
	"curl-auth-user":  "takes the user's name too; see commandFinders",

	"curl-auth-header": "slow on lines full of curl, and its headers are found anywhere; see headerFinders and assignmentFinder",

	"slack-webhook-url":       "takes the host too; see formFinders",
	"microsoft-teams-webhook": "takes the host too; see formFinders",

	"adobe-client-id": "an identifier", "asana-client-id": "an identifier", "bitbucket-client-id": "an identifier",
	"discord-client-id": "an identifier", "linkedin-client-id": "an identifier", "looker-client-id": "an identifier",
	"messagebird-client-id": "an identifier", "plaid-client-id": "an identifier", "sendbird-access-id": "an identifier",
	"sumologic-access-id": "an identifier", "new-relic-user-api-id": "an identifier",
	"flutterwave-public-key": "public", "lob-pub-api-key": "public", "mailgun-pub-key": "public",
}

// rule is one of gitleaks' rules. Its text is parsed, and its expressions compiled, when a keyword of it is first seen:
// all of them together take 20 ms and more.
type rule struct {
	id       string
	keywords []string
	text     string // its table in gitleaks' TOML
	parsed   func() (config.Rule, error)
}

// gitleaks are the rules that are used and the text that stands before the first of them, which holds what is allowed
// everywhere.
var gitleaks = sync.OnceValue(func() []*rule { return cutRules(config.DefaultConfig) })

// globalAllowed are gitleaks' allowlists for all rules.
var globalAllowed = sync.OnceValues(func() ([]*config.Allowlist, error) {
	head, _, _ := strings.Cut(config.DefaultConfig, "\n[[rules]]\n")
	c, err := parseRules(head)
	return c.Allowlists, err
})

var (
	ruleID       = lazy(`(?m)^id = "([^"]+)"$`)
	rulePath     = lazy(`(?m)^path = `)
	ruleKeywords = lazy(`(?ms)^keywords = \[(.*?)\]$`)
	quoted       = lazy(`"([^"]+)"`)
)

// cutRules cuts gitleaks' configuration into its rules without parsing it whole. Rules for files of certain names are
// left out: a log has no name.
func cutRules(text string) []*rule {
	var out []*rule
	for i, part := range strings.Split(text, "\n[[rules]]\n") {
		id := ruleID().FindStringSubmatch(part)
		if i == 0 || id == nil || leftOut[id[1]] != "" || rulePath().MatchString(part) {
			continue
		}
		r := &rule{id: id[1], text: "[[rules]]\n" + part}
		r.parsed = sync.OnceValues(r.parse)
		if list := ruleKeywords().FindStringSubmatch(part); list != nil {
			for _, m := range quoted().FindAllStringSubmatch(list[1], -1) {
				r.keywords = append(r.keywords, strings.ToLower(m[1]))
			}
		}
		out = append(out, r)
	}
	return out
}

// parseRules reads a part of gitleaks' configuration as gitleaks does.
func parseRules(text string) (config.Config, error) {
	v := viper.New()
	v.SetConfigType("toml")
	var c config.ViperConfig
	if err := v.ReadConfig(strings.NewReader(text)); err != nil {
		return config.Config{}, fmt.Errorf("reading gitleaks' rules: %w", err)
	}
	if err := v.Unmarshal(&c); err != nil {
		return config.Config{}, fmt.Errorf("reading gitleaks' rules: %w", err)
	}
	return c.Translate()
}

func (r *rule) parse() (config.Rule, error) {
	c, err := parseRules(r.text)
	if err != nil {
		return config.Rule{}, err
	}
	global, err := globalAllowed()
	out := c.Rules[r.id]
	out.Allowlists = slices.Concat(out.Allowlists, global)
	return out, err
}

// ruleFinders wrap gitleaks' rules.
func ruleFinders() []finder {
	var out []finder
	for _, r := range gitleaks() {
		out = append(out, finder{r.keywords, r.look})
	}
	return out
}

// look evaluates the rule on the line around a keyword, as gitleaks' detect.Detector would.
func (r *rule) look(s *search, id, from, to int) {
	if begins(s.text[from:to]) && !longRun(s.text[from:min(len(s.text), to+leastRun)]) {
		return
	}
	start, end, ok := s.window(id, from)
	if !ok {
		return
	}
	g, err := r.parsed()
	if err != nil || g.Regex == nil {
		return // TestRulesParse holds every rule to it
	}
	line := s.text[start:end]
	for _, m := range g.Regex.FindAllSubmatchIndex(line, -1) {
		a, b := secretIn(m, g.SecretGroup)
		secret := string(line[a:b])
		if g.Entropy != 0 && entropy(secret) <= g.Entropy || allowed(g.Allowlists, secret, string(line[m[0]:m[1]]), string(line)) {
			continue
		}
		if !r.inSecret(secret) && !speaksOfSecret(line[m[0]:a]) {
			continue
		}
		s.add(start+a, start+b, r.id)
	}
}

// secretIn picks the group that holds the secret: the rule's, or the first that took part.
func secretIn(m []int, group int) (start, end int) {
	if group > 0 && 2*group+1 < len(m) && m[2*group] >= 0 {
		return m[2*group], m[2*group+1]
	}
	for g := 2; g < len(m); g += 2 {
		if m[g] >= 0 && m[g+1] > m[g] {
			return m[g], m[g+1]
		}
	}
	return m[0], m[1]
}

// inSecret reports whether a keyword is part of the secret, which tells it by itself; else it is a vendor's name before it.
func (r *rule) inSecret(secret string) bool {
	lower := strings.ToLower(secret)
	return slices.ContainsFunc(r.keywords, func(k string) bool { return strings.Contains(lower, k) })
}

var secretWord = lazy(`(?i)key|token|secret|passw|pwd|auth|cred|api|access|login|\bpat\b|_pat\b|webhook|:\s*\\?["']?(?:bearer|basic)`)

// speaksOfSecret: of "datadog: 3b1f…" nobody knows that it is a secret; it may be a commit. "datadog_api_key: 3b1f…" says so.
func speaksOfSecret(before []byte) bool { return secretWord().Match(before) }

// leastRun is less than any secret that begins with a keyword is long.
const leastRun = 16

// begins reports whether a keyword is the beginning of a secret rather than a vendor's name: ghp_, sk-, hvs.
func begins(keyword []byte) bool {
	return len(keyword) <= 3 || bytes.IndexByte([]byte("_.~-"), keyword[len(keyword)-1]) >= 0 && keyword[0] != '_'
}

// longRun reports whether a text has no character that a token cannot have, and is long enough for one.
func longRun(b []byte) bool {
	for _, c := range b {
		if !isBase64[c] && c != '.' && c != '~' && c != '=' {
			return false
		}
	}
	return len(b) >= leastRun
}

// allowed reports whether one of gitleaks' allowlists names the secret.
func allowed(lists []*config.Allowlist, secret, match, line string) bool {
	for _, l := range lists {
		target := secret
		switch l.RegexTarget {
		case "match":
			target = match
		case "line":
			target = line
		}
		re := l.RegexAllowed(target)
		stop, _ := l.ContainsStopWord(secret)
		if l.MatchCondition == config.AllowlistMatchAnd {
			if len(l.Paths) == 0 && len(l.Commits) == 0 && (re || len(l.Regexes) == 0) && (stop || len(l.StopWords) == 0) {
				return true
			}
		} else if re || stop {
			return true
		}
	}
	return false
}

// entropy is Shannon's, in bits a character, which gitleaks' thresholds are in.
func entropy(s string) float64 {
	count := map[rune]int{}
	for _, c := range s {
		count[c]++
	}
	sum := 0.0
	for _, n := range count {
		p := float64(n) / float64(len(s))
		sum -= p * math.Log2(p)
	}
	return sum
}
