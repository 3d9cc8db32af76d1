package queries

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Type is the type of a parameter.
type Type string

// The types of parameters, with the Go type that Render takes for each.
const (
	Timespan Type = "timespan" // time.Duration
	Datetime Type = "datetime" // time.Time
	String   Type = "string"   // string
	Long     Type = "long"     // int64 or int
	Strings  Type = "strings"  // []string
)

var types = []Type{Timespan, Datetime, String, Long, Strings}

// defaultForms are the literals that a file may have as defaults. Times are relative in files, so that they do not age.
var defaultForms = map[Type]*regexp.Regexp{
	Timespan: regexp.MustCompile(`^[0-9]+[mhd]$`),
	Datetime: regexp.MustCompile(`^(now\(\)|ago\([0-9]+[mhd]\))$`),
	String:   regexp.MustCompile(`^"[^"\\]*"$`),
	Long:     regexp.MustCompile(`^[0-9]+$`),
	Strings:  regexp.MustCompile(`^dynamic\(\[("[^"\\]*"(, "[^"\\]*")*)?\]\)$`),
}

func (t Type) literal(s string) bool { return defaultForms[t].MatchString(s) }

// write is the literal of the value, which must have the Go type that belongs to t.
func (t Type) write(value any) (string, error) {
	switch v := value.(type) {
	case time.Duration:
		if t == Timespan {
			return timespanLiteral(v)
		}
	case time.Time:
		if t == Datetime {
			return datetimeLiteral(v)
		}
	case string:
		if t == String {
			return stringLiteral(v)
		}
	case int64:
		if t == Long {
			return longLiteral(v), nil
		}
	case int:
		if t == Long {
			return longLiteral(int64(v)), nil
		}
	case []string:
		if t == Strings {
			return stringsLiteral(v)
		}
	}
	return "", fmt.Errorf("a value of Go type %T is no %s", value, t)
}

// timespanLiteral writes whole units as people do, and the rest in the long form, whose unit is 100 ns.
func timespanLiteral(d time.Duration) (string, error) {
	if d < 0 {
		return "", fmt.Errorf("%s is negative; give how far back", d)
	}
	const day = 24 * time.Hour
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if d%u.unit == 0 && d > 0 {
			return fmt.Sprintf("%d%s", d/u.unit, u.name), nil
		}
	}
	return fmt.Sprintf("timespan(%d.%02d:%02d:%02d.%07d)", d/day, d%day/time.Hour, d%time.Hour/time.Minute, d%time.Minute/time.Second, d%time.Second/100), nil
}

func datetimeLiteral(t time.Time) (string, error) {
	t = t.UTC()
	if t.IsZero() {
		return "", errors.New("the time is not set")
	}
	if t.Year() < 1 || t.Year() > 9999 {
		return "", fmt.Errorf("the year %d is out of range", t.Year())
	}
	return "datetime(" + t.Format("2006-01-02T15:04:05.0000000Z") + ")", nil
}

func longLiteral(v int64) string { return "long(" + strconv.FormatInt(v, 10) + ")" }

func stringsLiteral(list []string) (string, error) {
	var out []string
	for _, s := range list {
		l, err := stringLiteral(s)
		if err != nil {
			return "", err
		}
		out = append(out, l)
	}
	return "dynamic([" + strings.Join(out, ", ") + "])", nil
}

// stringLiteral writes s between double quotes. Only printable ASCII stands there as it is; the escapes are those that
// string literals of the language and the JSON within dynamic() have in common.
func stringLiteral(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("%q is no valid UTF-8", s)
	}
	if strings.ContainsRune(s, 0) {
		return "", fmt.Errorf("%q holds a NUL byte", s)
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		default:
			for _, u := range utf16.AppendRune(nil, r) {
				fmt.Fprintf(&b, `\u%04x`, u)
			}
		}
	}
	b.WriteByte('"')
	return b.String(), nil
}
