package describe

import (
	"strconv"
	"strings"
	"time"
)

func number(s string) (float64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return float64(n), err == nil
}

func boolean(s string) (v, ok bool) {
	switch s {
	case "true", "True":
		return true, true
	case "false", "False":
		return false, true
	}
	return false, false
}

// timestamp reads the times of describe (RFC 1123 with a numeric zone, in kubectl's local one) into the API's form.
// The zero time, which describe prints for a null, is no time.
func timestamp(s string) (string, bool) {
	for _, layout := range []string{time.RFC1123Z, "2006-01-02 15:04:05 -0700 MST", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			if t.Year() <= 1 || t.Year() > 9999 {
				return "", false
			}
			return t.UTC().Format(time.RFC3339), true
		}
	}
	return "", false
}

// list splits a comma-separated value; <none> and "" are empty.
func list(s string) []any {
	out := []any{}
	if isNone(s) {
		return out
	}
	for _, p := range strings.Split(s, ",") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// bracketed reads how fmt prints a list of strings without blanks in them: [a b].
func bracketed(s string) ([]any, bool) {
	inner, ok := strings.CutPrefix(s, "[")
	if inner, ok2 := strings.CutSuffix(inner, "]"); ok && ok2 {
		out := []any{}
		for _, f := range strings.Fields(inner) {
			out = append(out, f)
		}
		return out, true
	}
	return nil, false
}

// intOrString reads what intstr prints.
func intOrString(s string) any {
	if n, ok := number(s); ok {
		return n
	}
	return s
}

// columns splits a table's row at gaps of two blanks or more; where that gives too few cells, at every blank.
func columns(s string, want int) []string {
	var out []string
	for _, p := range strings.Split(s, "  ") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	if len(out) < want {
		if f := strings.Fields(s); len(f) == want {
			return f
		}
	}
	return out
}
