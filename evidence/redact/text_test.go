package redact

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

// Secrets are made here and not written down: a scanner that reads this repository shall find none.
func letters(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return ("q7" + hex.EncodeToString(b))[:n]
}

func upper(n int) string { return strings.ToUpper(letters(n)) }

func base(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return base64.StdEncoding.EncodeToString(b)
}

func pemBlock(label string) string {
	body := base(600)
	var lines []string
	for len(body) > 64 {
		lines, body = append(lines, body[:64]), body[64:]
	}
	return "-----BEGIN " + label + "-----\n" + strings.Join(append(lines, body), "\n") + "\n-----END " + label + "-----"
}

func redactor(t testing.TB) *Redactor {
	r, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSecretsGo: SECRET stands for the secret; what is around it has to stay.
func TestSecretsGo(t *testing.T) {
	pw := letters(14)
	jwt := "eyJ" + letters(20) + ".eyJ" + letters(40) + "." + letters(43)
	cases := []struct{ name, text, secret string }{
		{"url", "dial postgres://app:SECRET@db:5432/shop?sslmode=disable failed", pw},
		{"url without user", "redis://:SECRET@cache:6379/0", pw},
		{"url, @ in password", "amqp://shop:SECRET@mq:5672/", "p@" + pw},
		{"database url, slash in password", "postgres://app:SECRET@db:5432/x", "ab/cd" + pw},
		{"mysql dsn", "opening app:SECRET@tcp(db:3306)/shop", pw},
		{"libpq dsn", "host=db port=5432 user=app password=SECRET dbname=shop", pw},
		{"libpq dsn, quoted", "host=db password='SECRET' dbname=shop", pw + " with space"},
		{"ado.net", "Server=db;Database=shop;User Id=app;Password=SECRET;Encrypt=True", pw},
		{"ado.net pwd", "Server=db;Uid=app;Pwd=SECRET;", pw},
		{"jdbc", "jdbc:postgresql://db:5432/x?user=app&password=SECRET&ssl=true", pw},
		{"java toString", "Config{user=app, password=SECRET, host=db}", pw},
		{"comma list", "password=SECRET,user=app", pw},
		{"json", `{"level":"info","password":"SECRET","user":"app"}`, pw},
		{"json in json", `msg="{\"apiKey\":\"SECRET\",\"user\":\"app\"}"`, pw},
		{"json, escaped quote", `{"password":"SECRET","user":"app"}`, pw + `\"x`},
		{"yaml", "db:\n  user: app\n  password: SECRET\n  host: db", "swordfish"},
		{"yaml, quoted", "  password: \"SECRET\"\n", "sword fish"},
		{"env dump", "DATABASE_PASSWORD=SECRET\nDATABASE_HOST=db\n", "12345678"},
		{"prose", "connecting with password: SECRET as app", "hunter2x"},
		{"flag", "starting server --db-password=SECRET --port 80", pw},
		{"flag and blank", "exec: server --api-token SECRET --port 80", pw},
		{"header", "> Authorization: Bearer SECRET\n> Host: db", letters(30)},
		{"header, basic", `Authorization="Basic SECRET"`, base(12)},
		{"bearer", "using bearer SECRET for api", letters(24)},
		{"go header map", "map[Authorization:[Bearer SECRET] Host:[db]]", letters(24)},
		{"cookie", "Cookie: session=SECRET; lang=en", letters(24)},
		{"jwt", "claims of SECRET expired", jwt},
		{"aws key id", "key SECRET is unknown", "AKIA" + upper(16)},
		{"aws secret key", "aws_secret_access_key = SECRET\nregion = eu-west-1", base(30)},
		{"azure storage", "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=SECRET;EndpointSuffix=core.windows.net", base(64)},
		{"azure service bus", "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=SECRET", base(32)},
		{"azure key alone", "signature of SECRET wrong", base(64)},
		{"azure sas", "GET https://shop.blob.core.windows.net/c?sv=2024-11-04&sig=SECRET&se=2026 403", letters(40) + "%3D"},
		{"gcp", "key=SECRET rejected", "AIza" + letters(35)},
		{"github", "cloning with SECRET", "ghp_" + letters(36)},
		{"vault approle", "role_id=shop secret_id=SECRET", letters(30)},
		{"pem", "loaded SECRET from disk", pemBlock("RSA PRIVATE KEY")},
		{"pem, escaped", `{"cert":"x","text":"SECRET"}`, strings.ReplaceAll(pemBlock("PRIVATE KEY"), "\n", `\n`)},
		{"non-ascii before it", "ÄÖÜ İstanbul password=SECRET ß", pw},
		{"structured, quoted bracket", `password="SECRET" user=app`, "[" + pw},
		{"unquoted, bracket", "password=SECRET user=app", "{" + pw},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := strings.ReplaceAll(c.text, "SECRET", c.secret)
			got := redactor(t).String(in)
			left, right, _ := strings.Cut(c.text, "SECRET")
			mark, ok := strings.CutPrefix(got, left)
			if !ok {
				t.Fatalf("what stood before the secret changed:\n in %q\ngot %q", in, got)
			}
			if mark, ok = strings.CutSuffix(mark, right); !ok {
				t.Fatalf("what stood after the secret changed:\n in %q\ngot %q", in, got)
			}
			if placeholder.FindString(mark) != mark || mark == "" {
				t.Fatalf("got %q in place of the secret\n in %q", mark, in)
			}
		})
	}
}

// TestDiagnosisStays: a diagnosis lives on such lines.
func TestDiagnosisStays(t *testing.T) {
	for _, text := range []string{
		`FATAL: password authentication failed for user "app"`,
		`ERROR 1045 (28000): Access denied for user 'app'@'10.0.0.7' (using password: YES)`,
		`KeyError: 'DATABASE_PASSWORD'`,
		`secret "db-credentials" not found`,
		`couldn't find key password in Secret shop/db-credentials`,
		`references non-existent secret key: tls.key`,
		`MountVolume.SetUp failed for volume "tls" : secret "tls" not found`,
		`msg="reading Secret" secret="shop/db-credentials" err="not found"`,
		`{"msg":"not found","secret":"db-credentials-7f9c8bd2k4"}`,
		`open /run/secrets/db_password: permission denied`,
		`open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory`,
		`DB_PASSWORD_FILE=/run/secrets/db`,
		`POSTGRES_PASSWORD=$(DB_PASSWORD)`,
		`DB_PASSWORD:  <set to the key 'password' in secret 'db-credentials'>  Optional: false`,
		`SyntaxError: Unexpected token '<', "<!DOCTYPE "... is not valid JSON`,
		`SyntaxError: Unexpected token: punc (})`,
		`parse error near token: identifier`,
		`password = os.environ["DATABASE_PASSWORD"]`,
		`const token = process.env.API_TOKEN;`,
		`API_TOKEN: must be set`,
		`STRIPE_API_KEY: required`,
		`"DB_PASSWORD": [ "Required" ]`,
		`max_tokens=4096 token_ttl=3600 password_length=12`,
		`token expired at 2026-11-23T03:02:49Z`,
		`WWW-Authenticate: Bearer realm="https://registry.example/auth",service="registry"`,
		`Bearer authentication is required`,
		`serviceaccounts is forbidden: User "system:serviceaccount:shop:api" cannot list resource "secrets" in API group ""`,
		`dial tcp 10.0.0.7:5432: connect: connection refused`,
		`http://user-service:8080/path?x=foo@bar.com`,
		`mongodb://a.db:27017,b.db:27017/shop`,
		`redis://redis:6379/0`,
		`pulling registry.example:5000/shop/api:1.2@sha256:` + strings.Repeat("ab", 32),
		`error: expected "-----BEGIN PRIVATE KEY-----" in /etc/tls/tls.key`,
		"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
		`PWD=/workspace`,
		`Keyword not supported: 'passwordx'.`,
		`Could not resolve placeholder 'DB_PASSWORD' in value "${DB_PASSWORD}"`,
		`aws: AWS_ACCESS_KEY_ID is not set`,
		`password=**** user=app`,
		`{"secret":{"name":"db-credentials"},"token":null}`,
	} {
		if got := redactor(t).String(text); got != text {
			t.Errorf("changed:\n in %s\nout %s", text, got)
		}
	}
}

func TestEqualSecretsStayEqual(t *testing.T) {
	r := redactor(t)
	a, b := letters(12), letters(12)
	one, two, other := r.String("password="+a), r.String("password="+a), r.String("password="+b)
	if one != two {
		t.Errorf("one secret has two placeholders: %s, %s", one, two)
	}
	if one == other {
		t.Errorf("two secrets have one placeholder: %s", one)
	}
	if again := redactor(t).String("password=" + a); again == one {
		t.Errorf("another run gives the same placeholder %s: its key is not random", again)
	}
}

func TestIdempotent(t *testing.T) {
	text := "postgres://app:" + letters(9) + "@db/x password=" + letters(9) + " Authorization: Bearer " + letters(30) + "\n" +
		pemBlock("EC PRIVATE KEY") + "\n" + `{"token":"` + letters(40) + `"} AccountKey=` + base(64) + ";x"
	once := redactor(t).String(text)
	if n := strings.Count(once, "[redacted:"); n != 6 {
		t.Fatalf("want 6 placeholders, got %d: %s", n, once)
	}
	if twice := redactor(t).String(once); twice != once {
		t.Errorf("redacted again:\nonce  %s\ntwice %s", once, twice)
	}
}

func TestCutKeys(t *testing.T) {
	block := pemBlock("PRIVATE KEY")
	lines := strings.Split(block, "\n")
	for name, text := range map[string]string{
		"end missing":       "x\n" + strings.Join(lines[:5], "\n"),
		"end missing, more": "x\n" + strings.Join(lines[:5], "\n") + "\nlistening on :8080",
		"beginning missing": strings.Join(lines[5:], "\n") + "\nlistening on :8080",
		"with timestamps":   "2026-11-23T03:02:49.123456789Z " + strings.Join(lines[:6], "\n2026-11-23T03:02:49.123456789Z "),
	} {
		got := redactor(t).String(text)
		for _, l := range lines {
			if len(l) == 64 && strings.Contains(got, l) {
				t.Errorf("%s: a line of the key is left:\n%s", name, got)
				break
			}
		}
		if strings.Contains(text, "listening") && !strings.Contains(got, "listening on :8080") {
			t.Errorf("%s: the line after the key is gone:\n%s", name, got)
		}
	}
}
