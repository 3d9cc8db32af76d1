package logscan

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

// member is the value found for a group of keys; rank says which of its keys it has, counted down so that 0 is none.
type member struct {
	rank  int
	value []byte
}

const maxDepth = 32

// walkObject reads an object strictly as encoding/json does, notes the members of interest, and returns what follows.
func walkObject(b []byte, of *keys, found []member, depth int) (rest []byte, ok bool) {
	b = skipSpace(b[1:])
	if len(b) > 0 && b[0] == '}' {
		return b[1:], true
	}
	for {
		if len(b) == 0 || b[0] != '"' {
			return nil, false
		}
		n, escaped := stringEnd(b)
		if n < 0 || escaped {
			return nil, false
		}
		key := b[1 : n-1]
		b = skipSpace(b[n:])
		if len(b) == 0 || b[0] != ':' {
			return nil, false
		}
		value := skipSpace(b[1:])
		if b, ok = skipValue(value, depth); !ok {
			return nil, false
		}
		if of != nil {
			note(key, value[:len(value)-len(b)], of, found)
		}
		b = skipSpace(b)
		if len(b) == 0 {
			return nil, false
		}
		switch b[0] {
		case '}':
			return b[1:], true
		case ',':
			b = skipSpace(b[1:])
		default:
			return nil, false
		}
	}
}

// note keeps a member of interest: of several keys of a group the first one in the group, of several same keys the last
// one in the line.
func note(key, value []byte, of *keys, found []member) {
	if len(key) == 0 || of.lengths[key[0]]>>min(len(key), 31)&1 == 0 {
		return
	}
	if k, ok := of.slots[string(key)]; ok && k.rank >= found[k.group].rank {
		found[k.group] = member{k.rank, value}
	}
}

// slot is a key's group and rank in it.
type slot struct{ group, rank int }

// keys are the members of interest, by name. Nearly all others are told from them by their first letter and length.
type keys struct {
	slots   map[string]slot
	lengths [256]uint32
}

func ranked(groups [][]string) *keys {
	of := &keys{slots: map[string]slot{}}
	for g, names := range groups {
		for i, k := range names {
			of.slots[k] = slot{g, len(names) - i}
			of.lengths[k[0]] |= 1 << min(len(k), 31)
		}
	}
	return of
}

func skipValue(b []byte, depth int) (rest []byte, ok bool) {
	if len(b) == 0 || depth > maxDepth {
		return nil, false
	}
	switch b[0] {
	case '"':
		n, _ := stringEnd(b)
		if n < 0 {
			return nil, false
		}
		return b[n:], true
	case '{':
		return walkObject(b, nil, nil, depth+1)
	case '[':
		b = skipSpace(b[1:])
		if len(b) > 0 && b[0] == ']' {
			return b[1:], true
		}
		for {
			if b, ok = skipValue(b, depth+1); !ok {
				return nil, false
			}
			if b = skipSpace(b); len(b) == 0 {
				return nil, false
			}
			if b[0] == ']' {
				return b[1:], true
			}
			if b[0] != ',' {
				return nil, false
			}
			b = skipSpace(b[1:])
		}
	case 't':
		return bytes.CutPrefix(b, []byte("true"))
	case 'f':
		return bytes.CutPrefix(b, []byte("false"))
	case 'n':
		return bytes.CutPrefix(b, []byte("null"))
	}
	return skipNumber(b)
}

// skipNumber reads a number without an exponent and of a size that surely fits.
func skipNumber(b []byte) (rest []byte, ok bool) {
	i := 0
	if b[0] == '-' {
		i++
	}
	start := i
	for i < len(b) && digit(b[i]) {
		i++
	}
	if i == start || i-start > 100 || b[start] == '0' && i > start+1 {
		return nil, false
	}
	if i < len(b) && b[i] == '.' {
		i++
		fraction := i
		for i < len(b) && digit(b[i]) {
			i++
		}
		if i == fraction {
			return nil, false
		}
	}
	return b[i:], i == len(b) || b[i] != 'e' && b[i] != 'E'
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	return b
}

// special marks the bytes that end or break the plain run of a JSON string.
var special = func() (t [256]bool) {
	for b := range 0x20 {
		t[b] = true
	}
	t['"'], t['\\'] = true, true
	return t
}()

// stringEnd returns the length of the string that b starts with, quotes included, or -1 where it is none or has an
// escaped rune; escaped says that it has other escapes.
func stringEnd(b []byte) (n int, escaped bool) {
	if end := bytes.IndexByte(b[1:], '"') + 1; end > 0 && clean(b[1:end]) {
		return end + 1, false
	}
	for i := 1; i < len(b); i++ {
		if !special[b[i]] {
			continue
		}
		switch b[i] {
		case '"':
			return i + 1, escaped
		case '\\':
			if i++; i == len(b) || unescaped(b[i]) == 0 {
				return -1, false
			}
			escaped = true
		default:
			return -1, false
		}
	}
	return -1, false
}

// clean tells whether no byte is special, eight bytes at a time.
func clean(b []byte) bool {
	const (
		ones      = 0x0101010101010101
		high      = 0x80 * ones
		spaces    = ' ' * ones
		backslash = '\\' * ones
	)
	for ; len(b) >= 8; b = b[8:] {
		w := binary.LittleEndian.Uint64(b)
		x := w ^ backslash
		if ((w-spaces)&^w|(x-ones)&^x)&high != 0 {
			return false
		}
	}
	for _, c := range b {
		if special[c] {
			return false
		}
	}
	return true
}

// appendString writes the value of a string that [stringEnd] has read.
func appendString(dst, quoted []byte) ([]byte, bool) {
	start := len(dst)
	s := quoted[1 : len(quoted)-1]
	for {
		i := bytes.IndexByte(s, '\\')
		if i < 0 {
			dst = append(dst, s...)
			break
		}
		dst = append(append(dst, s[:i]...), unescaped(s[i+1]))
		s = s[i+2:]
	}
	return dst, utf8.Valid(dst[start:])
}

// unescaped is the byte that a backslash and this one stand for, or 0.
func unescaped(b byte) byte {
	switch b {
	case '"', '\\', '/':
		return b
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}
