package redact

import (
	"bytes"
	"math"
	"strconv"
)

// escaped looks once more at lines with escapes, as text within JSON and logfmt has them, with the escapes resolved: a
// key or a YAML document of many lines stands in one line there.
func (s *search) escaped() {
	if s.depth >= layers || len(s.text) > math.MaxInt32 {
		return
	}
	var lines unescaped
	for at := 0; at < len(s.text); {
		i := bytes.IndexByte(s.text[at:], '\\')
		if i < 0 {
			break
		}
		start := bytes.LastIndexByte(s.text[:at+i], '\n') + 1
		end, next := cutLine(s.text, at+i, len(s.text))
		lines.add(s.text, start, end)
		at = next
	}
	if len(lines.text) == 0 {
		return
	}
	inner := search{r: s.r, text: lines.text, depth: s.depth + 1}
	inner.run()
	for _, p := range inner.spans {
		s.add(int(lines.from[p.Start]), int(lines.from[p.End-1])+lines.width(s.text, p.End-1), p.Kind)
	}
}

// unescaped are lines without their escapes, and where each byte stood before.
type unescaped struct {
	text []byte
	from []int32
}

// add resolves the escapes of a line. A line that has none, but for backslashes of its own, is left out.
func (u *unescaped) add(text []byte, start, end int) {
	before := len(u.text)
	found := false
	for i := start; i < end; {
		c, n := resolve(text[i:end])
		found = found || n > 1
		u.text, u.from = append(u.text, c), append(u.from, int32(i))
		i += n
	}
	if !found {
		u.text, u.from = u.text[:before], u.from[:before]
		return
	}
	u.text, u.from = append(u.text, '\n'), append(u.from, int32(end))
}

// width is how many bytes the byte at at took before; a line's end took none where it is the text's.
func (u *unescaped) width(text []byte, at int) int {
	rest := text[u.from[at]:]
	if len(rest) == 0 {
		return 0
	}
	if rest[0] == '\n' {
		return 1
	}
	_, n := resolve(rest)
	return n
}

// resolve reads one byte, or one escape.
func resolve(b []byte) (c byte, width int) {
	if b[0] == '\\' && len(b) > 1 {
		if r := short[b[1]]; r != 0 {
			return r, 2
		}
		if b[1] == 'u' && len(b) >= 6 {
			if r, err := strconv.ParseUint(string(b[2:6]), 16, 16); err == nil && r < 0x80 {
				return byte(r), 6
			}
		}
	}
	return b[0], 1
}

// short are the escapes of one character in JSON.
var short = [256]byte{'n': '\n', 'r': '\r', 't': '\t', '"': '"', '\'': '\'', '\\': '\\', '/': '/'}
