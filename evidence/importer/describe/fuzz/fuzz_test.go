// Package fuzz fuzzes the parser of describe texts apart from its other tests, whose dependencies (the real kubectl)
// would all be instrumented.
package fuzz

import (
	"encoding/json"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence/importer/describe"
)

// FuzzParse holds Parse to what it promises for any text: it ends, does not panic, its ranges are valid, in order and
// apart, and its objects are JSON. Its corpus is written by TestSeeds of the package describe.
func FuzzParse(f *testing.F) {
	f.Fuzz(func(t *testing.T, text []byte) {
		check(t, text)
	})
}

func check(t *testing.T, text []byte) {
	t.Helper()
	end := 0
	within := func(o describe.Object, at int) bool { return at >= o.Start && at < o.End }
	for _, o := range describe.Parse(text) {
		if o.Start < end || o.End <= o.Start || o.End > len(text) {
			t.Fatalf("range [%d, %d) after %d of %d", o.Start, o.End, end, len(text))
		}
		end = o.End
		if o.Complete && (o.Headless || len(o.Ignored) > 0) {
			t.Fatalf("complete, headless %v, ignored %d", o.Headless, len(o.Ignored))
		}
		for _, l := range o.Ignored {
			if !within(o, l.Offset) {
				t.Fatalf("ignored line at %d outside [%d, %d)", l.Offset, o.Start, o.End)
			}
		}
		for _, e := range o.Events {
			if !within(o, e.Start) || e.End <= e.Start || e.End > o.End {
				t.Fatalf("event [%d, %d) outside [%d, %d)", e.Start, e.End, o.Start, o.End)
			}
			if e.Count < 0 || e.First.D < 0 || e.Last.D < 0 {
				t.Fatalf("event %+v", e)
			}
		}
		if _, err := json.Marshal(o.Raw); err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range describe.Find(text) {
		if at < 0 || at >= len(text) {
			t.Fatalf("block at %d of %d", at, len(text))
		}
	}
}
