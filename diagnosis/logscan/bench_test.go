package logscan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

// kinds of logs as services write them, by the line. What a program says before it dies is a small part of most.
var logKinds = []struct {
	name string
	line func(b *strings.Builder, i int)
}{
	{"plain", func(b *strings.Builder, i int) {
		fmt.Fprintf(b, "%s INFO  [http-nio-8080-exec-%d] c.a.s.OrderController : GET /orders/%d 200 in %dms\n", stamp(i), i%9, i, i%37)
		if i%50 == 0 {
			fmt.Fprintf(b, "%s WARN  [scheduler] c.a.s.Cache : evicted %d entries, retrying the refresh\n", stamp(i), i)
		}
	}},
	{"access", func(b *strings.Builder, i int) {
		fmt.Fprintf(b, "10.244.%d.%d - - [23/Nov/2026:04:%02d:%02d +0000] \"GET /assets/js/app.%x.js HTTP/1.1\" %d %d \"https://shop.example/cart?id=%d\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36\"\n",
			i%7, i%251, i/60%60, i%60, i*2654435761, []int{200, 200, 200, 304, 404}[i%5], i%9000, i)
	}},
	{"klog", func(b *strings.Builder, i int) {
		fmt.Fprintf(b, "I1123 04:%02d:%02d.%06d       1 controller.go:%d] \"Reconciled object\" controller=\"deployment\" namespace=\"shop\" name=\"cart-%d\" duration=\"%dms\"\n", i/60%60, i%60, i%1000000, i%700, i%40, i%90)
	}},
	{"logfmt", func(b *strings.Builder, i int) {
		fmt.Fprintf(b, "ts=%s caller=head.go:%d level=info component=tsdb msg=\"write block completed\" mint=%d maxt=%d ulid=01J%08X duration=%d.%ds\n", stamp(i), i%900, i*100, i*100+99, i, i%9, i%1000)
	}},
	{"JSON", func(b *strings.Builder, i int) {
		fmt.Fprintf(b, `{"level":"info","ts":"%s","caller":"server/http.go:%d","msg":"request handled","method":"GET","path":"/orders/%d","status":200,"duration":0.0%d,"trace":{"id":"%032x","sampled":false}}`+"\n", stamp(i), i%300, i, i%97, i)
	}},
	{"pino", func(b *strings.Builder, i int) {
		fmt.Fprintf(b, `{"level":30,"time":17324%08d,"pid":1,"hostname":"cart-7d9f","reqId":"req-%x","req":{"method":"POST","url":"/api/cart?sku=\"%d\"","remoteAddress":"10.244.0.%d"},"res":{"statusCode":200},"msg":"request\tcompleted"}`+"\n", i, i, i, i%250)
	}},
	{"Java", func(b *strings.Builder, i int) { // a trace that was handled, every thirty lines
		fmt.Fprintf(b, "%s DEBUG 1 --- [nio-8080-exec-%d] o.s.w.s.DispatcherServlet : Completed 200 OK for order %d\n", stamp(i), i%9, i)
		if i%30 == 0 {
			fmt.Fprintf(b, "%s WARN 1 --- [nio-8080-exec-%d] c.a.s.OrderController : order %d is not valid\njava.lang.IllegalStateException: quantity below one\n", stamp(i), i%9, i)
			for k := range 24 {
				fmt.Fprintf(b, "\tat org.springframework.web.method.support.InvocableHandlerMethod.doInvoke(InvocableHandlerMethod.java:%d)\n", 190+k)
			}
			b.WriteString("\t... 42 more\n")
		}
	}},
	{"colours", func(b *strings.Builder, i int) {
		fmt.Fprintf(b, "\x1b[90m%s\x1b[0m \x1b[32mINF\x1b[0m \x1b[1mjob done\x1b[0m \x1b[36mqueue=\x1b[0mmail \x1b[36mid=\x1b[0m%d \x1b[36mtook=\x1b[0m%dms\n", stamp(i), i, i%91)
	}},
	{"mixed", func(b *strings.Builder, i int) { // an error that the program survives every two hundred lines
		switch i % 200 {
		case 7:
			fmt.Fprintf(b, "%s ERROR [scheduler] cannot refresh: Get \"http://prices:8080/v1\": dial tcp 10.0.44.12:8080: connect: connection refused\n", stamp(i))
		case 99:
			fmt.Fprintf(b, `{"level":"error","ts":"%s","msg":"request failed","error":"context deadline exceeded"}`+"\n", stamp(i))
		default:
			fmt.Fprintf(b, "%s INFO  [worker-%d] handled message %d of partition %d, key %x\n", stamp(i), i%9, i, i%16, i*40503)
		}
	}},
	{"errors", func(b *strings.Builder, i int) { // nothing but errors
		switch i % 4 {
		case 0:
			fmt.Fprintf(b, "%s ERROR cannot refresh prices: Get \"http://prices:8080/v1\": dial tcp 10.0.44.%d:8080: connect: connection refused\n", stamp(i), i%250)
		case 1:
			fmt.Fprintf(b, "%s WARN  retrying in %ds\n", stamp(i), i%60)
		case 2:
			fmt.Fprintf(b, "%s ERROR pq: password authentication failed for user \"app\"\n", stamp(i))
		case 3:
			fmt.Fprintf(b, "%s ERROR request %d failed: timeout exceeded when trying to connect\n", stamp(i), i)
		}
	}},
}

func stamp(i int) string {
	return fmt.Sprintf("2026-11-23T04:%02d:%02d.%03dZ", i/60%60, i%60, i%1000)
}

const lastWords = "Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\nKeyError: 'DATABASE_HOST'\n"

// logOf writes a log of about a size, and of a kind.
func logOf(line func(*strings.Builder, int), size int) *evidence.Log {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		line(&b, i)
	}
	b.WriteString(lastWords)
	return &evidence.Log{Text: []byte(b.String()), Head: true, Tail: true}
}

func benchmark(b *testing.B, l *evidence.Log) {
	pb := playbook.Default()
	b.SetBytes(int64(len(l.Text)))
	b.ReportAllocs()
	for b.Loop() {
		Scan(l, pb)
	}
}

// BenchmarkScan measures throughput over the kinds of logs, with the whole catalogue.
func BenchmarkScan(b *testing.B) {
	for _, k := range logKinds {
		b.Run(k.name, func(b *testing.B) { benchmark(b, logOf(k.line, 1<<20)) })
	}
	b.Run("timestamps", func(b *testing.B) {
		benchmark(b, stamped9(logOf(logKinds[0].line, 1<<20)))
	})
}

// stamped9 puts the kubelet's times before the lines.
func stamped9(l *evidence.Log) *evidence.Log {
	var t []byte
	for ln := range l.Lines() {
		t = append(fmt.Appendf(t, "2026-11-23T03:02:49.%09dZ ", ln.N), ln.Text...)
		t = append(t, '\n')
	}
	return &evidence.Log{Text: t, Timestamps: true, Head: true, Tail: true}
}

// BenchmarkSize measures time and allocated memory for one kind of log in three sizes.
func BenchmarkSize(b *testing.B) {
	mixed := logKinds[8].line
	for _, mb := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("%dMB", mb), func(b *testing.B) { benchmark(b, logOf(mixed, mb<<20)) })
	}
}
