package redact

import "bytes"

const (
	// keyReach is more than any private key needs (an RSA key of 16,384 bits has 13 kB), with a prefix on every line.
	keyReach = 32 << 10
	// leastBody keeps "expected -----BEGIN PRIVATE KEY-----" as it is: a body must follow.
	leastBody = 32
	// strangers is how many lines of something else may stand between two lines of a key.
	strangers = 20
)

// keyBeginFinder finds PEM blocks of private keys, whole or with their end cut off.
var keyBeginFinder = finder{[]string{"-----begin "}, func(s *search, _, from, to int) {
	if from < s.blocked || !isKeyLabel(s.text[to:]) {
		return
	}
	s.blocked = s.block(from, labelEnd(s.text, to))
}}

// keyEndFinder finds the ends of blocks whose beginning was cut off, as at the head of a log's tail.
var keyEndFinder = finder{[]string{"-----end "}, func(s *search, _, from, to int) {
	if from < s.blocked || !isKeyLabel(s.text[to:]) {
		return
	}
	start, n := from, 0
	for start > s.blocked && from-start < keyReach {
		line := bytes.LastIndexByte(s.text[:start-1], '\n') + 1
		body, ok := keyLine(s.text[line:max(line, start-1)])
		if !ok || body == 0 {
			break
		}
		n += body
		start = line
	}
	if n >= leastBody {
		s.blocked = labelEnd(s.text, to)
		s.add(start, s.blocked, "private-key")
	}
}}

// isKeyLabel reports whether a label is a private key's: RSA PRIVATE KEY, PGP PRIVATE KEY BLOCK …
func isKeyLabel(text []byte) bool {
	label := text[:min(len(text), 40)]
	if i := bytes.Index(label, []byte("-----")); i >= 0 {
		label = label[:i]
	}
	return bytes.Contains(bytes.ToLower(label), []byte("private key"))
}

// labelEnd is where the dashes behind a label end.
func labelEnd(text []byte, at int) int {
	if i := bytes.Index(text[at:min(len(text), at+48)], []byte("-----")); i >= 0 {
		return at + i + 5
	}
	return at
}

// block takes the key that begins at from and whose body begins at to, and returns where it ends. Lines of other
// containers or threads that stand within it stay.
func (s *search) block(from, to int) int {
	limit := min(len(s.text), to+keyReach)
	first, rest := cutLine(s.text, to, limit)
	if end, ok := keyEnd(s.text[to:first]); ok { // all in one line, its line ends escaped
		s.add(from, to+end, "private-key")
		return to + end
	}
	head, n := to, 0
	if to < first && s.text[to] == '\\' { // line ends are escaped and the end is cut off
		if i := bytes.IndexByte(s.text[to:first], '"'); i >= 0 {
			first = to + i
		}
		n, head = first-to, first
	} else if n, _ = keyLine(s.text[to:first]); n > 0 {
		head = first
	}
	type piece struct{ start, end int }
	pieces := []piece{{from, head}}
	foreign, last := 0, head
	for at := rest; at < limit && foreign < strangers; {
		end, next := cutLine(s.text, at, limit)
		line := s.text[at:end]
		if e, ok := keyEnd(line); ok {
			if foreign == 0 {
				pieces[len(pieces)-1].end = at + e
			} else {
				pieces = append(pieces, piece{at, at + e})
			}
			last = at + e
			break
		}
		body, ok := keyLine(line)
		switch {
		case ok && (body > 0 || foreign == 0):
			n += body
			if last = end; foreign > 0 {
				pieces = append(pieces, piece{at, end})
			}
			pieces[len(pieces)-1].end = end
			foreign = 0
		default:
			foreign++
		}
		at = next
	}
	if n < leastBody {
		return to
	}
	for _, p := range pieces {
		s.add(p.start, p.end, "private-key")
	}
	return last
}

// cutLine returns where the line at at ends, and where the next begins.
func cutLine(text []byte, at, limit int) (end, next int) {
	if i := bytes.IndexByte(text[at:limit], '\n'); i >= 0 {
		return at + i, at + i + 1
	}
	return limit, limit
}

// keyEnd finds the end of a private key's block in a line.
func keyEnd(line []byte) (int, bool) {
	i := bytes.Index(line, []byte("-----END "))
	if i < 0 || !isKeyLabel(line[i+9:]) {
		return 0, false
	}
	return labelEnd(line, i+9), true
}

// keyLine reports whether a line belongs to a key's body, and how many characters of base64 it holds. What loggers put
// before and behind it is ignored, and so are the headers of an encrypted key.
func keyLine(line []byte) (n int, ok bool) {
	line = bytes.TrimRight(line, "\r\n\t \"'`,})]\\")
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte(`\n`)), []byte(`\r`))
	if len(bytes.TrimSpace(line)) == 0 {
		return 0, true
	}
	if bytes.Contains(line, []byte("Proc-Type:")) || bytes.Contains(line, []byte("DEK-Info:")) {
		return 0, true
	}
	start := len(line)
	for start > 0 && (isUpper(line[start-1]) || isLower(line[start-1]) || isDigit(line[start-1]) || bytes.IndexByte([]byte("+/="), line[start-1]) >= 0) {
		start--
	}
	body := line[start:]
	prefix := bytes.TrimRight(line[:start], " \t\"'`|>")
	if len(body) >= leastBody && (len(prefix) == 0 || keyish(body)) {
		return len(body), true
	}
	// The last line of a body is short. Alone or behind a time it is one; a word that ends a sentence is none.
	if (len(prefix) == 0 || isStamp(prefix)) && len(body)%4 == 0 {
		return len(body), len(body) > 0
	}
	return 0, false
}

// keyish tells a line of base64 from a long word or a path.
func keyish(body []byte) bool {
	return random(body) && bytes.Count(body, []byte("/")) <= len(body)/6
}

// isStamp reports whether a prefix is what a runtime or a logger writes before a message: a time, a stream, a level.
func isStamp(prefix []byte) bool {
	if len(prefix) < 8 || len(prefix) > 120 {
		return false
	}
	digits := 0
	for _, c := range prefix {
		if isDigit(c) {
			digits++
		}
	}
	return digits >= 6 && bytes.IndexByte(prefix, ':') >= 0
}
