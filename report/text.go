package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

// Text writes a report for the person on call.
func Text(w io.Writer, r *diagnosis.Report, o Options) error {
	p := newPage(o)
	if len(r.Findings) == 0 {
		p.nothing(r)
	} else {
		p.scope(r)
		for i, f := range Worst(r.Findings) {
			if i > 0 || !o.Quiet {
				p.line("")
			}
			p.finding(r, &f)
		}
	}
	_, err := w.Write(p.Bytes())
	return err
}

// scope says how far it reaches, and how much was looked at.
func (p *page) scope(r *diagnosis.Report) {
	if p.o.Quiet {
		return
	}
	p.item(0, "", sentence(r.Scope.Statement)+" "+looked(r), 0)
	if len(r.Findings) == 1 && r.Findings[0].Trigger != nil {
		p.item(0, "", whatChanged(&r.Findings[0]), 0)
	}
}

// looked counts what was read.
func looked(r *diagnosis.Report) string {
	s := "Looked at " + plural(r.Coverage.Pods, "pod")
	if r.Coverage.Nodes > 0 {
		s += " on " + plural(r.Coverage.Nodes, "node")
	}
	if r.Coverage.LogReads > 0 {
		s += " and read " + plural(r.Coverage.LogReads, "log")
	}
	if !r.CapturedAt.IsZero() {
		s += ", " + r.CapturedAt.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return s + "."
}

// nothing is the answer of a healthy cluster, or of one that could not be seen.
func (p *page) nothing(r *diagnosis.Report) {
	if p.o.Quiet {
		return
	}
	where := ""
	if p.o.Where != "" {
		where = " in " + p.o.Where
	}
	if r.Target != "" {
		p.item(0, "", fmt.Sprintf("Nothing is wrong with %s that its pods would show (%s seen).", r.Target, plural(p.seen(r), "pod")), 0)
	} else {
		p.item(0, "", fmt.Sprintf("Nothing is crash-looping%s (%s seen).", where, plural(p.seen(r), "pod")), 0)
	}
	if len(r.Gaps) == 0 {
		return
	}
	p.line("")
	p.line(p.o.paint(bold, "Not everything could be seen:"))
	shown, left := most(p, r.Gaps, 5)
	for _, g := range shown {
		p.item(2, "- ", gap(g), 3)
	}
	p.left(2, left)
}

func (p *page) seen(r *diagnosis.Report) int {
	if p.o.Seen > 0 || p.o.Where != "" {
		return p.o.Seen
	}
	return r.Coverage.Pods
}

func (p *page) left(indent, n int) {
	if n > 0 {
		p.line(strings.Repeat(" ", indent) + p.o.paint(dim, fmt.Sprintf("and %d more (-o wide)", n)))
	}
}

func gap(g diagnosis.Gap) string {
	s := g.What + ": " + strings.ReplaceAll(g.Reason, "-", " ")
	if g.Detail != "" {
		s += " (" + g.Detail + ")"
	}
	if g.Close != "" {
		s += "; " + g.Close
	}
	return s
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// sentence starts a clause with a capital letter and ends it with a full stop.
func sentence(s string) string {
	s = clean(s)
	if s == "" {
		return ""
	}
	if c := s[0]; 'a' <= c && c <= 'z' {
		s = string(c-'a'+'A') + s[1:]
	}
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") && !strings.HasSuffix(s, "!") {
		s += "."
	}
	return s
}
