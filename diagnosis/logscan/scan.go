package logscan

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// Weight is how much a hit counts as the reason for the end.
type Weight int

// The weights.
const (
	Mention Weight = 1 // it is said somewhere
	Strong  Weight = 2 // among the last errors before the end
	Deadly  Weight = 3 // the program calls it fatal, or dies of it as an exception, and nothing worse follows
)

// Hit is one signature found in a log.
type Hit struct {
	Signature *playbook.Signature
	Attrs     map[string]string
	Weight    Weight
	Level     Level
	Line      int
	Start     int // byte range in the log
	End       int
	Time      time.Time
	Text      string // the line as people should see it
	Count     int    // how often the same signature was seen
	Last      int    // the line of its last occurrence
	others    []string
}

// Result is what a log says.
type Result struct {
	Hits    []Hit
	Entries int
	// Errors is the number of messages at error level or above.
	Errors int
	// LastError quotes the last message at error level or above, where there is one.
	LastError *Hit
	// LastLine quotes the last line.
	LastLine *Hit
}

// tail is the number of messages before the end, farewells not counted, within which an error without a stated
// severity counts as one of the last.
const tail = 12

// cascade is how many messages at error level may follow a deadly one: what breaks first makes others complain.
const cascade = 40

// Scan finds the log signatures of a playbook in a log.
func Scan(l *evidence.Log, pb *playbook.Playbook) Result {
	es := entries(l)
	var res Result
	res.Entries = len(es)
	fromEnd, errorsAfter := positions(es)
	index := map[string]int{}
	var candidates []int32
	var found []match
	for i := range es {
		e := &es[i]
		if e.level >= Error {
			res.Errors++
			res.LastError = quote(e)
		}
		res.LastLine = quote(e)
		for _, ln := range e.lines {
			candidates = pb.Logs().Candidates(candidates, ln.text)
			found = found[:0]
			for _, s := range candidates {
				sig := &pb.Signatures[s]
				if attrs, ok := sig.Extract(ln.text); ok {
					found = append(found, match{sig, attrs})
				}
			}
			for _, m := range found {
				sig, attrs := m.sig, m.attrs
				if sig.Cause == "config.invalid" && reached(found) {
					continue // "cannot load the configuration: connection refused" says that it could not be had
				}
				if (outside(sig.Cause) || sig.Cause == "app.exception") && ofClient(ln.text) {
					continue
				}
				h := Hit{Signature: sig, Attrs: attrs, Level: e.level, Line: ln.n, Start: ln.start, End: ln.end, Time: e.time, Text: ln.text, Count: 1, Last: ln.n,
					Weight: weigh(e, sig, fromEnd[i], errorsAfter[i])}
				if e.level < Fatal && survived(e.lines[0].text) {
					h.Weight = Mention
				}
				if f := frame(e); f != "" {
					h.Attrs["frame"] = f
				}
				keep(&res, index, h)
			}
		}
	}
	res.outrank()
	res.many()
	return res
}

// ownFault is the signature of errors that only the program's own code can make: a nil pointer, an index out of range.
const ownFault = "programming-error"

// outrank: where the run ends in a fault of the program's own, what it complained of before, and went on, is background.
func (r *Result) outrank() {
	end := -1
	for i := range r.Hits {
		if r.Hits[i].Signature.ID == ownFault && r.Hits[i].Weight == Deadly {
			end = r.Hits[i].Line
		}
	}
	for i := range r.Hits {
		h := &r.Hits[i]
		if outside(h.Signature.Cause) && h.Last < end && h.Level < Fatal {
			h.Weight = Mention
		}
	}
}

// How many different targets a program may fail to reach before that is taken for its work rather than for its end.
const (
	several = 4
	manyOf  = 10
)

// many: a program that could not reach one thing after another, as an exporter of probes or a crawler does, lives with
// that, unless it calls one of them fatal.
func (r *Result) many() {
	for i := range r.Hits {
		h := &r.Hits[i]
		switch n := len(h.others); {
		case h.Level == Fatal || !outside(h.Signature.Cause):
		case n >= manyOf:
			h.Weight = Mention
		case n >= several:
			h.Weight = min(h.Weight, Strong)
		}
	}
}

// target is what a hit could not reach, without the port.
func (h *Hit) target() string {
	if v := h.Attrs["host"]; v != "" {
		return v
	}
	t := h.Attrs["target"]
	if i := strings.LastIndexByte(t, ':'); i > 0 {
		return t[:i]
	}
	return t
}

// outside tells causes that lie with something the program talks to.
func outside(cause string) bool {
	return strings.HasPrefix(cause, "dependency.") || strings.HasPrefix(cause, "access.")
}

// What servers log about their clients and requests: they refuse these and go on. PostgreSQL's own log has a process ID
// before the severity (log_line_prefix '%m [%p] '), where clients quote the message after "FATAL:" alone; MySQL's error
// MY-010926 is a note; nginx and Apache name the client of a request; the blackbox exporter names the target that it probes.
var clientLine = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* (?:\S+ )?\[\d+\] (?:\S+ )?FATAL: |\[MY-010926\]|\[(?:Note|Warning)\] Access denied for user|, client: \S+, server: |\[client [\d.:a-f]+\] |\bmodule=\S+ target=\S+ `)

func ofClient(text string) bool {
	return (strings.Contains(text, "FATAL") || strings.Contains(text, "MY-0") || strings.Contains(text, "ccess denied") || strings.Contains(text, ", client: ") || strings.Contains(text, "[client ") || strings.Contains(text, " target=")) && clientLine.MatchString(text)
}

// match is a signature that a line fits.
type match struct {
	sig   *playbook.Signature
	attrs map[string]string
}

// reached tells whether one of the signatures that a line fits is about getting at something.
func reached(list []match) bool {
	for _, m := range list {
		if strings.HasPrefix(m.sig.Cause, "dependency.") || strings.HasPrefix(m.sig.Cause, "access.certificate") {
			return true
		}
	}
	return false
}

// keep joins repeated hits: the heaviest and latest one is quoted.
func keep(res *Result, index map[string]int, h Hit) {
	key := h.Signature.ID
	if h.Signature.Fact != "" {
		key += "\x00" + h.Attrs["port"] // several ports are several facts
	}
	if i, ok := index[key]; ok {
		old := &res.Hits[i]
		n, first, others := old.Count+1, old.Time, old.others
		if t := h.target(); t != "" && len(others) < manyOf && !slices.Contains(others, t) {
			others = append(others, t)
		}
		if h.Weight >= old.Weight && (h.Signature.Fact == "" || h.Signature.Fact == "log.starting") {
			*old = h // of progress, the last word says how far it got
		} else if h.Signature.Fact != "" {
			old.Time = first // readiness is told by its first sign
		}
		old.Count, old.Last, old.others = n, h.Last, others
		return
	}
	if t := h.target(); t != "" {
		h.others = []string{t}
	}
	index[key] = len(res.Hits)
	res.Hits = append(res.Hits, h)
}

// positions tells for each message how many messages (farewells not counted) and how many errors follow it.
func positions(es []entry) (fromEnd, errorsAfter []int) {
	fromEnd, errorsAfter = make([]int, len(es)), make([]int, len(es))
	n, errs := 0, 0
	for i := len(es) - 1; i >= 0; i-- {
		fromEnd[i], errorsAfter[i] = n, errs
		if !es[i].bye {
			n++
		}
		if es[i].level >= Error && !es[i].bye {
			errs++
		}
	}
	return fromEnd, errorsAfter
}

func weigh(e *entry, s *playbook.Signature, fromEnd, errorsAfter int) Weight {
	near := fromEnd < tail
	fatal := e.level == Fatal || (e.trace && e.level != Warn)
	switch {
	case strings.HasPrefix(e.lines[0].text, "Traceback (most recent") && fromEnd > cascade:
		return Mention // what nobody handles ends a Python program: this one went on for long
	case fatal && (near || errorsAfter == 0):
		return Deadly
	case fatal && errorsAfter <= cascade && !s.Mentions:
		return Deadly
	case !s.Mentions && e.level != Info && e.level != Debug && near:
		return Deadly
	case e.level >= Error && fromEnd <= 1:
		return Deadly // its last words
	case e.level >= Error && (near || errorsAfter <= 3):
		return Strong
	case e.level == Unstated && fromEnd < 4:
		return Strong
	}
	return Mention
}

func quote(e *entry) *Hit {
	ln := e.lines[0]
	if e.trace { // the line that names the exception says more than "Traceback"
		ln = exceptionLine(e)
	}
	return &Hit{Level: e.level, Line: ln.n, Start: ln.start, End: ln.end, Time: e.time, Text: ln.text, Count: 1, Last: ln.n}
}

// exceptionLine picks the line of a trace that names the exception: Python's last line without indent, Java's
// innermost "Caused by".
func exceptionLine(e *entry) line {
	best := e.lines[0]
	for _, ln := range e.lines {
		if strings.HasPrefix(ln.text, "Caused by: ") || (strings.HasPrefix(e.lines[0].text, "Traceback") && ln.text[0] != ' ' && ln.text[0] != '\t') {
			best = ln
		}
	}
	return best
}
