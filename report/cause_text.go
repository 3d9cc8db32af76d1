package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/crashproof-dev/crashproof/playbook"
)

// CauseText writes what the playbook says of a cause for people.
func CauseText(w io.Writer, e playbook.Explanation, o Options) error {
	p := newPage(o)
	p.line(p.o.paint(bold, e.ID))
	p.item(2, "", e.Means, 0)
	p.line("")
	for _, s := range traits(e) {
		p.item(2, "", s, 0)
	}
	for _, s := range sections(e) {
		p.section(s)
	}
	_, err := w.Write(p.Bytes())
	return err
}

// section writes a heading and its entries.
func (p *page) section(s section) {
	p.line("")
	p.title(s.title)
	if s.lead != "" {
		p.item(5, "", s.lead, 0)
	}
	for _, e := range s.entries {
		if e.command != "" { // one line whatever the width, to be copied
			p.line("     " + p.o.paint(cyan, "$ "+clean(e.command)) + why(e.text))
			continue
		}
		text := e.text
		if e.name != "" {
			text = e.name + ": " + text
		}
		if e.url != "" {
			text += " " + e.url
		}
		p.item(5, "- ", text, 0)
		if e.quote != "" {
			p.item(7, "", p.o.quoted(e.quote), 3)
		}
	}
}

// quoted is a message in quotation marks.
func (o Options) quoted(s string) string { return `"` + clean(s) + `"` }

// traits are the sentences about a cause as a whole.
func traits(e playbook.Explanation) []string {
	out := []string{fmt.Sprintf("Family %s: %s", e.Family.ID, e.Family.Means)}
	if e.Neighbour {
		out[0] += " A neighbour: it is no crash loop, and is reported because people take it for one."
	}
	if e.Likelihood != "" {
		out = append(out, "Among the hypotheses for a crash loop this family has "+e.Likelihood+" likelihood.")
	}
	out = append(out,
		fmt.Sprintf("Layer %s: %s. Depth %d: %s; of two causes of one end the deeper one is the answer.", e.Layer.ID, e.Layer.Means, e.Depth, e.Deep),
		"A report says: "+strings.TrimSuffix(e.Headline, ".")+".")
	return out
}
