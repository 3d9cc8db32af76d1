package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Read reads a bundle: the .tar.gz, or the folder that it unpacks to. What is wrong with it is an [*Error]; a path that
// cannot be opened is the operating system's error.
func Read(path string) (*evidence.Snapshot, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading a bundle: %w", err)
	}
	if info.IsDir() {
		return readFolder(path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading a bundle: %w", err)
	}
	defer f.Close()
	return ReadFrom(f, path)
}

// ReadFrom reads a .tar.gz from a stream; name is what errors call it.
func ReadFrom(r io.Reader, name string) (*evidence.Snapshot, error) {
	files, e := unpack(r, limits)
	if e != nil {
		return nil, e.of(name)
	}
	s, e := read(unpacked(files))
	if e != nil {
		return nil, e.of(name)
	}
	return s, nil
}

func readFolder(path string) (*evidence.Snapshot, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("reading a bundle: %w", err)
	}
	defer root.Close()
	s, e := read(folder{root})
	if e != nil {
		return nil, e.of(path)
	}
	return s, nil
}

func (e *Error) of(path string) error {
	e.Path = path
	return e
}

// read builds the snapshot.
func read(src source) (*evidence.Snapshot, *Error) {
	m, e := readManifest(src)
	if e != nil {
		return nil, e
	}
	files, e := verified(src, m)
	if e != nil {
		return nil, e
	}
	s := &evidence.Snapshot{CapturedAt: m.CapturedAt, Target: m.Target, Cluster: m.Cluster, Samples: m.Samples, Gaps: m.Gaps,
		EventsListed: m.EventsListed, Calls: m.Calls, LogReads: m.LogReads, Redacted: m.Redacted}
	var p evidence.Population
	for path, out := range map[string]any{"population.json": &p, "events.json": &s.Events, "usage.json": &s.Usage} {
		if e := decode(files, path, out); e != nil {
			return nil, e
		}
	}
	s.Population.Nodes, s.Population.Complete = p.Nodes, p.Complete
	for _, r := range p.Rows {
		s.Population.Add(r)
	}
	if e := readLogs(s, files); e != nil {
		return nil, e
	}
	return s, readObjects(s, m, files)
}

func readManifest(src source) (*Manifest, *Error) {
	data, e := src.file(manifestName, -1)
	if e != nil {
		if e.Problem == Damaged {
			e = problem(Foreign, "there is no %s in it", manifestName)
		}
		return nil, e
	}
	var m Manifest
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(data, &m); {
	case m.Kind != kind && (err == nil || errors.As(err, &syntax)):
		return nil, problem(Foreign, "its %s is not one of crashproof's", manifestName)
	case m.FormatVersion > FormatVersion:
		return nil, problem(Newer, "its format is %d, and this program reads up to %d", m.FormatVersion, FormatVersion)
	case err != nil:
		return nil, problem(Damaged, "%s: %v", manifestName, err)
	case len(m.Files) > maxEntries:
		return nil, problem(TooBig, "it lists more than %d files", maxEntries)
	}
	return &m, nil
}

// verified reads all listed files and compares them with their sums. What is not listed is not read.
func verified(src source, m *Manifest) (map[string][]byte, *Error) {
	files := make(map[string][]byte, len(m.Files))
	var total int64
	for _, f := range m.Files {
		if _, twice := files[f.Path]; twice {
			return nil, problem(Unsafe, "%q is listed twice", f.Path)
		}
		data, e := src.file(f.Path, f.Size)
		if e != nil {
			return nil, e
		}
		if total += int64(len(data)); total > maxTotal {
			return nil, problem(TooBig, "it holds more than %d MiB", maxTotal>>20)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != f.SHA256 {
			return nil, problem(Damaged, "%s is not as it was written: its sha256 differs", f.Path)
		}
		files[f.Path] = data
	}
	return files, nil
}

func decode(files map[string][]byte, path string, out any) *Error {
	data, ok := files[path]
	if !ok {
		return problem(Damaged, "%s is missing", path)
	}
	if err := json.Unmarshal(data, out); err != nil {
		return problem(Damaged, "%s: %v", path, err)
	}
	return nil
}

func readLogs(s *evidence.Snapshot, files map[string][]byte) *Error {
	var entries []LogEntry
	if e := decode(files, "logs.json", &entries); e != nil {
		return e
	}
	for _, en := range entries {
		text, ok := files[en.Path]
		if !ok {
			return problem(Damaged, "%s is missing", en.Path)
		}
		if en.Skip < 0 || en.Skip > len(text) {
			return problem(Damaged, "logs.json: the log %s has no offset %d", en.Path, en.Skip)
		}
		en.Text = bytes.Clone(text)
		s.Logs = append(s.Logs, en.Log)
	}
	return nil
}

func readObjects(s *evidence.Snapshot, m *Manifest, files map[string][]byte) *Error {
	for _, f := range m.Files {
		if !strings.HasPrefix(f.Path, "objects/") {
			continue
		}
		var raw evidence.Raw
		if e := decode(files, f.Path, &raw); e != nil {
			return e
		}
		if raw == nil {
			return problem(Damaged, "%s holds no object", f.Path)
		}
		s.Objects = append(s.Objects, evidence.NewObject(raw, "", "", f.Source))
	}
	return nil
}
