package logscan

import "testing"

func TestExhausted(t *testing.T) {
	for text, want := range map[string]bool{
		"attempt 5 of 5: connection refused": true, "(3/3) cannot reach it": true, "round 3 of 3.": true, "credit 4/4 office": true,
		"attempt 4 of 5": false, "1/1 pods": false, "2026/2026/11": false, "/v2/2 ": false, "25 of 256": false, "10.0.0.0/0": false, "": false, " of ": false, "/": false,
	} {
		if exhausted(text) != want {
			t.Errorf("exhausted(%q) = %v", text, !want)
		}
	}
}
