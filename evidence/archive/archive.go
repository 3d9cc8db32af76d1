package archive

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Visit takes one regular file of an archive. What it does not read of r is skipped.
type Visit func(name string, size int64, r io.Reader) error

// ErrStop ends a walk early without an error.
var ErrStop = errors.New("stop")

// TarGz reads a gzip-compressed tar file to its end, checksum included. What is wrong with it is an [*Error]; an error
// of visit is returned as it is.
func TarGz(r io.Reader, l Limits, visit Visit) error {
	m := &meter{Limits: l, in: newCounter(r)}
	if magic, err := m.in.r.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		if len(magic) == 0 {
			return problem(Foreign, "it is empty")
		}
		return problem(Foreign, "it is no gzip file")
	}
	z, err := gzip.NewReader(m.in)
	if err != nil {
		return broken(m, "", err)
	}
	err = walkTar(metered{z, m}, m, visit)
	if err != nil {
		return stopped(err)
	}
	// gzip's checksum stands behind the archive's end
	if _, err := io.Copy(io.Discard, metered{z, m}); err != nil {
		return broken(m, "", err)
	}
	return nil
}

// Tar reads an uncompressed tar file.
func Tar(r io.Reader, l Limits, visit Visit) error {
	m := &meter{Limits: l, in: newCounter(r)}
	return stopped(walkTar(metered{m.in, m}, m, visit))
}

// Gzip gives the content of a gzip file that is no archive, within the limits.
func Gzip(r io.Reader, l Limits) (io.Reader, error) {
	m := &meter{Limits: l, in: newCounter(r)}
	z, err := gzip.NewReader(m.in)
	if err != nil {
		return nil, broken(m, "", err)
	}
	return metered{z, m}, nil
}

// Zip reads a zip file. What comes out is bounded as for tar files; the ratio is that of each file.
func Zip(r io.ReaderAt, size int64, l Limits, visit Visit) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return problem(Foreign, "it is no zip file (%v)", err)
	}
	m := &meter{Limits: l, in: &counter{n: size}}
	seen := map[string]bool{}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if f.Mode().Type() == fs.ModeSymlink && m.Link != nil {
			in, err := f.Open()
			if err != nil {
				return broken(m, f.Name, err)
			}
			target, err := io.ReadAll(io.LimitReader(metered{in, m}, maxLink))
			_ = in.Close()
			if err != nil {
				return broken(m, f.Name, err)
			}
			if m.link(f.Name, string(target)) {
				continue
			}
		}
		name, e := m.admit(f.Name, f.Mode().IsRegular(), int64(min(f.UncompressedSize64, 1<<62)), seen)
		if e != nil {
			return e
		}
		if name == "" {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return broken(m, name, err)
		}
		err = visit(name, int64(f.UncompressedSize64), named{metered{in, m}, m, name})
		_ = in.Close()
		if err != nil {
			return stopped(err)
		}
	}
	return nil
}

func stopped(err error) error {
	if errors.Is(err, ErrStop) {
		return nil
	}
	return err
}

func walkTar(r io.Reader, m *meter, visit Visit) error {
	t := tar.NewReader(r)
	seen := map[string]bool{}
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return broken(m, "", err)
		}
		if h.Typeflag == tar.TypeDir || h.Typeflag == tar.TypeXGlobalHeader {
			continue
		}
		if h.Typeflag == tar.TypeSymlink && m.link(h.Name, h.Linkname) {
			continue
		}
		name, e := m.admit(h.Name, h.Typeflag == tar.TypeReg, h.Size, seen)
		if e != nil {
			return e
		}
		if name == "" {
			continue
		}
		if err := visit(name, h.Size, named{t, m, name}); err != nil {
			return err
		}
	}
}

// named says of an error in which entry the archive is broken, so that a visitor that passes it on passes on an [*Error].
type named struct {
	r    io.Reader
	m    *meter
	name string
}

// Read implements [io.Reader].
func (n named) Read(p []byte) (int, error) {
	k, err := n.r.Read(p)
	if err != nil && err != io.EOF {
		return k, broken(n.m, n.name, err)
	}
	return k, err
}

// maxLink bounds a link's target: Linux's PATH_MAX.
const maxLink = 4096

// link tells of a symbolic link that stays inside the archive. Nothing follows it: its target is, or is not, an entry of
// its own.
func (m *meter) link(name, target string) bool {
	name = strings.TrimPrefix(name, "./")
	to := Inside(name, target)
	if m.Link == nil || to == "" || m.n >= m.Entries {
		return false
	}
	m.n++
	m.Link(name, to)
	return true
}

// Inside resolves a symbolic link's target by its words alone. It is empty where the target is absolute or leads out of
// the archive or folder that the link is in.
func Inside(name, target string) string {
	to := path.Join(path.Dir(name), target)
	if path.IsAbs(target) || !fs.ValidPath(name) || !fs.ValidPath(to) || strings.ContainsAny(to, "\\\x00:") {
		return ""
	}
	return to
}

// admit refuses what is not a regular file with a path inside the archive, and what exceeds the limits. The name is
// empty where the entry is to be skipped.
func (m *meter) admit(entry string, regular bool, size int64, seen map[string]bool) (string, *Error) {
	name := strings.TrimPrefix(entry, "./") // as tar writes it for `tar -C folder .`
	m.n++
	var unsafe *Error
	switch {
	case m.n > m.Entries:
		return "", problem(TooBig, "it holds more than %d files", m.Entries)
	case !regular:
		unsafe = problem(Unsafe, "%q is a link or a device", entry)
	case !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00:"):
		unsafe = problem(Unsafe, "the path %q leads out of it", entry)
	case seen[name]:
		unsafe = problem(Unsafe, "%q is in it twice", name)
	case size > m.File:
		return "", problem(TooBig, "%q holds more than %d MiB", name, m.File>>20)
	}
	if unsafe != nil {
		if m.Skip == nil {
			return "", unsafe
		}
		m.Skip(entry, unsafe.Detail)
		return "", nil
	}
	seen[name] = true
	if m.held += size; m.held > m.Total {
		return "", problem(TooBig, "it unpacks to more than %d MiB", m.Total>>20)
	}
	return name, nil
}
