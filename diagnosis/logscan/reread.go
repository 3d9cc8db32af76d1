package logscan

import (
	"bytes"
	"iter"

	"github.com/crashproof-dev/crashproof/evidence"
)

// text reads a line again, or several that are only whole together. It stands until the next call.
func (s *scanner) text(at place) string {
	if bytes.IndexByte(s.log.Text[at.start:at.end], '\n') >= 0 {
		s.whole = s.whole[:0]
		for text := range s.texts(at.start, at.end) {
			s.whole = appendJoined(s.whole, text)
		}
		return string(s.whole)
	}
	for text := range s.texts(at.start, at.end) {
		return text
	}
	return ""
}

// texts reads lines again.
func (s *scanner) texts(start, end int) iter.Seq[string] {
	part := evidence.Log{Text: s.log.Text[start:end], Timestamps: s.log.Timestamps}
	return func(yield func(string) bool) {
		for ln := range part.Lines() {
			if text := s.ago.text(ln.Text); text != "" && !yield(text) {
				return
			}
		}
	}
}

// wholes reads an entry's lines again, joined where they are only whole together.
func (s *scanner) wholes(e *entry) iter.Seq[string] {
	return func(yield func(string) bool) {
		opened, first := alone, true
		s.whole = s.whole[:0]
		for text := range s.texts(e.first.start, e.end) {
			if joins(opened, text) {
				opened = joined(opened, text)
			} else {
				if len(s.whole) > 0 && !yield(string(s.whole)) {
					return
				}
				s.whole = s.whole[:0]
				opened, first = opens(text, first), false
			}
			s.whole = appendJoined(s.whole, text)
		}
		yield(string(s.whole))
	}
}
