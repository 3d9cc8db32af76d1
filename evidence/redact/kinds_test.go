package redact_test

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
)

// maker makes secrets in their right form from a seeded source. None is written down: scanners that read this repository
// shall find none.
type maker struct{ *rand.Rand }

const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
	alnum  = lower + upper + digits
)

func (m maker) of(set string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = set[m.IntN(len(set))]
	}
	return string(b)
}

// word is a mix of n characters that has a digit, a small and a capital letter.
func (m maker) word(n int) string {
	return m.of(lower, 1) + m.of(digits, 1) + m.of(upper, 1) + m.of(alnum, n-3)
}

func (m maker) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(m.UintN(256))
	}
	return b
}

func (m maker) base64(n int) string { return base64.StdEncoding.EncodeToString(m.bytes(n)) }
func (m maker) hex(n int) string    { return hex.EncodeToString(m.bytes(n / 2)) }
func (m maker) url64(n int) string  { return base64.RawURLEncoding.EncodeToString(m.bytes(n)) }

func (m maker) jwt() string {
	part := func(json string) string { return base64.RawURLEncoding.EncodeToString([]byte(json)) }
	return part(`{"alg":"RS256","kid":"`+m.word(12)+`"}`) + "." + part(`{"sub":"system:serviceaccount:shop:api","jti":"`+m.word(20)+`"}`) + "." + m.url64(64)
}

func (m maker) pem(label string) string {
	body, lines := m.base64(600), []string(nil)
	for len(body) > 64 {
		lines, body = append(lines, body[:64]), body[64:]
	}
	dashes := strings.Repeat("-", 5)
	return dashes + "BEGIN " + label + dashes + "\n" + strings.Join(append(lines, body), "\n") + "\n" + dashes + "END " + label + dashes
}

// planted is one kind of secret: what it is made of and the text that it stands in, with § for it.
type planted struct {
	kind, text string
	make       func(m maker) string
}

func word(n int) func(maker) string { return func(m maker) string { return m.word(n) } }

// prefixed is a token with a prefix; the prefix is given in pieces.
func prefixed(n int, prefix ...string) func(maker) string {
	return func(m maker) string { return strings.Join(prefix, "") + m.word(n) }
}

func b64(n int) func(maker) string { return func(m maker) string { return m.base64(n) } }

var kinds = []planted{
	{"env assignment", "DB_PASSWORD=§", word(12)},
	{"shell export", "export API_TOKEN=§", word(24)},
	{"shell export, quoted", `export CLIENT_SECRET='§'`, word(24)},
	{"json field", `{"user":"app","password":"§","port":5432}`, word(12)},
	{"json field, nested text", `{"body":"{\"clientSecret\":\"§\",\"tenant\":\"t1\"}"}`, word(30)},
	{"yaml field", "db:\n  user: app\n  password: §\n  host: db", word(14)},
	{"yaml block", "db:\n  password: |\n    §\n  host: db", word(14)},
	{"logfmt field", `level=info msg="connecting" user=app password=§ host=db`, word(12)},
	{"java property", "spring.datasource.password=§", word(12)},
	{"php array", `'password' => '§',`, word(12)},
	{"php define", `define('DB_PASSWORD', '§');`, word(12)},
	{"xml element", `<password>§</password>`, word(12)},
	{"env pair in json", `{"name":"DB_PASSWORD","value":"§"}`, word(12)},
	{"env pair in yaml", "- name: DB_PASSWORD\n  value: §", word(12)},
	{"env pair in go", `v1.EnvVar{Name:"DB_PASSWORD", Value:"§", ValueFrom:nil}`, word(12)},
	{"query string", "GET /callback?state=1&access_token=§&page=2 HTTP/1.1", word(30)},
	{"form body", "grant_type=client_credentials&client_secret=§&scope=all", word(30)},
	{"flag with =", "api --db-password=§ --port=80", word(12)},
	{"flag with blank", "api --auth-token § --port 80", word(20)},
	{"flag in a json list", `["api","--token","§","--port","80"]`, word(20)},
	{"flag in a yaml list", "args:\n- --token\n- §\n- --port", word(20)},
	{"flag in describe", "    Args:\n      --db-password\n      §\n      --port\n", word(12)},
	{"mysql -p", "sh -c mysql -uroot -p§ -h db shop", word(12)},
	{"redis-cli -a", "redis-cli -h cache -a § ping", word(12)},
	{"curl -u", "curl -s -u admin:§ http://api/health", word(12)},
	{"curl header", `curl -s -H "X-Auth-Token: §" http://api/health`, word(24)},
	{"curl header, bearer", `curl -H 'Authorization: Bearer §' http://api/health`, word(24)},
	{"sshpass", "sshpass -p § ssh app@host", word(12)},
	{"postgres url", "postgres://app:§@db:5432/shop?sslmode=disable", word(12)},
	{"mongo url", "mongodb+srv://app:§@cluster0.example.net/shop", word(12)},
	{"amqp url", "amqps://app:§@mq:5671/%2f", word(12)},
	{"redis url", "rediss://:§@cache:6380/0", word(12)},
	{"proxy url", "HTTPS_PROXY=http://proxyuser:§@proxy:3128", word(12)},
	{"git url", "cloning https://oauth2:§@git.example.com/shop/api.git", word(22)},
	{"mysql dsn", "app:§@tcp(db:3306)/shop", word(12)},
	{"libpq dsn", "host=db user=app password=§ dbname=shop", word(12)},
	{"ado.net", "Server=db;Database=shop;User Id=app;Password=§;Encrypt=True", word(12)},
	{"odbc", "Driver={ODBC Driver 18};Server=db;UID=app;PWD={§};", word(12)},
	{"jdbc", "jdbc:sqlserver://db:1433;databaseName=shop;user=app;password=§;encrypt=true", word(12)},
	{"jdbc oracle", "jdbc:oracle:thin:app/§@//db:1521/shop", word(12)},
	{"pgpass", "db:5432:shop:app:§", word(12)},
	{"netrc", "machine git.example.com login app password §", word(12)},
	{"sql", "ALTER USER app IDENTIFIED BY '§'", word(12)},
	{"bearer header", "Authorization: Bearer §", word(40)},
	{"basic header", "> Authorization: Basic §", b64(24)},
	{"api key header", "X-Api-Key: §", word(32)},
	{"subscription key header", "Ocp-Apim-Subscription-Key: §", func(m maker) string { return m.hex(32) }},
	{"cookie", "Cookie: theme=dark; sid=§; lang=en", word(32)},
	{"set-cookie", "Set-Cookie: auth=§; Path=/; HttpOnly", word(32)},
	{"session id", "JSESSIONID=§", func(m maker) string { return strings.ToUpper(m.hex(30)) + "A1" }},
	{"jwt", "verifying § failed", maker.jwt},
	{"service account token", "token: §", maker.jwt},
	{"aws key id", "InvalidClientTokenId §", func(m maker) string { return "AK" + "IA" + m.of(upper+"234567", 16) }},
	{"aws secret key", "aws_secret_access_key = §", b64(30)},
	{"aws session token", "AWS_SESSION_TOKEN=§", b64(120)},
	{"aws presigned url", "GET https://b.s3.amazonaws.com/k?X-Amz-Date=20261123T000000Z&X-Amz-Signature=§", func(m maker) string { return m.hex(64) }},
	{"azure account key", "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=§;EndpointSuffix=core.windows.net", b64(64)},
	{"azure shared access key", "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=§", b64(32)},
	{"azure key alone", "MAC of § differs", b64(64)},
	{"azure sas", "https://shop.blob.core.windows.net/c?sv=2024-11-04&se=2026-12-01&sig=§", func(m maker) string { return m.word(42) + "%3D" }},
	{"azure client secret", "AADSTS7000215 §", func(m maker) string { return m.of(alnum, 3) + "8Q" + "~" + m.word(33) }},
	{"azure function key", "https://f.azurewebsites.net/api/run?code=§", func(m maker) string { return m.url64(39) + "==" }},
	{"gcp api key", "key § not valid", prefixed(35, "AI", "za")},
	{"gcp oauth token", "got §", prefixed(60, "ya", "29.")},
	{"gcp client secret", "oauth §", prefixed(28, "GOC", "SPX-")},
	{"github token", "fatal: §", prefixed(36, "gh", "p_")},
	{"github fine-grained token", "using §", prefixed(82, "github", "_pat_")},
	{"gitlab token", "using §", prefixed(20, "glp", "at-")},
	{"slack token", "posting with §", func(m maker) string {
		return "xo" + "xb-" + m.of(digits, 12) + "-" + m.of(digits, 12) + "-" + m.word(24)
	}},
	{"slack webhook", "POST https://hooks.slack.com/services/§ 404", func(m maker) string {
		return "T" + m.of(upper, 9) + "/B" + m.of(upper, 9) + "/" + m.word(24)
	}},
	{"stripe key", "stripe: § expired", prefixed(24, "sk", "_li", "ve_")},
	{"npm token", "//npm.example/:_authToken=§", prefixed(36, "np", "m_")},
	{"pypi token", "uploading with §", prefixed(150, "py", "pi-AgEI", "cHlwaS5vcmc")},
	{"openai key", "Incorrect API key provided: §.", func(m maker) string { return "s" + "k-proj-" + m.word(48) }},
	{"vault token", "vault: § denied", prefixed(95, "hv", "s.")},
	{"telegram token", "POST https://api.telegram.org/bot§/getMe", func(m maker) string { return "7" + m.of(digits, 9) + ":A" + "A" + m.word(33) }},
	{"sendgrid key", "mail: §", func(m maker) string { return "S" + "G." + m.word(22) + "." + m.word(43) }},
	{"bcrypt hash", "app:§", func(m maker) string { return "$2" + "y$10$" + m.of(alnum+"./", 53) }},
	{"htpasswd hash", "app:§", func(m maker) string { return "$ap" + "r1$" + m.of(alnum, 8) + "$" + m.of(alnum+"./", 22) }},
	{"docker auth", `{"auths":{"registry.example:5000":{"auth":"§"}}}`, func(m maker) string {
		return base64.StdEncoding.EncodeToString([]byte("robot:" + m.word(20)))
	}},
	{".dockerconfigjson", ".dockerconfigjson: §", func(m maker) string {
		return base64.StdEncoding.EncodeToString([]byte(`{"auths":{"r.example":{"username":"robot","password":"` + m.word(20) + `"}}}`))
	}},
	{"kubeconfig key", "    client-key-data: §", func(m maker) string {
		return base64.StdEncoding.EncodeToString([]byte(m.pem("RSA PRIVATE " + "KEY")))
	}},
	{"base64 of a url", "DATABASE_URL_B64=§", func(m maker) string {
		return base64.StdEncoding.EncodeToString([]byte("postgres://app:" + m.word(12) + "@db:5432/shop"))
	}},
	{"rsa key", "loaded §", func(m maker) string { return m.pem("RSA PRIVATE " + "KEY") }},
	{"pkcs8 key", "loaded §", func(m maker) string { return m.pem("PRIVATE " + "KEY") }},
	{"ssh key", "loaded §", func(m maker) string { return m.pem("OPENSSH PRIVATE " + "KEY") }},
	{"encrypted key", "loaded §", func(m maker) string { return m.pem("ENCRYPTED PRIVATE " + "KEY") }},
}
