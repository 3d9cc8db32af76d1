package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/crashproof-dev/crashproof/playbook"
)

// CauseMarkdown writes what the playbook says of a cause as a page, of which docs/causes has one for each cause. Other
// causes are links to their pages.
func CauseMarkdown(w io.Writer, e playbook.Explanation) error {
	var b bytes.Buffer
	written(&b, "playbook/"+e.Source)
	fmt.Fprintf(&b, "# %s\n\n**%s**\n", e.ID, escaped(e.Means))
	for _, t := range traits(e) {
		fmt.Fprintf(&b, "\n%s\n", escaped(t))
	}
	for _, s := range sections(e) {
		fmt.Fprintf(&b, "\n## %s\n", s.title)
		if s.lead != "" {
			fmt.Fprintf(&b, "\n%s\n", escaped(s.lead))
		}
		if len(s.entries) > 0 {
			b.WriteString("\n")
		}
		for _, x := range s.entries {
			b.WriteString(point(x))
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// written tells whoever opens the file where to change it.
func written(b *bytes.Buffer, from string) {
	fmt.Fprintf(b, "<!-- Written by `make docs` from %s. -->\n\n", from)
}

// point is one entry of a list.
func point(x entry) string {
	switch {
	case x.command != "":
		return fmt.Sprintf("- %s: %s\n", escaped(x.text), code(x.command))
	case x.url != "":
		return fmt.Sprintf("- [%s](%s)\n", escaped(x.text), x.url)
	}
	text := escaped(x.text)
	if x.cause {
		text = fmt.Sprintf("[%s](%s.md): %s", x.name, x.name, text)
	} else if x.name != "" {
		name, rest, _ := strings.Cut(x.name, " ")
		if rest != "" {
			rest = " " + rest
		}
		text = code(name) + rest + ": " + text
	}
	if x.quote != "" {
		text += "<br>" + code(cut(clean(x.quote), mostQuoted))
	}
	return "- " + text + "\n"
}

// mostQuoted bounds a message on a page.
const mostQuoted = 240

// code puts a text between as many backticks as it needs.
func code(s string) string {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

var markup = strings.NewReplacer("<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "|", `\|`, "[", `\[`, "]", `\]`)

// escaped makes a text mean itself in Markdown.
func escaped(s string) string { return markup.Replace(clean(s)) }

// CausesMarkdown writes the index of the pages, a table for each family.
func CausesMarkdown(w io.Writer, causes []playbook.Cause) error {
	var b bytes.Buffer
	written(&b, "playbook/causes")
	b.WriteString("# Causes\n\nWhat crashproof can find, by family. Neighbours are no crash loops, and are taken for them.\n" +
		"`crashproof playbook explain CAUSE` shows the same pages.\n")
	for _, f := range playbook.Families {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| cause | neighbour | means |\n|---|---|---|\n", f.ID, escaped(f.Means))
		for _, c := range causes {
			if c.Family != f.ID {
				continue
			}
			neighbour := ""
			if c.Neighbour {
				neighbour = "yes"
			}
			fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s |\n", c.ID, c.ID, neighbour, escaped(c.Means))
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}
