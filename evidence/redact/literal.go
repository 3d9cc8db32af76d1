package redact

import (
	"bytes"
	"slices"
)

// literals finds secrets that are known by value: what a pod's environment named as one may reappear in a log.
type literals struct{ known []literal }

type literal struct {
	value []byte
	kind  string
}

// most bounds the search; a snapshot of the sick holds far fewer.
const most = 500

// learn keeps a value that is distinctive enough to be replaced wherever it stands: a password that is a word such as
// "postgres" would take the database's name with it.
func (l *literals) learn(kind, v string) {
	if len(v) < 8 || len(v) > 4096 || len(l.known) >= most || !looksSecret(v, 8) || namesObject(v) || placeholder.MatchString(v) {
		return
	}
	if b := []byte(v); !slices.ContainsFunc(l.known, func(k literal) bool { return bytes.Equal(k.value, b) }) {
		l.known = append(l.known, literal{b, kind})
	}
}

// Detect finds all occurrences of all known values.
func (l *literals) Detect(text, _ []byte) []Span {
	var out []Span
	for _, k := range l.known {
		for at := 0; ; {
			i := bytes.Index(text[at:], k.value)
			if i < 0 {
				break
			}
			at += i
			out = append(out, Span{at, at + len(k.value), k.kind})
			at += len(k.value)
		}
	}
	return out
}
