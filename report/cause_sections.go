package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/playbook"
)

// section is a part of what is said of a cause, the same in text and in Markdown.
type section struct {
	title, lead string
	entries     []entry
}

// entry is one point of a section: a name and a text, a text alone, a command with its reason, or a page.
type entry struct {
	name    string // a fact, a producer, a remedy
	cause   bool   // name is a cause
	text    string
	command string
	quote   string
	url     string
}

// sections puts in order what is said of a cause: how it is told, what it is confused with, what to do.
func sections(e playbook.Explanation) []section {
	var out []section
	add := func(title, lead string, entries []entry) {
		if len(entries) > 0 || lead != "" {
			out = append(out, section{title, lead, entries})
		}
	}
	settled, lead := settledBy(e)
	add("What settles it", lead, settled)
	add("What must be seen beside it", beside(e), facts(e.Needs))
	add("What supports it", "", facts(e.SupportedBy))
	add("What hints at it", lone("It fits much else too, and never makes the cause the answer.", e.Hints), facts(e.Hints))
	add("What refutes it", "", refutations(e))
	add("What it is confused with", confusion(e), causes(e.Confusion))
	add("What looks the same and is harmless", e.Harmless, nil)
	add("What each producer shows when it is true", "", expectations(e))
	add("What changed, where a change brought it about", "", changed(e))
	add("What it explains", lone("A shallower cause of the same end is then a link of its chain, and no rival.", e.Explains), causes(e.Explains))
	add("What explains it", "", causes(e.ExplainedBy))
	add("Misreadings that it invites", "", misread(e))
	add("How programs say it", sayingLead(e.Sayings), sayings(e.Sayings))
	add("Next checks", "", checks(e))
	add("What to do", "", remedies(e))
	add("Where it holds", e.Holds, nil)
	add("Documentation", "", docs(e))
	return out
}

// settledBy are the facts that decide alone, and in words the messages that do.
func settledBy(e playbook.Explanation) ([]entry, string) {
	entries := facts(e.SettledBy)
	for _, place := range e.SettledBySaying {
		entries = append(entries, entry{text: settlingMessage[place]})
	}
	switch {
	case len(entries) > 0:
		return entries, ""
	case e.Depth == 0:
		return nil, "Nothing: it is what is said where nothing else is supported, and it is never proven."
	case e.Sayings.Total == 0 && len(e.SupportedBy) == 0:
		return nil, "Nothing that crashproof reads so far: the cause has a name and an explanation here, and no report gives it yet."
	}
	return nil, "Nothing alone. Two producers that agree prove it, where every rival is refuted."
}

var settlingMessage = map[string]string{
	playbook.OnLog:     "The program's own message, as the last words of the run that ended (see below).",
	playbook.OnStart:   "The runtime's message about the start that failed (see below).",
	playbook.OnWaiting: "The kubelet's message about the container that it cannot create (see below).",
	playbook.OnEvent:   "The message of an event (see below).",
}

func beside(e playbook.Explanation) string {
	return lone("Without one of these, what settles it only supports it.", e.Needs)
}

func confusion(e playbook.Explanation) string {
	lead := "Each of these has to be refuted before it is proven."
	if slices.ContainsFunc(e.Confusion, func(r playbook.Word) bool { return slices.Contains(e.Explains, r) }) {
		lead += " Those that it explains may be links of its chain in place of that."
	}
	return lone(lead, e.Confusion)
}

// lone is a lead where there is something to lead to.
func lone[T any](lead string, list []T) string {
	if len(list) == 0 {
		return ""
	}
	return lead
}

func facts(list []playbook.Fact) []entry {
	var out []entry
	for _, f := range list {
		text := f.Seen
		if f.Holds != "" {
			text += " Where: " + f.Holds
		}
		out = append(out, entry{name: f.ID + " (" + f.Producer + ")", text: text})
	}
	return out
}

func causes(list []playbook.Word) []entry {
	var out []entry
	for _, c := range list {
		out = append(out, entry{name: c.ID, cause: true, text: c.Means})
	}
	return out
}

// refutations are many: where a fact can hold is left to the sections in which it matters.
func refutations(e playbook.Explanation) []entry {
	var out []entry
	for _, f := range e.RefutedBy {
		out = append(out, entry{name: f.ID + " (" + f.Producer + ")", text: f.Seen})
	}
	for _, c := range causes(e.RefutedByCauses) {
		c.text = strings.TrimSuffix(c.text, ".") + " (where that is well supported)."
		out = append(out, c)
	}
	return out
}

// expectations are in the order of the producers, from the process outwards.
func expectations(e playbook.Explanation) []entry {
	var out []entry
	for _, p := range playbook.Producers {
		if text := e.Expects[p.ID]; text != "" {
			out = append(out, entry{name: p.ID, text: text})
		}
	}
	return out
}

func changed(e playbook.Explanation) []entry {
	var out []entry
	for _, a := range e.ChangedBy {
		out = append(out, entry{name: a.ID, text: sentence(a.Means)})
	}
	return out
}

func misread(e playbook.Explanation) []entry {
	var out []entry
	for _, m := range e.Misreadings {
		out = append(out, entry{text: sentence(fmt.Sprintf("%s does not mean %s: %s", m.Seen, m.Not, m.Because))})
	}
	return out
}

// sayingLead counts signatures and says where their messages are known from.
func sayingLead(s playbook.Sayings) string {
	if s.Total == 0 {
		return ""
	}
	known := map[string]string{"observed": "seen on a cluster", "source": "read in the source", "documented": "documented"}
	var parts []string
	for _, p := range []string{"observed", "source", "documented"} {
		if n := s.ByProvenance[p]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, known[p]))
		}
	}
	lead := plural(s.Total, "signature") + " tell of it: "
	if s.Total == 1 {
		lead = "1 signature tells of it: "
	}
	lead += strings.Join(parts, ", ") + "."
	if len(s.Examples) < s.Total {
		lead += " Some of them:"
	}
	return lead
}

func sayings(s playbook.Sayings) []entry {
	var out []entry
	for _, x := range s.Examples {
		text := "by " + x.Program
		if x.Program == "" {
			text = "by programs of many kinds"
		}
		out = append(out, entry{name: x.Signature, text: fmt.Sprintf("%s, %s (%s)", text, placeOf(x.In), x.Provenance), quote: x.Message})
	}
	return out
}

func placeOf(in string) string {
	for _, p := range playbook.Places {
		if p.ID == in {
			return p.Means
		}
	}
	return in
}

func checks(e playbook.Explanation) []entry {
	var out []entry
	for _, c := range e.Checks {
		out = append(out, entry{command: c.Command, text: c.Why})
	}
	return out
}

func remedies(e playbook.Explanation) []entry {
	var out []entry
	for _, r := range e.Remedies {
		out = append(out, entry{name: r.ID + " (" + r.Action + ")", text: r.Text})
	}
	return out
}

func docs(e playbook.Explanation) []entry {
	var out []entry
	for _, d := range e.Docs {
		out = append(out, entry{text: d.Title, url: d.URL})
	}
	return out
}
