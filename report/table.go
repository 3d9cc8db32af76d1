package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/triage"
)

// Table writes a line for each finding, worst first. Where a width is given and a line would not fit, the headline
// stands below its line.
func Table(w io.Writer, r *diagnosis.Report, o Options) error {
	if len(r.Findings) == 0 {
		return Text(w, r, o)
	}
	p := newPage(o)
	p.scope(r)
	if !o.Quiet {
		p.line("")
	}
	findings := Worst(r.Findings)
	rows := [][]string{{"NAMESPACE", "WORKLOAD", "CONTAINER", "RESTARTS", "SINCE", "VERDICT", "CAUSE", "SCOPE"}}
	for i := range findings {
		rows = append(rows, row(r, &findings[i]))
	}
	lines := aligned(rows)
	inline := o.Width == 0 || o.Wide || fits(lines, findings, o.Width)
	for i, l := range lines {
		switch {
		case i == 0 && inline:
			p.line(p.o.paint(bold, l+"HEADLINE"))
		case i == 0:
			p.line(p.o.paint(bold, strings.TrimRight(l, " ")))
		case inline:
			p.line(l + short(&findings[i-1]))
		default:
			p.line(l)
			p.line("  " + p.o.paint(dim, cut(short(&findings[i-1]), o.Width-2)))
		}
	}
	p.more(&findings[0], r)
	_, err := w.Write(p.Bytes())
	return err
}

// Worst orders findings by how much they need attention: what goes on now, crash loops before their neighbours, the
// worse symptom, the more pods.
func Worst(list []diagnosis.Finding) []diagnosis.Finding {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b diagnosis.Finding) int {
		return cmp.Or(cmp.Compare(a.State, b.State), // active before recovered
			compareBool(a.Neighbour, b.Neighbour),
			cmp.Compare(triage.Symptom(a.Symptom).Rank(), triage.Symptom(b.Symptom).Rank()),
			cmp.Compare(b.Scope.Affected, a.Scope.Affected),
			cmp.Compare(a.Workload.Namespace, b.Workload.Namespace), cmp.Compare(a.Workload.Name, b.Workload.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func row(r *diagnosis.Report, f *diagnosis.Finding) []string {
	container, count := "-", "-"
	if c := worst(f.Containers); c != nil {
		container = orDash(c.Container)
		if c.Restarts != nil {
			count = strconv.Itoa(*c.Restarts)
		}
	}
	since := "-"
	if f.Onset != nil && !f.Onset.Time.IsZero() && !r.CapturedAt.IsZero() {
		since = duration.HumanDuration(r.CapturedAt.Sub(f.Onset.Time))
	}
	name := f.Workload.Kind + "/" + f.Workload.Name
	if f.Workload.External != "" {
		name = f.Workload.External
	}
	verdict := string(f.Verdict)
	if f.State == "recovered" {
		verdict += ", over"
	}
	return []string{orDash(f.Workload.Namespace), name, container, count, since, verdict, orDash(f.Cause), reach(f.Scope)}
}

func reach(s diagnosis.Scope) string {
	if s.Population == 0 {
		return orDash(string(s.Level))
	}
	return fmt.Sprintf("%s %d/%d", s.Level, s.Affected, s.Population)
}

func orDash(s string) string {
	if s = clean(s); s == "" {
		return "-"
	}
	return s
}

// aligned pads every column to its widest cell.
func aligned(rows [][]string) []string {
	widths := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, c := range r {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	out := make([]string, len(rows))
	for n, r := range rows {
		var b strings.Builder
		for i, c := range r {
			b.WriteString(c + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c)+3))
		}
		out[n] = b.String()
	}
	return out
}

func fits(lines []string, findings []diagnosis.Finding, width int) bool {
	for i := range findings {
		if utf8.RuneCountInString(lines[i+1])+utf8.RuneCountInString(short(&findings[i])) > width {
			return false
		}
	}
	return true
}

// short is the headline without the workload's name and the verdict, which the line has already.
func short(f *diagnosis.Finding) string {
	s := strings.TrimSuffix(clean(f.Headline), " ("+string(f.Verdict)+")")
	if who, rest, ok := strings.Cut(s, ": "); ok && strings.HasPrefix(who, f.Workload.Kind+" "+f.Workload.Namespace+"/"+f.Workload.Name) {
		return rest
	}
	return s
}

// more tells how to go on.
func (p *page) more(f *diagnosis.Finding, r *diagnosis.Report) {
	if p.o.Quiet {
		return
	}
	p.line("")
	if p.o.More != "" && f.Workload.Kind != "" && f.Workload.Kind != "Node" {
		cmd := strings.NewReplacer("TYPE/NAME", strings.ToLower(f.Workload.Kind)+"/"+f.Workload.Name, "NAMESPACE", f.Workload.Namespace).Replace(p.o.More)
		p.line("Why, and what to do: " + p.o.paint(cyan, cmd))
	}
	if n := len(r.Gaps); n > 0 {
		p.item(0, "", fmt.Sprintf("Not seen: %s; the first: %s", plural(n, "thing"), gap(r.Gaps[0])), 2)
	}
}
