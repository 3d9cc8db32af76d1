package redact

import (
	"bytes"
	"regexp"
)

// tokens finds secrets by their own form.
type tokens struct{}

// form is one secret's form; hint is a part of it in lower case.
type form struct {
	kind, hint string
	re         *regexp.Regexp
}

var forms = []form{
	{"jwt", "eyj", regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?`)},
	{"aws-key", "akia", regexp.MustCompile(`\bAKIA[A-Z0-9]{16}\b`)},
	{"aws-key", "asia", regexp.MustCompile(`\bASIA[A-Z0-9]{16}\b`)},
	// Azure Storage, Service Bus and Cosmos DB keys are 64 bytes in base64.
	{"azure-key", "==", regexp.MustCompile(`[A-Za-z0-9+/]{86}==`)},
	{"azure-secret", "q~", regexp.MustCompile(`[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}`)},
	{"gcp-key", "aiza", regexp.MustCompile(`\bAIza[A-Za-z0-9_-]{35}`)},
	{"gcp-token", "ya29.", regexp.MustCompile(`\bya29\.[A-Za-z0-9_-]{20,}`)},
	{"github-token", "gh", regexp.MustCompile(`\bgh[pousr]_[A-Za-z0-9]{36,}`)},
	{"github-token", "github_pat_", regexp.MustCompile(`\bgithub_pat_[A-Za-z0-9_]{22,}`)},
	{"gitlab-token", "glpat-", regexp.MustCompile(`\bglpat-[A-Za-z0-9_-]{20,}`)},
	{"slack-token", "xox", regexp.MustCompile(`\bxox[abeprs]-[A-Za-z0-9-]{10,}`)},
	{"stripe-key", "k_live_", regexp.MustCompile(`\b[rs]k_live_[A-Za-z0-9]{16,}`)},
}

// Detect searches the lines that hold a form's hint.
func (tokens) Detect(text, lower []byte) []Span {
	var out []Span
	for _, f := range forms {
		eachLine(text, lower, f.hint, func(start int, line []byte) {
			for _, m := range f.re.FindAllIndex(line, -1) {
				out = append(out, Span{start + m[0], start + m[1], f.kind})
			}
		})
	}
	return out
}

// eachLine calls f once for every line that holds the hint: regular expressions see only those.
func eachLine(text, lower []byte, hint string, f func(start int, line []byte)) {
	h := []byte(hint)
	for at := 0; at < len(text); {
		i := bytes.Index(lower[at:], h)
		if i < 0 {
			return
		}
		i += at
		start := bytes.LastIndexByte(text[:i], '\n') + 1
		end := len(text)
		if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
			end = i + n
		}
		f(start, text[start:end])
		at = end + 1
	}
}
