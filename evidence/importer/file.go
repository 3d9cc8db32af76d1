package importer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/crashproof-dev/crashproof/evidence"
)

// maxText bounds a text that is read whole: YAML, describe output and pastes are written by people or for them. textTail
// is how much of the end of a longer one is kept.
const (
	maxText  = 48 << 20
	textTail = 8 << 20
)

// file reads one file, whatever it is. name is its path inside the input. A file that is broken is a gap; if it is the
// archive around it, the archive's reader says so as well.
func (b *builder) file(name string, r io.Reader) {
	b.files++
	if b.o.Progress != nil {
		b.o.Progress(name)
	}
	in := bufio.NewReaderSize(r, 1<<16)
	start, err := in.Peek(4096)
	if err != nil && err != io.EOF && len(start) == 0 {
		b.broke(name, err)
		return
	}
	b.bytes += int64(len(start))
	start = bytes.TrimPrefix(start, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimLeft(start, " \t\r\n")
	switch {
	case len(trimmed) == 0:
		if where, ok := logPath(name); ok && len(start) == 0 {
			b.log(name, where, in) // that a log is empty is worth knowing
		}
		return
	case binary(start):
		b.skipped(name, "it is neither text nor an archive that crashproof knows")
		return
	case isClusterInfoLogs(trimmed):
		b.clusterInfoLogs(name, in)
		return
	}
	if where, ok := logPath(name); ok && !looksLikeObjects(name, trimmed) {
		b.log(name, where, in)
		return
	}
	switch {
	case jsonStart.Match(trimmed) && jsonObjects(name, trimmed):
		b.json(name, in)
	case yamlStart.Match(trimmed) && looksLikeYAML(name, trimmed):
		b.yaml(name, in)
	default:
		b.text(name, in)
	}
}

// broke notes a file that could not be read to its end.
func (b *builder) broke(name string, err error) {
	b.lastBroken = err
	b.gap(evidence.Gap{What: "the rest of " + b.called(name), Source: evidence.Spec, Reason: evidence.Truncated, Detail: reason(err), Close: "copy or collect it again"})
}

// called names a file for people; a stream has no name of its own.
func (b *builder) called(name string) string {
	if name == "" {
		return b.origin
	}
	return name
}

// whole reads a text whole, as valid UTF-8 with plain line ends. Of one that is too long its start and its end are kept:
// it is a log, or ends in one, and the end of a log says why the program ended.
func (b *builder) whole(name string, r io.Reader) []byte {
	data, err := io.ReadAll(io.LimitReader(r, maxText))
	if err == nil && len(data) == maxText {
		rest := clip{limit: textTail}
		if _, err = io.Copy(&rest, r); rest.total > 0 {
			end, skip := rest.kept()
			data = append(data[:bytes.LastIndexByte(data, '\n')+1], '\n')
			data = append(data, end...)
			if skip > 0 {
				b.gap(evidence.Gap{What: "the middle of " + b.called(name), Source: evidence.Process, Reason: evidence.Truncated,
					Detail: fmt.Sprintf("of its %d MiB the first %d and the last %d are read", (maxText+rest.total)>>20, maxText>>20, textTail>>20),
					Close:  "give each container's log as a file <namespace>/<pod>/<container>.log, or the lines around the end of the run"})
			}
		}
	}
	if err != nil {
		b.broke(name, err)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		data = bytes.ToValidUTF8(data, []byte("\uFFFD"))
	}
	if bytes.Contains(data, []byte("\r\n")) {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	}
	return data
}

// binary: text has no zero bytes.
func binary(start []byte) bool { return bytes.IndexByte(start, 0) >= 0 }

// yamlStart is the first line of what may be YAML: a document mark, a comment, or a key.
var yamlStart = regexp.MustCompile(`^(?:---|#|%YAML|[A-Za-z][\w.-]*:(?:\s|$)|- )`)

var yamlObject = regexp.MustCompile(`(?m)^(?:- |\s*)?(?:apiVersion|kind|items):(?:[ \t]|$)`)

// looksLikeYAML: an API object states its version or kind; a describe text has "Name:" and upper-case keys.
func looksLikeYAML(name string, start []byte) bool {
	if yamlObject.Match(start) {
		return true
	}
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

var jsonKey = regexp.MustCompile(`"(?:apiVersion|kind|items|metadata|spec|status|involvedObject)"\s*:`)

// jsonStart is how an object, a list of objects or an empty list starts, and a chat's "[11:02]" does not.
var jsonStart = regexp.MustCompile(`^(?:\{\s*["}]|\[\s*[{\]])`)

// jsonObjects tells objects from a log whose lines are JSON.
func jsonObjects(name string, start []byte) bool {
	if strings.HasSuffix(name, ".json") {
		return true
	}
	first, _, _ := bytes.Cut(start, []byte{'\n'})
	if len(first) > 2 && first[len(first)-1] == '}' && first[0] == '{' && !jsonKey.Match(first) {
		return false // one message a line
	}
	return jsonKey.Match(start) || start[0] == '['
}

// looksLikeObjects: a file named like a log may hold `kubectl get pod -o json > app.log`.
func looksLikeObjects(name string, start []byte) bool {
	if strings.HasSuffix(name, ".log") || strings.HasSuffix(name, ".txt") {
		return start[0] == '{' && jsonKey.Match(start) && bytes.Contains(start, []byte(`"apiVersion"`))
	}
	return start[0] == '{' && jsonKey.Match(start)
}
