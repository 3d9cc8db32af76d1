package diagnosis

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// hypothesis is one cause in the light of a case's facts.
type hypothesis struct {
	cause    *playbook.Cause
	status   Status
	strength strength // of the best fact for it
	fors     []fact
	againsts []fact
}

// ledger evaluates every cause of the playbook. A fact of the cause's decisive list settles only where one of its
// needs is met; without, it supports.
func ledger(pb *playbook.Playbook, fs facts) []hypothesis {
	out := make([]hypothesis, 0, len(pb.Causes))
	for i := range pb.Causes {
		out = append(out, weighCause(&pb.Causes[i], fs))
	}
	refuteUntold(pb, out, fs)
	return out
}

// refuteUntold: the platform gives one message for a container that it cannot pull, create or start. A cause that it
// would name there and does not is refuted by the message that names another.
func refuteUntold(pb *playbook.Playbook, hs []hypothesis, fs facts) {
	for _, f := range fs {
		id, ok := strings.CutPrefix(f.id, "says:")
		if !ok || f.strength < decisive {
			continue
		}
		told, _ := pb.Signature(id)
		for i := range hs {
			if hs[i].status == Untested && pb.Tells(hs[i].cause.ID, told) {
				hs[i].status, hs[i].againsts = Refuted, append(hs[i].againsts, f)
			}
		}
	}
}

func weighCause(c *playbook.Cause, fs facts) hypothesis {
	h := hypothesis{cause: c, status: Untested}
	for _, f := range fs {
		s := strength(0)
		switch {
		case f.cause == c.ID:
			s = f.strength
		case slices.Contains(c.Decisive, f.id):
			s = f.strength
		case slices.Contains(c.Supports, f.id):
			s = min(f.strength, strong)
		case slices.Contains(c.Hints, f.id):
			s = weak
		}
		if s > 0 {
			f.strength = s
			h.fors = append(h.fors, f)
			h.strength = max(h.strength, s)
		}
		if slices.Contains(c.Refutes, f.id) || f.cause != "" && f.strength >= strong && slices.Contains(c.Refutes, "cause:"+f.cause) {
			h.againsts = append(h.againsts, f)
		}
	}
	if len(c.Needs) > 0 && !fs.has(c.Needs...) && h.strength == decisive {
		h.strength = strong
	}
	switch {
	case len(h.againsts) > 0 && h.strength < decisive:
		h.status = Refuted
	case h.strength > 0:
		h.status = Supported
	}
	slices.SortStableFunc(h.fors, func(a, b fact) int { return cmp.Compare(b.strength, a.strength) })
	return h
}

// producers counts whose word supports a hypothesis.
func (h hypothesis) producers() int {
	var seen []evidence.Producer
	for _, f := range h.fors {
		if f.strength >= strong && !slices.Contains(seen, f.producer) {
			seen = append(seen, f.producer)
		}
	}
	return len(seen)
}
