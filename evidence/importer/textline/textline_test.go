package textline

import "testing"

func TestSplit(t *testing.T) {
	text := "a\r\n\x1b[31mred\x1b[0m \u00a0x\n\tk:\tv\n\x1b]0;title\x07last"
	want := []Line{{0, 3, "a", false}, {3, 20, "red  x", false}, {20, 26, "        k:      v", true}, {26, len(text), "last", false}}
	got := Split([]byte(text))
	if len(got) != len(want) {
		t.Fatalf("%d lines: %v", len(got), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestUnquote(t *testing.T) {
	for s, want := range map[string]int{"> > a": 2, ">a": 1, "a > b": 0, "      > a": 0, "": 0, " > ": 1} {
		if got := Depth(s); got != want {
			t.Errorf("Depth(%q) = %d, want %d", s, got, want)
		}
	}
	if s, ok := Unquote(">   a"); s != "  a" || !ok {
		t.Errorf("Unquote gave %q, %v", s, ok)
	}
}
