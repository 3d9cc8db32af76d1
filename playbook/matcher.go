package playbook

import "slices"

// Matcher finds in one pass over a text, whatever its case, which signatures have a literal in it. It is an
// Aho-Corasick automaton over classes of bytes, made once for a catalogue.
type Matcher struct {
	class [256]uint8
	width int
	next  []int32   // state*width + class → state
	out   [][]int32 // state → signatures (indexes) whose literal ends here
	all   []int32   // signatures without a literal: always candidates
}

// NewMatcher builds the automaton for the signatures that look at one place ([OnLog] and so on).
func NewMatcher(sigs []Signature, in string) *Matcher {
	m := &Matcher{width: 1}
	for _, s := range sigs {
		if s.In == in {
			for _, lit := range s.Contains {
				m.classes(lit)
			}
		}
	}
	m.state()
	for i, s := range sigs {
		if s.In != in {
			continue
		}
		if len(s.Contains) == 0 {
			m.all = append(m.all, int32(i))
		}
		for _, lit := range s.Contains {
			m.insert(lit, int32(i))
		}
	}
	m.link()
	return m
}

// classes gives each byte that occurs in a literal a class of its own; class 0 is every other byte.
func (m *Matcher) classes(lit string) {
	for i := range len(lit) {
		b := lit[i]
		if m.class[b] == 0 {
			m.class[b] = uint8(m.width)
			if b >= 'a' && b <= 'z' {
				m.class[b-32] = uint8(m.width)
			}
			m.width++
		}
	}
}

func (m *Matcher) state() int32 {
	m.next = append(m.next, slices.Repeat([]int32{-1}, m.width)...)
	m.out = append(m.out, nil)
	return int32(len(m.out) - 1)
}

func (m *Matcher) insert(lit string, sig int32) {
	s := int32(0)
	for i := range len(lit) {
		at := int(s)*m.width + int(m.class[lit[i]])
		if m.next[at] < 0 {
			n := m.state()
			m.next[at] = n
		}
		s = m.next[at]
	}
	m.out[s] = append(m.out[s], sig)
}

// link turns the trie into a complete automaton, breadth first.
func (m *Matcher) link() {
	fail := make([]int32, len(m.out))
	queue := []int32{}
	for c := range m.width {
		if n := m.next[c]; n > 0 {
			queue = append(queue, n)
		} else {
			m.next[c] = 0
		}
	}
	for len(queue) > 0 {
		s := queue[0]
		queue = queue[1:]
		m.out[s] = append(m.out[s], m.out[fail[s]]...)
		for c := range m.width {
			at := int(s)*m.width + c
			onFail := m.next[int(fail[s])*m.width+c]
			if n := m.next[at]; n >= 0 {
				fail[n] = onFail
				queue = append(queue, n)
			} else {
				m.next[at] = onFail
			}
		}
	}
}

// Candidates appends to dst the indexes of the signatures that may match the text, in order and once each.
func (m *Matcher) Candidates(dst []int32, text string) []int32 {
	dst = append(dst[:0], m.all...)
	s := 0
	for i := range len(text) {
		s = int(m.next[s*m.width+int(m.class[text[i]])])
		if o := m.out[s]; len(o) > 0 {
			dst = append(dst, o...)
		}
	}
	if len(dst) > 1 {
		slices.Sort(dst)
		dst = slices.Compact(dst)
	}
	return dst
}
