package redact

import (
	"encoding/base64"
	"unicode/utf8"
)

// isBase64 are the characters of both alphabets of base64.
var isBase64 = func() (t [256]bool) {
	for c := range t {
		b := byte(c)
		t[c] = isUpper(b) || isLower(b) || isDigit(b) || b == '+' || b == '/' || b == '-' || b == '_'
	}
	return t
}()

const (
	// leastEncoded is the shortest base64 that is looked into; mostEncoded is how much of a long one is.
	leastEncoded = 24
	mostEncoded  = 64 << 10
	// layers: a Secret's data may hold base64 itself, as a registry's auth does, and JSON holds JSON as text.
	layers = 3
)

// encoded looks into base64: a text in it that holds a secret is one, such as a kubeconfig's client-key-data or a
// .dockerconfigjson.
func (s *search) encoded() {
	if s.depth >= layers {
		return
	}
	for at := leastEncoded - 1; at < len(s.text); at += leastEncoded {
		if !isBase64[s.text[at]] {
			continue
		}
		start := at
		for start > 0 && at-start < leastEncoded && isBase64[s.text[start-1]] {
			start--
		}
		end := at + 1
		for end < len(s.text) && isBase64[s.text[end]] {
			end++
		}
		body := end
		for end < len(s.text) && end-body < 2 && s.text[end] == '=' {
			end++
		}
		if body-start >= leastEncoded && s.hides(s.text[start:body]) {
			s.add(start, end, "encoded")
		}
		at = max(at, end-leastEncoded+1)
	}
}

// hides reports whether base64 without its padding is a text with a secret in it.
func (s *search) hides(b []byte) bool {
	enc := base64.RawStdEncoding
	for _, c := range b {
		if c == '-' || c == '_' {
			enc = base64.RawURLEncoding
			break
		}
	}
	var head [leastEncoded / 4 * 3]byte
	if n, err := enc.Decode(head[:], b[:leastEncoded]); err != nil || !printable(head[:n]) {
		return false
	}
	b = b[:min(len(b), mostEncoded)]
	for cut := 0; cut < 4 && cut < len(b); cut++ { // a cut-off end does not hide the rest
		text := make([]byte, enc.DecodedLen(len(b)-cut))
		if n, err := enc.Decode(text, b[:len(b)-cut]); err == nil {
			inner := search{r: s.r, text: text[:n], depth: s.depth + 1}
			inner.run()
			return len(withoutPlaceholders(inner.text, inner.spans)) > 0
		}
	}
	return false
}

// printable reports whether bytes are text, a character cut off at the end aside.
func printable(b []byte) bool {
	for len(b) > 0 {
		c, n := utf8.DecodeRune(b)
		if c == utf8.RuneError && n <= 1 && len(b) >= utf8.UTFMax || c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
		b = b[n:]
	}
	return true
}
