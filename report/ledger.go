package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

// ruledOut lists what the evidence refutes, by reason: one fact may refute many.
func (p *page) ruledOut(f *diagnosis.Finding) {
	list := having(f, diagnosis.Refuted)
	if len(list) == 0 {
		return
	}
	p.title("Ruled out")
	for _, group := range p.alike(list, 4) {
		h := group.first
		p.item(5, "- ", p.names(group.causes)+": "+clean(h.Why)+refs(h.Against[:min(2, len(h.Against))]), 2)
	}
}

// names lists causes, so many that the reason behind them still is on the line.
func (p *page) names(causes []string) string {
	shown, left := most(p, causes, 3)
	s := strings.Join(shown, ", ")
	if left > 0 {
		s += fmt.Sprintf(" and %d more", left)
	}
	return s
}

// asked orders families by how soon people ask about them: was it memory, was it the probe, was it the node?
var asked = []string{"oom", "liveness", "node", "application", "config", "startup-drift"}

func byFamily(a, b diagnosis.Hypothesis) int { return cmp.Compare(place(a.Family), place(b.Family)) }

func place(family string) int {
	if i := slices.Index(asked, family); i >= 0 {
		return i
	}
	return len(asked)
}

// open lists the rivals that remain.
func (p *page) open(f *diagnosis.Finding) {
	list := append(others(f), having(f, diagnosis.Untested)...)
	if len(list) == 0 || f.Verdict == diagnosis.Proven && !p.o.Wide {
		return
	}
	p.title("Not ruled out")
	for _, group := range p.alike(list, 3) {
		h := group.first
		text := p.names(group.causes) + ": "
		switch {
		case h.Status == diagnosis.Supported:
			text += clean(h.Why) + refs(h.For[:min(2, len(h.For))])
		case len(h.Untested) > 0:
			text += clean(h.Untested[0].Why)
		default:
			text += clean(h.Why)
		}
		p.item(5, "- ", text, 2)
	}
}

func having(f *diagnosis.Finding, s diagnosis.Status) []diagnosis.Hypothesis {
	var out []diagnosis.Hypothesis
	for _, h := range f.Hypotheses {
		if h.Status == s && h.Cause != f.Cause {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, byFamily)
	return out
}

// others are causes that are supported beside the answer. A cause of the mechanism is a link of the chain, no rival.
func others(f *diagnosis.Finding) []diagnosis.Hypothesis {
	var out []diagnosis.Hypothesis
	for _, h := range having(f, diagnosis.Supported) {
		if h.Cause != f.Mechanism && f.Verdict == diagnosis.Ambiguous {
			out = append(out, h)
		}
	}
	return out
}

// alike is causes that share their reason.
type alike struct {
	first  diagnosis.Hypothesis
	causes []string
}

// alike groups hypotheses by their reason, so that one fact that refutes five rivals is one line.
func (p *page) alike(list []diagnosis.Hypothesis, n int) []alike {
	var out []alike
	at := map[string]int{}
	for _, h := range list {
		why := h.Why
		if h.Status == diagnosis.Untested && len(h.Untested) > 0 {
			why = h.Untested[0].Why
		}
		key := string(h.Status) + why
		if i, ok := at[key]; ok {
			out[i].causes = append(out[i].causes, h.Cause)
			continue
		}
		at[key] = len(out)
		out = append(out, alike{h, []string{h.Cause}})
	}
	shown, _ := most(p, out, n)
	return shown
}
