package redact

import "bytes"

var portAndPath = lazy(`^[0-9]{1,5}/`)

// urlFinders find the password in scheme://user:password@host and in what looks like it.
func urlFinders() []finder {
	password := func(v []byte) bool { return !portAndPath().Match(v) && !holdsNothing(string(v)) }
	return []finder{
		// A password may hold an @ of its own: the last one before the path counts.
		byLine("password", `(?i)\b[a-z][a-z0-9+.-]*:\\?/\\?/[^\s:/@"'<>\\]*:([^\s/"'<>\\]+)@`, password, "://", `:\/\/`),
		// Clients of databases accept a bare slash in the password. A port and a path are not one.
		byLine("password", `(?i)\b(?:postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|sqlserver|clickhouse|nats|kafka|ldaps?)(?:\+[a-z0-9]+)?://[^\s:/@"'<>\\]*:([^\s"'<>?,\\]+)@`,
			password, "://"),
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
