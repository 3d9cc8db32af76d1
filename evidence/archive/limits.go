package archive

import (
	"bufio"
	"io"
)

// Limits bound what an archive may unpack to.
type Limits struct {
	Total   int64 // bytes of all files
	File    int64 // bytes of one file; larger ones are an error
	Entries int
	// Ratio is how many bytes may come out of one compressed byte, once RatioAfter bytes came out. Logs of one repeated
	// line shrink to a hundredth and less, and gzip's best is 1032 to 1: a high ratio is a bomb only where much comes out.
	Ratio      int64
	RatioAfter int64
	// Skip, where set, is told of each entry that is left out as unsafe: a link, a device, a path that leads out, a file
	// that is there twice. Without it such an entry is an error.
	Skip func(name, why string)
	// Link, where set, is told of each symbolic link whose target is inside the archive, in place of Skip. Support
	// bundles keep a log once and link to it from where people look for it.
	Link func(name, target string)
}

// meter counts what was read of the compressed file and what came out.
type meter struct {
	Limits
	in   *counter
	out  int64
	held int64 // what the entries say they hold: a sparse file holds more than comes out of gzip
	n    int   // entries
}

// grow books n bytes that came out.
func (m *meter) grow(n int64) *Error {
	m.out += n
	switch {
	case m.out > m.Total:
		return problem(TooBig, "it unpacks to more than %d MiB", m.Total>>20)
	case m.out > m.RatioAfter && m.out > m.Ratio*m.in.n:
		return problem(TooBig, "it unpacks to more than %d times its size", m.Ratio)
	}
	return nil
}

// counter counts bytes. It is a ByteReader, so that gzip reads no further than it needs.
type counter struct {
	r *bufio.Reader
	n int64
}

func newCounter(r io.Reader) *counter { return &counter{r: bufio.NewReaderSize(r, 1<<16)} }

// Read implements [io.Reader].
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// ReadByte implements [io.ByteReader].
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

// Read implements [io.Reader].
func (r metered) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if n > 0 {
		if e := r.m.grow(int64(n)); e != nil {
			return n, e
		}
	}
	return n, err
}
