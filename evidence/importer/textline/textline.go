// Package textline splits pasted terminal output into lines: byte ranges kept, colours, line ends, tabs and the quote
// marks of mails and chats put aside.
package textline

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Line is a line of a text.
type Line struct {
	// Start and End are its byte range; End is after the line's own end.
	Start, End int
	// Text is the line without terminal sequences and line end, tabs made spaces up to the next multiple of eight.
	Text string
	// Tabs is true where it had tabs, so that its columns may not be those that were printed.
	Tabs bool
}

// Split returns the lines of a text.
func Split(text []byte) []Line {
	var out []Line
	for at := 0; at < len(text); {
		end := len(text)
		if k := bytes.IndexByte(text[at:], '\n'); k >= 0 {
			end = at + k + 1
		}
		raw := text[at:end]
		out = append(out, Line{Start: at, End: end, Text: clean(string(raw)), Tabs: bytes.IndexByte(raw, '\t') >= 0})
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

// Unquote takes one level of a mail's or chat's quote mark away.
func Unquote(s string) (string, bool) {
	t := strings.TrimLeft(s, " ")
	if len(s)-len(t) > 3 || !strings.HasPrefix(t, ">") {
		return s, false
	}
	return strings.TrimPrefix(t[1:], " "), true
}

// Depth counts the quote marks that a line begins with.
func Depth(s string) int {
	n := 0
	for {
		rest, ok := Unquote(s)
		if !ok {
			return n
		}
		s, n = rest, n+1
	}
}
