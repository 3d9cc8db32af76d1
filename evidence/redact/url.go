package redact

import (
	"bytes"
	"slices"
	"strings"
)

// databases are schemes whose clients accept a bare slash in the password.
var databases = []string{"postgres", "postgresql", "mysql", "mysql2", "mariadb", "mongodb", "rediss", "redis", "amqp", "amqps", "sqlserver",
	"clickhouse", "nats", "kafka", "ldap", "ldaps"}

// urlReach is how far the @ of a URL may be from its scheme.
const urlReach = 1000

// userinfo takes the password of scheme://user:password@host. The password may hold an @ of its own: the last one before
// the path counts.
func userinfo(s *search, _, from, to int) {
	start := from
	for start > 0 && from-start < 30 && (isName(s.text[start-1]) || s.text[start-1] == '+') {
		start--
	}
	if start == from {
		return
	}
	scheme, _, _ := strings.Cut(strings.ToLower(string(s.text[start:from])), "+")
	if slices.Contains(databases, scheme) && s.password(to, "?,") {
		return
	}
	s.password(to, "/")
}

// password takes what stands between the first colon and the last @ of a URL's authority, which begins at at and ends at
// any of stops.
func (s *search) password(at int, stops string) bool {
	end := at
	for end < len(s.text) && end-at < urlReach && s.text[end] > ' ' && strings.IndexByte("\"'<>\\", s.text[end]) < 0 && strings.IndexByte(stops, s.text[end]) < 0 {
		end++
	}
	host := bytes.LastIndexByte(s.text[at:end], '@')
	if host < 0 {
		return false
	}
	colon := bytes.IndexAny(s.text[at:at+host], ":/@")
	if colon < 0 || s.text[at+colon] != ':' {
		return false
	}
	v := s.text[at+colon+1 : at+host]
	if portAndPath().Match(v) || holdsNothing(string(v)) {
		return false
	}
	s.add(at+colon+1, at+host, "password")
	return true
}

var portAndPath = lazy(`^[0-9]{1,5}/`)

// urlFinders find the password in scheme://user:password@host and in what looks like it.
func urlFinders() []finder {
	password := func(v []byte) bool { return !portAndPath().Match(v) && !holdsNothing(string(v)) }
	return []finder{
		{[]string{"://"}, userinfo},
		byLine("password", `[A-Za-z0-9_.-]+:([^\s"']+)@(?:tcp6?|unix|udp)\(`, password, "@tcp(", "@tcp6(", "@unix(", "@udp("), // Go's MySQL driver
		byLine("password", `(?i)jdbc:oracle:[a-z]+:[^/\s"']+/([^@\s"']+)@`, password, "jdbc:oracle:"),
		{[]string{"sig=", "signature="}, signature},
	}
}

var signed = lazy(`^[A-Za-z0-9%+/=_.-]{16,}`)

// signature takes what signs a URL: sig of Azure's SAS, X-Amz-Signature, X-Goog-Signature, Signature of CloudFront.
func signature(s *search, _, from, to int) {
	start := from
	for start > 0 && from-start < 12 && (isLower(s.text[start-1]|0x20) || s.text[start-1] == '-') {
		start--
	}
	head := s.text[max(0, start-5):start]
	if !bytes.HasSuffix(head, []byte("?")) && !bytes.HasSuffix(head, []byte("&")) && !bytes.HasSuffix(head, []byte("u0026")) && !bytes.HasSuffix(head, []byte(";")) {
		return
	}
	if m := signed().Find(s.text[to:min(len(s.text), to+after)]); m != nil && looksSecret(string(m), 16) {
		s.add(to, to+len(m), "sas")
	}
}
