package bundle

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"strings"
)

// unpack reads a .tar.gz into memory. What is not a regular file with a path inside the bundle is refused.
func unpack(r io.Reader) (map[string][]byte, *Error) {
	return unpackWith(&meter{in: newCounter(r), maxTotal: maxTotal, ratioAfter: ratioAfter})
}

func unpackWith(m *meter) (map[string][]byte, *Error) {
	if magic, err := m.in.r.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		if len(magic) == 0 {
			return nil, problem(Foreign, "it is empty")
		}
		return nil, problem(Foreign, "it is no gzip file")
	}
	z, err := gzip.NewReader(m.in)
	if err != nil {
		return nil, broken(m, "", err)
	}
	t := tar.NewReader(metered{z, m})
	files := map[string][]byte{}
	for {
		h, err := t.Next()
		if err == io.EOF {
			return files, drain(z, m)
		}
		if err != nil {
			return nil, broken(m, "", err)
		}
		if err := entry(t, h, m, files); err != nil {
			return nil, err
		}
	}
}

// entry reads one entry.
func entry(t *tar.Reader, h *tar.Header, m *meter, files map[string][]byte) *Error {
	if h.Typeflag == tar.TypeDir || h.Typeflag == tar.TypeXGlobalHeader {
		return nil
	}
	name := strings.TrimPrefix(h.Name, "./") // as tar writes it for `tar -C folder .`
	switch {
	case h.Typeflag != tar.TypeReg:
		return problem(Unsafe, "%q is a link or a device", h.Name)
	case !fs.ValidPath(name) || strings.ContainsAny(name, "\\\x00:"):
		return problem(Unsafe, "the path %q leads out of it", h.Name)
	case h.Size > maxFile:
		return problem(TooBig, "%q holds more than %d MiB", name, maxFile>>20)
	case len(files) >= maxEntries:
		return problem(TooBig, "it holds more than %d files", maxEntries)
	}
	if _, twice := files[name]; twice {
		return problem(Unsafe, "%q is in it twice", name)
	}
	if m.held += h.Size; m.held > m.maxTotal {
		return problem(TooBig, "it unpacks to more than %d MiB", m.maxTotal>>20)
	}
	var b bytes.Buffer
	if _, err := io.Copy(&b, t); err != nil {
		return broken(m, name, err)
	}
	files[name] = b.Bytes()
	return nil
}

// drain reads on to gzip's checksum, which stands behind the archive's end.
func drain(z io.Reader, m *meter) *Error {
	if _, err := io.Copy(io.Discard, metered{z, m}); err != nil {
		return broken(m, "", err)
	}
	return nil
}

// broken says what an error of gzip or tar means.
func broken(m *meter, name string, err error) *Error {
	var own *Error
	at := ""
	if name != "" {
		at = " in " + name
	}
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return problem(Truncated, "it ends%s after %d bytes (%v)", at, m.in.n, err)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, tar.ErrHeader):
		return problem(Foreign, "it is no gzip-compressed tar file (%v)", err)
	case errors.Is(err, gzip.ErrChecksum):
		return problem(Damaged, "its checksum is wrong (%v)", err)
	}
	return problem(Damaged, "reading%s after %d bytes: %v", at, m.in.n, err)
}
