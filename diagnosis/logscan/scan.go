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
	Final     bool   // a stack trace that only the way out follows
	Head      string // the first line of the message that the line is part of
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
	s := &scanner{log: l, pb: pb, index: map[key]*tally{}, recent: make([]recent, 0, 1024)}
	for ln := range l.Lines() {
		s.line(&ln)
	}
	return s.result()
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
		if h.Signature.Generic && slices.ContainsFunc(r.Hits, func(o Hit) bool {
			return !o.Signature.Generic && o.Signature.Cause != "" && o.Signature.Cause != h.Signature.Cause && o.Weight >= Strong && max(o.Last-h.Last, h.Last-o.Last) <= summary
		}) {
			h.Weight = Mention // it only sums up
		}
	}
}

// summary is how many lines before or behind the particular error a program may say in general that it has found one.
const summary = 5

// How many different targets a program may fail to reach before that is taken for its work rather than for its end.
const (
	several = 4
	manyOf  = 10
)

// many: a program that could not reach one thing after another, as an exporter of probes or a crawler does, lives with
// that, unless it calls one of them fatal.
func (h *Hit) many(targets int) {
	switch {
	case h.Level == Fatal || !outside(h.Signature.Cause):
	case targets >= manyOf:
		h.Weight = Mention
	case targets >= several:
		h.Weight = min(h.Weight, Strong)
	}
}

// locateTarget finds what a line says could not be reached, without the port.
func locateTarget(sig *playbook.Signature, text string) (from, to int) {
	if from, to = sig.Locate(text, "host"); from >= 0 {
		return from, to
	}
	from, to = sig.Locate(text, "target")
	if from >= 0 {
		if i := strings.LastIndexByte(text[from:to], ':'); i > 0 {
			to = from + i
		}
	}
	return from, to
}

// outside tells causes that lie with something the program talks to.
func outside(cause string) bool {
	return strings.HasPrefix(cause, "dependency.") || strings.HasPrefix(cause, "access.")
}

// What servers log about their clients and requests: they refuse these and go on. PostgreSQL's own log has a process ID
// before the severity (log_line_prefix '%m [%p] '), where clients quote the message after "FATAL:" alone; MySQL's error
// MY-010926 is a note; nginx and Apache name the client of a request; the blackbox exporter names the target that it probes.
var clientLine = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* (?:\S+ )?\[\d+\] (?:\S+ )?FATAL: |\[MY-010926\]|\[(?:Note|Warning)\] Access denied for user|, client: \S+, server: |\[client [\d.:a-f]+\] |\bmodule=\S+ target=\S+ `)

func ofClient(text string, level Level) bool {
	return level < Fatal && telemetry(text) || strings.HasPrefix(text, "Error from server (NotFound): ") || // kubectl names an object; what the trouble is, a name does not say
		(strings.Contains(text, "FATAL") || strings.Contains(text, "MY-0") || strings.Contains(text, "ccess denied") || strings.Contains(text, ", client: ") || strings.Contains(text, "[client ") || strings.Contains(text, " target=")) && clientLine.MatchString(text)
}

// exporters are what sends traces, metrics and errors away; programs live without it.
var exporters = regexp.MustCompile(`(?i)\b(?:otlp|opentelemetry|otel|(?:trace|span|metrics?|telemetry) ?(?:exporter|export(?:ing)?|batch)|exporter\b.{0,30}\b(?:trace|span|metric)|jaeger|zipkin|sentry|statsd|datadog|apm (?:server|agent))\b`)

var exporterWords = playbook.NewMatcher([]playbook.Signature{{In: playbook.OnLog, Contains: []string{
	"otlp", "otel", "opentelemetry", "exporter", "exporting", "export failed", "telemetry", "metrics batch", "trace batch", "span batch", "jaeger", "zipkin", "sentry", "statsd", "datadog", "apm server", "apm agent"}}}, playbook.OnLog)

func telemetry(text string) bool {
	return len(exporterWords.Candidates(nil, text)) > 0 && exporters.MatchString(text)
}

// reached tells whether one of the signatures that a line fits is about getting at something, over the network or on disk.
func reached(list []*fit) bool {
	for _, sig := range list {
		if strings.HasPrefix(sig.Cause, "dependency.") || strings.HasPrefix(sig.Cause, "access.certificate") || strings.HasPrefix(sig.Cause, "storage.") ||
			sig.Cause == "config.file-missing" || sig.Cause == "image.missing-module" {
			return true
		}
	}
	return false
}

// weigh tells how much a hit counts, by the messages (farewells not counted) and errors that follow its own. For
// messages of one kind, more that follows never makes it heavier: [tally] relies on that.
func weigh(e *entry, s *playbook.Signature, fromEnd, errorsAfter int) Weight {
	near := fromEnd < tail
	fatal := e.level == Fatal || (e.trace && e.level != Warn)
	switch {
	case e.survived:
		return Mention
	case e.unhandled && fromEnd > cascade:
		return Mention // what nobody handles ends a Python program: this one went on for long
	case fatal && (near || errorsAfter == 0):
		return Deadly
	case fatal && errorsAfter <= cascade && !s.Mentions:
		return Deadly
	case !s.Mentions && e.level != Info && e.level != Debug && near:
		return Deadly
	case e.level >= Error && fromEnd <= 1:
		return Deadly // its last words
	case e.level == Info && fromEnd < 4 && !s.Mentions:
		return Strong // a child's own words, which a logger repeats
	case e.level >= Error && (near || errorsAfter <= 3):
		return Strong
	case e.level == Unstated && fromEnd < 4:
		return Strong
	case e.exhausted && outside(s.Cause):
		return Strong // "attempt 5 of 5": it gave up after that
	}
	return Mention
}
