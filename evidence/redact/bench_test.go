package redact_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence/redact"
)

// realistic makes a log as services write it: requests, frames of stacks, JSON, retries; one line in per holds a secret.
func realistic(size, per int) []byte {
	m := maker{rand.New(rand.NewPCG(7, 8))}
	var log bytes.Buffer
	for i := 0; log.Len() < size; i++ {
		fmt.Fprintf(&log, "2026-11-23T03:%02d:%02d.%09dZ ", i/60%60, i%60, m.IntN(1e9))
		switch i % 8 {
		case 0:
			fmt.Fprintf(&log, "INFO  [http-nio-8080-exec-%d] c.e.shop.OrderController : order accepted id=%d customer=%d\n", i%16, m.IntN(1e6), m.IntN(1e4))
		case 1:
			fmt.Fprintf(&log, `{"level":"info","ts":%d.123,"caller":"server/http.go:117","msg":"request","method":"GET","path":"/api/v1/orders/%d","status":200,"duration":"%dms","trace_id":"%s"}`+"\n", 1795402969+i, m.IntN(1e6), m.IntN(90), m.hex(32))
		case 2:
			fmt.Fprintf(&log, "\tat com.example.shop.payment.PaymentService.authorize(PaymentService.java:%d)\n", m.IntN(900))
		case 3:
			fmt.Fprintf(&log, "level=warn msg=\"retrying connection\" host=db.shop.svc port=5432 attempt=%d err=\"dial tcp 10.96.12.7:5432: connect: connection refused\"\n", m.IntN(9))
		case 4:
			fmt.Fprintf(&log, "10.244.1.%d - - [23/Nov/2026:03:02:49 +0000] \"GET /healthz HTTP/1.1\" 200 2 \"-\" \"kube-probe/1.34\"\n", m.IntN(250))
		case 5:
			fmt.Fprintf(&log, "DEBUG cache miss for key orders:%d, loading from primary\n", m.IntN(1e6))
		case 6:
			fmt.Fprintf(&log, "I1123 03:02:49.123456       1 reconciler.go:224] \"Reconciling\" controller=\"orders\" object=\"shop/order-%d\" uid=\"%s\"\n", m.IntN(1e5), m.hex(32))
		case 7:
			if per > 0 && i%per == 7 {
				fmt.Fprintf(&log, "connecting to postgres://app:%s@db:5432/shop with token=%s\n", m.word(14), m.word(30))
			} else {
				fmt.Fprintf(&log, "INFO token refreshed for client %d, next in 3600s\n", m.IntN(1e4))
			}
		}
	}
	return log.Bytes()
}

func BenchmarkRedact(b *testing.B) {
	escaped := []byte(strings.ReplaceAll(string(realistic(1<<20, 0)), `"`, `\"`))
	for _, c := range []struct {
		name string
		log  []byte
	}{
		{"Clean", realistic(1<<20, 0)},
		{"SecretEvery1000Lines", realistic(1<<20, 1000)},
		{"SecretEvery8Lines", realistic(1<<20, 8)},
		{"Escaped", escaped},
		{"OneLine", bytes.ReplaceAll(realistic(1<<20, 1000), []byte("\n"), []byte(" "))},
		{"Base64", []byte(maker{rand.New(rand.NewPCG(9, 10))}.base64(1 << 20))},
	} {
		b.Run(c.name, func(b *testing.B) {
			r, err := redact.New(redact.Options{})
			if err != nil {
				b.Fatal(err)
			}
			r.Bytes(c.log)
			b.SetBytes(int64(len(c.log)))
			b.ReportAllocs()
			for b.Loop() {
				r.Bytes(c.log)
			}
		})
	}
}

// BenchmarkRedactHostile is one line full of names: its time per byte has to stay near that of an eighth of it.
func BenchmarkRedactHostile(b *testing.B) {
	for _, n := range []int{5_000, 40_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			r, err := redact.New(redact.Options{})
			if err != nil {
				b.Fatal(err)
			}
			text := []byte(strings.Repeat("token=a;password:secret sk-live_ curl -u x:y ", n))
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r.Bytes(text)
			}
		})
	}
}

// BenchmarkRedactNew is what a run pays before the first byte.
func BenchmarkRedactNew(b *testing.B) {
	for b.Loop() {
		r, err := redact.New(redact.Options{})
		if err != nil {
			b.Fatal(err)
		}
		r.String("a line without anything")
	}
}
