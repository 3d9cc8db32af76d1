package importer

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/crashproof-dev/crashproof/evidence"
)

// containerKey begins a part of a container's spec as people copy it from a manifest.
var containerKey = regexp.MustCompile(`^( *)(?:- )?(livenessProbe|readinessProbe|startupProbe|resources|command|args|env|envFrom|lifecycle):\s*(?:\[.*\])?\s*$`)

// maxSnippet bounds the lines of one part.
const maxSnippet = 200

// snippets takes the parts of a container's spec that stand among prose out of a segment. Whose they are shows once all is
// read.
func (b *builder) snippets(s *segment) {
	lines := s.unquoted()
	var rest [][]byte
	for i := 0; i < len(lines); i++ {
		m := containerKey.FindSubmatch(bytes.TrimRight(lines[i], "\r\n"))
		if m == nil {
			rest = append(rest, lines[i])
			continue
		}
		indent, end := len(m[1]), i+1
		for end < len(lines) && end < i+maxSnippet && below(lines[end], indent) {
			end++
		}
		part, ok := containerPart(lines[i:end])
		if !ok {
			rest = append(rest, lines[i])
			continue
		}
		b.parts = append(b.parts, part)
		i = end - 1
	}
	if len(rest) < len(lines) {
		s.lines = rest
	}
}

// below tells whether a line of YAML belongs to the key at an indentation; a list's items may stand in its own column.
func below(ln []byte, indent int) bool {
	text := bytes.TrimLeft(ln, " ")
	n := len(ln) - len(text)
	return n > indent || n == indent && bytes.HasPrefix(text, []byte("- "))
}

// containerPart reads one part, where it is one that a container may have.
func containerPart(lines [][]byte) (map[string]any, bool) {
	text := strings.Replace(string(bytes.Join(lines, nil)), "- ", "  ", 1)
	if !bytes.HasPrefix(bytes.TrimLeft(lines[0], " "), []byte("- ")) {
		text = string(bytes.Join(lines, nil))
	}
	var part map[string]any
	var c corev1.Container
	if yaml.Unmarshal([]byte(text), &part) != nil || len(part) != 1 {
		return nil, false
	}
	data, err := json.Marshal(part)
	if err != nil || json.Unmarshal(data, &c) != nil {
		return nil, false
	}
	for _, v := range part {
		if v == nil {
			return nil, false
		}
	}
	return part, true
}

// useParts gives them to the one container that is talked about; what a description shows of it stays.
func (b *builder) useParts() {
	if len(b.parts) == 0 {
		return
	}
	var pods []*object
	for _, k := range b.order {
		if o := b.objects[k]; o.Kind == "Pod" {
			pods = append(pods, o)
		}
	}
	if len(pods) == 1 && pods[0].rank < fromAPI && len(b.rows) == 0 {
		if c := onlyContainer(pods[0].Raw); c != nil {
			for _, part := range b.parts {
				for k, v := range part {
					if _, ok := c[k]; !ok {
						c[k] = v
					}
				}
			}
			return
		}
	}
	b.gap(evidence.Gap{What: "parts of a container's spec", Source: evidence.Spec, Reason: evidence.Mismatched, Detail: "they do not say of which of the containers they are",
		Close: "kubectl get pod POD -n NAMESPACE -o yaml"})
}

// onlyContainer is the pod's only container in its spec, made where only its status is known.
func onlyContainer(raw evidence.Raw) map[string]any {
	spec, status := raw.List("spec", "containers"), raw.List("status", "containerStatuses")
	if len(raw.List("spec", "initContainers"))+len(raw.List("status", "initContainerStatuses")) > 0 {
		return nil
	}
	switch {
	case len(spec) == 1:
		return spec[0]
	case len(spec) > 1 || len(status) != 1:
		return nil
	}
	c := map[string]any{"name": status[0].Str("name")}
	s, _ := raw["spec"].(map[string]any)
	if s == nil {
		s = map[string]any{}
		raw["spec"] = s
	}
	s["containers"] = []any{c}
	return c
}
