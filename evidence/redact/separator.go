package redact

import (
	"bytes"
	"strings"
)

// separators between a name and its value, by how surely a value follows.
const (
	noSeparator = iota
	blank       // --password value
	listed      // ["password", "value"], define('PASSWORD', 'value')
	prose       // password: value
	argument    // ["--password", "value"], or one element a line
	element     // <password>value</password>
	sure        // password=value, "password": value, password => value, {name: password, value: value}
)

// separator reads what follows the name text[start:end] and returns where the value starts.
func separator(text []byte, start, end int) (kind, after int) {
	at, quotedName := end, false
	for at < len(text) && (text[at] == '\\' || text[at] == '"' || text[at] == '\'' || text[at] == '`') && at-end < 5 {
		quotedName = quotedName || text[at] != '\\'
		at++
	}
	gap := at
	at = skipBlanks(text, at)
	if at >= len(text) {
		return noSeparator, at
	}
	if v, ok := pairValue(text, start, end, gap); ok {
		return sure, v
	}
	switch rest := text[at:]; {
	case bytes.HasPrefix(rest, []byte(`=\u003e`)): // "=>" as encoding/json writes it
		return sure, skipBlanks(text, at+7)
	case bytes.HasPrefix(rest, []byte("=>")), bytes.HasPrefix(rest, []byte(":=")):
		return sure, skipBlanks(text, at+2)
	case rest[0] == '=' && !bytes.HasPrefix(rest, []byte("==")):
		return sure, skipBlanks(text, at+1)
	case bytes.HasPrefix(rest, []byte("%3D")), bytes.HasPrefix(rest, []byte("%3d")):
		return sure, at + 3
	case bytes.HasPrefix(rest, []byte(`\u003d`)):
		return sure, at + 6
	case at == end && bytes.HasPrefix(rest, []byte(`\u003e`)) && bytes.HasPrefix(text[start:end], []byte("u003c")):
		return element, at + 6
	case rest[0] == ']' && at == end && bytes.HasPrefix(rest, []byte("]=")): // PHP's db[password]=value
		return sure, at + 2
	case rest[0] == ':':
		next := skipBlanks(text, at+1)
		if quotedName || next == at+1 {
			return sureUnlessPath(text, at), next
		}
		return prose, next
	case rest[0] == '>' && at == end && start > 0 && text[start-1] == '<':
		return element, at + 1
	}
	if isFlag(text, start) {
		return argumentAfter(text, start, gap, at, quotedName)
	}
	if next := skipBlanks(text, at+1); text[at] == ',' && quotedName && next < len(text) && (text[next] == '"' || text[next] == '\'') {
		return listed, next
	}
	return noSeparator, at
}

// argumentAfter finds the value of a flag: behind a blank, or in the next element of a list.
func argumentAfter(text []byte, start, gap, at int, quotedName bool) (kind, after int) {
	if !quotedName && at > gap && text[at] != '\n' && text[at] != '\r' {
		return blank, at
	}
	next := at
	if quotedName {
		next = skip(text, at, ", \t", 8)
	}
	if next < len(text) && (text[next] == '\n' || text[next] == '\r') {
		next = lineBelow(text, start, next)
	}
	if next == at || next >= len(text) || text[next] == '-' {
		return noSeparator, at
	}
	return argument, next
}

// pairValue finds the value in {"name": "DB_PASSWORD", "value": "x"}, the form of environment variables in Kubernetes'
// objects, as JSON, as YAML or as Go prints them.
func pairValue(text []byte, start, end, at int) (after int, ok bool) {
	head := bytes.TrimRight(text[max(0, start-12):start], "\\\"' \t:=")
	if !bytes.HasSuffix(head, []byte("name")) && !bytes.HasSuffix(head, []byte("Name")) && !bytes.HasSuffix(head, []byte("key")) {
		return 0, false
	}
	if start == 0 || bytes.IndexByte([]byte("\"' :="), text[start-1]) < 0 {
		return 0, false
	}
	at = skip(text, at, ", \t\\\"'", 20)
	if at < len(text) && (text[at] == '\n' || text[at] == '\r') {
		at = skip(text, lineBelow(text, start, at), "\\\"'", 3)
	}
	if bytes.HasPrefix(text[at:], []byte(`n `)) && text[at-1] == '\\' { // an escaped line end
		at = skip(text, at+1, " \\\"'", 20)
	}
	if at == end || len(text)-at < 7 || !bytes.EqualFold(text[at:at+5], []byte("value")) {
		return 0, false
	}
	at = skip(text, at+5, "\\\"'", 3)
	if at >= len(text) || text[at] != ':' && text[at] != '=' {
		return 0, false
	}
	return skipBlanks(text, at+1), true
}

// skip goes past at most most bytes of a set.
func skip(text []byte, at int, set string, most int) int {
	for n := 0; n < most && at < len(text) && strings.IndexByte(set, text[at]) >= 0; n++ {
		at++
	}
	return at
}

// lineBelow returns where the text of the line below the one with start begins: behind what a runtime or a logger writes
// before each line, behind blanks, and behind the dash of a list in YAML. at is the end of the upper line.
func lineBelow(text []byte, start, at int) int {
	upper := bytes.LastIndexByte(text[:start], '\n') + 1
	at = skip(text, at, "\r", 1)
	if at >= len(text) || text[at] != '\n' {
		return at
	}
	at = skipBlanks(text, at+1+samePrefix(text[upper:start], text[at+1:]))
	if bytes.HasPrefix(text[at:], []byte("- ")) {
		at = skipBlanks(text, at+1)
	}
	for at < len(text) && text[at] == ' ' {
		at++
	}
	return at
}

// samePrefix is how much two lines have in common, all digits being alike: their times and the like.
func samePrefix(upper, lower []byte) int {
	n := 0
	for n < len(upper) && n < len(lower) && (upper[n] == lower[n] && upper[n] != '\n' || isDigit(upper[n]) && isDigit(lower[n])) {
		n++
	}
	return n
}

// sureUnlessPath: "secrets/token:/x" and "token::Type" are no assignments.
func sureUnlessPath(text []byte, colon int) int {
	if colon+1 < len(text) && (text[colon+1] == ':' || text[colon+1] == '/') {
		return noSeparator
	}
	return sure
}

// isFlag reports whether the name that starts here is a command line's flag.
func isFlag(text []byte, start int) bool {
	return text[start] == '-' && (start == 0 || bytes.IndexByte([]byte(" \"'`[,\t\n"), text[start-1]) >= 0)
}

func skipBlanks(text []byte, at int) int {
	for n := 0; n < 8 && at < len(text) && (text[at] == ' ' || text[at] == '\t'); n++ {
		at++
	}
	return at
}

// blockScalar reads YAML's "password: |" and ">-": the value stands in the lines below, farther to the right.
func blockScalar(text []byte, start, at int, kind string) (Span, bool) {
	if at >= len(text) || text[at] != '|' && text[at] != '>' {
		return Span{}, false
	}
	end, next := cutLine(text, at, len(text))
	if len(bytes.TrimRight(text[at:end], "\r")) > 3 {
		return Span{}, false
	}
	upper := bytes.LastIndexByte(text[:start], '\n') + 1
	from, to := 0, 0
	for next < len(text) && next-end < valueReach {
		depth := samePrefix(text[upper:start], text[next:])
		content := depth
		for next+content < len(text) && text[next+content] == ' ' {
			content++
		}
		if content <= start-upper {
			break
		}
		if from == 0 {
			from = next + content
		}
		to, next = cutLine(text, next, len(text))
	}
	if from >= to || bytes.HasPrefix(text[from:], placeholderHint) || bytes.HasPrefix(text[from:], []byte("-----BEGIN")) {
		return Span{}, false
	}
	return Span{from, to, kind}, true
}
