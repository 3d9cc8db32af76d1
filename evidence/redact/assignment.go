package redact

import (
	"bytes"
	"strings"
)

// assignments finds name=value, name: value and "name":"value" where the name is a secret's.
type assignments struct{}

// hints are parts of secrets' names in lower case, as few as find them all: each costs a pass over the text.
var hints = [][]byte{[]byte("passw"), []byte("passphrase"), []byte("pwd"), []byte("secret"), []byte("credential"), []byte("token"), []byte("key"), []byte("sig=")}

// nameReach and valueReach bound how far a name or a value is followed, so that a text made to be slow is not.
const (
	nameReach  = 100
	valueReach = 8192
)

// Detect looks around every hint.
func (assignments) Detect(text, lower []byte) []Span {
	var out []Span
	for _, h := range hints {
		for at := 0; ; {
			i := bytes.Index(lower[at:], h)
			if i < 0 {
				break
			}
			at += i
			if s, ok := assigned(text, at, at+len(h)); ok {
				out = append(out, s)
			}
			at += len(h)
		}
	}
	return out
}

// assigned reads the assignment whose name contains text[from:to].
func assigned(text []byte, from, to int) (Span, bool) {
	start, end := nameAround(text, from, to)
	if bytes.HasSuffix(text[from:to], []byte("=")) { // sig=, which only counts as a query's parameter
		if from == 0 || (text[from-1] != '?' && text[from-1] != '&') {
			return Span{}, false
		}
		s, e, _ := value(text, to)
		return Span{s, e, "sas"}, e-s >= 16
	}
	sep, after := separator(text, end)
	if sep == noSeparator {
		return Span{}, false
	}
	name := string(text[start:end])
	kind := secretKind(name)
	if kind == "" {
		return Span{}, false
	}
	s, e, quoted := value(text, after)
	v := string(text[s:e])
	if holdsNothing(v) || isDirectory(name, v) || kind == "secret" && namesObject(v) || !quoted && opensStructure(v) {
		return Span{}, false
	}
	if strings.Contains(v, "://") { // the URL's own password is found by its place
		return Span{}, false
	}
	if sep == prose && !trusted(text, start, e, quoted) && !looksSecret(v, proseLeast(name)) {
		return Span{}, false
	}
	if sep == blank && !looksSecret(v, 6) {
		return Span{}, false
	}
	return Span{s, e, kind}, true
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

// separators between a name and its value, by how surely a value follows.
const (
	noSeparator = iota
	blank       // --password value
	prose       // password: value
	sure        // password=value, "password": value, password => value
)

// separator reads what follows a name and returns where the value starts.
func separator(text []byte, at int) (kind, after int) {
	flag := at
	quotedName := false
	for at < len(text) && (text[at] == '\\' || text[at] == '"' || text[at] == '\'') && at-flag < 3 {
		quotedName = quotedName || text[at] != '\\'
		at++
	}
	gap := at
	at = skipBlanks(text, at)
	if at >= len(text) {
		return noSeparator, at
	}
	switch {
	case bytes.HasPrefix(text[at:], []byte("=>")), bytes.HasPrefix(text[at:], []byte(":=")):
		return sure, skipBlanks(text, at+2)
	case text[at] == '=' && !bytes.HasPrefix(text[at:], []byte("==")):
		return sure, skipBlanks(text, at+1)
	case text[at] == ':':
		next := skipBlanks(text, at+1)
		if quotedName || next == at+1 {
			return sureUnlessPath(text, at), next
		}
		return prose, next
	case !quotedName && at > gap && flagBefore(text, flag):
		return blank, at
	}
	return noSeparator, at
}

// sureUnlessPath: "secrets/token:/x" and "token::Type" are no assignments.
func sureUnlessPath(text []byte, colon int) int {
	if colon+1 < len(text) && (text[colon+1] == ':' || text[colon+1] == '/' || text[colon+1] == '\n') {
		return noSeparator
	}
	return sure
}

// flagBefore reports whether the name that ends here is a command line's flag.
func flagBefore(text []byte, end int) bool {
	start := end
	for start > 0 && end-start < nameReach && isName(text[start-1]) {
		start--
	}
	return text[start] == '-' && (start == 0 || text[start-1] == ' ' || text[start-1] == '"' || text[start-1] == '\'')
}

func skipBlanks(text []byte, at int) int {
	for n := 0; n < 8 && at < len(text) && (text[at] == ' ' || text[at] == '\t'); n++ {
		at++
	}
	return at
}

// value finds the bounds of the value that starts at at. Quotes bound it where it has them.
func value(text []byte, at int) (start, end int, quoted bool) {
	limit := min(len(text), at+valueReach)
	if q := at; q < limit {
		escaped := text[q] == '\\' && q+1 < limit
		if escaped {
			q++
		}
		if c := text[q]; c == '"' || c == '\'' || c == '`' {
			return q + 1, closing(text, q+1, limit, c, escaped), true
		}
	}
	end = at
	for end < limit && !endsValue(text[end]) {
		if text[end] == ',' && nextAssignment(text[end+1:limit]) {
			break
		}
		end++
	}
	for end > at && bytes.IndexByte([]byte(",.)]}>"), text[end-1]) >= 0 && !bytes.HasPrefix(text[at:], placeholderHint) {
		end--
	}
	return at, end, false
}

func endsValue(c byte) bool {
	return c <= ' ' || c == ';' || c == '&' || c == '"' || c == '\'' || c == '`'
}

// closing finds the quote that ends a value; a value whose quote never comes ends with its line.
func closing(text []byte, at, limit int, quote byte, escaped bool) int {
	for i := at; i < limit; i++ {
		switch {
		case text[i] == '\n':
			return i
		case escaped && text[i] == '\\' && i+1 < limit && text[i+1] == quote:
			return i
		case !escaped && text[i] == '\\':
			i++
		case !escaped && text[i] == quote:
			return i
		}
	}
	return limit
}

// nextAssignment tells {password=x,user=y} from a password with a comma.
func nextAssignment(rest []byte) bool {
	i := 0
	for i < len(rest) && i < nameReach && isName(rest[i]) {
		i++
	}
	return i > 0 && i < len(rest) && (rest[i] == '=' || rest[i] == ':')
}
