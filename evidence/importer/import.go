package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Source is one input: a file or folder, or a stream.
type Source struct {
	Path   string    // the file or folder, or what errors call the stream
	Stream io.Reader // nil for a path
}

// Options bound what is kept.
type Options struct {
	// LogBytes is how much of the end of each log is kept; 1 MiB where 0. Of longer logs the start is kept as well.
	LogBytes int64
	// Namespace, where set, is that of pods whose own is not known: tables of one namespace and logs do not name it.
	Namespace string
	// Progress, where set, is told the name of each file before it is read.
	Progress func(path string)
}

const defaultLogBytes = 1 << 20

// Import reads all sources into one snapshot. A source of which something could be used never fails: what could not is
// a gap. Its error is an [*Error], a [*bundle.Error] for a bundle of crashproof's, or the context's.
func Import(ctx context.Context, sources []Source, o Options) (*evidence.Snapshot, error) {
	if o.LogBytes <= 0 {
		o.LogBytes = defaultLogBytes
	}
	b := newBuilder(ctx, o)
	for _, src := range sources {
		before := b.used
		err := b.source(src)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil && b.used == before {
			err = b.nothing(src)
		}
		if err != nil {
			return nil, err
		}
	}
	return b.snapshot()
}

// source reads one input.
func (b *builder) source(src Source) error {
	if src.Stream != nil {
		return b.stream(src)
	}
	info, err := os.Stat(src.Path)
	if err != nil {
		return &Error{Path: src.Path, Problem: Unreadable, Detail: reason(err), Err: err}
	}
	b.origin = src.Path
	if info.IsDir() {
		return b.folder(src.Path)
	}
	f, err := os.Open(src.Path)
	if err != nil {
		return &Error{Path: src.Path, Problem: Unreadable, Detail: reason(err), Err: err}
	}
	defer f.Close()
	return b.opened(f, src.Path, info.Size())
}

// reason leaves the path out of an operating system's error.
func reason(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// nothing says what an input was of which nothing could be used.
func (b *builder) nothing(src Source) error {
	switch {
	case b.bytes == 0:
		return &Error{Path: src.Path, Problem: Empty}
	case b.lastBroken != nil:
		return &Error{Path: src.Path, Problem: Damaged, Detail: b.lastBroken.Error(), Err: b.lastBroken}
	}
	detail := "it is text without objects, events or log lines"
	switch {
	case b.files > 1:
		detail = fmt.Sprintf("none of its %d files could be used", b.files)
	case b.useless != "":
		detail = b.useless
	}
	return &Error{Path: src.Path, Problem: Foreign, Detail: detail}
}

// join merges the snapshots of bundles with what was read beside them; the newest wins where two know the same.
func (b *builder) join(own *evidence.Snapshot) (*evidence.Snapshot, error) {
	list := slices.Clone(b.bundles)
	slices.SortStableFunc(list, func(x, y *evidence.Snapshot) int { return cmp.Or(y.CapturedAt.Compare(x.CapturedAt)) })
	if own != nil {
		list = append(list, own)
	}
	out := list[0]
	for _, s := range list[1:] {
		if s.Cluster.UID != "" && out.Cluster.UID != "" && s.Cluster.UID != out.Cluster.UID {
			return nil, &Error{Path: b.origin, Problem: Foreign, Detail: "it is of another cluster than what was given before it; look at them one at a time"}
		}
		if s.Target != out.Target {
			out.Target = evidence.Target{}
		}
		out.Merge(s)
	}
	return out, nil
}

// recorded keeps a bundle of crashproof's own.
func (b *builder) recorded(s *evidence.Snapshot, err error) error {
	if err != nil {
		return err
	}
	b.bundles = append(b.bundles, s)
	b.used++
	return nil
}
