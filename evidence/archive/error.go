package archive

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// Problem says in what way an archive cannot be read.
type Problem string

// The problems.
const (
	Foreign   Problem = "foreign"   // it is no such archive
	Truncated Problem = "truncated" // its end is missing
	Damaged   Problem = "damaged"   // it is not as it was written
	Unsafe    Problem = "unsafe"    // links, devices, paths that lead out of it, the same file twice
	TooBig    Problem = "too-big"   // it unpacks to more than is allowed
)

// Error is what is wrong with an archive.
type Error struct {
	Problem Problem
	Detail  string // what was found
	Err     error
}

// Error says what was found.
func (e *Error) Error() string { return e.Detail }

// Unwrap returns the cause, where there is one.
func (e *Error) Unwrap() error { return e.Err }

func problem(p Problem, format string, args ...any) *Error {
	e := &Error{Problem: p, Detail: fmt.Sprintf(format, args...)}
	for _, a := range args {
		if err, ok := a.(error); ok {
			e.Err = err
		}
	}
	return e
}

// broken says what an error of gzip, tar or zip means.
func broken(m *meter, name string, err error) error {
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
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, tar.ErrHeader), errors.Is(err, zip.ErrFormat):
		return problem(Foreign, "it is no gzip-compressed tar file (%v)", err)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zip.ErrChecksum):
		return problem(Damaged, "its checksum is wrong (%v)", err)
	}
	return problem(Damaged, "reading%s after %d bytes: %v", at, m.in.n, err)
}
