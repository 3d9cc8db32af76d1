package diagnosis

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/playbook"
)

// judgement is the answer of a case's ledger.
type judgement struct {
	verdict   Verdict
	top       hypothesis
	mechanism string
	ledger    []hypothesis
	open      []string // rivals that nothing refutes
}

const unexplainedExit = "app.unexplained-exit"

// judge picks the deepest cause that the facts support well, and says by rule how sure it is.
func judge(pb *playbook.Playbook, fs facts) judgement {
	j := judgement{ledger: ledger(pb, fs)}
	candidates := j.candidates()
	j.mechanism = j.mechanismOf(fs)
	if len(candidates) == 0 {
		j.verdict = Unexplained
		j.top = j.hypothesis(unexplainedExit)
		return j
	}
	j.top = candidates[0]
	j.open = j.openRivals(fs)
	rivals := j.equals(candidates[1:])
	switch {
	case len(rivals) > 0:
		j.verdict = Ambiguous
		j.open = append(j.open, rivals...)
	case j.provable(fs) && len(j.open) == 0 && len(j.top.againsts) == 0:
		j.verdict = Proven
	default:
		j.verdict = Likely
	}
	return j
}

// candidates lists the well-supported causes, best first: what explains before what is explained, then depth, then
// strength. What is merely mentioned stays in the ledger and is no answer.
func (j *judgement) candidates() []hypothesis {
	var out []hypothesis
	for _, h := range j.ledger {
		if h.status == Supported && h.strength >= strong && h.cause.ID != unexplainedExit {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b hypothesis) int {
		return cmp.Or(boolCompare(explains(a, b), explains(b, a)), cmp.Compare(b.cause.Depth, a.cause.Depth), cmp.Compare(b.strength, a.strength),
			cmp.Compare(len(a.againsts), len(b.againsts)), b.fors[0].time.Compare(a.fors[0].time), cmp.Compare(a.cause.ID, b.cause.ID))
	})
	return out
}

func explains(a, b hypothesis) bool { return slices.Contains(a.cause.Explains, b.cause.ID) }

func boolCompare(a, b bool) int {
	switch {
	case a && !b:
		return -1
	case b && !a:
		return 1
	}
	return 0
}

// provable: a decisive fact whose needs are met, or two producers; and, where the process speaks, an end that was
// seen by somebody else.
func (j *judgement) provable(fs facts) bool {
	if j.top.strength < strong || fs.has("kill.inferred", "loop.unsure") {
		return false
	}
	if saidByProcess(j.top) && !fs.has("end.exit-code", "end.zero", "end.crash-signal", "end.exit-126", "end.exit-127", "end.sigkill", "end.sigterm", "kill.liveness", "kill.startup", "init.stuck") {
		return false
	}
	if fs.has("log.complains") && (j.top.cause.ID == "probe.too-aggressive" || j.top.cause.ID == "probe.startup-exhausted") {
		return false
	}
	if onlyWords(j.top) && !fs.has("spec.env-absent") {
		return false // what words mean is a guess, however good; that the spec lacks the variable that they name is none
	}
	if len(j.top.cause.Needs) > 0 && !fs.has(j.top.cause.Needs...) {
		return false
	}
	if j.top.strength == decisive {
		return true
	}
	return j.top.producers() >= 2 || (saidByProcess(j.top) && fs.has("kill.liveness", "kill.startup", "init.stuck") && j.top.fors[0].count >= 3)
}

// onlyWords: of all that the process says only the words of its last message speak for the cause.
func onlyWords(h hypothesis) bool {
	words := false
	for _, f := range h.fors {
		if f.strength < strong || !strings.HasPrefix(f.id, "log:") {
			continue
		}
		if !strings.HasPrefix(f.id, "log:words-") {
			return false
		}
		words = true
	}
	return words
}

func saidByProcess(h hypothesis) bool {
	return len(h.fors) > 0 && strings.HasPrefix(h.fors[0].id, "log:")
}

// openRivals are those of the declared confusion set that nothing refutes. A rival that the top cause explains is a
// link of its chain where it is supported, and no rival.
func (j *judgement) openRivals(fs facts) []string {
	var open []string
	for _, id := range j.top.cause.Confusion {
		h := j.hypothesis(id)
		if h.cause == nil || h.status == Refuted {
			continue
		}
		if slices.Contains(j.top.cause.Explains, id) && (h.status == Supported || j.killed(fs)) {
			continue // a link of the chain
		}
		open = append(open, id)
	}
	return open
}

func (j *judgement) killed(fs facts) bool { return fs.has("kill.liveness", "kill.startup") }

// equals are other causes as well supported as the top one, which neither explains the other.
func (j *judgement) equals(rest []hypothesis) []string {
	var out []string
	for _, h := range rest {
		if h.strength < j.top.strength || h.cause.Depth < j.top.cause.Depth || explains(j.top, h) || explains(h, j.top) || len(h.againsts) > len(j.top.againsts) {
			continue
		}
		if sameLine(j.top, h) || h.strength < strong || h.fors[0].time.Before(j.top.fors[0].time) && saidByProcess(h) && saidByProcess(j.top) && j.top.strength == decisive {
			continue // one line that two signatures read, or an earlier complaint before the deadly one
		}
		if h.cause.Neighbour != j.top.cause.Neighbour {
			continue
		}
		out = append(out, h.cause.ID)
	}
	return out
}

func sameLine(a, b hypothesis) bool {
	return saidByProcess(a) && a.fors[0].text == b.fors[0].text && a.fors[0].ref == b.fors[0].ref
}

func (j *judgement) hypothesis(id string) hypothesis {
	for _, h := range j.ledger {
		if h.cause.ID == id {
			return h
		}
	}
	return hypothesis{}
}

// mechanismOf says what ended the process: a cause of the mechanism layer where one is supported, else the kind of end.
func (j *judgement) mechanismOf(fs facts) string {
	var best hypothesis
	for _, h := range j.ledger {
		if h.status == Supported && h.cause.Layer == "mechanism" && h.cause.ID != unexplainedExit && h.strength >= strong &&
			(best.cause == nil || h.strength > best.strength || h.strength == best.strength && explains(h, best)) {
			best = h
		}
	}
	if best.cause != nil {
		return best.cause.ID
	}
	for _, m := range []struct{ fact, name string }{{"start.failed", "start-failure"}, {"never.created", "not-created"}, {"end.crash-signal", "signal"},
		{"end.sigkill", "killed"}, {"end.sigterm", "terminated"}, {"end.exit-code", "exit"}, {"end.exit-126", "exit"}, {"end.exit-127", "exit"}, {"end.zero", "exit"}} {
		if fs.has(m.fact) {
			return m.name
		}
	}
	return "unknown"
}
