package redact

import "strings"

// headerFinders find credentials in HTTP headers as programs print them. After a scheme's name a word of prose may
// follow ("Bearer authentication is required"), so a value needs to look like a secret there.
func headerFinders() []finder {
	looks := func(least int) func([]byte) bool {
		return func(v []byte) bool { return !holdsNothing(string(v)) && looksSecret(string(v), least) }
	}
	scheme := func(v []byte) bool {
		return looks(8)(v) && (len(v) >= 24 || strings.ContainsAny(string(v), "0123456789"))
	}
	// After "authorization:" a run of letters in mixed case is base64 that happens to have no digit, and no prose.
	credentials := func(v []byte) bool {
		return looks(6)(v) || len(v) >= 8 && !holdsNothing(string(v)) && mixedCase(v)
	}
	return []finder{
		byLine("header", `(?i)authorization\\?["']?\s*[:=]\s*\[?\\?["']?(?:(?:bearer|basic|token|apikey|negotiate|digest|sharedkey|bot)\s+)?([^\s"'\\,;\]]{6,})`,
			credentials, "authorization"),
		byLine("header", `(?i)\b(?:bearer|basic)(?: +|%20)["']?([A-Za-z0-9._~+/=-]{8,})`, scheme, "bearer", "basic ", "basic%20"),
		{[]string{"cookie"}, cookies},
		byLine("session", `(?i)\b(?:[a-z_.-]*sess(?:ion)?[._-]?(?:id|key)|connect\.sid|asp\.net_sessionid|xsrf-token|csrftoken)\\?["']?\s*[=:]\s*\\?["']?([A-Za-z0-9%._~+/=:-]{20,})`,
			func(v []byte) bool { return looks(20)(v) && !strings.HasPrefix(string(v), "0x") }, "sess", "connect.sid", "xsrf-token", "csrftoken"),
	}
}

// mixedCase: capital letters other than the first one, among small ones.
func mixedCase(v []byte) bool {
	capitals, small := 0, 0
	for i, c := range v {
		switch {
		case c >= 'a' && c <= 'z':
			small++
		case i > 0 && c >= 'A' && c <= 'Z':
			capitals++
		}
	}
	return capitals >= 2 && small > 0
}

var (
	cookieHeader = lazy(`(?i)cookie\d?\\?["']?\s*[:=]\s*\[?\\?["']?([^\n"']*)`)
	cookieValue  = lazy(`([A-Za-z0-9_.$-]+)=([^\s;,"'\\\]]+)`)
)

// attributes of a cookie are no cookies.
var attributes = map[string]bool{"path": true, "domain": true, "expires": true, "max-age": true, "samesite": true, "secure": true,
	"httponly": true, "version": true, "priority": true}

// cookies takes the values of all cookies of a header.
func cookies(s *search, id, from, _ int) {
	start, end, ok := s.window(id, from)
	if !ok {
		return
	}
	for _, h := range cookieHeader().FindAllSubmatchIndex(s.text[start:end], -1) {
		line := s.text[start+h[2] : start+h[3]]
		for _, m := range cookieValue().FindAllSubmatchIndex(line, -1) {
			v := string(line[m[4]:m[5]])
			if attributes[strings.ToLower(string(line[m[2]:m[3]]))] || holdsNothing(v) || !looksSecret(v, 8) {
				continue
			}
			s.add(start+h[2]+m[4], start+h[2]+m[5], "cookie")
		}
	}
}
