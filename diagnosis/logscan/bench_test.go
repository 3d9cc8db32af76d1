package logscan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// BenchmarkScan measures throughput over a log as services write it: mostly requests, some warnings, a trace at the end.
func BenchmarkScan(b *testing.B) {
	var t strings.Builder
	for i := 0; t.Len() < 1<<20; i++ {
		fmt.Fprintf(&t, "2026-11-23T04:%02d:%02d.%03dZ INFO  [http-nio-8080-exec-%d] c.a.s.OrderController : GET /orders/%d 200 in %dms\n", i/60%60, i%60, i%1000, i%9, i, i%37)
		if i%50 == 0 {
			fmt.Fprintf(&t, "2026-11-23T04:%02d:%02d.%03dZ WARN  [scheduler] c.a.s.Cache : evicted %d entries, retrying the refresh\n", i/60%60, i%60, i%1000, i)
		}
	}
	t.WriteString("Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\nKeyError: 'DATABASE_HOST'\n")
	l := &evidence.Log{Text: []byte(t.String()), Head: true, Tail: true}
	pb := playbook.Default()
	b.SetBytes(int64(len(l.Text)))
	for b.Loop() {
		Scan(l, pb)
	}
}
