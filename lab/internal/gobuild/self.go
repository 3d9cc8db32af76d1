package gobuild

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Self copies the running program into binDir under the hash of its contents
// and returns that path: components of a lab outlive the program that started
// them, and its own file may be replaced meanwhile.
func Self(binDir string) (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding this program: %w", err)
	}
	in, err := os.Open(exe)
	if err != nil {
		return "", fmt.Errorf("reading this program: %w", err)
	}
	defer func() { _ = in.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", fmt.Errorf("reading this program: %w", err)
	}
	out := filepath.Join(binDir, "crashlab-"+hex.EncodeToString(h.Sum(nil))[:12])
	now := time.Now()
	if err := os.Chtimes(out, now, now); err == nil {
		return out, nil
	}
	return out, copyProgram(in, out)
}

// PruneSelf removes copies of this program that nobody used for an hour and
// that are not in use, which every build leaves one of.
func PruneSelf(binDir string, inUse func(path string) bool) {
	copies, _ := filepath.Glob(filepath.Join(binDir, "crashlab-*"))
	for _, path := range copies {
		info, err := os.Stat(path)
		if err == nil && time.Since(info.ModTime()) > time.Hour && !inUse(path) {
			_ = os.Remove(path)
		}
	}
}

func copyProgram(in *os.File, out string) error {
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	file, err := os.OpenFile(out+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, in); err != nil {
		_ = file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(out+".new", out)
}
