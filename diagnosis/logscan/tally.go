package logscan

import (
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/playbook"
)

// key tells apart what is counted together.
type key struct {
	signature *playbook.Signature
	port      string // several ports are several facts
}

// sighting is a line with a signature, and the entry it is in.
type sighting struct {
	line place
	in   entry
}

// tally is what is kept of a signature.
//
// Which sighting to quote is known only at the end, as what follows decides how much one weighs. But of two in entries
// of the same kind the later one never weighs less: the last one of each kind is enough.
type tally struct {
	key
	count    int
	last     int // line of the last sighting
	entry    int // the entry of the last sighting, and the places of the first and last ones in it
	from, to place
	first    *sighting
	latest   [(Fatal + 1) << 4]*sighting
	targets  []string // what could not be reached, of different ones no more than matter
}

// match counts the signatures that a line fits.
func (s *scanner) match(sh *shape, text string, at place) {
	found := s.fitting(sh, text)
	for _, sig := range found {
		if sig.Cause == "config.invalid" && reached(found) {
			continue // "cannot load the configuration: connection refused" says that it could not be had
		}
		if sig.Cause == "app.data-incompatible" && slices.ContainsFunc(found, func(f *fit) bool { return f.Cause == "storage.permission-denied" }) {
			continue // a lock that may not be written is nobody else's
		}
		if sig.Cause == "app.exception" && exitStatus(text) {
			continue
		}
		if (outside(sig.Cause) || sig.Cause == "app.exception") && ofClient(text, sh.level) {
			continue
		}
		k := key{signature: sig.Signature}
		if sig.Fact != "" && sig.Names("port") {
			attrs, _ := sig.Extract(text)
			k.port = strings.Clone(attrs["port"])
		}
		t := s.count(k, at)
		if len(t.targets) < manyOf && outside(sig.Cause) && (sig.Names("host") || sig.Names("target")) {
			if to := sig.target(text); to != "" && !slices.Contains(t.targets, to) {
				t.targets = append(t.targets, strings.Clone(to))
			}
		}
	}
}

// matchAgain counts those of a line that is read again, or of several that are only whole together.
func (s *scanner) matchAgain(at place) {
	text := s.text(at)
	masked := playbook.AppendShape(nil, text)
	s.match(&shape{may: s.pb.Logs().Candidates(nil, string(masked))}, text, at)
}

// exitStatus tells Go's words for a child's end (os/exec, ExitError), which are no reason.
func exitStatus(text string) bool {
	rest, ok := strings.CutPrefix(text, "Error: exit status ")
	return ok && strings.Trim(rest, "0123456789") == ""
}

func (s *scanner) count(k key, at place) *tally {
	t := s.index[k]
	if t == nil {
		t = &tally{key: k}
		s.index[k] = t
		s.tallies = append(s.tallies, t)
	}
	if t.entry != s.entries {
		t.entry, t.from = s.entries, at
		s.touched = append(s.touched, t)
	}
	t.to, t.last = at, at.n
	t.count++
	return t
}

func (s *scanner) result() Result {
	s.settle()
	s.endEntry()
	s.prune()
	res := Result{Entries: s.entries, Errors: s.errors}
	for _, t := range s.tallies {
		res.Hits = append(res.Hits, s.hit(t))
	}
	if s.errors > 0 {
		res.LastError = s.quote(&s.lastError)
	}
	if s.entries > 0 {
		res.LastLine = s.quote(&s.entry)
	}
	res.outrank()
	s.overcome(&res)
	for i, t := range s.tallies {
		res.Hits[i].many(len(t.targets))
	}
	s.lastWords(&res)
	return res
}

// overcome: what was not reached at first and was before the end is no reason for it; whether it is the same that was
// reached, the words do not tell for sure.
func (s *scanner) overcome(res *Result) {
	e := s.dying()
	for i := range res.Hits {
		h := &res.Hits[i]
		if !strings.HasPrefix(h.Signature.Cause, "dependency.") || h.Last >= s.got || h.Level == Fatal {
			continue
		}
		h.Weight = min(h.Weight, Strong)
		if e != nil && e.trace && e.first.n > s.got && !e.has(h) {
			h.Weight = Mention
		}
	}
}

// hit quotes the heaviest and latest sighting of a signature.
func (s *scanner) hit(t *tally) Hit {
	best, weight := t.first, s.weight(t, t.first)
	if fact := t.signature.Fact; fact == "" || fact == "log.starting" { // of progress, the last word says how far it got; readiness is told by its first sign
		for _, o := range t.latest {
			if o == nil {
				continue
			}
			if w := s.weight(t, o); w > weight || w == weight && o.line.n >= best.line.n {
				best, weight = o, w
			}
		}
	}
	e := &best.in
	h := Hit{Signature: t.signature, Weight: weight, Level: e.level, Line: best.line.n, Start: best.line.start, End: best.line.end, Time: e.time,
		Text: strings.Clone(s.text(best.line)), Count: t.count, Last: t.last, Final: e.trace && e.level >= Error && s.fromEnd(e) == 0 && s.wayOut(e)}
	h.Head = strings.Clone(s.text(e.first))
	h.Attrs, _ = t.signature.Extract(h.Text)
	if e.trace {
		if f := frame(s.wholes(e)); f != "" {
			h.Attrs["frame"] = strings.Clone(f)
		}
	}
	return h
}

func (s *scanner) weight(t *tally, o *sighting) Weight {
	return weigh(&o.in, t.signature, s.fromEnd(&o.in), s.counted-o.in.counted)
}

func (s *scanner) quote(e *entry) *Hit {
	ln := e.first
	if e.trace { // the line that names the exception says more than "Traceback"
		ln = e.exception
	}
	return &Hit{Level: e.level, Line: ln.n, Start: ln.start, End: ln.end, Time: e.time, Text: strings.Clone(s.text(ln)), Count: 1, Last: ln.n}
}
