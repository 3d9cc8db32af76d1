package importer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/crashproof-dev/crashproof/evidence"
)

// wholeYAML is up to what length a file is decoded document by document; longer ones are lists of whole clusters.
const wholeYAML = 8 << 20

// yaml reads a stream of YAML documents.
func (b *builder) yaml(name string, r io.Reader) {
	start, err := io.ReadAll(io.LimitReader(r, wholeYAML))
	if err == nil && len(start) == wholeYAML {
		b.yamlItems(name, io.MultiReader(bytes.NewReader(start), r))
		return
	}
	data := b.whole(name, io.MultiReader(bytes.NewReader(start), failing{err}))
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
				if m, ok := it.(map[string]any); ok && m["items"] != nil {
					b.documentOrList(name, m)
				} else if ok {
					b.document(m, itemKind("", name))
				}
			}
		}
	}
	return b.used - before
}

// failing ends a reader as another one ended.
type failing struct{ err error }

// Read implements [io.Reader].
func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}

// yamlItems reads a stream of YAML that is too long to be decoded at once: document by document, and of lists item by
// item. kubectl writes "items:" and "- " at the start of a line, and nothing in an item stands so far to the left.
func (b *builder) yamlItems(name string, r io.Reader) {
	in := bufio.NewReaderSize(r, 1<<16)
	var part bytes.Buffer
	inItems, tooLong := false, false
	flush := func() {
		if !tooLong && len(bytes.TrimSpace(part.Bytes())) > 0 {
			b.yamlDocuments(name, part.Bytes())
		}
		part.Reset()
		tooLong = false
	}
	for start := true; b.ctx.Err() == nil; {
		line, err := in.ReadSlice('\n')
		if start {
			text := bytes.TrimRight(line, " \t\r\n")
			switch {
			case bytes.Equal(text, []byte("---")):
				flush()
				inItems = false
			case bytes.Equal(text, []byte("items:")):
				flush() // what a list says of itself
				inItems, line = true, nil
			case inItems && bytes.HasPrefix(text, []byte("- ")):
				flush()
			case inItems && len(text) > 0 && text[0] != ' ':
				flush() // the rest of what a list says of itself
				inItems = false
			}
		}
		if part.Len()+len(line) > maxText && !tooLong {
			tooLong = true
			b.gap(evidence.Gap{What: "an object in " + b.called(name), Source: evidence.Spec, Reason: evidence.Truncated, Detail: fmt.Sprintf("it has more than %d MiB", maxText>>20)})
		}
		if !tooLong {
			part.Write(line)
		}
		start = !errors.Is(err, bufio.ErrBufferFull)
		if err == nil || !start {
			continue
		}
		flush()
		if err != io.EOF {
			b.broke(name, err)
		}
		return
	}
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
