package redact

import "bytes"

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
	case bytes.HasPrefix(rest, []byte("=>")), bytes.HasPrefix(rest, []byte(":=")):
		return sure, skipBlanks(text, at+2)
	case rest[0] == '=' && !bytes.HasPrefix(rest, []byte("==")):
		return sure, skipBlanks(text, at+1)
	case bytes.HasPrefix(rest, []byte("%3D")), bytes.HasPrefix(rest, []byte("%3d")):
		return sure, at + 3
	case bytes.HasPrefix(rest, []byte(`\u003d`)):
		return sure, at + 6
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
		return argumentAfter(text, gap, at, quotedName)
	}
	if next := skipBlanks(text, at+1); text[at] == ',' && quotedName && next < len(text) && (text[next] == '"' || text[next] == '\'') {
		return listed, next
	}
	return noSeparator, at
}

// argumentAfter finds the value of a flag: behind a blank, or in the next element of a list.
func argumentAfter(text []byte, gap, at int, quotedName bool) (kind, after int) {
	if !quotedName && at > gap && text[at] != '\n' {
		return blank, at
	}
	next := at
	for next < len(text) && next-at < 40 && bytes.IndexByte([]byte(" \t\r\n,"), text[next]) >= 0 {
		next++
	}
	if next == at || next == len(text) || bytes.Count(text[at:next], []byte("\n")) > 1 {
		return noSeparator, at
	}
	if bytes.HasPrefix(text[next:], []byte("- ")) { // a list in YAML
		next = skipBlanks(text, next+1)
	} else if text[at] != ',' && !quotedName && text[next] == '-' {
		return noSeparator, at
	}
	if next < len(text) && text[next] == '-' {
		return noSeparator, at // another flag
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
	skip := func(set string, most int) {
		for n := 0; n < most && at < len(text) && bytes.IndexByte([]byte(set), text[at]) >= 0; n++ {
			at++
		}
	}
	skip(", \t\r\n\\\"'", 40)
	if at == end || len(text)-at < 7 || !bytes.EqualFold(text[at:at+5], []byte("value")) {
		return 0, false
	}
	at += 5
	skip("\\\"'", 3)
	if at >= len(text) || text[at] != ':' && text[at] != '=' {
		return 0, false
	}
	at++
	return skipBlanks(text, at), true
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
func blockScalar(text []byte, nameStart, at int, kind string) (Span, bool) {
	if at >= len(text) || text[at] != '|' && text[at] != '>' {
		return Span{}, false
	}
	end, next := cutLine(text, at, len(text))
	if end-at > 3 || !trusted(text, nameStart, end, false) {
		return Span{}, false
	}
	depth := indent(text, bytes.LastIndexByte(text[:nameStart], '\n')+1)
	start, last := next+indent(text, next), next
	for next < len(text) && next-start < valueReach && indent(text, next) > depth {
		last, next = cutLine(text, next, len(text))
	}
	if start >= last || bytes.HasPrefix(text[start:], placeholderHint) || bytes.HasPrefix(text[start:], []byte("-----BEGIN")) {
		return Span{}, false
	}
	return Span{start, last, kind}, true
}

// indent counts the blanks at the start of a line.
func indent(text []byte, at int) int {
	n := 0
	for at+n < len(text) && text[at+n] == ' ' {
		n++
	}
	return n
}
