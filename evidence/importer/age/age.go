// Package age reads the ages that kubectl prints ("3m", "5m12s", "2d3h", "<unknown>") and keeps how exact they are,
// for a time that is computed from an age has an error bar of the smallest unit that was shown.
package age

import "time"

const (
	day  = 24 * time.Hour
	year = 365 * day // HumanDuration counts years of 365 days
)

// Age is how long ago something was. The zero Age is unknown.
type Age struct {
	// D is the shown duration; the true one lies in [D, D+Precision).
	D time.Duration
	// Precision is the smallest unit that was shown: one second for "5m12s", one hour for "2d3h", one minute for "5m".
	// HumanDuration leaves out a unit that is zero, but older printers (kubectl before 1.11) always show one unit only,
	// and the text does not tell which it was; hence the wider bound.
	Precision time.Duration
	Known     bool
}

// units in the order in which HumanDuration prints them.
var units = []struct {
	letter byte
	d      time.Duration
}{{'y', year}, {'d', day}, {'h', time.Hour}, {'m', time.Minute}, {'s', time.Second}}

// Parse reads one age. It reports false for a text that is no age; "<unknown>" and "<invalid>" are ages that are not
// known. Source: k8s.io/apimachinery pkg/util/duration, HumanDuration and ShortHumanDuration; kubectl's
// translateTimestampSince for "<unknown>".
func Parse(s string) (Age, bool) {
	if s == "<unknown>" || s == "<invalid>" {
		return Age{}, true
	}
	var (
		total time.Duration
		last  time.Duration
		next  int // units may only get smaller
	)
	rest := s
	for rest != "" {
		n, digits := 0, 0
		for digits < len(rest) && digits < 6 && rest[digits] >= '0' && rest[digits] <= '9' {
			n = n*10 + int(rest[digits]-'0')
			digits++
		}
		if digits == 0 || digits == len(rest) {
			return Age{}, false
		}
		i := next
		for i < len(units) && units[i].letter != rest[digits] {
			i++
		}
		if i == len(units) || (units[i].d == year && n > 200) {
			return Age{}, false
		}
		total += time.Duration(n) * units[i].d
		last, next = units[i].d, i+1
		rest = rest[digits+1:]
	}
	if last == 0 {
		return Age{}, false
	}
	return Age{D: total, Precision: last, Known: true}, true
}

// At returns the time that lies the age before now and by how much earlier it may truly have been.
func (a Age) At(now time.Time) (t time.Time, earlierBy time.Duration, ok bool) {
	if !a.Known {
		return time.Time{}, 0, false
	}
	return now.Add(-a.D), a.Precision, true
}
