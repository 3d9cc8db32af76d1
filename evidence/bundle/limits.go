package bundle

import (
	"bufio"
	"io"
)

// Limits of reading. The largest bundle that capture writes (150,000 pods, 300 logs of 1 MiB) stays far below them.
const (
	maxTotal   = 1 << 30
	maxFile    = 256 << 20
	maxEntries = 200_000
	// Logs of one repeated line shrink to a hundredth and less; gzip's best is 1032 to 1. A high ratio is a bomb only
	// where much comes out.
	maxRatio   = 300
	ratioAfter = 64 << 20
)

// meter counts what was read of the compressed file and what came out.
type meter struct {
	in         *counter
	out        int64
	held       int64 // what the entries say they hold: a sparse file holds more than comes out of gzip
	maxTotal   int64
	ratioAfter int64
}

// grow books n bytes that came out.
func (m *meter) grow(n int64) *Error {
	m.out += n
	switch {
	case m.out > m.maxTotal:
		return problem(TooBig, "it unpacks to more than %d MiB", m.maxTotal>>20)
	case m.out > m.ratioAfter && m.out > maxRatio*m.in.n:
		return problem(TooBig, "it unpacks to more than %d times its size", maxRatio)
	}
	return nil
}

// counter counts bytes. It is a ByteReader, so that gzip reads no further than it needs.
type counter struct {
	r *bufio.Reader
	n int64
}

func newCounter(r io.Reader) *counter { return &counter{r: bufio.NewReaderSize(r, 1<<16)} }

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counter) ReadByte() (byte, error) {
	b, err := c.r.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}

// metered checks the limits while an entry is read.
type metered struct {
	r io.Reader
	m *meter
}

func (r metered) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if n > 0 {
		if e := r.m.grow(int64(n)); e != nil {
			return n, e
		}
	}
	return n, err
}
