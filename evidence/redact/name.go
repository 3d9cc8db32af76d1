package redact

import (
	"slices"
	"strings"
)

// words make a name the name of a secret, written in lower case and without separators. Each stands with the kind that
// its placeholders bear.
var words = []struct{ word, kind string }{
	{"password", "password"}, {"passwd", "password"}, {"passphrase", "password"}, {"passwort", "password"}, {"pwd", "password"},
	{"secret", "secret"}, {"credential", "secret"},
	{"token", "token"}, {"apikey", "api-key"}, {"accesskey", "access-key"}, {"accountkey", "access-key"},
	{"privatekey", "private-key"}, {"signingkey", "key"}, {"encryptionkey", "key"}, {"masterkey", "key"}, {"authkey", "key"},
	{"sharedkey", "key"}, {"hmackey", "key"}, {"jwtkey", "key"}, {"instrumentationkey", "key"}, {"secretkey", "secret"},
	{"subscriptionkey", "api-key"}, {"functionskey", "api-key"}, {"hostkey", "api-key"}, {"clientkeydata", "private-key"}, {"tlskey", "private-key"},
	{"licensekey", "key"}, {"appkey", "api-key"}, {"servicekey", "key"}, {"cryptokey", "key"}, {"storagekey", "access-key"},
	{"cosmoskey", "access-key"}, {"sharedaccesssignature", "sas"},
}

// exact are whole names of secrets that would be found in too many others: auth stands in a registry's configuration and
// in .npmrc, pass in many configurations.
var exact = map[string]string{"auth": "auth", "pass": "password", "dbpass": "password", "userpass": "password", "requirepass": "password",
	"masterauth": "password", "redisauth": "password", "redispass": "password", "smtppass": "password", "mysqlpass": "password", "pgpass": "password",
	"rabbitmqdefaultpass": "password", "mailpass": "password", "adminpass": "password", "rootpass": "password"}

// harmless are names with a secret's word that hold none: they are about pages, syntax and what may be shown to anybody.
var harmless = []string{"pagetoken", "continuetoken", "continuationtoken", "nexttoken", "canceltoken", "cancellationtoken", "tokeniz", "tokenlimit",
	"tokencacerthash", "hostkeyalg", "pushsecret", "pullsecret", "externalsecret", "sealedsecret", "passwordauthentication", "authorizedkey",
	"passwordless", "tokencount", "tokenreview", "keepalive"}

// about are last words of names that speak about a secret without holding one: where it is, what it is called, how
// long it lasts.
var about = []string{
	"file", "files", "path", "paths", "dir", "directory", "name", "names", "namespace", "ttl", "url", "uri", "host", "port", "length",
	"len", "timeout", "expiry", "expiration", "expires", "expiresin", "expiresat", "enabled", "disabled", "id", "count", "limit", "type",
	"version", "mount", "mountpath", "location", "ref", "refs", "provider", "class", "providerclass", "policy", "age", "seconds",
	"minutes", "interval", "rotation", "endpoint", "user", "username", "header", "algorithm", "alg", "size", "issuer", "audience",
	"required", "prefix", "suffix", "source", "store", "storeref", "manager", "rotate", "reloader", "versionid", "error", "errors", "tokens",
	"java", "kt", "scala", "go", "py", "js", "ts", "rb", "cs", "php", "rs", "cpp", // TokenService.java:117
}

// connection makes a name the name of a connection string, in which only a part is secret.
var connection = []string{"connectionstring", "connstr", "connectionuri", "dsn"}

// squeeze writes a name as words does: DB_PASSWORD, db-password and dbPassword become dbpassword.
func squeeze(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == '-' || r == '.' || r == ' ' || r == '/':
			return -1
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, name)
}

// secretKind says what kind of secret a variable of that name holds, or "".
func secretKind(name string) string {
	flat := squeeze(name)
	for _, h := range harmless {
		if strings.Contains(flat, h) {
			return ""
		}
	}
	for _, w := range words {
		if strings.Contains(flat, w.word) {
			if aboutSecret(name, flat, w.word) {
				return ""
			}
			return w.kind
		}
	}
	if isHeader(flat) {
		return "header"
	}
	return exact[flat]
}

// aboutSecret reports whether the last word of a name says that it only speaks about a secret. AWS_ACCESS_KEY_ID ends in
// ID; "valid" ends in id and is one word, hence the look at where the word starts.
func aboutSecret(name, flat, word string) bool {
	if strings.HasSuffix(flat, "secretid") {
		return false // Vault's AppRole: the role's ID is public, the secret's is not
	}
	if slices.Contains(about, lastWord(name)) {
		return true
	}
	rest := flat[strings.LastIndex(flat, word)+len(word):]
	return slices.Contains(about, rest) || rest == "s" && word == "token" // max_tokens=4096
}

// lastWord cuts the last word off a name in any of snake_case, kebab-case, dotted.case and camelCase.
func lastWord(name string) string {
	for i := len(name) - 1; i > 0; i-- {
		c, before := name[i], name[i-1]
		if c == '_' || c == '-' || c == '.' || c == '/' {
			return strings.ToLower(name[i+1:])
		}
		if isUpper(c) && !isUpper(before) {
			return strings.ToLower(strings.TrimLeft(name[i:], "_-./"))
		}
	}
	return strings.ToLower(name)
}

// isConnection reports whether a name, squeezed, holds a connection string.
func isConnection(flat string) bool {
	for _, c := range connection {
		if strings.Contains(flat, c) {
			return true
		}
	}
	return false
}

// isHeader names HTTP headers that authenticate.
func isHeader(flat string) bool {
	return flat == "authorization" || flat == "proxyauthorization" || flat == "cookie" || flat == "setcookie"
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
