package kube

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"
)

const (
	// headBytes is how much of the start of a long log is kept.
	headBytes = 64 << 10
	// lineGuess is the mean length of a line, on the short side: so many lines are asked for as fill the tail.
	lineGuess = 64
	// rawLine is the least that runtimes write as one entry of a log before they split a line (containerd and CRI-O
	// split after 16 KiB). The kubelet's tailLines counts entries, not lines.
	rawLine = 4 << 10
	// logPatience bounds one log read; a kubelet that cannot be reached keeps the API server dialling for 30 s.
	logPatience = 15 * time.Second
)

// text is what was read of one run's output.
type text struct {
	b          []byte
	head, tail bool
	skip       int // offset in b where lines were left out, 0 where none were
	excuse     string
	broken     error // the stream ended in the middle
}

// readLog reads the end of a log and, where it is long, its start. limitBytes counts from the start of what tailLines
// selects (cri-client/pkg/logs, logWriter.write), so it cannot select an end: tailLines does, and the last bytes stay.
func (c *Collector) readLog(ctx context.Context, ns, pod string, a ask) (text, error) {
	lines := max(c.opts.LogBytes/lineGuess, 1)
	t, entries, err := c.readTail(ctx, ns, pod, a, lines)
	if err != nil {
		return t, err
	}
	if t.head = t.head && entries < lines; t.head || t.broken != nil || t.excuse != "" {
		return t, nil
	}
	head, err := c.logBody(ctx, ns, pod, a, url.Values{"limitBytes": {strconv.Itoa(headBytes)}}, headBytes)
	if err != nil {
		return t, nil // the end is what matters most, and that is there
	}
	t.join(wholeLines(head.kept()))
	return t, nil
}

// readTail reads the last lines. entries is the most entries of the log that they may have been.
func (c *Collector) readTail(ctx context.Context, ns, pod string, a ask, lines int64) (t text, entries int64, err error) {
	k, err := c.logBody(ctx, ns, pod, a, url.Values{"tailLines": {strconv.FormatInt(lines, 10)}}, int(c.opts.LogBytes))
	if err != nil {
		return t, 0, err
	}
	t.b, t.excuse = cutExcuse(k.kept())
	t.head, t.tail, t.broken = k.dropped == 0, k.broken == nil && t.excuse == "", k.broken
	if k.dropped > 0 {
		if i := bytes.IndexByte(t.b, '\n'); i >= 0 {
			t.b = t.b[i+1:]
		}
	}
	return t, k.entries, nil
}

// join puts a log's start before its end. Where both overlap nothing is missing. A start that is younger than the end
// is another run's: the container restarted between the two reads.
func (t *text) join(head []byte) {
	first := firstLine(t.b)
	if len(head) == 0 || timeOf(lastLine(head)).After(timeOf(lastLine(t.b))) {
		return
	}
	t.head = true
	if i := bytes.Index(head, first); i >= 0 && len(first) > 0 {
		t.b = append(bytes.Clone(head[:i]), t.b...)
		return
	}
	t.skip = len(head)
	t.b = append(bytes.Clone(head), t.b...)
}

func firstLine(b []byte) []byte {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i+1]
	}
	return b
}

func lastLine(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte{'\n'})
	return b[bytes.LastIndexByte(b, '\n')+1:]
}

// timeOf reads the runtime's time at a line's start.
func timeOf(line []byte) time.Time {
	stamp, _, _ := bytes.Cut(line, []byte{' '})
	t, _ := time.Parse(time.RFC3339Nano, string(bytes.TrimSpace(stamp)))
	return t
}

// wholeLines drops what limitBytes cut off in the middle.
func wholeLines(b []byte) []byte {
	return b[:bytes.LastIndexByte(b, '\n')+1]
}

// logBody streams one log request and keeps the last limit bytes.
func (c *Collector) logBody(ctx context.Context, ns, pod string, a ask, q url.Values, limit int) (*keeper, error) {
	ctx, cancel := context.WithTimeout(ctx, logPatience)
	defer cancel()
	q.Set("container", a.container)
	q.Set("timestamps", "true")
	if a.previous {
		q.Set("previous", "true")
	}
	body, err := c.open(ctx, resPods.path(ns, pod)+"/log", "text/plain, */*", q)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	k := &keeper{limit: limit}
	if _, err := io.Copy(k, body); err != nil {
		k.broken = fmt.Errorf("the log broke off: %s", trim(err))
	}
	return k, nil
}

// keeper keeps the last bytes of a stream.
type keeper struct {
	limit   int
	buf     []byte
	dropped int64
	entries int64
	column  int
	broken  error
}

// Write implements [io.Writer].
func (k *keeper) Write(p []byte) (int, error) {
	k.count(p)
	k.buf = append(k.buf, p...)
	if extra := len(k.buf) - k.limit; extra > k.limit {
		k.drop(extra)
	}
	return len(p), nil
}

// count counts the most entries that the bytes may have been in the runtime's file.
func (k *keeper) count(p []byte) {
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			k.column += len(p)
			return
		}
		k.entries += 1 + int64(k.column+i)/rawLine
		k.column, p = 0, p[i+1:]
	}
}

func (k *keeper) drop(n int) {
	k.buf = k.buf[:copy(k.buf, k.buf[n:])]
	k.dropped += int64(n)
}

func (k *keeper) kept() []byte {
	if extra := len(k.buf) - k.limit; extra > 0 {
		k.drop(extra)
	}
	return k.buf
}
