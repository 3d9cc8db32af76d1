package bundle

import (
	"bytes"
	"errors"
	"io"

	"github.com/crashproof-dev/crashproof/evidence/archive"
)

// limits of reading. The largest bundle that capture writes (150,000 pods, 300 logs of 1 MiB) stays far below them.
var limits = archive.Limits{Total: 1 << 30, File: maxFile, Entries: maxEntries, Ratio: 300, RatioAfter: 64 << 20}

const (
	maxTotal   = 1 << 30
	maxFile    = 256 << 20
	maxEntries = 200_000
)

// unpack reads a .tar.gz into memory.
func unpack(r io.Reader, l archive.Limits) (map[string][]byte, *Error) {
	files := map[string][]byte{}
	err := archive.TarGz(r, l, func(name string, _ int64, r io.Reader) error {
		var b bytes.Buffer
		_, err := io.Copy(&b, r)
		files[name] = b.Bytes()
		return err
	})
	var wrong *archive.Error
	switch {
	case errors.As(err, &wrong):
		return nil, &Error{Problem: wrong.Problem, Detail: wrong.Detail, Err: wrong.Err}
	case err != nil:
		return nil, problem(Damaged, "%v", err)
	}
	return files, nil
}
