package report

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/crashproof-dev/crashproof/playbook"
)

// CauseJSON writes what the playbook says of a cause for programs, and CausesJSON the list of causes.
func CauseJSON(w io.Writer, e playbook.Explanation) error { return writeJSON(w, e) }

// CauseYAML writes the same as [CauseJSON] in YAML.
func CauseYAML(w io.Writer, e playbook.Explanation) error { return writeYAML(w, e) }

// CauseLine is a cause in a list of causes.
type CauseLine struct {
	ID        string `json:"id"`
	Family    string `json:"family"`
	Neighbour bool   `json:"neighbour"`
	Means     string `json:"means"`
}

// CausesJSON writes a list of causes for programs.
func CausesJSON(w io.Writer, causes []playbook.Cause) error { return writeJSON(w, lines(causes)) }

// CausesYAML writes the same as [CausesJSON] in YAML.
func CausesYAML(w io.Writer, causes []playbook.Cause) error { return writeYAML(w, lines(causes)) }

func lines(causes []playbook.Cause) []CauseLine {
	out := []CauseLine{}
	for _, c := range causes {
		out = append(out, CauseLine{c.ID, c.Family, c.Neighbour, c.Means})
	}
	return out
}

func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // messages hold < and >
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func writeYAML(w io.Writer, v any) error {
	b, err := yaml.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// CausesText lists causes for people, a block for each family.
func CausesText(w io.Writer, causes []playbook.Cause, o Options) error {
	p := newPage(o)
	width := 0
	for _, c := range causes {
		width = max(width, len(c.ID))
	}
	for _, f := range playbook.Families {
		first := true
		for _, c := range causes {
			if c.Family != f.ID {
				continue
			}
			if first {
				if p.Len() > 0 {
					p.line("")
				}
				p.line(p.o.paint(bold, f.ID) + "  " + p.o.paint(dim, f.Means))
				first = false
			}
			p.cause(c, width, o.Width == 0)
		}
	}
	p.line("")
	if slices.ContainsFunc(causes, func(c playbook.Cause) bool { return c.Neighbour }) {
		p.line("* a neighbour: no crash loop, but taken for one")
	}
	p.line("More about one: crashproof playbook explain CAUSE")
	_, err := w.Write(p.Bytes())
	return err
}

// cause is one line of a list; where it goes into a pipe it stays one line.
func (p *page) cause(c playbook.Cause, width int, whole bool) {
	star := " "
	if c.Neighbour {
		star = "*"
	}
	mark := "  " + c.ID + strings.Repeat(" ", width-len(c.ID)) + " " + star + " "
	if whole {
		p.line(mark + c.Means)
		return
	}
	p.item(0, mark, c.Means, 0)
}
