package importer

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/archive"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
)

// limits of foreign archives: support bundles of large clusters are some gigabytes.
func (b *builder) limits(name string) archive.Limits {
	return archive.Limits{Total: 64 << 30, File: 16 << 30, Entries: 2_000_000, Ratio: 1000, RatioAfter: 1 << 30,
		Skip: func(entry, why string) { b.skipped(name+": "+entry, why) }, Link: b.link}
}

// stream reads what is piped in. An archive is put into a temporary file first, for it may be a bundle or a zip file.
func (b *builder) stream(src Source) error {
	b.origin = src.Path
	in := bufio.NewReaderSize(src.Stream, 1<<16)
	magic, _ := in.Peek(4)
	if !packed(magic) {
		b.piped = true
		defer func() { b.piped = false }()
		b.file("", in)
		return nil
	}
	tmp, err := os.CreateTemp("", "crashproof-")
	if err != nil {
		return &Error{Path: src.Path, Problem: Unreadable, Detail: reason(err), Err: err}
	}
	defer func() { _ = tmp.Close(); _ = os.Remove(tmp.Name()) }()
	n, err := io.Copy(tmp, in)
	if err != nil {
		return &Error{Path: src.Path, Problem: Unreadable, Detail: reason(err), Err: err}
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return &Error{Path: src.Path, Problem: Unreadable, Detail: reason(err), Err: err}
	}
	return b.opened(tmp, src.Path, n)
}

func packed(magic []byte) bool {
	return bytes.HasPrefix(magic, []byte{0x1f, 0x8b}) || bytes.HasPrefix(magic, []byte("PK\x03\x04"))
}

// opened reads one file: an archive, or anything that a folder may hold.
func (b *builder) opened(f *os.File, name string, size int64) error {
	magic := make([]byte, 512)
	n, _ := io.ReadFull(f, magic)
	magic = magic[:n]
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return &Error{Path: name, Problem: Unreadable, Detail: reason(err), Err: err}
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		return b.gzipped(f, name)
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")):
		return b.archived(name, archive.Zip(f, size, b.limits(name), b.entry(name)))
	case len(magic) > 262 && string(magic[257:262]) == "ustar":
		return b.archived(name, archive.Tar(f, b.limits(name), b.entry(name)))
	}
	b.single = true
	defer func() { b.single = false }()
	b.file(slashed(name), f)
	return nil
}

// gzipped tells a bundle, a foreign archive and a single compressed file apart.
func (b *builder) gzipped(f *os.File, name string) error {
	first, ours := "", false
	err := archive.TarGz(f, b.limits(name), func(entry string, _ int64, r io.Reader) error {
		first = entry
		head := make([]byte, 4096)
		n, _ := io.ReadFull(r, head)
		ours = entry == "manifest.json" && bundle.IsManifest(head[:n])
		return archive.ErrStop
	})
	if _, e := f.Seek(0, io.SeekStart); e != nil {
		return &Error{Path: name, Problem: Unreadable, Detail: reason(e), Err: e}
	}
	switch {
	case ours:
		s, err := bundle.ReadFrom(f, name)
		var wrong *bundle.Error
		if !errors.As(err, &wrong) || wrong.Problem != bundle.Truncated {
			return b.recorded(s, err)
		}
		// its objects and logs are in the plain layout: what is there can be used
		if _, e := f.Seek(0, io.SeekStart); e != nil {
			return &Error{Path: name, Problem: Unreadable, Detail: reason(e), Err: e}
		}
		if used := b.used; b.archived(name, archive.TarGz(f, b.limits(name), b.entry(name))) != nil || b.used == used {
			return err
		}
		return nil
	case first == "" && err != nil: // no tar inside
		in, err := archive.Gzip(f, b.limits(name))
		if err != nil {
			return b.archived(name, err)
		}
		b.file(strings.TrimSuffix(slashed(name), ".gz"), in)
		return nil
	}
	return b.archived(name, archive.TarGz(f, b.limits(name), b.entry(name)))
}

func (b *builder) entry(string) archive.Visit {
	return func(entry string, _ int64, r io.Reader) error {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		b.file(entry, r)
		return nil
	}
}

// archived turns the end of an archive's reading into a gap where something had been read of it.
func (b *builder) archived(name string, err error) error {
	var wrong *archive.Error
	if err == nil || !errors.As(err, &wrong) {
		return err
	}
	if b.files > 0 {
		b.lastBroken = wrong
		b.gap(evidence.Gap{What: "the rest of " + path.Base(slashed(name)), Source: evidence.Spec, Reason: evidence.Truncated, Detail: wrong.Detail, Close: "copy or collect it again"})
		return nil
	}
	p := Damaged
	if wrong.Problem == archive.Unsafe || wrong.Problem == archive.TooBig {
		p = Unsafe
	}
	return &Error{Path: name, Problem: p, Detail: wrong.Detail, Err: wrong}
}

// folder reads a folder. Links are not followed: they may lead anywhere.
func (b *builder) folder(dir string) error {
	if data, err := os.ReadFile(dir + "/manifest.json"); err == nil && bundle.IsManifest(data) {
		return b.recorded(bundle.Read(dir))
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return &Error{Path: dir, Problem: Unreadable, Detail: reason(err), Err: err}
	}
	defer root.Close()
	if oneFile(root.FS()) {
		b.alone = true
		defer func() { b.alone = false }()
	}
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case b.ctx.Err() != nil:
			return b.ctx.Err()
		case err != nil && d != nil && d.IsDir():
			b.skipped(name, reason(err))
			return fs.SkipDir
		case err != nil:
			b.skipped(name, reason(err))
			return nil
		case d.IsDir():
			return nil
		case d.Type() == fs.ModeSymlink:
			to, err := root.Readlink(name)
			if to = archive.Inside(name, slashed(to)); err != nil || to == "" {
				b.skipped(name, "it is a link that leads out of the folder")
				return nil
			}
			b.link(name, to)
			return nil
		case !d.Type().IsRegular():
			b.skipped(name, "it is a device, a pipe or a socket")
			return nil
		}
		f, err := root.Open(name)
		if err != nil { // it vanished, or may not be read
			b.skipped(name, reason(err))
			return nil
		}
		defer f.Close()
		b.nested(f, name)
		return nil
	})
}

// oneFile tells whether a folder holds a single file: then it is what somebody hands in, as if it were given by itself.
func oneFile(in fs.FS) bool {
	n := 0
	_ = fs.WalkDir(in, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			n++
		}
		if n > 1 {
			return fs.SkipAll
		}
		return nil
	})
	return n == 1
}

// nested reads a file of a folder; an archive in it is opened, for people put support bundles into folders.
func (b *builder) nested(f fs.File, name string) {
	in, seekable := f.(*os.File)
	if info, err := f.Stat(); err == nil && seekable {
		magic := make([]byte, 4)
		n, _ := in.ReadAt(magic, 0)
		if packed(magic[:n]) {
			if err := b.opened(in, name, info.Size()); err != nil && b.ctx.Err() == nil {
				b.skipped(name, err.Error())
			}
			return
		}
	}
	b.file(name, f)
}

// link notes a symbolic link: a second name of a file, which may say better whose log it is.
func (b *builder) link(name, target string) {
	if _, ok := logPath(name); ok && len(b.links) < maxLinks {
		b.links[target] = name
	}
}

// maxLinks bounds how many links are kept.
const maxLinks = 100_000

// skipped notes a file that was left out.
func (b *builder) skipped(name, why string) {
	b.left++
	b.useless = why
	if b.left <= maxSkippedGaps {
		b.gap(evidence.Gap{What: "file " + name, Source: evidence.Spec, Reason: evidence.Unavailable, Detail: why})
	}
}

// maxSkippedGaps bounds how many files that were left out are named one by one.
const maxSkippedGaps = 20

func slashed(p string) string { return strings.ReplaceAll(p, "\\", "/") }
