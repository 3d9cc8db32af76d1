package importer

import (
	"bytes"
	"encoding/json"
	"regexp"
)

// objectStart is a line at which an object begins inside of a text.
var objectStart = regexp.MustCompile(`(?m)^(?:apiVersion: \S|kind: [A-Z]|- apiVersion: \S|items:\s*$|\{)`)

// objectBlocks reads the objects that were pasted into a text, as JSON or YAML.
func (b *builder) objectBlocks(name string, data []byte, taken []span) []span {
	var out []span
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
		end := 0
		if data[start] == '{' {
			end = b.jsonBlock(name, data, start)
		} else {
			end = b.yamlBlock(name, data, start)
		}
		if end > start {
			out = append(out, span{start, end})
			at = end
			continue
		}
		at = start + 1
	}
	return out
}

// jsonBlock reads one JSON document and returns where it ends, or 0 where it is none that is of use.
func (b *builder) jsonBlock(name string, data []byte, start int) int {
	head := data[start:min(len(data), start+4096)]
	if !jsonObjects(name, head) || !jsonKey.Match(head) {
		return 0
	}
	d := json.NewDecoder(&deep{r: bytes.NewReader(data[start:])})
	before := b.used
	if err := b.jsonValue(name, d); err != nil || b.used == before {
		return 0
	}
	return start + int(d.InputOffset())
}

// yamlBlock reads the YAML from one line on, as far as the lines are a document's: indented, keys, list items.
func (b *builder) yamlBlock(name string, data []byte, start int) int {
	end := start
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
		return 0
	}
	return end
}

var yamlLine = regexp.MustCompile(`^(?:[ \t].*|[A-Za-z][\w.-]*:(?:[ \t].*)?|- .*|---.*|#.*|\s*)\r?\n?$`)
