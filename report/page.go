package report

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// page collects lines for people.
type page struct {
	bytes.Buffer
	o Options
}

func newPage(o Options) *page {
	if o.Width <= 0 {
		o.Width = 100
	}
	o.Width = max(o.Width, 40)
	return &page{o: o}
}

func (p *page) line(s string) { p.WriteString(strings.TrimRight(s, " ") + "\n") }

// item writes a text behind a mark, broken so that all its lines stand below each other. At most `most` lines are kept,
// 0 for all.
func (p *page) item(indent int, mark, text string, most int) {
	text = clean(text)
	pad := indent + utf8.RuneCountInString(mark)
	lines := wrap(text, p.o.Width-pad)
	if most > 0 && len(lines) > most && !p.o.Wide {
		last := lines[most-1]
		lines = append(lines[:most-1], cut(last, p.o.Width-pad-2)+" …")
	}
	for i, l := range lines {
		if i == 0 {
			p.line(strings.Repeat(" ", indent) + mark + l)
			continue
		}
		p.line(strings.Repeat(" ", pad) + l)
	}
}

// title writes the heading of a block.
func (p *page) title(s string) { p.line("   " + p.o.paint(bold, s)) }

// most bounds a list: one screen is all that is read at night.
func most[T any](p *page, list []T, n int) (shown []T, left int) {
	if p.o.Wide || len(list) <= n {
		return list, 0
	}
	return list[:n], len(list) - n
}
