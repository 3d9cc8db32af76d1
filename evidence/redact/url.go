package redact

import "regexp"

// urls finds the password in scheme://user:password@host and in Go's user:password@tcp(host) of MySQL.
type urls struct{}

var (
	// A password may hold an @ of its own: the last one before the path counts.
	userinfo = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*://[^\s:/@"'<>\\]*:([^\s/"'<>]+)@`)
	// Clients of databases accept a bare slash in the password. A port and a path are not one.
	databaseURL = regexp.MustCompile(`(?i)\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?)(?:\+[a-z0-9]+)?://[^\s:/@"'<>\\]*:([^\s"'<>?,]+)@`)
	portAndPath = regexp.MustCompile(`^[0-9]{1,5}/`)
	mysqlDSN    = regexp.MustCompile(`[A-Za-z0-9_.-]+:([^\s"']+)@(?:tcp|unix|udp|tcp6)\(`)
)

// Detect searches the lines that hold :// or @tcp( and the like.
func (urls) Detect(text, lower []byte) []Span {
	var out []Span
	add := func(re *regexp.Regexp) func(int, []byte) {
		return func(start int, line []byte) {
			for _, m := range re.FindAllSubmatchIndex(line, -1) {
				v := line[m[2]:m[3]]
				if portAndPath.Match(v) || holdsNothing(string(v)) {
					continue
				}
				out = append(out, Span{start + m[2], start + m[3], "password"})
			}
		}
	}
	eachLine(text, lower, "://", add(userinfo))
	eachLine(text, lower, "://", add(databaseURL))
	eachLine(text, lower, "@tcp", add(mysqlDSN))
	eachLine(text, lower, "@unix(", add(mysqlDSN))
	return out
}
