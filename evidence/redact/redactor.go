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

// Span is the place of a secret in a text.
type Span struct {
	Start, End int
	Kind       string
}

// Detector finds secrets in a text. lower is the text with its ASCII letters in lower case, of the same length, for
// cheap searches. Spans may overlap and come in any order.
type Detector interface {
	Detect(text, lower []byte) []Span
}

// Options of a [Redactor].
type Options struct {
	// Key keys the placeholders' digits; nil takes a random one, which is what every use but a test wants.
	Key []byte
	// Detectors are asked in addition to the built-in ones.
	Detectors []Detector
}

// Redactor replaces secrets. One Redactor serves all rounds of a collection, so that a secret has one placeholder and a
// secret learned in one round is found in the next. It is not safe for concurrent use.
type Redactor struct {
	key       []byte
	detectors []Detector
	known     *literals
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
	known := &literals{}
	builtin := []Detector{privateKeys{}, tokens{}, urls{}, headers{}, assignments{}, known}
	return &Redactor{key: key, detectors: append(builtin, o.Detectors...), known: known}, nil
}

// placeholder is what a replaced secret looks like.
var placeholder = regexp.MustCompile(`\[redacted:[a-z0-9-]+:[0-9a-f]{6}\]`)

var placeholderHint = []byte("[redacted:")

// mark makes the placeholder of a secret.
func (r *Redactor) mark(kind string, secret []byte) string {
	m := hmac.New(sha256.New, r.key)
	m.Write(secret)
	return "[redacted:" + kind + ":" + hex.EncodeToString(m.Sum(nil)[:3]) + "]"
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

// Bytes redacts a text. It returns the same slice where nothing was found.
func (r *Redactor) Bytes(text []byte) []byte {
	spans := r.find(text)
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
	lower := lowerASCII(text)
	var spans []Span
	for _, d := range r.detectors {
		spans = append(spans, d.Detect(text, lower)...)
	}
	return join(withoutPlaceholders(text, spans))
}

// withoutPlaceholders drops the spans that touch a placeholder: they were replaced before.
func withoutPlaceholders(text []byte, spans []Span) []Span {
	if len(spans) == 0 || !bytes.Contains(text, placeholderHint) {
		return spans
	}
	marks := placeholder.FindAllIndex(text, -1)
	return slices.DeleteFunc(spans, func(s Span) bool {
		i, _ := slices.BinarySearchFunc(marks, s.Start, func(m []int, start int) int {
			if m[1] <= start {
				return -1
			}
			return 1
		})
		return i < len(marks) && marks[i][0] < s.End
	})
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

// lowerASCII lowers A to Z only: offsets stay valid, which bytes.ToLower does not promise.
func lowerASCII(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		out[i] = c
	}
	return out
}

// placeholderKind reads the kind from a placeholder.
func placeholderKind(mark string) string {
	kind, _, _ := strings.Cut(strings.TrimPrefix(mark, string(placeholderHint)), ":")
	return kind
}
