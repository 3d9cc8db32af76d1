package redact

import "bytes"

// privateKeys finds PEM blocks of private keys, whole or cut off at one end.
type privateKeys struct{}

const (
	// keyReach is more than any private key needs (an RSA key of 16,384 bits has 13 kB).
	keyReach = 32 << 10
	// leastBody keeps "expected -----BEGIN PRIVATE KEY-----" as it is: a body must follow.
	leastBody = 32
)

var (
	begin   = []byte("-----begin ")
	finish  = []byte("-----end ")
	keyMark = []byte("private key")
)

// Detect looks for the lines that begin and end a block.
func (privateKeys) Detect(text, lower []byte) []Span {
	var out []Span
	for at := 0; ; {
		i := bytes.Index(lower[at:], begin)
		if i < 0 {
			break
		}
		i += at
		at = i + len(begin)
		if !names(lower, at) {
			continue
		}
		end, ok := blockEnd(lower, at)
		if !ok {
			end, ok = bodyEnd(text, headerEnd(lower, at))
		}
		if ok {
			out = append(out, Span{i, end, "private-key"})
			at = end
		}
	}
	return append(out, tails(text, lower)...)
}

// names reports whether the label that starts here is a private key's: RSA PRIVATE KEY, PGP PRIVATE KEY BLOCK …
func names(lower []byte, at int) bool {
	label := lower[at:min(len(lower), at+40)]
	if i := bytes.Index(label, []byte("-----")); i >= 0 {
		label = label[:i]
	}
	return bytes.Contains(label, keyMark)
}

func headerEnd(lower []byte, at int) int {
	if i := bytes.Index(lower[at:min(len(lower), at+48)], []byte("-----")); i >= 0 {
		return at + i + 5
	}
	return at
}

func blockEnd(lower []byte, at int) (int, bool) {
	window := lower[at:min(len(lower), at+keyReach)]
	i := bytes.Index(window, finish)
	if i < 0 || !names(window, i+len(finish)) {
		return 0, false
	}
	return at + headerEnd(window, i+len(finish)), true
}

// bodyEnd follows the body of a block whose end was cut off.
func bodyEnd(text []byte, at int) (int, bool) {
	limit := min(len(text), at+keyReach)
	n, end := 0, at
	for end < limit {
		lineEnd := end
		for lineEnd < limit && text[lineEnd] != '\n' {
			lineEnd++
		}
		k, all := base64Run(text[end:lineEnd])
		if !all && k < leastBody || n > 0 && k < 4 {
			break // some other line
		}
		n += k
		if !all {
			end = lineEnd
			break
		}
		end = min(lineEnd+1, limit)
	}
	return end, n >= leastBody
}

// base64Run counts the base64 characters of a line, a runtime's timestamp before them and escaped line ends within
// them aside; all is false where something else follows.
func base64Run(line []byte) (n int, all bool) {
	if i := bytes.IndexByte(line, ' '); i >= 20 && i <= 40 && line[4] == '-' {
		line = line[i+1:]
	}
	line = bytes.TrimRight(bytes.ReplaceAll(line, []byte(`\n`), nil), "\r\" ',")
	for _, c := range line {
		if !isUpper(c) && !isLower(c) && !isDigit(c) && c != '+' && c != '/' && c != '=' {
			return n, false
		}
		n++
	}
	return n, true
}

// tails finds the ends of blocks whose beginning was cut off, as at the head of a log's tail.
func tails(text, lower []byte) []Span {
	i := bytes.Index(lower, finish)
	if i < 0 || !names(lower, i+len(finish)) || bytes.Contains(lower[:i], begin) {
		return nil
	}
	start, n := i, 0
	for start > 0 && i-start < keyReach {
		lineStart := bytes.LastIndexByte(text[:start-1], '\n') + 1
		k, all := base64Run(text[lineStart:max(lineStart, start-1)])
		if !all || k == 0 {
			break
		}
		n += k
		start = lineStart
	}
	if n < leastBody {
		return nil
	}
	return []Span{{start, headerEnd(lower, i+len(finish)), "private-key"}}
}
