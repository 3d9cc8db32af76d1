package gobuild

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Target is one program.
type Target struct {
	Name    string // of the program
	Dir     string // of the Go module that it is built in
	Package string // import path or ./path
	LDFlags string // besides -s -w
	Arch    string // GOARCH, empty for this machine's
	Sources []string
	// Sources are files and directories whose contents decide whether to build
	// again, relative to Dir; go.mod and go.sum always count.
}

// Key is the hash of all that decides what the program is.
func (t Target) Key() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), t.Package, t.LDFlags, t.Arch)
	for _, source := range append([]string{"go.mod", "go.sum"}, t.Sources...) {
		if err := hashTree(h, t.Dir, source); err != nil {
			return "", fmt.Errorf("hashing the sources of %s: %w", t.Name, err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}

func hashTree(h io.Writer, root, name string) error {
	return filepath.WalkDir(filepath.Join(root, name), func(p string, d fs.DirEntry, err error) error {
		switch {
		case os.IsNotExist(err) && name == "go.sum": // a module without requirements has none
			return nil
		case err != nil:
			return err
		case d.IsDir() && d.Name() == "testdata":
			return fs.SkipDir
		case d.IsDir() || strings.HasSuffix(d.Name(), "_test.go"):
			return nil
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%s %d\n", rel, len(data))
		_, err = h.Write(data)
		return err
	})
}
