package playbook

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// Where a signature looks.
const (
	OnLog     = "log"     // lines of a container's output, or its termination message
	OnStart   = "start"   // the runtime's message for a container that could not be started
	OnWaiting = "waiting" // the kubelet's message for a container that it cannot create
	OnEvent   = "event"   // an event's message
	OnWords   = "words"   // a program's last words, where nothing else explains them
)

// Signature recognises one way in which a program or the platform says what is wrong.
type Signature struct {
	ID string `json:"id"`
	// Cause is the cause it supports. Fact, where set, is emitted instead: a fact that causes name.
	Cause string `json:"cause,omitempty"`
	Fact  string `json:"fact,omitempty"`
	In    string `json:"in"`
	// Reasons narrows event and waiting signatures to these reasons.
	Reasons []string `json:"reasons,omitempty"`
	// Contains lists literals of which one must be in the text, lower case, before the expression is tried.
	Contains []string `json:"contains"`
	// Match is an RE2 expression; its named groups become attributes (target, user, file, variable, flag, …).
	Match string `json:"match"`
	// Mentions marks texts that programs also print when they carry on (retries, warnings): they count as the cause
	// only where the process then ends, never from the middle of a log.
	Mentions bool `json:"mentions,omitempty"`
	// Generic marks what tells in which part of a program something failed, and not why: a message's own words go before.
	Generic bool `json:"generic,omitempty"`
	// Cap is "strong" for what is certain to have happened and may have another cause behind it: such a signature
	// alone never proves its cause.
	Cap string `json:"cap,omitempty"`
	// Provenance is observed (the program ran on the lab), source (read in its source) or documented.
	Provenance string   `json:"provenance"`
	Program    string   `json:"program,omitempty"`
	Positives  []string `json:"positives"`
	Negatives  []string `json:"negatives,omitempty"`

	blind bool // neither the literals nor the expression tell a digit from another
	re    *regexp.Regexp
	attrs []string // what the groups of re are called, by their index; numbers that tell equal names apart are cut off
}

func (s *Signature) compile() error {
	re, err := regexp.Compile(s.Match)
	if err != nil {
		return fmt.Errorf("signature %s: %w", s.ID, err)
	}
	tree, err := syntax.Parse(s.Match, syntax.Perl)
	if err != nil {
		return fmt.Errorf("signature %s: %w", s.ID, err)
	}
	s.blind = !numbered(s.Contains) && blind(tree)
	s.re, s.attrs = re, slices.Clone(re.SubexpNames())
	for i := range s.attrs {
		s.attrs[i] = strings.TrimRight(s.attrs[i], "0123456789")
	}
	return nil
}

// Find matches text (lower is the same text in lower case) and returns the named groups.
func (s *Signature) Find(text, lower string) (map[string]string, bool) {
	hit := len(s.Contains) == 0
	for _, c := range s.Contains {
		if strings.Contains(lower, c) {
			hit = true
			break
		}
	}
	if !hit {
		return nil, false
	}
	return s.Extract(text)
}

// Blind tells whether what the signature says of a text it says of all texts that differ from it in their digits alone.
func (s *Signature) Blind() bool { return s.blind }

// Matches tells whether a text matches of which [Matcher.Candidates] told that it may. It extracts nothing, which is much
// less work than [Signature.Extract].
func (s *Signature) Matches(text string) bool {
	return (s.blind || oneOf(s.Contains, text)) && s.re.MatchString(text)
}

// Names tells whether the expression can set an attribute.
func (s *Signature) Names(attr string) bool { return slices.Contains(s.attrs, attr) }

// Locate tells where in a text that matches an attribute stands; from is -1 where it does not.
func (s *Signature) Locate(text, attr string) (from, to int) {
	m := s.re.FindStringSubmatchIndex(text)
	from, to = -1, -1
	for i, n := range s.attrs {
		if n == attr && m != nil && m[2*i] < m[2*i+1] {
			from, to = m[2*i], m[2*i+1]
		}
	}
	return from, to
}

// Extract applies the expression alone, for texts that are known to have one of the literals.
func (s *Signature) Extract(text string) (map[string]string, bool) {
	m := s.re.FindStringSubmatch(text)
	if m == nil {
		return nil, false
	}
	attrs := map[string]string{}
	for i, n := range s.attrs {
		if n != "" && m[i] != "" {
			attrs[n] = m[i]
		}
	}
	return attrs, true
}
