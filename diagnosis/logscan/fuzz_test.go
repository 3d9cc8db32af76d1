package logscan

import (
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// Whatever a log holds, hits lie inside of it and in its order of lines.
func FuzzScan(f *testing.F) {
	for _, s := range []string{"panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n", `{"level":"error","msg":"x","err":{"type":"Error","message":"y"}}`, "Traceback (most recent call last):\n  File \"a\", line 1\nKeyError: 'X'\n",
		"Exception in thread \"main\" java.lang.NullPointerException\n\tat a.B.c(D.java:1)\nCaused by: java.net.ConnectException: refused\n", "\x1b[31mERROR\x1b[0m dial tcp 10.0.0.1:5432: connect: connection refused", "\xff\xfe\r\n\r\n \t"} {
		f.Add([]byte(s), true)
	}
	pb := playbook.Default()
	f.Fuzz(func(t *testing.T, text []byte, stamps bool) {
		l := &evidence.Log{Text: text, Timestamps: stamps, Head: true, Tail: true}
		res := Scan(l, pb)
		for _, h := range res.Hits {
			if h.Start < 0 || h.End > len(text) || h.Start > h.End || h.Count < 1 || h.Last < h.Line {
				t.Fatalf("hit %+v of %d bytes", h, len(text))
			}
		}
	})
}
