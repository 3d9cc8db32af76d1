package image

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Layer is an uncompressed layer in a file. Nodes pull over a virtual wire, so
// compressing would only cost time.
type Layer struct {
	file string
	hash v1.Hash
	size int64
}

// Digest is that of the file. It and the methods below make a Layer a v1.Layer.
func (l *Layer) Digest() (v1.Hash, error) { return l.hash, nil }

// DiffID equals the digest, as nothing is compressed.
func (l *Layer) DiffID() (v1.Hash, error) { return l.hash, nil }

// Compressed opens the layer.
func (l *Layer) Compressed() (io.ReadCloser, error) { return os.Open(l.file) }

// Uncompressed opens the layer.
func (l *Layer) Uncompressed() (io.ReadCloser, error) { return os.Open(l.file) }

// Size is in bytes.
func (l *Layer) Size() (int64, error) { return l.size, nil }

// MediaType is that of OCI's uncompressed layers.
func (l *Layer) MediaType() (types.MediaType, error) { return types.OCIUncompressedLayer, nil }

// layerWriter writes a layer entry by entry. Parents are made where they are missing.
type layerWriter struct {
	file *os.File
	sum  hash.Hash
	tar  *tar.Writer
	dirs map[string]bool
}

// epoch is the time of all files that are ours: the same sources give the same layer.
var epoch = time.Unix(0, 0)

func newLayerWriter(dir string) (*layerWriter, error) {
	file, err := os.CreateTemp(dir, "layer-*.tar")
	if err != nil {
		return nil, fmt.Errorf("making a layer: %w", err)
	}
	sum := sha256.New()
	return &layerWriter{file: file, sum: sum, tar: tar.NewWriter(io.MultiWriter(file, sum)), dirs: map[string]bool{}}, nil
}

// clean is the form of names in layers: relative, without a slash at the end.
func clean(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

func (w *layerWriter) parents(name string) error {
	dir := path.Dir(name)
	if dir == "." || w.dirs[dir] {
		return nil
	}
	if err := w.parents(dir); err != nil {
		return err
	}
	return w.dir(&tar.Header{Name: dir, Mode: defaultDirMode(dir), ModTime: epoch})
}

func defaultDirMode(dir string) int64 {
	if dir == "tmp" || dir == "var/tmp" {
		return 0o1777
	}
	return 0o755
}

// dir writes a directory once; the first one wins.
func (w *layerWriter) dir(h *tar.Header) error {
	h.Name = clean(h.Name)
	if h.Name == "" || w.dirs[h.Name] {
		return nil
	}
	if err := w.parents(h.Name); err != nil {
		return err
	}
	w.dirs[h.Name] = true
	h.Typeflag = tar.TypeDir
	h.Name += "/"
	return w.tar.WriteHeader(h)
}

// entry writes anything but a directory.
func (w *layerWriter) entry(h *tar.Header, body io.Reader) error {
	h.Name = clean(h.Name)
	if err := w.parents(h.Name); err != nil {
		return err
	}
	if err := w.tar.WriteHeader(h); err != nil {
		return fmt.Errorf("writing %s: %w", h.Name, err)
	}
	if h.Typeflag != tar.TypeReg || body == nil {
		return nil
	}
	if _, err := io.Copy(w.tar, body); err != nil {
		return fmt.Errorf("writing %s: %w", h.Name, err)
	}
	return nil
}

func (w *layerWriter) content(name string, data []byte, mode int64, uid, gid int) error {
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Uid: uid, Gid: gid, Size: int64(len(data)), ModTime: epoch}
	return w.entry(h, strings.NewReader(string(data)))
}

func (w *layerWriter) fromFile(name, source string, mode int64, uid, gid int) error {
	in, err := os.Open(source)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: mode, Uid: uid, Gid: gid, Size: info.Size(), ModTime: epoch}
	return w.entry(h, in)
}

func (w *layerWriter) link(name, target string) error {
	return w.entry(&tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target, Mode: 0o777, ModTime: epoch}, nil)
}

// finish closes the layer and moves it to where a layout keeps its blob.
func (w *layerWriter) finish(blobs string) (*Layer, error) {
	if err := w.tar.Close(); err != nil {
		return nil, fmt.Errorf("finishing a layer: %w", err)
	}
	info, err := w.file.Stat()
	if err != nil {
		return nil, err
	}
	if err := w.file.Close(); err != nil {
		return nil, err
	}
	l := &Layer{hash: v1.Hash{Algorithm: "sha256", Hex: hex.EncodeToString(w.sum.Sum(nil))}, size: info.Size()}
	l.file = path.Join(blobs, l.hash.Hex)
	if err := os.Chmod(w.file.Name(), 0o644); err != nil {
		return nil, err
	}
	return l, os.Rename(w.file.Name(), l.file)
}

func (w *layerWriter) discard() {
	_ = w.file.Close()
	_ = os.Remove(w.file.Name())
}
