package redact

import (
	"bytes"
	"regexp"
	"sync"
)

// finder looks for secrets around its keywords. One pass over the text finds the keywords of all finders, so that a
// finder costs nothing where none of its keywords stands.
type finder struct {
	keywords []string // in lower case
	// look is called for each keyword, text[from:to]; id is the finder's place in the list of finders.
	look func(s *search, id, from, to int)
}

// search is one look over one text.
type search struct {
	r     *Redactor
	text  []byte
	spans []Span
	// done tells for each finder up to where its windows reach.
	done []int
	// named is the end of the name that was read last, blocked the end of the last block of a private key.
	named, blocked int
	// depth counts the layers of base64 and of escapes that were taken off.
	depth int
}

const (
	// before and after bound the part of a line that a regular expression sees around a keyword, so that a line of
	// megabytes does not make it slow.
	before = 256
	after  = 4096
)

// keywords are the words of all finders, made once.
var keywords = sync.OnceValue(func() *automaton {
	words := map[string][]int{}
	for id, f := range finders() {
		for _, k := range f.keywords {
			words[k] = append(words[k], id)
		}
	}
	return newAutomaton(words, true)
})

// finders are all built-in finders.
var finders = sync.OnceValue(func() []finder {
	out := []finder{assignmentFinder, keyBeginFinder, keyEndFinder}
	out = append(out, formFinders()...)
	return append(out, ruleFinders()...)
})

// run asks all finders.
func (s *search) run() {
	list := finders()
	s.done = make([]int, len(list))
	keywords().each(s.text, func(owner, from, to int) { list[owner].look(s, owner, from, to) })
	s.spans = append(s.spans, s.r.known.find(s.text)...)
	s.encoded()
	s.escaped()
}

func (s *search) add(from, to int, kind string) {
	if to > from {
		s.spans = append(s.spans, Span{from, to, kind})
	}
}

// window is the part of the line around a keyword, each part once for each finder.
func (s *search) window(id, at int) (start, end int, ok bool) {
	if at < s.done[id] {
		return 0, 0, false
	}
	start = max(0, at-before)
	if i := bytes.LastIndexByte(s.text[start:at], '\n'); i >= 0 {
		start += i + 1
	}
	end = min(len(s.text), at+after)
	s.done[id] = at + after/2
	if i := bytes.IndexByte(s.text[at:end], '\n'); i >= 0 {
		end = at + i
		s.done[id] = end
	}
	return start, end, true
}

// lazy compiles a regular expression when it is first needed: a program that has nothing to redact shall not wait.
func lazy(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// byLine makes a finder that matches the lines around its keywords. The secret is the first group that took part, or all
// where there is none; accept may be nil.
func byLine(kind, expr string, accept func(secret []byte) bool, words ...string) finder {
	re := lazy(expr)
	return finder{words, func(s *search, id, from, _ int) {
		start, end, ok := s.window(id, from)
		if !ok {
			return
		}
		for _, m := range re().FindAllSubmatchIndex(s.text[start:end], -1) {
			for g := min(2, len(m)-2); g < len(m); g += 2 {
				if m[g] < 0 {
					continue
				}
				if accept == nil || accept(s.text[start+m[g]:start+m[g+1]]) {
					s.add(start+m[g], start+m[g+1], kind)
				}
				break
			}
		}
	}}
}
