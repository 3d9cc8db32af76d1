package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/crashproof-dev/crashproof/evidence"
)

// yaml reads a stream of YAML documents.
func (b *builder) yaml(name string, r io.Reader) {
	data := b.whole(name, r)
	if b.yamlDocuments(name, data) == 0 {
		b.paste(name, data)
	}
}

// yamlDocuments reads the documents that are objects and returns how many there were.
func (b *builder) yamlDocuments(name string, data []byte) int {
	before := b.used
	for i, doc := range splitYAML(data) {
		raw, err := decodeYAML(doc)
		if err != nil {
			b.lastBroken = fmt.Errorf("YAML document %d: %w", i+1, err)
			b.gap(evidence.Gap{What: fmt.Sprintf("YAML document %d of %s", i+1, b.called(name)), Source: evidence.Spec, Reason: evidence.Truncated, Detail: firstLineOf(err.Error()), Close: "copy or collect it again"})
			continue
		}
		switch v := raw.(type) {
		case map[string]any:
			b.documentOrList(name, v)
		case []any:
			for _, it := range v {
				if m, ok := it.(map[string]any); ok {
					b.documentOrList(name, m)
				}
			}
		}
	}
	return b.used - before
}

// splitYAML cuts a stream at its document marks.
func splitYAML(data []byte) [][]byte {
	var out [][]byte
	start := 0
	for at := 0; at < len(data); {
		end := len(data)
		if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if ln := bytes.TrimRight(data[at:end], " \t\r\n"); bytes.Equal(ln, []byte("---")) || bytes.HasPrefix(ln, []byte("--- #")) || bytes.Equal(ln, []byte("...")) {
			out = append(out, data[start:at])
			start = end
		}
		at = end
	}
	out = append(out, data[start:])
	var docs [][]byte
	for _, d := range out {
		if len(bytes.TrimSpace(d)) > 0 {
			docs = append(docs, d)
		}
	}
	return docs
}

// decodeYAML goes through JSON as the API's clients do, so that types come out the same. The library refuses aliases
// that explode; depth is checked on the way.
func decodeYAML(doc []byte) (any, error) {
	if tooDeep(doc) {
		return nil, errDeep
	}
	data, err := yaml.YAMLToJSON(doc)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(&deep{r: bytes.NewReader(data)})
	var v any
	return v, d.Decode(&v)
}

// tooDeep looks for flow brackets and indentation that no object has, before the parser calls itself for them.
func tooDeep(doc []byte) bool {
	level := 0
	for ln := range bytes.Lines(doc) {
		if n := len(ln) - len(bytes.TrimLeft(ln, " -")); n > 4*maxDepth && len(bytes.TrimSpace(ln)) > 0 {
			return true
		}
		for _, c := range ln {
			switch c {
			case '{', '[':
				if level++; level > 20*maxDepth {
					return true
				}
			case '}', ']':
				level = max(0, level-1)
			}
		}
	}
	return false
}

// documentOrList flattens lists.
func (b *builder) documentOrList(name string, raw evidence.Raw) {
	items, ok := raw["items"].([]any)
	if !ok {
		b.document(raw, "")
		return
	}
	kind := itemKind(raw.Str("kind"), name)
	for _, it := range items {
		if m, ok := it.(map[string]any); ok {
			b.document(m, kind)
		}
	}
	b.used++
}

func firstLineOf(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}
