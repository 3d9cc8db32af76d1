package redact

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
)

// literals finds secrets that are known by value: what a pod's environment named as one may reappear in a log.
type literals struct {
	known []literal
	words map[string][]int // the beginnings of values, with their places in known
	table *automaton       // nil until it is asked for after the last word
}

type literal struct{ kind, value string }

const (
	// most bounds the search; a snapshot of the sick holds far fewer.
	most = 500
	// headLength of a value is looked for by the automaton, which so stays small; the rest is compared.
	headLength = 32
)

// learn keeps a value that is distinctive enough to be replaced wherever it stands: a password that is a word such as
// "postgres" would take the database's name with it.
func (l *literals) learn(kind, v string) {
	if len(v) < 8 || len(v) > 4096 || len(l.known) >= most || !looksSecret(v, 8) || namesObject(v) || placeholder.MatchString(v) {
		return
	}
	l.keep(kind, v)
	l.keep(kind, url.QueryEscape(v))
	l.keep(kind, url.PathEscape(v))
	if b, err := json.Marshal(v); err == nil {
		l.keep(kind, strings.Trim(string(b), `"`))
	}
}

func (l *literals) keep(kind, v string) {
	head := v[:min(len(v), headLength)]
	for _, i := range l.words[head] {
		if l.known[i].value == v {
			return
		}
	}
	if l.words == nil {
		l.words = map[string][]int{}
	}
	l.words[head] = append(l.words[head], len(l.known))
	l.known = append(l.known, literal{kind, v})
	l.table = nil
}

// find returns all occurrences of all known values.
func (l *literals) find(text []byte) []Span {
	if len(l.known) == 0 {
		return nil
	}
	if l.table == nil {
		l.table = newAutomaton(l.words, false)
	}
	var out []Span
	l.table.each(text, func(i, from, _ int) {
		if v := l.known[i].value; bytes.HasPrefix(text[from:], []byte(v)) {
			out = append(out, Span{from, from + len(v), l.known[i].kind})
		}
	})
	return out
}
