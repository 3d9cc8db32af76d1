package redact

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Pattern is a secret's form that a user knows: a [Detector] for [Options].
type Pattern struct {
	// Name is the kind that placeholders bear, in lower case with dashes.
	Name string
	// Regexp matches the secret, or the secret and what stands around it.
	Regexp *regexp.Regexp
	// Group is the capture group that holds the secret; 0 is the whole match.
	Group int
}

// custom is the kind of a pattern without a name.
const custom = "custom"

// ParsePattern reads a regular expression in Go's syntax (https://pkg.go.dev/regexp/syntax). The secret is the first
// capture group where there is one, else the whole match; a group's name, as in `(?P<order_key>ok-[0-9]{12})`, becomes
// the kind that placeholders bear: [redacted:order-key:1f3a9c70]. An expression that matches nothing at all, such as
// `[0-9]*`, is refused, for it matches everywhere.
func ParsePattern(expr string) (Pattern, error) {
	if strings.TrimSpace(expr) == "" {
		return Pattern{}, errors.New("it is empty; give a regular expression such as 'order-[0-9]{12}'")
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return Pattern{}, fmt.Errorf("%w; it is a regular expression of Go, without look-around and back references: quote it for the shell, and a backslash before a character takes it literally", err)
	}
	if re.MatchString("") {
		return Pattern{}, errors.New("it matches the empty text, so it would match everywhere; let it ask for at least one character, such as + in place of *")
	}
	p := Pattern{Name: custom, Regexp: re, Group: min(1, re.NumSubexp())}
	for i, name := range re.SubexpNames() {
		if name != "" {
			p.Name, p.Group = kindName(name), i
			break
		}
	}
	return p, nil
}

// kindName writes a name as placeholders can hold it.
func kindName(name string) string {
	out := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r < 0x80 && (isLower(byte(r)) || isDigit(byte(r))):
			return r
		case r < 0x80 && isUpper(byte(r)):
			return r + 'a' - 'A'
		}
		return '-'
	}, name), "-")
	if out == "" {
		return custom
	}
	return out
}

// Detect finds all matches.
func (p Pattern) Detect(text []byte) []Span {
	var out []Span
	for _, m := range p.Regexp.FindAllSubmatchIndex(text, -1) {
		g := 2 * p.Group
		if g+1 >= len(m) || m[g] < 0 {
			g = 0
		}
		if m[g+1] > m[g] {
			out = append(out, Span{m[g], m[g+1], kindName(p.Name)})
		}
	}
	return out
}
