package bundle

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/redact"
)

// Options of writing.
type Options struct {
	// ToolVersion is crashproof's version, for the manifest.
	ToolVersion string
	// Redact is used where the snapshot is not redacted yet.
	Redact redact.Options
	// Unredacted writes the snapshot as it is, and lets the manifest say so: whoever reads it redacts it. Only a user may
	// ask for that.
	Unredacted bool
}

// Write writes a bundle. It appears under its name only when it is whole. A snapshot that is not redacted yet is
// redacted in place, unless the options say otherwise.
func Write(path string, s *evidence.Snapshot, o Options) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // 0600: logs are not for everybody
	if err != nil {
		return fmt.Errorf("writing the bundle %s: %w", path, err)
	}
	defer os.Remove(tmp.Name()) // fails once it was renamed
	err = WriteTo(tmp, s, o)
	if err == nil {
		err = tmp.Sync()
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing the bundle %s: %w", path, err)
	}
	return nil
}

// WriteTo writes a bundle to a stream. The same snapshot gives the same bytes.
func WriteTo(w io.Writer, s *evidence.Snapshot, o Options) error {
	if o.Unredacted {
		s.Redacted = false
	} else if !s.Redacted {
		if err := redact.Snapshot(s, o.Redact); err != nil {
			return err
		}
	}
	files, err := layout(s, o)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(w)
	t := tar.NewWriter(z)
	for _, f := range files {
		if err := put(t, f, s.CapturedAt); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return z.Close()
}

func put(t *tar.Writer, f content, at time.Time) error {
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	h := &tar.Header{Typeflag: tar.TypeReg, Name: f.path, Size: int64(len(f.data)), Mode: 0o600, ModTime: at.UTC().Truncate(time.Second)}
	if err := t.WriteHeader(h); err != nil {
		return err
	}
	_, err := t.Write(f.data)
	return err
}
