package describe

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// source is a line of the text with its byte range, cleaned of colours and line ends, tabs made spaces.
type source struct {
	start, end int // end is after the line's own end
	s          string
	tabs       bool // it had tabs, so that its columns are not those that kubectl printed
}

// line is a source line seen from a block: without quote marks and common indentation.
type line struct {
	i     int
	n     int    // indentation
	s     string // trimmed
	full  string // with indentation
	out   bool   // does not belong to the block: less indented, or without the block's quote marks
	blank bool
	tabs  bool
}

func splitLines(text []byte) []source {
	var out []source
	for at := 0; at < len(text); {
		end := len(text)
		if k := bytes.IndexByte(text[at:], '\n'); k >= 0 {
			end = at + k + 1
		}
		raw := text[at:end]
		out = append(out, source{start: at, end: end, s: clean(string(raw)), tabs: bytes.IndexByte(raw, '\t') >= 0})
		at = end
	}
	return out
}

// clean removes line ends, terminal sequences (kubecolor and friends; kubectl itself escapes them in values:
// cli-runtime printers.WriteEscaped) and a byte order mark, and makes tabs and no-break spaces plain spaces.
func clean(s string) string {
	s = strings.TrimRight(s, "\r\n")
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	col := 0
	for i := 0; i < len(s); {
		if n := escapeLen(s[i:]); n > 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch r {
		case '\t':
			for {
				b.WriteByte(' ')
				if col++; col%8 == 0 {
					break
				}
			}
		case '\u00a0', '\u2007', '\u202f':
			b.WriteByte(' ')
			col++
		case '\ufeff', '\u200b':
		default:
			b.WriteString(s[i : i+size])
			col++
		}
		i += size
	}
	return b.String()
}

func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '\t' || s[i] == 0x1b || s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// escapeLen returns the length of the terminal sequence that s begins with (ECMA-48 CSI, and OSC to BEL or ST).
func escapeLen(s string) int {
	if len(s) < 2 || s[0] != 0x1b {
		return 0
	}
	switch s[1] {
	case '[':
		for i := 2; i < len(s); i++ {
			if s[i] >= 0x40 && s[i] <= 0x7e {
				return i + 1
			}
		}
		return len(s)
	case ']':
		if k := strings.IndexByte(s, 0x07); k >= 0 {
			return k + 1
		}
		if k := strings.Index(s[2:], "\x1b\\"); k >= 0 {
			return 2 + k + 2
		}
		return len(s)
	}
	return 2
}

// view looks at the text's lines from one block.
type view struct {
	lines []source
	quote int // depth of "> " marks
	base  int // common indentation
	// first is a line that was cut at its left end, with the indentation that it had; -1 where there is none
	first, firstIndent int
}

func (v *view) at(i int) line {
	if i >= len(v.lines) {
		return line{i: i, out: true}
	}
	s := v.lines[i].s
	for range v.quote {
		rest, ok := unquote(s)
		if !ok {
			return line{i: i, out: true}
		}
		s = rest
	}
	t := strings.TrimLeft(s, " ")
	l := line{i: i, n: len(s) - len(t) - v.base, s: strings.TrimRight(t, " "), tabs: v.lines[i].tabs}
	switch {
	case l.s == "":
		l.blank, l.n = true, 0
		if len(s) > v.base {
			l.full = s[v.base:]
		}
	case i == v.first && v.firstIndent > l.n:
		l.n = v.firstIndent
		l.full = strings.Repeat(" ", l.n) + t
	case l.n < 0:
		l.out = true
	default:
		l.full = s[v.base:]
	}
	return l
}

// unquote takes one level of a mail's or chat's quote mark away.
func unquote(s string) (string, bool) {
	t := strings.TrimLeft(s, " ")
	if len(s)-len(t) > 3 || !strings.HasPrefix(t, ">") {
		return s, false
	}
	return strings.TrimPrefix(t[1:], " "), true
}

func quoteDepth(s string) int {
	n := 0
	for {
		rest, ok := unquote(s)
		if !ok {
			return n
		}
		s, n = rest, n+1
	}
}

// keyValue splits "Key:   value" and returns the column at which the value begins in the line without indentation.
func keyValue(s string) (key, val string, col int, ok bool) {
	k := strings.IndexByte(s, ':')
	if k <= 0 || (k+1 < len(s) && s[k+1] != ' ') {
		return "", "", 0, false
	}
	val = strings.TrimLeft(s[k+1:], " ")
	return s[:k], val, len(s) - len(val), true
}
