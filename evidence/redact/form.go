package redact

import (
	"bytes"
	"strings"
)

// formFinders find secrets by their own form, and by what stands around them in headers, URLs and command lines.
func formFinders() []finder {
	out := []finder{
		byLine("jwt", `\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?`, nil, "eyj"),
		byLine("aws-key", `\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`, nil, "akia", "asia", "abia", "acca"),
		{[]string{"=="}, azureKey},
		// https://learn.microsoft.com/purview/sit-defn-client-secret-api-key: seven or eight characters, Q~, the rest.
		byLine("azure-secret", `[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}`, nil, "q~"),
		byLine("azure-key", `[?&]code=([A-Za-z0-9_/+%-]{40,}={0,2})`, random, "code="), // the key of an Azure function
		byLine("gcp-key", `\bAIza[A-Za-z0-9_-]{35}`, nil, "aiza"),
		byLine("gcp-token", `\bya29\.[A-Za-z0-9_-]{20,}`, nil, "ya29."),
		byLine("gcp-secret", `\bGOCSPX-[A-Za-z0-9_-]{20,}`, nil, "gocspx-"),
		byLine("github-token", `\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})`, nil, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
		byLine("gitlab-token", `\bgl(?:pat|dt|ptt|rt|cbt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_.-]{20,}`, nil,
			"glpat-", "gldt-", "glptt-", "glrt-", "glcbt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-", "glffct-"),
		byLine("slack-token", `\b(?:xox[abceoprs]|xapp)-[A-Za-z0-9-]{10,}`, nil, "xox", "xapp-"),
		byLine("webhook", `hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/]{20,})`, nil, "hooks.slack.com"),
		byLine("webhook", `discord(?:app)?\.com/api/webhooks/[0-9]+/([A-Za-z0-9_-]{30,})`, nil, "api/webhooks/"),
		byLine("webhook", `webhook\.office\.com/webhookb?2?/([^\s"'<>]{30,})`, nil, "webhook.office.com"),
		byLine("stripe-key", `\b(?:[rs]k_(?:live|test|prod)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,}=*)`, nil, "k_live_", "k_test_", "k_prod_", "whsec_"),
		byLine("npm-token", `\bnpm_[A-Za-z0-9]{36}`, nil, "npm_"),
		byLine("pypi-token", `\bpypi-[A-Za-z0-9_-]{50,}`, nil, "pypi-"),
		byLine("ai-key", `\bsk-[A-Za-z0-9_-]{32,}`, random, "sk-"), // OpenAI, Anthropic and those that copied the form
		byLine("twilio-key", `\bSK[0-9a-f]{32}\b`, nil, "sk0", "sk1", "sk2", "sk3", "sk4", "sk5", "sk6", "sk7", "sk8", "sk9", "ska", "skb", "skc", "skd", "ske", "skf"),
		byLine("telegram-token", `\b(?:bot)?[0-9]{8,10}:(AA[A-Za-z0-9_-]{33})\b`, nil, ":aa"),
		byLine("vault-token", `\b(?:hv[sbr]\.[A-Za-z0-9_-]{24,}|s\.[A-Za-z0-9]{24}\b)`, random, "hvs.", "hvb.", "hvr."),
		// crypt(3), htpasswd, Django and the server's side of SCRAM: hashes, against which passwords can be guessed.
		byLine("password-hash", `\$2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{53}`, nil, "$2a$", "$2b$", "$2x$", "$2y$"),
		byLine("password-hash", `\$(?:apr1|[156y])\$[^\s:$"']{1,64}\$[./A-Za-z0-9$]{20,}`, nil, "$apr1$", "$1$", "$5$", "$6$", "$y$"),
		byLine("password-hash", `(?:\$argon2(?:id|i|d)\$|\bpbkdf2_sha(?:1|256|512)\$|\bSCRAM-SHA-(?:1|256)\$)[^\s"',;]{30,}`, nil,
			"$argon2", "pbkdf2_sha", "scram-sha-"),
		byLine("password-hash", `\{S?SHA(?:256|512)?\}([A-Za-z0-9+/]{24,}={0,2})`, nil, "{sha", "{ssha"),
	}
	out = append(out, headerFinders()...)
	out = append(out, urlFinders()...)
	return append(out, commandFinders()...)
}

// random accepts what has digits and both cases of letters, as no name made of words has.
func random(v []byte) bool {
	var upper, lower, digit bool
	for _, c := range v {
		upper, lower, digit = upper || isUpper(c), lower || isLower(c), digit || isDigit(c)
	}
	return upper && lower && digit
}

// azureKeyLength is how many characters stand before the "==" of the keys of Azure Storage, Service Bus and Cosmos DB:
// 64 bytes in base64.
const azureKeyLength = 86

func azureKey(s *search, _, from, to int) {
	start := from
	for start > 0 && from-start <= azureKeyLength && isBase64[s.text[start-1]] {
		start--
	}
	if from-start == azureKeyLength && random(s.text[start:from]) && (to == len(s.text) || !bytes.ContainsRune([]byte("="), rune(s.text[to]))) {
		s.add(start, to, "azure-key")
	}
}

// commandFinders find passwords where command lines and a few files put them without a name of their own.
func commandFinders() []finder {
	return []finder{
		byLine("password", `\b(?:mysql|mariadb)[a-z-]*\b["'\]]?(?:[ ,][^\n]*?)?[ "'\[,]-p([^\s"',\]]{3,})`, notEmpty, "mysql", "mariadb"),
		byLine("password", `\b(?:sshpass|docker login|helm registry login|az login|oras login)\b["']?(?:[ ,][^\n]*?)?[ "',]-p["']?[ ,]*["']?([^\s"',\]-][^\s"',\]]{2,})`,
			notEmpty, "sshpass", " login"),
		byLine("password", `\bredis-cli\b["']?(?:[ ,][^\n]*?)?[ "',](?:-a|--pass)["']?[ ,=]+["']?([^\s"',\]]{3,})`, notEmpty, "redis-cli"),
		byLine("password", `\b(?:curl|wget|http)\b["']?(?:[ ,][^\n]*?)?[ "',](?:-u|--user|--proxy-user|-U)["']?[ ,=]*["']?[^\s"':,]{1,100}:([^\s"',\]]{2,})`, notEmpty, "curl", "wget"),
		byLine("password", `\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S+)`, notEmpty, "machine "), // .netrc
		byLine("password", `(?i)\b(?:identified\s+by(?:\s+password)?|password)\s+'([^'\n]{1,200})'`, notEmpty, "identified by", "password '"),
		{[]string{":5432:", ":*:"}, pgpass},
	}
}

// pgpass takes the last field of a line of .pgpass: host:port:database:user:password.
func pgpass(s *search, _, _, to int) {
	field := func(at int) int {
		end := at
		for end < len(s.text) && end-at < nameReach && s.text[end] > ' ' && strings.IndexByte(`:"'\`, s.text[end]) < 0 {
			end++
		}
		return end
	}
	for range 2 {
		end := field(to)
		if end == to || end == len(s.text) || s.text[end] != ':' {
			return
		}
		to = end + 1
	}
	if end := field(to); end == len(s.text) || s.text[end] != ':' {
		s.add(to, end, "password")
	}
}

func notEmpty(v []byte) bool { return !holdsNothing(string(v)) }
