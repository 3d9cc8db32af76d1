package logscan

import (
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// scanner reads a log once, line after line. What it keeps does not grow with the log: places of lines rather than
// their texts, and of each signature's many sightings only those that can still be the one to quote.
type scanner struct {
	log    *evidence.Log
	pb     *playbook.Playbook
	shapes memo[shape]
	lines  memo[fits]
	masked []byte
	now    cleaner // of the line being read
	ago    cleaner // of lines read before
	whole  []byte  // of those, what was joined

	entry   entry // the one being read, where entries > 0
	entries int
	opened  int      // what its last line may be the first part of: that one is matched when more is known
	inTrace bool     // further lines need no indent
	dump    bool     // nor does an empty line end it: Go prints these between the stacks of its goroutines
	touched []*tally // what was seen in the entry

	got       int // the last line that says that something was reached
	errors    int // entries at error level or above
	counted   int // the same without farewells
	lastError entry
	lastFatal entry
	lastWarn  entry    // the last one at warning or error level before the present one
	warnedOf  entry    // what lastWarn was when the last error came
	recent    []recent // the entries that may be among the last ones

	tallies []*tally // in the order in which they were first seen
	index   map[key]*tally
	found   []*fit
}

// place is where a line stands, or several that are only whole together.
type place struct{ n, start, end int }

// entry is one message: a first line and what belongs to it.
type entry struct {
	number    int
	level     Level
	trace     bool // a stack trace or exception that nobody is seen to handle
	traceback bool // it starts with Python's word for one,
	unhandled bool // and says how it is sorted, as of exceptions that nobody handled
	python    bool // it names Python's trace in its first line
	fields    bool // what follows lists fields that do not validate
	survived  bool // it says itself that the program goes on
	exhausted bool // it tells of the last of several attempts
	time      time.Time
	first     place
	latest    place
	exception place // the line that names the exception; the first one where none is seen to
	end       int   // byte offset after its last line
	counted   int   // how many errors there were to its end, farewells not counted
}

// kinds of entries: of two of the same kind, the later one never weighs less.
func (e *entry) kind() int {
	k := int(e.level) << 4
	for i, is := range [...]bool{e.trace, e.unhandled, e.survived, e.exhausted} {
		if is {
			k |= 1 << i
		}
	}
	return k
}

// recent is an entry near the end.
type recent struct {
	number int
	first  place
	stays  bool // it is known to be no farewell
}

func (s *scanner) line(ln *evidence.Line) {
	text := s.now.text(ln.Text)
	if text == "" {
		s.inTrace = s.inTrace && s.dump
		return
	}
	at := place{ln.N, ln.Start, ln.End}
	e := &s.entry
	sh := s.shapeOf(text)
	if sh.got {
		s.got = ln.N
	}
	whole := joins(s.opened, text)
	switch {
	case whole:
		e.extend(at, text)
		s.opened = joined(s.opened, text)
		s.further(text, ln.End)
	case s.entries > 0 && (continues(text, sh, s.inTrace) || s.terminated(text) || s.sameReport(text) || e.level >= Warn && e.first == e.latest && named(text)):
		s.settle()
		s.opened = opens(text, false)
		e.latest = at
		if e.namesException(text) {
			e.exception = at
		}
		e.fields = e.fields || text[0] != ' ' && strings.Contains(text, " validation error")
		s.further(text, ln.End)
	default:
		s.settle()
		s.endEntry()
		s.entries++
		s.opened = opens(text, true)
		s.dump = opensDump(text)
		s.inTrace = s.dump || opensTrace(text)
		*e = entry{number: s.entries, level: sh.level, trace: traceLine(text), time: ln.Time, first: at, latest: at, exception: at, end: ln.End,
			traceback: strings.HasPrefix(text, "Traceback"), unhandled: strings.HasPrefix(text, traceback)}
		e.python = s.inTrace && strings.Contains(text, traceback)
	}
	switch {
	case s.opened != alone:
	case whole:
		s.matchAgain(e.latest)
	default:
		s.match(sh, text, at)
	}
}

// further notes what a line that is not its first tells of an entry.
func (s *scanner) further(text string, end int) {
	e := &s.entry
	e.end = end
	e.trace = e.trace || traceLine(text)
	if strings.HasPrefix(text, "goroutine ") {
		if !s.inTrace {
			e.python = strings.Contains(s.text(e.first), traceback)
		}
		s.inTrace, s.dump = true, true
	}
	s.inTrace = s.inTrace && (!e.python || e.fields || !endsTraceback(text))
}

// extend joins a line to the one before.
func (e *entry) extend(at place, text string) {
	whole := place{e.latest.n, e.latest.start, at.end}
	if e.first == e.latest {
		e.first = whole
		e.python = e.python || strings.Contains(text, traceback)
	}
	if e.exception == e.latest {
		e.exception = whole
	}
	e.latest = whole
}

// terminated tells the exception of which an Elixir process is said to have terminated.
func (s *scanner) terminated(text string) bool {
	return strings.HasPrefix(text, "** (") && strings.Contains(s.text(s.entry.latest), " terminating")
}

// sameReport: Erlang's loggers print each line of a report, and RabbitMQ each with its head: a further line has the same
// process before it, and is empty or indented behind it.
func (s *scanner) sameReport(text string) bool {
	from, to := erlangProcess(text)
	if to == 0 || to < len(text) && !strings.HasPrefix(text[to:], "  ") {
		return false
	}
	before := s.text(s.entry.latest)
	from2, to2 := erlangProcess(before)
	return to2 > 0 && text[from:to] == before[from2:to2]
}

// settle matches a line that might have been the first part of more, and was not.
func (s *scanner) settle() {
	if s.opened != alone {
		s.matchAgain(s.entry.latest)
	}
	s.opened = alone
}

// namesException tells the line of a trace that names the exception: Python's last line without indent, Java's
// innermost "Caused by".
func (e *entry) namesException(text string) bool {
	return strings.HasPrefix(text, "Caused by: ") || e.traceback && text[0] != ' ' && text[0] != '\t'
}

// endEntry books the entry that was being read: only now are its level, and whether it is a trace, known.
func (s *scanner) endEntry() {
	if s.entries == 0 {
		return
	}
	e := &s.entry
	stays := e.level >= Error
	if e.trace && e.level < Error && e.level != Warn {
		e.level = Error
	}
	if e.level >= Error {
		s.errors++
		if stays || !farewell(s.text(e.first)) {
			s.counted++
		}
	}
	e.counted = s.counted
	e.exhausted = len(s.touched) > 0 && exhausted(s.text(e.first))
	e.survived = len(s.touched) > 0 && e.level < Fatal && survived(s.text(e.first))
	if e.level >= Error {
		s.lastError, s.warnedOf = *e, s.lastWarn
	}
	if e.level >= Warn {
		s.lastWarn = *e
	}
	if e.level == Fatal {
		s.lastFatal = *e
	}
	if len(s.recent) == cap(s.recent) {
		s.prune()
	}
	s.recent = append(s.recent, recent{e.number, e.first, stays})
	for _, t := range s.touched {
		if t.first == nil {
			t.first = &sighting{t.from, *e}
		}
		kind := e.kind()
		if t.latest[kind] == nil {
			t.latest[kind] = &sighting{}
		}
		*t.latest[kind] = sighting{t.to, *e}
	}
	s.touched = s.touched[:0]
}

// prune leaves the last entries that are no farewells, as many as matter. It is called so seldom that nearly no line is
// looked through for farewells.
func (s *scanner) prune() {
	n := len(s.recent)
	for i := len(s.recent) - 1; i >= 0 && len(s.recent)-n <= cascade; i-- {
		if r := s.recent[i]; r.stays || !farewell(s.text(r.first)) {
			n--
			s.recent[n] = recent{r.number, r.first, true}
		}
	}
	s.recent = append(s.recent[:0], s.recent[n:]...)
}

// fromEnd tells how many entries that are no farewells follow one, up to one more than [cascade].
func (s *scanner) fromEnd(e *entry) int {
	i, _ := slices.BinarySearchFunc(s.recent, e.number, func(r recent, number int) int { return r.number - number - 1 })
	return len(s.recent) - i
}
