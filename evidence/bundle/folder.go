package bundle

import (
	"io"
	"io/fs"
	"os"
)

// source gives a bundle's files by path.
type source interface {
	file(path string, size int64) ([]byte, *Error)
}

// unpacked is an unpacked .tar.gz.
type unpacked map[string][]byte

func (a unpacked) file(path string, _ int64) ([]byte, *Error) {
	data, ok := a[path]
	if !ok {
		return nil, problem(Damaged, "%s is missing", path)
	}
	return data, nil
}

// folder is a bundle that was unpacked to a folder. The root keeps links from leading out of it.
type folder struct{ root *os.Root }

// file reads a file of the size that the manifest promises, -1 for any.
func (f folder) file(path string, size int64) ([]byte, *Error) {
	if !fs.ValidPath(path) {
		return nil, problem(Unsafe, "the path %q leads out of it", path)
	}
	info, err := f.root.Lstat(path)
	switch {
	case os.IsNotExist(err):
		return nil, problem(Damaged, "%s is missing", path)
	case err != nil:
		return nil, problem(Damaged, "%v", err)
	case !info.Mode().IsRegular():
		return nil, problem(Unsafe, "%q is no plain file", path)
	case info.Size() > maxFile:
		return nil, problem(TooBig, "%q holds more than %d MiB", path, maxFile>>20)
	case size >= 0 && info.Size() != size:
		return nil, problem(Damaged, "%s has %d bytes in place of %d", path, info.Size(), size)
	}
	in, err := f.root.Open(path)
	if err != nil {
		return nil, problem(Damaged, "%v", err)
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, problem(Damaged, "%v", err)
	}
	return data, nil
}
