package logscan

import (
	"hash/maphash"
	"unsafe"

	"github.com/crashproof-dev/crashproof/playbook"
)

// Programs print the same lines again and again, with other times, numbers and ids in them. What tells none of these
// from another says the same of all lines of a shape ([playbook.AppendShape]), and is asked once: the level, and which
// signatures have a literal there. Of lines that have one, what tells no digit from another ([playbook.Signature.Blind])
// says the same of all that differ in their digits alone.

// shape is what lines of one shape have in common.
type shape struct {
	level Level
	got   bool    // it says that something was reached
	may   []int32 // signatures that have to be asked
}

// fits is what lines have in common that differ in their digits alone.
type fits struct {
	may []fit
}

// fit is a signature that a line fits, or that has to be asked for each line.
type fit struct {
	*playbook.Signature
	located  bool
	from, to int // where it says what could not be reached; from is -1 where it does not
}

// memo remembers something of what it was asked about last. Where few answers are found in it, as in a log of unique
// names, it is not looked into for a while.
type memo[V any] struct {
	slots [1 << memoBits]slotOf[V]
	none  V
	asked int // since the rate was last looked at
	known int
	rest  int // so often it is not looked into
}

type slotOf[V any] struct {
	hash  uint64
	value V
}

const (
	memoBits = 11
	longest  = 1 << 11 // longer texts are not remembered
	period   = 1 << 10 // questions between two looks at the rate
)

var seed = maphash.MakeSeed()

// of returns what is known of a text; where that is nothing, the value is to be set.
func (m *memo[V]) of(text []byte) (value *V, known bool) {
	if m.rest > 0 || len(text) > longest {
		m.rest--
		return &m.none, false
	}
	h := maphash.Bytes(seed, text) | 1 // 0 is none
	slot := &m.slots[h>>(64-memoBits)]
	known = slot.hash == h
	slot.hash = h
	if m.asked++; known {
		m.known++
	}
	if m.asked == period {
		if m.known < period/8 {
			m.rest = 16 * period
		}
		m.asked, m.known = 0, 0
	}
	return &slot.value, known
}

// shapeOf tells a line's level, and which signatures it may fit.
func (s *scanner) shapeOf(text string) *shape {
	s.masked = playbook.AppendShape(s.masked[:0], text)
	sh, known := s.shapes.of(s.masked)
	if !known {
		masked := unsafe.String(unsafe.SliceData(s.masked), len(s.masked))
		sh.level = levelOf(masked)
		sh.got = sh.level <= Unstated && reachedIt(masked)
		sh.may = s.pb.Logs().Candidates(sh.may, masked)
	}
	return sh
}

// fitting returns the signatures that a line fits. The list stands until the next call.
func (s *scanner) fitting(sh *shape, text string) []*fit {
	if len(sh.may) == 0 {
		return nil
	}
	s.masked = playbook.AppendMasked(s.masked[:0], text)
	f, known := s.lines.of(s.masked)
	if !known {
		f.may = f.may[:0]
		for _, i := range sh.may {
			if sig := &s.pb.Signatures[i]; !sig.Blind() || sig.Matches(text) {
				f.may = append(f.may, fit{Signature: sig})
			}
		}
	}
	s.found = s.found[:0]
	for i := range f.may {
		if sig := &f.may[i]; sig.Blind() || sig.Matches(text) {
			s.found = append(s.found, sig)
		}
	}
	return s.found
}

// target is what a line says could not be reached.
func (f *fit) target(text string) string {
	if !f.located || !f.Blind() {
		f.from, f.to = locateTarget(f.Signature, text)
		f.located = true
	}
	return text[max(f.from, 0):max(f.to, 0)]
}
