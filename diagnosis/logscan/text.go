package logscan

import (
	"bytes"
	"unsafe"
)

// cleaner turns lines into the texts that people would read. Most lines are that text already and are only looked at;
// what has to be written anew is written over what was written for the line before.
type cleaner struct {
	colours, quotes, opened []byte
}

// text removes colour codes and opens JSON log lines. What it returns stands until the next call: it looks into the
// line, or into the cleaner's own buffers.
func (c *cleaner) text(line []byte) string {
	if bytes.IndexByte(line, 0x1b) >= 0 {
		c.colours = appendPlain(c.colours[:0], line)
		line = c.colours
	}
	for len(line) > 0 && (line[len(line)-1] == ' ' || line[len(line)-1] == '\t' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	if len(line) == 0 {
		return ""
	}
	if line[0] == '{' {
		var ok bool
		if c.opened, ok = appendOpened(c.opened[:0], line); ok {
			line = c.opened
		} else {
			return openJSON(string(line))
		}
	} else if bytes.IndexByte(line, '\\') >= 0 { // klog and logfmt quote quotes
		c.quotes = appendUnquoted(c.quotes[:0], line)
		line = c.quotes
	}
	return unsafe.String(unsafe.SliceData(line), len(line))
}

// appendPlain copies a line without its colour codes: ESC, a bracket, numbers and semicolons, a letter.
func appendPlain(dst, line []byte) []byte {
	for {
		i := bytes.IndexByte(line, 0x1b)
		if i < 0 {
			return append(dst, line...)
		}
		dst = append(dst, line[:i]...)
		line = line[i:]
		if end := 2; len(line) > end && line[1] == '[' {
			for end < len(line) && (line[end] >= '0' && line[end] <= '9' || line[end] == ';') {
				end++
			}
			if end < len(line) && letter(line[end]) {
				line = line[end+1:]
				continue
			}
		}
		dst = append(dst, 0x1b)
		line = line[1:]
	}
}

// appendUnquoted copies a line with a plain quote for each quoted one.
func appendUnquoted(dst, line []byte) []byte {
	for {
		i := bytes.IndexByte(line, '\\')
		if i < 0 {
			return append(dst, line...)
		}
		dst = append(dst, line[:i]...)
		if i+1 < len(line) && line[i+1] == '"' {
			i++
		}
		dst = append(dst, line[i])
		line = line[i+1:]
	}
}
