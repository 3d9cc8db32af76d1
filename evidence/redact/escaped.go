package redact

import (
	"bytes"
	"strconv"
)

// escaped looks once more at lines with escapes, as text within JSON and logfmt has them, with the escapes resolved: a
// key or a YAML document of many lines stands in one line there.
func (s *search) escaped() {
	if s.depth >= layers {
		return
	}
	for at := 0; at < len(s.text); {
		i := bytes.IndexByte(s.text[at:], '\\')
		if i < 0 {
			return
		}
		start := bytes.LastIndexByte(s.text[:at+i], '\n') + 1
		end, next := cutLine(s.text, at+i, len(s.text))
		if line, from := unescape(s.text[start:end]); from != nil {
			inner := search{r: s.r, text: line, depth: s.depth + 1}
			inner.run()
			for _, p := range inner.spans {
				s.add(start+from[p.Start], start+from[p.End], p.Kind)
			}
		}
		at = next
	}
}

// short are the escapes of one character in JSON.
var short = [256]byte{'n': '\n', 'r': '\r', 't': '\t', '"': '"', '\'': '\'', '\\': '\\', '/': '/'}

// unescape resolves the escapes of a line, and says for each byte, and for the end, where it stood. from is nil where
// there are none.
func unescape(line []byte) (out []byte, from []int) {
	out, from = make([]byte, 0, len(line)), make([]int, 0, len(line)+1)
	found := false
	for i := 0; i < len(line); {
		c, n := line[i], 1
		if c == '\\' && i+1 < len(line) {
			if r := short[line[i+1]]; r != 0 {
				c, n = r, 2
			} else if line[i+1] == 'u' && i+6 <= len(line) {
				if r, err := strconv.ParseUint(string(line[i+2:i+6]), 16, 16); err == nil && r < 0x80 {
					c, n = byte(r), 6
				}
			}
		}
		found = found || n > 1
		out, from = append(out, c), append(from, i)
		i += n
	}
	if !found {
		return nil, nil
	}
	return out, append(from, len(line))
}
