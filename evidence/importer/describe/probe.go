package describe

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
)

// manyLines is how a probe begins whose command has line breaks: kubectl prints them as they are.
var manyLines = regexp.MustCompile(`(?m)^[ >\t]*(?:Liveness|Readiness|Startup): +exec \[[^\n]*$`)

// longest bounds how far such a probe is followed.
const longest = 16 << 10

// oneLine puts a space for each line break in a probe's command. Offsets stay as they are.
func oneLine(text []byte) []byte {
	out := text
	for _, m := range manyLines.FindAllIndex(text, -1) {
		end := bytes.Index(text[m[0]:min(len(text), m[0]+longest)], []byte("] delay="))
		if end < 0 || end < m[1]-m[0] {
			continue
		}
		if next := manyLines.FindIndex(text[m[1]:]); next != nil && m[1]+next[0] < m[0]+end {
			continue // that end is the next one's
		}
		if &out[0] == &text[0] {
			out = bytes.Clone(text)
		}
		for i := m[0]; i < m[0]+end; i++ {
			if out[i] == '\n' || out[i] == '\r' {
				out[i] = ' '
			}
		}
	}
	return out
}

// attributes of a probe; the thresholds were called #success and #failure up to 1.36.
var attributes = regexp.MustCompile(` ?delay=(-?\d+)s timeout=(-?\d+)s period=(-?\d+)s (?:#success|successThreshold)=(-?\d+) (?:#failure|failureThreshold)=(-?\d+)$`)

// probe reads the one-line form of DescribeProbe. Never shown are HTTP headers and the probe's own grace period.
func probe(s string) (map[string]any, bool) {
	m := attributes.FindStringSubmatchIndex(s)
	if m == nil {
		return nil, false
	}
	p := map[string]any{}
	for i, field := range []string{"initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"} {
		n, ok := number(s[m[2*i+2]:m[2*i+3]])
		if !ok {
			return nil, false
		}
		p[field] = n
	}
	kind, how, _ := strings.Cut(s[:m[0]], " ")
	switch kind {
	case "exec":
		p["exec"] = map[string]any{"command": execCommand(how)}
	case "http-get":
		p["httpGet"] = httpGet(how)
	case "tcp-socket":
		host, port := hostPort(how)
		p["tcpSocket"] = withHost(map[string]any{"port": intOrString(port)}, host)
	case "grpc":
		target, service, _ := strings.Cut(how, " ")
		_, port := hostPort(target)
		p["grpc"] = map[string]any{"port": intOrString(port), "service": service}
	case "unknown":
	default:
		return nil, false
	}
	return p, true
}

// execCommand reads [a b c]: fmt does not tell blanks within elements from those between them, so each word becomes an
// element, but for what follows a shell's -c, which is one.
func execCommand(s string) []any {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	out := []any{}
	for s != "" {
		if shellScript(out) {
			return append(out, s)
		}
		word, rest, _ := strings.Cut(s, " ")
		out = append(out, word)
		s = rest
	}
	return out
}

// httpGet reads a URL whose port may be a name, which net/url refuses.
func httpGet(s string) map[string]any {
	g := map[string]any{}
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		scheme, rest = "", strings.TrimPrefix(s, "//")
	}
	if scheme != "" {
		g["scheme"] = strings.ToUpper(scheme)
	}
	host, path := rest, ""
	if k := strings.IndexByte(rest, '/'); k >= 0 {
		host, path = rest[:k], rest[k:]
	}
	if p, err := url.PathUnescape(path); err == nil {
		path = p
	}
	if path != "" {
		g["path"] = path
	}
	host, port := hostPort(host)
	if port != "" {
		g["port"] = intOrString(port)
	}
	return withHost(g, host)
}

func withHost(m map[string]any, host string) map[string]any {
	if host != "" {
		m["host"] = host
	}
	return m
}

func hostPort(s string) (host, port string) {
	k := strings.LastIndexByte(s, ':')
	if k < 0 {
		return s, ""
	}
	return strings.Trim(s[:k], "[]"), s[k+1:]
}
