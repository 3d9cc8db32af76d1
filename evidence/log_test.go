package evidence

import (
	"fmt"
	"testing"
	"time"
)

// A time read by hand is the time that the library reads.
func TestReadTime(t *testing.T) {
	sure := 0
	for _, day := range []string{"2026-11-23", "2024-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "20x6-01-01"} {
		for _, hour := range []string{"00:00:00", "23:59:59", "24:00:00", "12:60:00", "12:00:60", "12-00-00"} {
			for _, rest := range []string{"Z", ".1Z", ".123456789Z", ".1234567890Z", ".Z", ".12x4Z", ".1+01:00", ".000000001Z"} {
				text := fmt.Sprintf("%sT%s%s", day, hour, rest)
				got, ok := readTime([]byte(text))
				if !ok {
					continue
				}
				sure++
				if want, err := time.Parse(time.RFC3339Nano, text); err != nil || got != want.UTC() {
					t.Errorf("%s is read as %v, want %v (%v)", text, got, want, err)
				}
			}
		}
	}
	if sure == 0 {
		t.Error("no time is read by hand")
	}
}
