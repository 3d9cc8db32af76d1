package importer

import (
	"bytes"
	"encoding/json"
	"regexp"

	"github.com/crashproof-dev/crashproof/evidence"
)

// objectStart is a line at which an object begins inside of a text.
var objectStart = regexp.MustCompile(`(?m)^(?:apiVersion: \S|kind: [A-Z]|- apiVersion: \S|items:\s*$|\{)`)

// objectBlocks reads the objects that were pasted into a text, as JSON or YAML.
func (b *builder) objectBlocks(name string, data []byte, taken []span) []span {
	var out []span
	wasted := 0
	for at := 0; at < len(data); {
		m := objectStart.FindIndex(data[at:])
		if m == nil {
			return out
		}
		start := at + m[0]
		if e := covered(taken, start); e > start {
			at = e
			continue
		}
		var end, searched int
		if data[start] == '{' {
			end, searched = b.jsonBlock(name, data, start)
		} else {
			end, searched = b.yamlBlock(name, data, start)
		}
		if end > start {
			out = append(out, span{start, end})
			at = end
			continue
		}
		at = start + 1
		if wasted += max(searched, at) - start; wasted > maxWaste {
			b.gap(evidence.Gap{What: "the rest of " + b.called(name), Source: evidence.Spec, Reason: evidence.Truncated,
				Detail: "too much of it looks like objects and is none", Close: "give the objects as files of their own"})
			return out
		}
	}
	return out
}

// maxWaste bounds how many bytes are read in vain for objects: a text of opening braces, or of keys, is read again from
// each line on.
const maxWaste = 16 << 20

// jsonBlock reads one JSON document and returns where it ends, or 0 where it is none that is of use, and how far was read.
func (b *builder) jsonBlock(name string, data []byte, start int) (end, searched int) {
	head := data[start:min(len(data), start+4096)]
	if !jsonObjects(name, head) || !jsonKey.Match(head) {
		return 0, start + len(head)
	}
	d := json.NewDecoder(&deep{r: bytes.NewReader(data[start:])})
	before := b.used
	if err := b.jsonValue(name, d); err != nil || b.used == before {
		return 0, start + len(head) + int(d.InputOffset())
	}
	end = start + int(d.InputOffset())
	return end, end
}

// yamlBlock reads the YAML from one line on, as far as the lines are a document's: indented, keys, list items.
func (b *builder) yamlBlock(name string, data []byte, start int) (end, searched int) {
	end = start
	for end < len(data) {
		next := len(data)
		if i := bytes.IndexByte(data[end:], '\n'); i >= 0 {
			next = end + i + 1
		}
		if !yamlLine.Match(data[end:next]) {
			break
		}
		end = next
	}
	if b.yamlDocuments(name, data[start:end]) == 0 {
		return 0, end
	}
	return end, end
}

var yamlLine = regexp.MustCompile(`^(?:[ \t].*|[A-Za-z][\w.-]*:(?:[ \t].*)?|- .*|---.*|#.*|\s*)\r?\n?$`)
