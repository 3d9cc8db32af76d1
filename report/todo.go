package report

import (
	"fmt"
	"slices"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

// remedies says what to do.
func (p *page) remedies(f *diagnosis.Finding) {
	if len(f.Remedies) == 0 {
		return
	}
	p.title("What to do")
	shown, left := most(p, f.Remedies, 4)
	for i, m := range shown {
		p.item(5, fmt.Sprintf("%d. ", i+1), m.Text+refs(m.Evidence), 3)
	}
	p.left(5, left)
}

// misreadings warns of conclusions that the same evidence invites.
func (p *page) misreadings(f *diagnosis.Finding) {
	if len(f.Misreadings) == 0 {
		return
	}
	p.title("Beware")
	shown, _ := most(p, f.Misreadings, 2)
	for _, m := range shown {
		p.item(5, "- ", fmt.Sprintf("%s does not mean %s: %s.", m.Seen, m.Not, m.Because), 2)
	}
}

// checks are commands that would move the verdict. A command is one line whatever the width, to be copied.
func (p *page) checks(f *diagnosis.Finding) {
	if len(f.NextChecks) == 0 {
		return
	}
	p.title("To be surer")
	shown, left := most(p, f.NextChecks, 3)
	for _, c := range shown {
		p.line("     " + p.o.paint(cyan, "$ "+clean(c.Command)) + why(c.Why))
	}
	p.left(5, left)
}

func why(s string) string {
	if s == "" {
		return ""
	}
	return "   # " + clean(s)
}

// gaps is what could not be seen of this finding. A proven verdict does not need it, but for what is wrong with the
// evidence that was given.
func (p *page) gaps(f *diagnosis.Finding) {
	list := f.Gaps
	if f.Verdict == diagnosis.Proven && !p.o.Wide {
		list = slices.DeleteFunc(slices.Clone(list), func(g diagnosis.Gap) bool {
			return g.Reason != string(evidence.Truncated) && g.Reason != string(evidence.Mismatched)
		})
	}
	if len(list) == 0 {
		return
	}
	p.title("Not seen")
	shown, left := most(p, list, 3)
	for _, g := range shown {
		p.item(5, "- ", gap(g), 2)
	}
	p.left(5, left)
}

// path is the way from the symptom to the cause.
func (p *page) path(f *diagnosis.Finding) {
	if len(f.Path) == 0 {
		return
	}
	p.title("The way here")
	for i, s := range f.Path {
		p.item(5, fmt.Sprintf("%d. ", i+1), fmt.Sprintf("%s %s → %s", s.Question, sentence(s.Answer), s.Then), 3)
		for _, c := range s.Checks {
			p.item(8, map[diagnosis.Status]string{diagnosis.Supported: "+ ", diagnosis.Refuted: "- ", diagnosis.Untested: "? "}[c.Status], c.What+": "+c.Text, 2)
		}
	}
}

// timeline is what happened around the onset.
func (p *page) timeline(f *diagnosis.Finding) {
	if len(f.Timeline) == 0 {
		return
	}
	p.title("Timeline")
	for _, e := range f.Timeline {
		p.item(5, e.Time.UTC().Format("2006-01-02 15:04:05")+" ", e.Text, 0)
	}
}

// containers lists every sick container.
func (p *page) containers(f *diagnosis.Finding) {
	if len(f.Containers) == 0 {
		return
	}
	p.title("Containers")
	for i := range f.Containers {
		c := &f.Containers[i]
		text := c.Pod
		if c.Container != "" {
			text += ", container " + c.Container
		}
		if c.Role != "" && c.Role != "main" {
			text += " (" + c.Role + ")"
		}
		if c.Node != "" {
			text += ", node " + c.Node
		}
		p.item(5, "- ", text+":"+restarts(c)+condition(c), 0)
	}
}
