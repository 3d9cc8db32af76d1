package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/crashproof-dev/crashproof/evidence"
)

// content is a file before it is written.
type content struct {
	path   string
	data   []byte
	source string
}

// layout makes all files, the manifest first.
func layout(s *evidence.Snapshot, o Options) ([]content, error) {
	b := builder{taken: paths{}}
	b.add("population.json", population(s.Population), "")
	b.add("events.json", lines(s.Events), "")
	b.add("usage.json", lines(s.Usage), "")
	b.logs(s.Logs)
	b.objects(s.Objects)
	if b.err != nil {
		return nil, fmt.Errorf("making a bundle: %w", b.err)
	}
	m := Manifest{Kind: kind, FormatVersion: FormatVersion, ToolVersion: o.ToolVersion, CapturedAt: s.CapturedAt, Cluster: s.Cluster,
		Target: s.Target, Redacted: s.Redacted, Calls: s.Calls, LogReads: s.LogReads, EventsListed: s.EventsListed, Samples: s.Samples, Gaps: s.Gaps}
	for _, f := range b.files {
		sum := sha256.Sum256(f.data)
		m.Files = append(m.Files, File{Path: f.path, Size: int64(len(f.data)), SHA256: hex.EncodeToString(sum[:]), Source: f.source})
	}
	data, err := indented(m)
	if err != nil {
		return nil, fmt.Errorf("making a bundle: %w", err)
	}
	return append([]content{{path: manifestName, data: data}}, b.files...), nil
}

const manifestName = "manifest.json"

// builder collects files and the first error.
type builder struct {
	files []content
	taken paths
	err   error
}

func (b *builder) add(path string, f func() ([]byte, error), source string) string {
	if b.err != nil {
		return ""
	}
	data, err := f()
	if err != nil {
		b.err = fmt.Errorf("%s: %w", path, err)
		return ""
	}
	path = b.taken.take(path)
	b.files = append(b.files, content{path, data, source})
	return path
}

func (b *builder) logs(logs []evidence.Log) {
	var entries []LogEntry
	for _, l := range logs {
		text := l.Text
		path := b.add(logPath(l), func() ([]byte, error) { return text, nil }, "")
		entries = append(entries, LogEntry{Path: path, Log: l})
	}
	b.add("logs.json", lines(entries), "")
}

// objects writes Kubernetes JSON. Lists leave kind and apiVersion out of their items; kubectl and people miss them.
func (b *builder) objects(objects []evidence.Object) {
	for _, o := range objects {
		raw := maps.Clone(o.Raw)
		if raw == nil {
			raw = evidence.Raw{}
		}
		for key, v := range map[string]string{"apiVersion": o.APIVersion, "kind": o.Kind} {
			if v != "" && !raw.Has(key) {
				raw[key] = v
			}
		}
		b.add(objectPath(o), func() ([]byte, error) { return indented(raw) }, o.Source)
	}
}

// lines makes a JSON list with one item a line, for grep and diff.
func lines[T any](items []T) func() ([]byte, error) {
	return func() ([]byte, error) {
		var b bytes.Buffer
		b.WriteByte('[')
		if err := list(&b, items); err != nil {
			return nil, err
		}
		b.WriteString("]\n")
		return b.Bytes(), nil
	}
}

func population(p evidence.Population) func() ([]byte, error) {
	return func() ([]byte, error) {
		var b bytes.Buffer
		fmt.Fprintf(&b, `{"complete":%t,"nodes":[`, p.Complete)
		if err := list(&b, p.Nodes); err != nil {
			return nil, err
		}
		b.WriteString(`],"rows":[`)
		if err := list(&b, p.Rows); err != nil {
			return nil, err
		}
		b.WriteString("]}\n")
		return b.Bytes(), nil
	}
}

func list[T any](b *bytes.Buffer, items []T) error {
	for i := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		data, err := compact(&items[i])
		if err != nil {
			return err
		}
		b.Write(data)
	}
	if len(items) > 0 {
		b.WriteByte('\n')
	}
	return nil
}

// compact and indented leave <, > and & as they are: people read these files.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}
