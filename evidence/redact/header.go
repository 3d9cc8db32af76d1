package redact

import (
	"regexp"
	"strings"
)

// headers finds credentials in HTTP headers as programs print them.
type headers struct{}

var (
	bearer        = regexp.MustCompile(`(?i)\b(?:bearer|basic) +["']?([A-Za-z0-9._~+/=-]{8,})`)
	authorization = regexp.MustCompile(`(?i)authorization\\?["']?\s*[:=]\s*\[?\\?["']?(?:(?:bearer|basic|token|apikey|negotiate)\s+)?([^\s"'\\,;\]]{6,})`)
	cookie        = regexp.MustCompile(`(?i)(?:set-)?cookie\\?["']?\s*[:=]\s*\\?["']?([^\s"'\\;=]+=[^\s"'\\;]{8,})`)
)

// Detect searches the lines that hold a header's or a scheme's name. After a scheme's name a word of prose may follow
// ("Bearer authentication is required"), so a value needs to look like a secret there.
func (headers) Detect(text, lower []byte) []Span {
	var out []Span
	add := func(re *regexp.Regexp, kind string, least int) func(int, []byte) {
		return func(start int, line []byte) {
			for _, m := range re.FindAllSubmatchIndex(line, -1) {
				v := string(line[m[2]:m[3]])
				if holdsNothing(v) || !looksSecret(v, least) || re == bearer && len(v) < 24 && !strings.ContainsAny(v, "0123456789") {
					continue
				}
				out = append(out, Span{start + m[2], start + m[3], kind})
			}
		}
	}
	eachLine(text, lower, "authorization", add(authorization, "header", 6))
	for _, scheme := range []string{"bearer", "basic "} {
		eachLine(text, lower, scheme, add(bearer, "header", 8))
	}
	eachLine(text, lower, "cookie", add(cookie, "cookie", 10))
	return out
}
