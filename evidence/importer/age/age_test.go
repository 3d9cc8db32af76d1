package age

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/duration"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Age
		ok   bool
	}{
		{"0s", Age{0, time.Second, true}, true},
		{"5m12s", Age{5*time.Minute + 12*time.Second, time.Second, true}, true},
		{"5m", Age{5 * time.Minute, time.Minute, true}, true},
		{"2d3h", Age{51 * time.Hour, time.Hour, true}, true},
		{"3y40d", Age{3*year + 40*day, day, true}, true},
		{"412d", Age{412 * day, day, true}, true},
		{"<unknown>", Age{}, true},
		{"<invalid>", Age{}, true},
		{"", Age{}, false},
		{"m", Age{}, false},
		{"5", Age{}, false},
		{"5m3h", Age{}, false}, // units only get smaller
		{"5m5m", Age{}, false},
		{"5w", Age{}, false},
		{"-5m", Age{}, false},
		{"9999999y", Age{}, false},
	} {
		if got, ok := Parse(c.in); got != c.want || ok != c.ok {
			t.Errorf("Parse(%q) = %+v, %v; want %+v, %v", c.in, got, ok, c.want, c.ok)
		}
	}
}

// Everything that the real printers print comes back, and the true duration lies within the stated bounds.
func TestParseReadsWhatKubernetesPrints(t *testing.T) {
	for d := time.Duration(0); d < 20*year; d += d/37 + 700*time.Millisecond {
		for _, print := range []func(time.Duration) string{duration.HumanDuration, duration.ShortHumanDuration} {
			s := print(d)
			a, ok := Parse(s)
			if !ok || !a.Known {
				t.Fatalf("%v prints as %q, which was not understood", d, s)
			}
			if d < a.D || d >= a.D+a.Precision {
				t.Fatalf("%v prints as %q = [%v, +%v)", d, s, a.D, a.Precision)
			}
		}
	}
}

func TestAt(t *testing.T) {
	now := time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC)
	a, _ := Parse("3m")
	at, by, ok := a.At(now)
	if !ok || !at.Equal(now.Add(-3*time.Minute)) || by != time.Minute {
		t.Errorf("At = %v, %v, %v", at, by, ok)
	}
	if _, _, ok := (Age{}).At(now); ok {
		t.Error("an unknown age gave a time")
	}
}
