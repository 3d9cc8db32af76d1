package describe

import (
	"strings"
	"testing"
)

// BenchmarkParse reads a megabyte of text of each sort; none may take longer than its length explains.
func BenchmarkParse(b *testing.B) {
	s := crashing(b)
	for name, unit := range map[string]string{
		"describes": s,
		"logs":      "2031-01-01T00:00:00Z level=info msg=\"request: done\" path=/x\n",
		"messages":  "    State:          Terminated\n      Message:      x\n",
		"events":    "Events:\n  Type     Reason     Age   From     Message\n",
		"names":     "Name: x\nNamespace: y\n",
		"indented":  "      Exit Code:    1\n\n\n",
	} {
		text := []byte(strings.Repeat(unit, 1<<20/len(unit)))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Parse(text)
			}
		})
	}
}
