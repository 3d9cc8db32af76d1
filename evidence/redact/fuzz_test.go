package redact_test

import (
	"math/rand/v2"
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
	f.Fuzz(func(t *testing.T, head, tail string, seed uint64) {
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
	})
}
