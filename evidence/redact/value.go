package redact

import (
	"regexp"
	"slices"
	"strings"
)

// empty are values that stand where a secret is absent, hidden or yet to be filled in.
var empty = map[string]bool{"null": true, "nil": true, "none": true, "undefined": true, "true": true, "false": true,
	"yes": true, "no": true, "not": true, "is": true, "string": true, "redacted": true, "set": true,
	"missing": true, "empty": true, "required": true, "invalid": true, "unset": true}

// roots are the first directories that file systems have: a path there is where a secret stands, not the secret.
var roots = []string{"run", "etc", "var", "mnt", "secret", "secrets", "vault", "tmp", "opt", "home", "root", "app", "srv", "usr", "data", "config"}

// isPlace reports whether a value is a path.
func isPlace(v string) bool {
	if v[0] != '/' {
		return false
	}
	root, _, _ := strings.Cut(v[1:], "/")
	return slices.Contains(roots, root)
}

// objectName has the form of a Kubernetes object's name, a namespace before it allowed: words joined by dashes, with
// kustomize's hash of ten characters at the end where there is one. A UUID or a random string has not.
var objectName = regexp.MustCompile(`^([a-z][a-z0-9-]*/)?[a-z]+[0-9]{0,2}(-[a-z]+[0-9]{0,3})*(-[a-z0-9]{10})?$`)

// isCode reports whether a value is the source of a program, as tracebacks quote it: password = os.environ["DB_PASSWORD"].
func isCode(v string) bool {
	if strings.HasPrefix(v, "process.env") {
		return true
	}
	for i := range len(v) {
		switch c := v[i]; {
		case isUpper(c) || isLower(c) || c == '_' || c == '.' && i > 0:
		default:
			return i > 0 && (c == '(' || c == '[')
		}
	}
	return false
}

// holdsNothing reports whether a value that stands where a secret would be is none: absent, masked, a reference to a
// variable, or a path.
func holdsNothing(v string) bool {
	if v == "" || empty[strings.ToLower(strings.Trim(v, "<>[](){}"))] || strings.Trim(v, "*xX.-") == "" {
		return true
	}
	if !strings.ContainsFunc(v, isWord) {
		return true
	}
	return strings.HasPrefix(v, "$") || strings.HasPrefix(v, "%") || strings.HasPrefix(v, "{{") || isPlace(v) || isCode(v)
}

// isWord takes what is no ASCII for a letter.
func isWord(r rune) bool {
	return r >= 0x80 || isUpper(byte(r)) || isLower(byte(r)) || isDigit(byte(r))
}

// opensStructure reports whether an unquoted value is the start of a list or an object in some notation.
func opensStructure(v string) bool {
	if v == "" || (v[0] != '{' && v[0] != '[') {
		return false
	}
	return strings.ContainsAny(v, ":=") || !looksSecret(v[1:], 8)
}

// namesObject reports whether a value that follows the word "secret" is a Secret's name rather than a secret. One bare
// word may be either; then it counts as a secret.
func namesObject(v string) bool {
	return strings.ContainsAny(v, "-/") && len(v) <= 253 && objectName.MatchString(v)
}

// looksSecret tells a secret from a word of prose: letters with digits, or with symbols that words do not have.
func looksSecret(v string, least int) bool {
	if len(v) < least {
		return false
	}
	var letter, digit, symbol bool
	for i := range len(v) {
		c := v[i]
		switch {
		case isUpper(c) || isLower(c):
			letter = true
		case isDigit(c):
			digit = true
		case strings.IndexByte("!#$%^*+=~?@|", c) >= 0:
			symbol = true
		}
	}
	return letter && (digit || symbol)
}

// connectionSecret decides about the value of a variable that holds a connection string: its secret parts are found by
// their own names, and only a value that has no parts is secret as a whole.
func connectionSecret(v string) bool {
	return !holdsNothing(v) && !strings.ContainsAny(v, "=@") && !strings.Contains(v, "://") && looksSecret(v, 8)
}
