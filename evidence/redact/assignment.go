package redact

import (
	"bytes"
	"strings"
)

// assignmentFinder finds name=value, name: value, "name":"value" and the like where the name is a secret's. Its keywords
// are parts of secrets' names.
var assignmentFinder = finder{
	[]string{"passw", "passphrase", "pwd", "secret", "credential", "token", "key", "auth", "pass=", "pass:", `pass"`, "_pass", "-pass"},
	func(s *search, _, from, to int) {
		if from < s.named {
			return // another part of the same name
		}
		start, end := nameAround(s.text, from, to)
		kind := s.r.kindOf(s.text[start:end])
		s.named = end
		if kind == "" || kind == "header" { // headers have a finder that keeps the scheme's name
			return
		}
		if p, ok := assigned(s.text, start, end, kind); ok {
			s.spans = append(s.spans, p)
		}
	},
}

// nameReach and valueReach bound how far a name or a value is followed, so that a text made to be slow is not.
const (
	nameReach  = 100
	valueReach = 8192
)

// mostKinds bounds the memory of names.
const mostKinds = 4096

// kindOf is secretKind with a memory: a log says the same names over and over.
func (r *Redactor) kindOf(name []byte) string {
	kind, known := r.kinds[string(name)]
	if !known {
		kind = secretKind(string(name))
		if len(r.kinds) < mostKinds {
			r.kinds[string(name)] = kind
		}
	}
	return kind
}

// assigned reads the assignment to the name text[start:end].
func assigned(text []byte, start, end int, kind string) (Span, bool) {
	sep, at := separator(text, start, end)
	if sep == noSeparator || namesVolume(text[:start]) {
		return Span{}, false
	}
	if sep == prose {
		if s, ok := blockScalar(text, start, at, kind); ok {
			return s, true
		}
	}
	s, e, quoted := value(text, at, sep)
	if e <= s || bytes.HasPrefix(text[s:e], placeholderHint) {
		return Span{}, false
	}
	name, v := string(text[start:end]), string(text[s:e])
	if holdsNothing(v) || isDirectory(name, v) || kind == "secret" && namesObject(v) || !quoted && opensStructure(v) {
		return Span{}, false
	}
	if strings.Contains(v, "://") { // the URL's own password is found by its place
		return Span{}, false
	}
	switch {
	case sep == prose && !trusted(text, start, e, quoted) && !looksSecret(v, proseLeast(name)),
		(sep == blank || sep == listed) && !looksSecret(v, 6),
		sep == argument && (v[0] == '-' || v[0] == '/' || len(v) < 4),
		kind == "auth" && (len(v) < 8 || !looksSecret(v, 8)):
		return Span{}, false
	}
	return Span{s, e, kind}, true
}

// namesVolume: what follows is the quoted name of a volume, as in the kubelet's `failed for volume "secrets" : rpc error`.
func namesVolume(before []byte) bool {
	return bytes.HasSuffix(before, []byte(`"`)) && bytes.HasSuffix(bytes.TrimRight(before, `\"`), []byte("volume "))
}

// isDirectory: the shell's PWD and OLDPWD are no passwords.
func isDirectory(name, v string) bool {
	return (name == "PWD" || name == "OLDPWD") && strings.HasPrefix(v, "/")
}

// proseLeast: "unexpected token: x1" is about syntax, so the bare word needs a long value.
func proseLeast(name string) int {
	if squeeze(name) == "token" {
		return 16
	}
	return 6
}

// trusted reports whether "name: value" is a line of its own, as in YAML, so that it is no sentence.
func trusted(text []byte, nameStart, valueEnd int, quoted bool) bool {
	for i := nameStart - 1; i >= 0 && text[i] != '\n'; i-- {
		if c := text[i]; c != ' ' && c != '-' && c != '"' && c != '\'' && c != '\t' {
			return false
		}
	}
	if quoted {
		valueEnd++
	}
	for i := valueEnd; i < len(text) && text[i] != '\n'; i++ {
		if text[i] != ' ' && text[i] != '\r' {
			return false
		}
	}
	return true
}

func nameAround(text []byte, from, to int) (start, end int) {
	for bytes.IndexByte([]byte(`=:"`), text[to-1]) >= 0 { // a keyword may end behind its name
		to--
	}
	start, end = from, to
	for start > 0 && from-start < nameReach && isName(text[start-1]) {
		start--
	}
	for end < len(text) && end-to < nameReach && isName(text[end]) {
		end++
	}
	return start, end
}

func isName(c byte) bool {
	return isUpper(c) || isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '.'
}

// value finds the bounds of the value that starts at at. Quotes bound it where it has them.
func value(text []byte, at, sep int) (start, end int, quoted bool) {
	limit := min(len(text), at+valueReach)
	if q := at; q < limit {
		escaped := text[q] == '\\' && q+1 < limit
		for escaped && q+1 < limit && q-at < 4 && text[q] == '\\' {
			q++
		}
		if c := text[q]; c == '"' || c == '\'' || c == '`' {
			end, closed := closing(text, q+1, limit, c, escaped)
			if closes(text[q+1:end], closed) {
				return q, q, false // it closed what stands before: Get "http://host/?token=": EOF
			}
			return q + 1, end, true
		}
	}
	if bytes.HasPrefix(text[at:limit], placeholderHint) {
		return at, at, false
	}
	if e, ok := braced(text[at:limit]); ok {
		return at + 1, at + e, false
	}
	end = at
	for end < limit && !endsValue(text[end:limit], sep) {
		end++
	}
	for end > at && bytes.IndexByte([]byte(",.)]}>"), text[end-1]) >= 0 {
		end--
	}
	return at, end, false
}

// braced finds the end of ODBC's {value}, in which anything may stand.
func braced(v []byte) (end int, ok bool) {
	if len(v) < 3 || v[0] != '{' {
		return 0, false
	}
	i := bytes.IndexAny(v, "}\n\"")
	return i, i > 1 && v[i] == '}' && (i+1 == len(v) || bytes.IndexByte([]byte(";\n\"' "), v[i+1]) >= 0) && !bytes.ContainsAny(v[1:i], ":=,")
}

// endsValue reports whether a bare value ends where rest begins.
func endsValue(rest []byte, sep int) bool {
	switch c := rest[0]; {
	case c <= ' ', c == ';', c == '&', c == '"', c == '\'', c == '`':
		return true
	case c == ',':
		return nextAssignment(rest[1:])
	case c == '<':
		return sep == element || bytes.HasPrefix(rest, []byte("</"))
	case c == '\\' && len(rest) > 1: // within a string: its end, or the end of a line in it
		return rest[1] == '"' || rest[1] == '\'' || rest[1] == 'n' || bytes.HasPrefix(rest, []byte(`\u003c/`)) || rest[1] == 'r' && bytes.HasPrefix(rest, []byte(`\r\n`)) || bytes.HasPrefix(rest, []byte(`\u0026`))
	}
	return bytes.HasPrefix(rest, placeholderHint)
}

// closes reports whether the quote before rest ended something rather than to begin a value.
func closes(rest []byte, closed bool) bool {
	if len(rest) == 0 {
		return !closed
	}
	if bytes.IndexByte([]byte(" :,;.)]}"), rest[0]) < 0 {
		return false
	}
	return !closed || rest[0] != ' ' && len(rest) > 1 && rest[1] == ' '
}

// closing finds the quote that ends a value; a value whose quote never comes ends with its line.
func closing(text []byte, at, limit int, quote byte, escaped bool) (end int, closed bool) {
	for i := at; i < limit; i++ {
		switch {
		case text[i] == '\n':
			return i, false
		case escaped && text[i] == '\\' && i+1 < limit && text[i+1] == quote:
			return i, true
		case !escaped && text[i] == '\\':
			i++
		case !escaped && text[i] == quote:
			return i, true
		}
	}
	return limit, false
}

// nextAssignment tells {password=x,user=y} from a password with a comma.
func nextAssignment(rest []byte) bool {
	i := 0
	for i < len(rest) && i < nameReach && (isName(rest[i]) || rest[i] == ' ' && i < 2) {
		i++
	}
	return i > 0 && i < len(rest) && (rest[i] == '=' || rest[i] == ':')
}
