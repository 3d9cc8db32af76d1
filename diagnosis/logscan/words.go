package logscan

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// wordsLimit bounds how much of a message is looked at for its gist, in bytes.
const wordsLimit = 4000

// lastWords weighs what the log says by the message that the program itself treats as its end. Where no signature
// explains that message it is read by the words that messages of all programs share.
func (s *scanner) lastWords(res *Result) {
	if s.entries == 0 {
		return
	}
	e := s.dying()
	if e == nil {
		s.lastLines(res)
		return
	}
	text, line := s.gist(e)
	if survived(text) || ofClient(text, e.level) {
		return
	}
	var strong, own bool
	for i := range res.Hits {
		h := &res.Hits[i]
		generic := h.Signature.Cause == "app.exception" || h.Signature.Generic
		here := e.has(h)
		if (h.Signature.Cause != "" && !generic || h.Signature.Fact == "log.child-killed" || h.Signature.Fact == "log.port-unavailable") && here {
			s.background(res, e, h.Signature.Cause)
			return // it is explained, or is known to be no reason
		}
		strong = strong || h.Signature.Cause != "" && !generic && h.Weight >= Strong
		own = own || here && h.Signature.ID == ownFault
		if generic && here && h.Weight == Mention {
			h.Weight = Strong // nothing worse came after it, only the way out
		}
	}
	sig := s.pb.Gist(text)
	switch {
	case own && (sig == nil || !strings.HasPrefix(sig.Cause, "config.")):
		return
	case sig == nil || sig.Mentions:
		if s.gaveUp(res, e) || strong {
			return
		}
		if before := &s.warnedOf; before.number > 0 && e.number == s.lastError.number && e.number-before.number <= 3 {
			if of, at := s.gist(before); !survived(of) && !ofClient(of, before.level) {
				if told := s.pb.Gist(of); told != nil {
					sig, text, line, e = told, of, at, before
				}
			}
		}
	}
	if sig == nil {
		return
	}
	h := Hit{Signature: sig, Weight: Strong, Level: e.level, Line: line.n, Start: line.start, End: line.end, Time: e.time, Text: strings.Clone(s.text(line)), Count: 1, Last: line.n}
	if sig.Mentions && s.fromEnd(e) > tail {
		h.Weight = Mention
	}
	h.Attrs, _ = sig.Extract(text)
	if !sig.Mentions {
		s.background(res, e, sig.Cause)
	}
	res.Hits = append(res.Hits, h)
}

// has tells whether a signature was seen in the entry.
func (e *entry) has(h *Hit) bool {
	return h.Start >= e.first.start && h.Start < e.end || h.Last >= e.first.n && h.Last <= e.latest.n
}

// background: where the program calls fatal what is no consequence of anything it complained of before, those complaints
// are what it lived with.
func (s *scanner) background(res *Result, e *entry, cause string) {
	if e.level < Fatal {
		return
	}
	for i := range res.Hits {
		h := &res.Hits[i]
		lived := !outside(cause) || h.Last > e.first.n                                                     // it went on even after that
		warned := h.Level <= Warn && h.Last < e.first.n && strings.HasPrefix(h.Signature.Cause, "config.") // and did without
		if lived && h.Level < Fatal && (warned || outside(h.Signature.Cause)) && h.Signature.Cause != cause && !e.has(h) && !s.pb.Explains(h.Signature.Cause, cause) {
			h.Weight = Mention
		}
	}
}

// givesUp is what a program says that has tried often enough. It does not say why it failed: the attempts do.
var givesUp = regexp.MustCompile(`(?i)\b(?:giv(?:e|es|ing|en) up|gave up|after (?:\d+|several|all|too many) \S*\s?(?:attempts?|retries|tries)|(?:retries|attempts) (?:exhausted|exceeded)|exhausted|max(?:imum)?(?: number of)? (?:retries|attempts|retry)|too many (?:failures|retries|attempts)|unable to (?:start|continue|proceed)|(?:cannot|could not|can't|failed to) (?:start|continue|proceed|connect|initiali[sz]e|reach)|aborting|leaving|exiting|terminating|is (?:not )?(?:unavailable|reachable|available)|unavailable|not reachable|unreachable)\b`)

// gaveUp makes the complaint strong that was repeated just before the program said that it gives up.
func (s *scanner) gaveUp(res *Result, e *entry) bool {
	text := s.text(e.first)
	found := false
	for i := range res.Hits {
		h := &res.Hits[i]
		if h.Signature.Cause == "" || h.Signature.Cause == "app.exception" || h.Level < Warn && h.Level != Unstated || h.Last >= e.first.n {
			continue
		}
		before := e.first.n - h.Last
		if before <= 3 && (h.Count >= 2 || givesUp.MatchString(text)) || before <= 12 && h.Count >= 3 && givesUp.MatchString(text) {
			h.Weight = max(h.Weight, Strong)
			found = true
		}
	}
	return found
}

// dying is the message that the program dies of, as far as the log tells: the last that it calls fatal, else the last
// error, where it is near the end; else its very last line.
func (s *scanner) dying() *entry {
	for _, e := range []*entry{&s.lastFatal, &s.lastError} {
		if e.number > 0 && (s.fromEnd(e) < tail || e.level == Fatal && s.fromEnd(e) <= cascade || s.wayOut(e)) {
			return e
		}
	}
	return nil
}

// lastLines reads a log without a stated error: its last lines, where they state no severity at all, and what it says
// over and over at its end, as a program does that waits.
func (s *scanner) lastLines(res *Result) {
	if s.errors > 0 || slices.ContainsFunc(res.Hits, func(h Hit) bool { return h.Signature.Cause != "" && h.Weight >= Strong }) {
		return
	}
	same, last := 0, ""
	for i := len(s.recent) - 1; i >= max(0, len(s.recent)-6); i-- {
		at := s.recent[i].first
		text := s.text(at)
		level := levelOf(text)
		if n := numberless(text); last == "" || n == last {
			last = n
			same++
		}
		over, end := same >= 3 && waits.MatchString(text), i == len(s.recent)-1
		if over && res.strengthen(at.n) {
			return
		}
		if !over && (level != Unstated && (!end || level < Info) && (level != Warn || len(s.recent)-i > 3) || len(s.recent)-i > 4) {
			continue
		}
		sig := s.pb.Gist(text)
		if sig == nil || survived(text) || ofClient(text, level) {
			continue
		}
		for k := i - 1; !over && k >= max(0, i-2); k-- { // the first of several that say the same says it best
			if before := s.text(s.recent[k].first); s.pb.Gist(before) == sig && !survived(before) {
				at, text = s.recent[k].first, before
			}
		}
		h := Hit{Signature: sig, Weight: Strong, Level: level, Line: at.n, Start: at.start, End: at.end, Text: strings.Clone(text), Count: same, Last: at.n}
		h.Attrs, _ = sig.Extract(text)
		res.Hits = append(res.Hits, h)
		return
	}
}

// strengthen: what a line says that the program repeats at its end is what it waits for, whatever level it gives it.
func (r *Result) strengthen(line int) bool {
	found := false
	for i := range r.Hits {
		if h := &r.Hits[i]; h.Last == line && h.Signature.Cause != "" {
			h.Weight = max(h.Weight, Strong)
			found = true
		}
	}
	return found
}

// waits is what a program says that waits for something or tries again.
var waits = regexp.MustCompile(`(?i)\b(?:wait(?:ing|s)?|retry(?:ing)?|retries|trying|try again|attempt(?:ing)?|not (?:yet )?(?:ready|available|reachable|up)|unavailable|sleeping|reconnect\w*)\b`)

// numberless is a text without its digits, which times and counters are made of.
func numberless(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, text)
}

// wayOut: what follows an error without another one, for seconds only or some dozens of messages, may be the way out.
func (s *scanner) wayOut(e *entry) bool {
	after := s.entries - e.number
	if last := s.entry.time; !last.IsZero() && !e.time.IsZero() {
		return after < 1000 && last.Sub(e.time) < 30*time.Second
	}
	return after < 60
}

// gist is the text of a message, without the frames of its stack, and the line to quote.
func (s *scanner) gist(e *entry) (string, place) {
	var lines []string
	size := 0
	for text := range s.wholes(e) {
		if t := strings.TrimSpace(text); !traceLine(text) && t != "" && size < wordsLimit {
			lines = append(lines, t)
			size += len(t)
		}
	}
	at := e.first
	if e.trace {
		at = e.exception
	}
	if len(lines) > 1 && strings.HasPrefix(lines[0], traceback) { // Python names what happened last
		slices.Reverse(lines)
	}
	return strings.Join(lines, "\n"), at
}
