package playbook

import (
	"encoding/binary"
	"math/bits"
	"regexp/syntax"
	"slices"
	"strings"
	"unsafe"
)

// AppendMasked copies a text with a zero for each digit, eight bytes at a time.
func AppendMasked(dst []byte, text string) []byte {
	b := unsafe.Slice(unsafe.StringData(text), len(text))
	for len(b) >= 8 {
		w := binary.LittleEndian.Uint64(b)
		dst = binary.LittleEndian.AppendUint64(dst, w^(w^0x3030303030303030)&(digitsIn(w)*0xff))
		b = b[8:]
	}
	for _, c := range b {
		if digit(c) {
			c = '0'
		}
		dst = append(dst, c)
	}
	return dst
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

// What a byte is to [AppendShape], as bits: digits and the letters a to f may be parts of hexadecimal numbers.
const (
	isDigit = 1 << iota
	isHex
	isLetter
)

var classes = func() (t [256]uint8) {
	for b := range t {
		switch lower := byte(b) | 0x20; {
		case digit(byte(b)):
			t[b] = isDigit
		case lower >= 'a' && lower <= 'f':
			t[b] = isHex
		case lower >= 'g' && lower <= 'z', b >= 0x80:
			t[b] = isLetter
		}
	}
	return t
}()

// AppendShape copies a text with zeros for its digits, and for the hexadecimal numbers in it: words that have a digit and
// no letter behind f, as the parts of ids are. A word at the start of the text keeps its letters: klog's first one is
// the severity.
func AppendShape(dst []byte, text string) []byte {
	from := len(dst)
	dst = append(dst, text...)
	b := dst[from:]
	for i := nextDigit(b, 0); i < len(b); i = nextDigit(b, i) {
		start, c := i, uint8(0)
		for start > 0 && classes[b[start-1]] != 0 {
			start--
			c |= classes[b[start]]
		}
		for ; i < len(b) && classes[b[i]] != 0; i++ {
			c |= classes[b[i]]
		}
		if c&isLetter != 0 || c&isHex == 0 || start == 0 {
			for k := start; k < i; k++ {
				if digit(b[k]) {
					b[k] = '0'
				}
			}
			continue
		}
		for k := start; k < i; k++ {
			b[k] = '0'
		}
	}
	return dst
}

// nextDigit finds the first digit at a place or behind it, eight bytes at a time; the length where there is none.
func nextDigit(b []byte, i int) int {
	for ; len(b)-i >= 8; i += 8 {
		if d := digitsIn(binary.LittleEndian.Uint64(b[i:])); d != 0 {
			return i + bits.TrailingZeros64(d)/8
		}
	}
	for ; i < len(b) && !digit(b[i]); i++ {
	}
	return i
}

// digitsIn has a one in each byte that is a digit.
func digitsIn(w uint64) uint64 {
	const (
		zeros = 0x3030303030303030
		low   = 0x7f7f7f7f7f7f7f7f
		over  = 0x7676767676767676 // makes ten and more reach the upper bit
		high  = 0x8080808080808080
	)
	x := w ^ zeros
	return ^((x&low + over) | x) & high >> 7
}

// shaped is what of a literal stands in the shape of each text that it stands in. A word at its ends that may be part of
// a number there is cut off.
func shaped(literal string) string {
	word := func(s string, last bool) int {
		n, c := 0, uint8(0)
		for ; n < len(s); n++ {
			at := n
			if last {
				at = len(s) - 1 - n
			}
			k := classes[s[at]]
			if k == 0 {
				break
			}
			c |= k
		}
		if c&isHex == 0 || c&isLetter != 0 {
			return 0
		}
		return n
	}
	literal = literal[word(literal, false):]
	literal = literal[:len(literal)-word(literal, true)]
	return string(AppendShape(nil, " "+literal)[1:])
}

func shapes(literals []string) (list []string) {
	for _, l := range literals {
		list = append(list, shaped(l))
	}
	return list
}

// numbered tells whether one of the literals has a digit.
func numbered(literals []string) bool {
	return slices.ContainsFunc(literals, func(l string) bool { return strings.ContainsAny(l, "0123456789") })
}

// blind tells whether an expression tells no digit from another: what it says of a text it says of all texts that differ
// from it in their digits alone.
func blind(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return !slices.ContainsFunc(re.Rune, func(r rune) bool { return r >= '0' && r <= '9' })
	case syntax.OpCharClass:
		n := 0
		for i := 0; i < len(re.Rune); i += 2 {
			n += int(max(0, min(re.Rune[i+1], '9')-max(re.Rune[i], '0')+1))
		}
		return n == 0 || n == 10
	}
	return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !blind(sub) })
}
