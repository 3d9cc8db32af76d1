package describe

import (
	"strings"

	"github.com/crashproof-dev/crashproof/evidence/importer/textline"
)

// line is a line of the text seen from a block: without quote marks and common indentation.
type line struct {
	i     int
	n     int    // indentation
	s     string // trimmed
	full  string // with indentation
	out   bool   // does not belong to the block: less indented, or without the block's quote marks
	blank bool
	tabs  bool
}

// view looks at the text's lines from one block.
type view struct {
	lines []textline.Line
	quote int // depth of "> " marks
	base  int // common indentation
	// first is a line that was cut at its left end, with the indentation that it had; -1 where there is none
	first, firstIndent int
}

func (v *view) at(i int) line {
	if i >= len(v.lines) {
		return line{i: i, out: true}
	}
	s := v.lines[i].Text
	for range v.quote {
		rest, ok := textline.Unquote(s)
		if !ok {
			return line{i: i, out: true}
		}
		s = rest
	}
	t := strings.TrimLeft(s, " ")
	l := line{i: i, n: len(s) - len(t) - v.base, s: strings.TrimRight(t, " "), tabs: v.lines[i].Tabs}
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

// keyValue splits "Key:   value" and returns the column at which the value begins in the line without indentation.
func keyValue(s string) (key, val string, col int, ok bool) {
	k := strings.IndexByte(s, ':')
	if k <= 0 || (k+1 < len(s) && s[k+1] != ' ') {
		return "", "", 0, false
	}
	val = strings.TrimLeft(s[k+1:], " ")
	return s[:k], val, len(s) - len(val), true
}
