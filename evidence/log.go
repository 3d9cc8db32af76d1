package evidence

import (
	"bytes"
	"iter"
	"time"
)

// Log is what was read of one instance's output.
type Log struct {
	Instance Instance `json:"instance"`
	// Previous says that the API was asked for the previous instance. Which instance the text belongs to is in
	// Instance; whether that is sure is in Sure.
	Previous bool `json:"previous"`
	// Sure is true where the container ID was the same before and after the read, or where the file's name says it.
	Sure bool `json:"sure"`
	// Source is where it was read, where that is not the kubelet.
	Source string `json:"source,omitempty"`
	// Timestamps says that each line starts with the runtime's RFC 3339 time and a space.
	Timestamps bool `json:"timestamps,omitempty"`
	// Head is true where the text starts at the instance's first byte that is still kept, Tail where it reaches
	// the last one.
	Head bool `json:"head"`
	Tail bool `json:"tail"`
	// Skip is the offset in Text at which lines were left out of a long log: before it is the log's start, after it
	// its end. It is 0 where nothing was left out.
	Skip int `json:"skip,omitempty"`
	// Bytes is the length of Text as read.
	Bytes int    `json:"bytes"`
	Text  []byte `json:"-"`
}

// Line is one line of a log.
type Line struct {
	N     int       // 0-based number
	Start int       // byte offset of the line in Text, runtime timestamp included
	End   int       // byte offset after the last byte, newline excluded
	Time  time.Time // the runtime's time, zero where unknown
	Text  []byte    // without the runtime's time
}

// Lines iterates over the lines, without copying.
func (l *Log) Lines() iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for n, off := 0, 0; off < len(l.Text); n++ {
			end := len(l.Text)
			if i := bytes.IndexByte(l.Text[off:], '\n'); i >= 0 {
				end = off + i
			}
			ln := Line{N: n, Start: off, End: end, Text: bytes.TrimSuffix(l.Text[off:end], []byte{'\r'})}
			if l.Timestamps {
				ln.Time, ln.Text = cutTime(ln.Text)
			}
			if !yield(ln) {
				return
			}
			off = end + 1
		}
	}
}

// cutTime splits "2026-11-23T03:02:49.123456789Z text" as the kubelet writes it with ?timestamps=true
// (kuberuntime/logs, logWriter.write).
func cutTime(b []byte) (time.Time, []byte) {
	i := bytes.IndexByte(b, ' ')
	if i < 20 || i > 40 {
		if t, err := time.Parse(time.RFC3339Nano, string(b)); err == nil {
			return t.UTC(), nil
		}
		return time.Time{}, b
	}
	if t, ok := readTime(b[:i]); ok {
		return t, b[i+1:]
	}
	t, err := time.Parse(time.RFC3339Nano, string(b[:i]))
	if err != nil {
		return time.Time{}, b
	}
	return t.UTC(), b[i+1:]
}

// readTime reads the form that kubelets write, since every line has one. It is false for anything that it cannot be
// sure of (other zones, the last days of months), which is no verdict.
func readTime(b []byte) (time.Time, bool) {
	const form = "0000-00-00T00:00:00.0Z"
	if len(b) < len(form) || len(b) > len(form)+8 || b[len(b)-1] != 'Z' {
		return time.Time{}, false
	}
	nanos, scale := 0, 1_000_000_000
	for i, c := range b[:len(b)-1] {
		digit := c >= '0' && c <= '9'
		switch {
		case i >= len(form)-1 || form[i] == '0':
			if !digit {
				return time.Time{}, false
			}
		case c != form[i]:
			return time.Time{}, false
		}
		if i >= 20 {
			nanos, scale = nanos*10+int(c-'0'), scale/10
		}
	}
	two := func(i int) int { return int(b[i]-'0')*10 + int(b[i+1]-'0') }
	month, day, hour, minute, second := two(5), two(8), two(11), two(14), two(17)
	if month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	return time.Date(two(0)*100+two(2), time.Month(month), day, hour, minute, second, nanos*scale, time.UTC), true
}
