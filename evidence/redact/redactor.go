package redact

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Span is the place of a secret in a text, in bytes.
type Span struct {
	Start, End int
	Kind       string // in lower case, with dashes: it stands in the placeholder
}

// Detector finds secrets in a text, in addition to the built-in ways. Spans may overlap and come in any order. It is
// called for every log, message and value of an environment variable, so it has to be fast on those that hold nothing.
type Detector interface {
	Detect(text []byte) []Span
}

// Options of a [Redactor].
type Options struct {
	// Key keys the placeholders' digits; nil takes a random one, which is what every use but a test wants.
	Key []byte
	// Detectors are asked in addition to the built-in ones; [Pattern] is one.
	Detectors []Detector
}

// Redactor replaces secrets. One Redactor serves all rounds of a collection, so that a secret has one placeholder and a
// secret learned in one round is found in the next. It is not safe for concurrent use.
type Redactor struct {
	key       []byte
	detectors []Detector
	known     *literals
	kinds     map[string]string // of names that were met; see kindOf
}

// New returns a Redactor.
func New(o Options) (*Redactor, error) {
	key := o.Key
	if key == nil {
		key = make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return nil, fmt.Errorf("making a key for redaction: %w", err)
		}
	}
	return &Redactor{key: key, detectors: o.Detectors, known: &literals{}, kinds: map[string]string{}}, nil
}

// placeholder is what a replaced secret looks like. Bundles of earlier versions have six digits.
var placeholder = regexp.MustCompile(`\[redacted:[a-z0-9-]+:[0-9a-f]{6,8}\]`)

var placeholderHint = []byte("[redacted:")

// digits is the length of a placeholder's hash in bytes: two of 500 secrets look equal once in 30,000 bundles.
const digits = 4

// mark makes the placeholder of a secret.
func (r *Redactor) mark(kind string, secret []byte) string {
	m := hmac.New(sha256.New, r.key)
	m.Write(secret)
	return "[redacted:" + kind + ":" + hex.EncodeToString(m.Sum(nil)[:digits]) + "]"
}

// String redacts a text.
func (r *Redactor) String(s string) string {
	if len(s) < 4 {
		return s
	}
	in := []byte(s)
	if out := r.Bytes(in); &out[0] != &in[0] {
		return string(out)
	}
	return s
}

// rounds bounds how often a text is searched.
const rounds = 6

// Bytes redacts a text. It returns the same slice where nothing was found. What was redacted is searched again until
// nothing is found: a secret may have hidden another one's name or end, and redaction has to be idempotent.
func (r *Redactor) Bytes(text []byte) []byte {
	for range rounds {
		spans := r.find(text)
		if len(spans) == 0 {
			break
		}
		text = r.replace(text, spans)
	}
	return text
}

// replace puts placeholders in the places of secrets.
func (r *Redactor) replace(text []byte, spans []Span) []byte {
	if len(spans) == 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	at := 0
	for _, s := range spans {
		out = append(out, text[at:s.Start]...)
		out = append(out, r.mark(s.Kind, text[s.Start:s.End])...)
		at = s.End
	}
	return append(out, text[at:]...)
}

// find returns the places of all secrets, in order and apart from each other.
func (r *Redactor) find(text []byte) []Span {
	s := search{r: r, text: text}
	s.run()
	for _, d := range r.detectors {
		s.spans = append(s.spans, d.Detect(text)...)
	}
	return join(withoutPlaceholders(text, s.spans))
}

// withoutPlaceholders takes the placeholders out of spans: they were replaced before. A span that begins within one came
// from its own words, "redacted:password:…".
func withoutPlaceholders(text []byte, spans []Span) []Span {
	if len(spans) == 0 || !bytes.Contains(text, placeholderHint) {
		return spans
	}
	marks := placeholder.FindAllIndex(text, -1)
	var out []Span
	for _, s := range spans {
		i, _ := slices.BinarySearchFunc(marks, s.Start, func(m []int, start int) int { return cmp.Compare(m[1], start+1) })
		if i < len(marks) && marks[i][0] < s.Start {
			continue
		}
		for ; i < len(marks) && marks[i][0] < s.End; i++ {
			if marks[i][0] > s.Start {
				out = append(out, Span{s.Start, marks[i][0], s.Kind})
			}
			s.Start = max(s.Start, marks[i][1])
		}
		if s.Start < s.End {
			out = append(out, s)
		}
	}
	return out
}

// join sorts spans and unites those that overlap; the longest gives the kind, so that a key found by its form within a
// longer secret does not name it.
func join(spans []Span) []Span {
	slices.SortStableFunc(spans, func(a, b Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	var out []Span
	longest := 0
	for _, s := range spans {
		if s.End <= s.Start {
			continue
		}
		last := len(out) - 1
		if last < 0 || s.Start >= out[last].End {
			out, longest = append(out, s), s.End-s.Start
			continue
		}
		if n := s.End - s.Start; n > longest {
			out[last].Kind, longest = s.Kind, n
		}
		out[last].End = max(out[last].End, s.End)
	}
	return out
}

// placeholderKind reads the kind from a placeholder.
func placeholderKind(mark string) string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(mark, string(placeholderHint)), ":")
	return kind
}
