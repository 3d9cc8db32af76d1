package playbook

import (
	"encoding/binary"
	"slices"
	"strings"
)

// Matcher finds in one pass over a text, whatever its case, which signatures have a literal in it. It tells no number
// from another, so that what it says of a line holds for all lines that differ from it in their numbers alone.
//
// Reading each byte through an automaton makes each step wait for the one before, and its tables outgrow the cache as
// the catalogue grows. The matcher looks instead at four bytes in every four: a literal of seven bytes or more covers
// such a place wherever it stands, so each is known by the four words that it may show there, and shorter ones by three
// bytes in every two. A bitmap says at once that a place is none of these, which nearly all are; only
// the others are compared with literals.
type Matcher struct {
	long  *table // four bytes, at one place in four
	short *table // three bytes, at every second place
	tiny  []int32
	lits  []literal
	all   []int32    // signatures without a literal: always candidates
	also  [][]string // signature → of these, too, it needs one
}

// literal is a text that signatures look for, in lower case, as it stands in shapes.
type literal struct {
	text string
	sigs []int32
}

const (
	stride  = 4 // how far apart the words are that the matcher looks at
	window  = 2*stride - 1
	folding = 0x2020202020202020 // makes letters lower case; what it does to other bytes is undone by the comparison
)

// NewMatcher prepares a catalogue's signatures that look at one place ([OnLog] and so on).
func NewMatcher(sigs []Signature, in string) *Matcher {
	m := &Matcher{also: make([][]string, len(sigs))}
	index := map[string]int{}
	for i, s := range sigs {
		if s.In != in {
			continue
		}
		by, also := shapes(s.Contains), []string(nil)
		if needed := needs(s.Match); needed != nil && !told(s.Contains, needed) {
			also = shapes(needed)
			if n, m := numbered(s.Contains), numbered(needed); n && !m || n == m && shortest(also) > shortest(by) {
				by, also = also, by // those that say more find the places
			}
		}
		if m.also[i] = also; shortest(by) == 0 {
			m.all = append(m.all, int32(i))
			continue
		}
		for _, text := range by {
			at, ok := index[text]
			if !ok {
				at = len(m.lits)
				index[text] = at
				m.lits = append(m.lits, literal{text: text})
			}
			m.lits[at].sigs = append(m.lits[at].sigs, int32(i))
		}
	}
	var long, short []place
	for i, l := range m.lits {
		switch {
		case len(l.text) >= window:
			at := rarest(l.text, window)
			for o := at; o < at+stride; o++ {
				long = append(long, place{fold(l.text[o : o+4]), int32(i), int32(o)})
			}
		case len(l.text) >= 4:
			at := rarest(l.text, 4)
			for o := at; o < at+2; o++ {
				short = append(short, place{fold(l.text[o : o+3]), int32(i), int32(o)})
			}
		case len(l.text) == 3:
			short = append(short, place{fold(l.text), int32(i), 0})
			for after := range 256 { // it ends before the place's third byte, which may be any
				if b := byte(after); b|0x20 == b {
					short = append(short, place{fold(l.text[1:] + string([]byte{b})), int32(i), 1})
				}
			}
		default:
			m.tiny = append(m.tiny, int32(i))
		}
	}
	m.long, m.short = newTable(long), newTable(short)
	return m
}

// Candidates returns, in the space of dst, the indexes of the signatures that may match texts which [AppendShape] makes
// the given one, in order and once each: those of which it has a literal that they name and, where there is such a thing,
// one that their expression needs.
func (m *Matcher) Candidates(dst []int32, text string) []int32 {
	dst = dst[:0]
	dst = append(dst, m.all...)
	long, short := m.long, m.short
	for i := 0; i < len(text); i += stride {
		var w uint64
		if t := text[i:]; len(t) >= 8 {
			w = uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 | uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
		} else {
			var end [8]byte
			copy(end[:], t)
			w = binary.LittleEndian.Uint64(end[:])
		}
		w |= folding
		// three bytes each, in the upper part of a word, where the hash takes its bits from
		g, a, b := uint32(w), uint32(w)<<8, uint32(w>>16)<<8
		if long.has(g) {
			dst = m.compare(dst, long, g, text, i)
		}
		if short.has(a) {
			dst = m.compare(dst, short, a, text, i)
		}
		if short.has(b) {
			dst = m.compare(dst, short, b, text, i+2)
		}
	}
	for _, l := range m.tiny {
		if l := &m.lits[l]; stands(l.text, text) {
			dst = append(dst, l.sigs...)
		}
	}
	if len(dst) == 0 {
		return dst
	}
	slices.Sort(dst)
	n := 0
	for i, sig := range dst {
		if (i == 0 || sig != dst[i-1]) && oneOf(m.also[sig], text) {
			dst[n] = sig
			n++
		}
	}
	return dst[:n]
}

// oneOf tells whether one of the literals, where there are any, stands in the text.
func oneOf(lits []string, text string) bool {
	return len(lits) == 0 || slices.ContainsFunc(lits, func(l string) bool { return stands(l, text) })
}

// compare adds the signatures of the literals that stand around a word in the text.
func (m *Matcher) compare(dst []int32, t *table, gram uint32, text string, i int) []int32 {
	for _, p := range t.bucket(gram) {
		if l := &m.lits[p.lit]; p.gram == gram && standsAt(l.text, text, i-int(p.off)) {
			dst = append(dst, l.sigs...)
		}
	}
	return dst
}

// stands tells whether a literal stands in the text, in any case of its letters.
func stands(l, text string) bool {
	if l == "" {
		return true
	}
	for _, first := range [...]byte{l[0], upper(l[0])} {
		for i := 0; ; i++ {
			n := strings.IndexByte(text[i:], first)
			if n < 0 {
				break
			}
			if i += n; standsAt(l, text, i) {
				return true
			}
		}
		if upper(first) == first {
			break
		}
	}
	return false
}

func upper(b byte) byte {
	if b >= 'a' && b <= 'z' {
		return b - ('a' - 'A')
	}
	return b
}

// standsAt tells whether a literal stands at a place of the text, in any case of its letters.
func standsAt(l, text string, i int) bool {
	if i < 0 || len(text)-i < len(l) {
		return false
	}
	for k := range len(l) {
		b := text[i+k]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		if b != l[k] {
			return false
		}
	}
	return true
}

// place is where in a literal a word of it stands.
type place struct {
	gram     uint32
	lit, off int32
}

// table finds the places that have a word. Its bitmap is of a fixed size, so that looking something up costs no check:
// three times the words of today's catalogue still leave few bits set, and all of it stays in the fastest cache.
type table struct {
	bits   [1 << hashBits / 64]uint64 // a bit for each hash that some word has
	start  [1<<bucketBits + 1]int32   // bucket → its first place
	places []place
}

const (
	hashBits   = 16
	bucketBits = 11
)

func newTable(places []place) *table {
	t := &table{places: places}
	slices.SortStableFunc(places, func(a, b place) int { return int(hash(a.gram)) - int(hash(b.gram)) })
	for _, p := range places {
		h := hash(p.gram)
		t.bits[h/64] |= 1 << (h % 64)
		t.start[h>>(hashBits-bucketBits)+1]++
	}
	for i := 1; i < len(t.start); i++ {
		t.start[i] += t.start[i-1]
	}
	return t
}

func hash(gram uint32) uint32 { return gram * 0x9e3779b1 >> (32 - hashBits) }

// has tells, in a few instructions, that no word is this one, or that some may be.
func (t *table) has(gram uint32) bool {
	h := hash(gram)
	return t.bits[h/64]&(1<<(h%64)) != 0
}

func (t *table) bucket(gram uint32) []place {
	b := hash(gram) >> (hashBits - bucketBits)
	return t.places[t.start[b]:t.start[b+1]]
}

// fold packs three or four bytes as the scan sees them.
func fold(s string) uint32 {
	var b [4]byte
	copy(b[4-len(s):], s)
	g := binary.LittleEndian.Uint32(b[:])
	if len(s) == 3 {
		return g | 0x20202000
	}
	return g | 0x20202020
}

// common lists the bytes of logs, the most frequent first.
const common = " etaoinrs0lcd1:pu-.2m3/hg45fb6y7[]8=9_v\"k"

// rarest returns where in a literal the run of n bytes starts that logs show least often, so that few places are
// compared in vain.
func rarest(s string, n int) int {
	best, at := -1, 0
	for i := 0; i+n <= len(s); i++ {
		score := 0
		for k := i; k < i+n; k++ {
			r := len(common)
			if c := slices.Index([]byte(common), s[k]); c >= 0 {
				r = c
			}
			score += r
		}
		if score > best {
			best, at = score, i
		}
	}
	return at
}
