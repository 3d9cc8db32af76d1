package eval

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 0.0005 {
		t.Errorf("%s is %.4f, want %.4f", what, got, want)
	}
}

// The figures are those of published tables: 81 of 263 (Newcombe 1998, table I, method 3) and none of 20.
func TestWilson(t *testing.T) {
	low, high := wilson(81.0/263, 263)
	near(t, "low of 81/263", low, 0.2553)
	near(t, "high of 81/263", high, 0.3662)
	low, high = wilson(0, 20)
	near(t, "low of 0/20", low, 0)
	near(t, "high of 0/20", high, 0.1611)
}

// Ten looks at each of four incidents are not forty incidents, unless they differ as if they were.
func TestIntervalIsWiderWhereObservationsBelongTogether(t *testing.T) {
	together, apart := clustered{}, clustered{}
	for i := range 40 {
		together.add(string(rune('a'+i/10)), i/10 != 0)
		apart.add(string(rune('a'+i%4)), i%4 != (i/4)%4)
	}
	a, b := together.rate(), apart.rate()
	if a.Right != b.Right || a.Of != b.Of {
		t.Fatalf("%+v and %+v should count the same", a, b)
	}
	if a.High-a.Low <= b.High-b.Low {
		t.Errorf("the interval of what belongs together is %.2f wide, that of what does not %.2f", a.High-a.Low, b.High-b.Low)
	}
	all := clustered{}
	for i := range 40 {
		all.add(string(rune('a'+i/10)), true)
	}
	low, _ := wilson(1, 4)
	near(t, "low where all of four clusters agree", all.rate().Low, low)
}

func TestBrier(t *testing.T) {
	score, constant := brier([]forecast{{1, true}, {1, true}, {0.5, false}, {0.5, true}})
	near(t, "score", score, 0.125)
	near(t, "constant", constant, 0.1875)
}
