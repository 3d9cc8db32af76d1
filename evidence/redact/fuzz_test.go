package redact_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/crashproof-dev/crashproof/evidence/redact"
)

// FuzzRedact surrounds secrets with anything. Whatever stands before and behind them, they go; nothing panics; redacting
// again changes nothing; text that was valid stays so; and the result is not much longer than the text.
func FuzzRedact(f *testing.F) {
	for i, text := range []string{"", "password=abc123 postgres://a:b@c/d", "Authorization: Bearer 0123456789abcdef01234567",
		"-----BEGIN PRIVATE KEY-----\nAAAA", `{"msg":"a\"b\\","token":"`, "--password\n", "- name: DB_PASSWORD\n  value: ", "Cookie: a=b;c=", "key: |\n  x",
		"[redacted:password:12345678]", "token='", "\\u003cpassword\\u003e", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=", "mysql -p", "ä🙂\xff"} {
		f.Add(text, text, uint64(i))
	}
	f.Fuzz(surrounded)
}

// surrounded checks one text with a token and a password between head and tail.
func surrounded(t *testing.T, head, tail string, seed uint64) {
	r, err := redact.New(redact.Options{Key: []byte("k")})
	if err != nil {
		t.Fatal(err)
	}
	m := maker{rand.New(rand.NewPCG(seed, 1))}
	token := "gh" + "p_" + m.word(36)
	password := m.word(16)
	in := head + "\nuse " + token + " now\nDB_PASSWORD=" + password + "\n" + tail
	out := r.String(in)
	for what, secret := range map[string]string{"token": token, "password": password} {
		if strings.Contains(out, secret) {
			t.Errorf("the %s is left in %q", what, out)
		}
	}
	if again := r.String(out); again != out {
		t.Errorf("redacted again it differs:\nin    %q\nonce  %q\ntwice %q", in, out, again)
	}
	if utf8.ValidString(in) && !utf8.ValidString(out) {
		t.Errorf("%q was valid UTF-8 and became %q", in, out)
	}
	// A placeholder is at most 40 bytes long, and no secret is shorter than one byte and what names it.
	if len(out) > 12*len(in)+200 {
		t.Errorf("%d bytes became %d: %q", len(in), len(out), out)
	}
}

// pieces are what finders react to; texts made of them meet more of their branches than random bytes do.
var pieces = []string{"password", "token", "secret", "api_key", "--password", "--token", "-p", "=", ":", ": ", "=>", ",", ";", "&", "?", " ", "  ", "\n", "\n  ",
	"\n- ", "- name: ", "value: ", "\"", "'", "`", "\\", "\\\"", "\\n", "\\u003c", "\\u0026", "{", "}", "[", "]", "(", ")", "<", ">", "|", "|\n    ", "$", "%", "/", "@", "://",
	"postgres://app:", "https://", "@db:5432/shop", "@tcp(", "Authorization: ", "Bearer ", "Basic ", "Cookie: ", "sid=", "curl -u app:", "mysql -uroot -p",
	"redis-cli -a ", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "2026-11-23T03:02:49.123456789Z ", "x1Y2z3A4b5C6", "abc123", "hunter22",
	"[redacted:password:12345678]", "[redacted:", "PWD={", "sig=", "eyJhbGciOiJSUzI1NiJ9", ".", "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU2Nzg5", "==", "datadog", "sk-",
	"auth", "ä", "🙂", "\xff", "\r\n", "\t", "cGFzc3dvcmQ9aHVudGVyMjI=", "<password>", "</password>", "identified by '", "machine h login l password ", ":5432:"}

// TestRandomSurroundings does as FuzzRedact does with texts made of pieces.
func TestRandomSurroundings(t *testing.T) {
	n := 20_000
	if v, err := strconv.Atoi(os.Getenv("SURROUNDINGS")); err == nil {
		n = v
	}
	rnd := rand.New(rand.NewPCG(11, uint64(n)))
	text := func() string {
		var b strings.Builder
		for range rnd.IntN(14) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		return b.String()
	}
	for i := range n {
		if surrounded(t, text(), text(), uint64(i)); t.Failed() {
			return
		}
	}
}
