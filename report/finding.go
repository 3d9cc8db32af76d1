package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

// finding tells one finding: the conclusion, why, what was ruled out, what to do.
func (p *page) finding(r *diagnosis.Report, f *diagnosis.Finding) {
	p.conclusion(f)
	p.item(3, "", state(r, f), 4)
	p.why(f)
	p.evidence(f)
	p.ruledOut(f)
	p.open(f)
	p.remedies(f)
	p.misreadings(f)
	p.checks(f)
	p.gaps(f)
	if p.o.Wide {
		p.path(f)
		p.timeline(f)
		p.containers(f)
		p.title("Finding " + f.ID)
	}
}

// conclusion is the verdict, the headline and the cause's id.
func (p *page) conclusion(f *diagnosis.Finding) {
	verdict := strings.ToUpper(string(f.Verdict))
	text := clean(f.Headline)
	if f.Cause != "" {
		text += " [" + f.Cause + "]"
	}
	if f.Probability != nil {
		text += fmt.Sprintf(" (such verdicts were right %.0f %% of the time)", *f.Probability*100)
	}
	lines := wrap(text, p.o.Width-3)
	p.line(p.o.paint(inkOf(f.Verdict), verdict))
	for _, l := range lines {
		p.line("   " + p.o.paint(bold, l))
	}
}

// state says in prose how far it reaches, since when, and what shows it.
func state(r *diagnosis.Report, f *diagnosis.Finding) string {
	s := ""
	if f.Scope.Statement != r.Scope.Statement { // which the first line says
		s = sentence(f.Scope.Statement)
	}
	if c := worst(f.Containers); c != nil {
		if c.Container == "" {
			s += " " + sentence("the pod is "+c.State)
		} else {
			s += " " + sentence("container "+c.Container+restarts(c)+condition(c))
		}
	}
	if f.State == "recovered" {
		s += " It has recovered."
	}
	if f.Onset != nil && !f.Onset.Time.IsZero() {
		s += " It began " + clock(*f.Onset, r.CapturedAt) + "."
	}
	if len(r.Findings) > 1 && f.Trigger != nil { // of one finding the second line of the report says it
		s += " " + whatChanged(f)
	}
	if f.Sampled.Of > f.Sampled.Read {
		s += fmt.Sprintf(" %d of %d were read in depth.", f.Sampled.Read, f.Sampled.Of)
	}
	if len(f.Victims) > 0 {
		s += " It takes down " + victims(f.Victims) + " with it."
	}
	return s
}

// whatChanged tells the change that brought a finding about, how long before it began that was, and who would undo a repair.
func whatChanged(f *diagnosis.Finding) string {
	t := f.Trigger
	s := "What changed: " + clean(t.Text) + ", at " + t.Time.UTC().Format("15:04:05 UTC")
	if f.Onset != nil {
		if d := f.Onset.Time.Sub(t.Time); d >= time.Second {
			s += ", " + duration.HumanDuration(d) + " before it began"
		}
	}
	s += "."
	if t.KeptBy != "" {
		s += " " + sentence(t.KeptBy+" keeps it as it is: change it there, a patch by hand is undone")
	}
	return s
}

func restarts(c *diagnosis.ContainerFinding) string {
	switch {
	case c.Restarts == nil:
		return ""
	case *c.Restarts == 0:
		return " never restarted"
	case *c.Restarts == 1:
		return " restarted once"
	}
	return fmt.Sprintf(" restarted %d times", *c.Restarts)
}

// condition says what the container is doing now. A waiting reason is written as the API does, CrashLoopBackOff.
func condition(c *diagnosis.ContainerFinding) string {
	and := ""
	if c.Restarts != nil {
		and = " and"
	}
	switch {
	case c.State == "":
		return ""
	case 'A' <= c.State[0] && c.State[0] <= 'Z':
		return and + " shows " + c.State
	}
	return and + " is " + c.State
}

// worst is the container with the most restarts.
func worst(list []diagnosis.ContainerFinding) *diagnosis.ContainerFinding {
	var out *diagnosis.ContainerFinding
	for i := range list {
		c := &list[i]
		if out == nil || c.Restarts != nil && (out.Restarts == nil || *c.Restarts > *out.Restarts) {
			out = c
		}
	}
	return out
}

// clock gives a moment and how long ago that was when the evidence was captured.
func clock(m diagnosis.Moment, now time.Time) string {
	t := m.Time.UTC()
	layout := "15:04:05 UTC"
	if t.Format(time.DateOnly) != now.UTC().Format(time.DateOnly) {
		layout = "2006-01-02 15:04:05 UTC"
	}
	s := "at " + t.Format(layout)
	if m.PlusMinus != "" {
		s += " (± " + m.PlusMinus + ")"
	}
	if d := now.Sub(t); d > 0 && !now.IsZero() {
		s += ", " + duration.HumanDuration(d) + " before this was read"
	}
	return s
}

func victims(list []diagnosis.Workload) string {
	var names []string
	for _, v := range list {
		names = append(names, workload(v))
	}
	if len(names) > 3 {
		names = append(names[:3], fmt.Sprintf("%d more", len(names)-3))
	}
	return strings.Join(names, ", ")
}

func workload(w diagnosis.Workload) string {
	if w.External != "" {
		return w.External
	}
	if w.Namespace == "" {
		return w.Kind + " " + w.Name
	}
	return w.Kind + " " + w.Namespace + "/" + w.Name
}

// why is the chain, from what people see down to the cause, with the evidence for the answer.
func (p *page) why(f *diagnosis.Finding) {
	if len(f.Chain) == 0 {
		return
	}
	p.title("Why")
	cite := make([]string, len(f.Chain))
	if h := supported(f, f.Mechanism); h != nil && len(f.Chain) > 2 {
		cite[1] = refs(h.For)
	}
	if h := answer(f); h != nil {
		cite[len(cite)-1] = refs(h.For)
	}
	for i, c := range f.Chain {
		mark := "  "
		if i > 0 {
			mark = "← "
		}
		c = strings.TrimPrefix(clean(c), "because ")
		p.item(5, mark, c+cite[i], 3)
	}
}

// answer is the hypothesis that the verdict names.
func answer(f *diagnosis.Finding) *diagnosis.Hypothesis { return supported(f, f.Cause) }

func supported(f *diagnosis.Finding, cause string) *diagnosis.Hypothesis {
	i := slices.IndexFunc(f.Hypotheses, func(h diagnosis.Hypothesis) bool { return h.Cause == cause && h.Status == diagnosis.Supported })
	if i < 0 {
		return nil
	}
	return &f.Hypotheses[i]
}

// refs writes the ids of evidence as they are quoted below.
func refs(ids []string) string {
	s := ""
	for _, id := range ids {
		if id != "" {
			s += " [" + id + "]"
		}
	}
	return s
}

// evidence quotes what the answer and the refutations cite; wide quotes all.
func (p *page) evidence(f *diagnosis.Finding) {
	list := f.Evidence
	if !p.o.Wide {
		list = cited(f)
	}
	if len(list) == 0 {
		return
	}
	p.title("Seen")
	for _, group := range sameQuote(list) {
		e := group[0]
		at := ""
		if !e.Time.IsZero() {
			at = ", " + e.Time.UTC().Format("15:04:05")
		}
		times := ""
		if e.Count > 1 {
			times = fmt.Sprintf(" (%d times)", e.Count)
		}
		p.item(5, strings.TrimPrefix(refs(idsOf(group)), " ")+" ", string(e.Source)+at+": "+clean(e.Text)+times, 2)
	}
}

// sameQuote groups evidence that quotes the same words of the same producer: one status may settle several questions.
func sameQuote(list []diagnosis.Evidence) [][]diagnosis.Evidence {
	var out [][]diagnosis.Evidence
	at := map[string]int{}
	for _, e := range list {
		key := string(e.Source) + "\x00" + e.Text + "\x00" + e.Time.String()
		if i, ok := at[key]; ok {
			out[i] = append(out[i], e)
			continue
		}
		at[key] = len(out)
		out = append(out, []diagnosis.Evidence{e})
	}
	return out
}

func idsOf(list []diagnosis.Evidence) []string {
	var out []string
	for _, e := range list {
		out = append(out, e.ID)
	}
	return out
}

// mostQuotes keeps to the screen.
const mostQuotes = 6

// cited is the evidence for the answer first, then what refutes its rivals, in the order of ids.
func cited(f *diagnosis.Finding) []diagnosis.Evidence {
	want := map[string]bool{}
	take := func(ids []string) {
		for _, id := range ids {
			if len(want) < mostQuotes {
				want[id] = true
			}
		}
	}
	if h := answer(f); h != nil {
		take(h.For)
		take(h.Against)
	}
	if h := supported(f, f.Mechanism); h != nil {
		take(h.For)
	}
	for _, h := range f.Hypotheses {
		if h.Status == diagnosis.Refuted {
			take(h.Against[:min(1, len(h.Against))])
		}
	}
	if len(want) == 0 { // nothing was concluded: what was seen at all
		for _, e := range f.Evidence {
			take([]string{e.ID})
		}
	}
	var out []diagnosis.Evidence
	for _, e := range f.Evidence {
		if want[e.ID] {
			out = append(out, e)
		}
	}
	return out
}
