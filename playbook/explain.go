package playbook

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

// Explanation is everything that the catalogue says of a cause, with the names in it spelled out. Its JSON form is what
// `crashproof playbook explain` gives to programs.
type Explanation struct {
	ID         string `json:"id"`
	Family     Word   `json:"family"`
	Neighbour  bool   `json:"neighbour"`
	Likelihood string `json:"likelihood,omitempty"`
	Layer      Word   `json:"layer"`
	// Depth is [Cause.Depth], and Deep what that means.
	Depth int    `json:"depth"`
	Deep  string `json:"deep"`
	Means string `json:"means"`
	// Headline is what a report says, without the particulars of a case.
	Headline string `json:"headline"`
	// SettledBy are facts that decide alone, and SettledBySaying places in which a message decides alone.
	SettledBy       []Fact   `json:"settledBy"`
	SettledBySaying []string `json:"settledBySaying"`
	// Needs are facts of which one must be seen besides.
	Needs       []Fact `json:"needs"`
	SupportedBy []Fact `json:"supportedBy"`
	// Hints are compatible with the cause and with much else.
	Hints     []Fact `json:"hints"`
	RefutedBy []Fact `json:"refutedBy"`
	// RefutedByCauses are causes that exclude this one where they are well supported.
	RefutedByCauses []Word `json:"refutedByCauses"`
	// Confusion are the rivals that must be refuted before the cause is proven.
	Confusion []Word `json:"confusion"`
	// Explains are shallower causes that this one accounts for, ExplainedBy deeper ones that account for it.
	Explains    []Word            `json:"explains"`
	ExplainedBy []Word            `json:"explainedBy"`
	ChangedBy   []Word            `json:"changedBy"`
	Expects     map[string]string `json:"expects"`
	Harmless    string            `json:"harmless,omitempty"`
	Misreadings []Misreading      `json:"misreadings"`
	Sayings     Sayings           `json:"sayings"`
	Checks      []Check           `json:"checks"`
	Remedies    []Remedy          `json:"remedies"`
	Holds       string            `json:"holds,omitempty"`
	Docs        []Doc             `json:"docs"`
	// Source is the file that says all this, in this package.
	Source string `json:"source"`
}

// Sayings is how programs and the platform say that a cause is true: by which signatures.
type Sayings struct {
	Total int `json:"total"`
	// ByProvenance counts signatures by where their messages are known from.
	ByProvenance map[string]int `json:"byProvenance"`
	Examples     []Saying       `json:"examples"`
}

// Saying is one signature and a message that it matches.
type Saying struct {
	Signature  string `json:"signature"`
	Program    string `json:"program,omitempty"`
	In         string `json:"in"`
	Provenance string `json:"provenance"`
	Message    string `json:"message"`
}

// Explain spells a cause out.
func (p *Playbook) Explain(c *Cause) Explanation {
	signatures := p.signaturesOf(c)
	e := Explanation{
		ID: c.ID, Family: Word{c.Family, meaning(Families, c.Family)}, Neighbour: c.Neighbour, Likelihood: c.Likelihood,
		Layer: Word{c.Layer, meaning(Layers, c.Layer)}, Depth: c.Depth, Deep: Depths[c.Depth], Means: c.Means, Headline: fill(c.Says),
		SettledBy: p.facts(c.Decisive), SettledBySaying: settling(c, signatures),
		Needs: p.facts(c.Needs), SupportedBy: p.facts(c.Supports), Hints: p.facts(c.Hints),
		Confusion: p.causes(c.Confusion), Explains: p.causes(c.Explains), ExplainedBy: p.explaining(c.ID),
		ChangedBy: aspects(c.ChangedBy), Expects: c.Expects, Harmless: c.Harmless, Misreadings: p.misreadings(c), Sayings: sayings(signatures),
		Checks: []Check{}, Remedies: []Remedy{}, Holds: c.Holds, Docs: append([]Doc{}, c.Docs...), Source: c.file,
	}
	var facts, rivals []string
	for _, id := range c.Refutes {
		if rival, ok := strings.CutPrefix(id, refutedBy); ok {
			rivals = append(rivals, rival)
		} else {
			facts = append(facts, id)
		}
	}
	e.RefutedBy, e.RefutedByCauses = p.facts(facts), p.causes(rivals)
	if e.Expects == nil {
		e.Expects = map[string]string{}
	}
	for _, k := range c.Checks {
		e.Checks = append(e.Checks, Check{Why: k.Why, Command: fill(k.Command)})
	}
	for _, r := range c.Remedies {
		e.Remedies = append(e.Remedies, Remedy{ID: r.ID, Action: r.Action, Text: fill(r.Text), Where: r.Where})
	}
	return e
}

func (p *Playbook) facts(ids []string) []Fact {
	out := []Fact{}
	for _, id := range ids {
		f, _ := p.Fact(id)
		out = append(out, f)
	}
	return out
}

func (p *Playbook) causes(ids []string) []Word {
	out := []Word{}
	for _, id := range ids {
		out = append(out, Word{id, p.byID[id].Means})
	}
	return out
}

func aspects(ids []string) []Word {
	out := []Word{}
	for _, id := range ids {
		out = append(out, Word{id, meaning(Aspects, id)})
	}
	return out
}

func (p *Playbook) explaining(id string) []Word {
	out := []Word{}
	for _, c := range p.Causes {
		if slices.Contains(c.Explains, id) {
			out = append(out, Word{c.ID, c.Means})
		}
	}
	return out
}

// misreadings are those that the cause names, and those that the facts invite which settle or support it.
func (p *Playbook) misreadings(c *Cause) []Misreading {
	out := []Misreading{}
	for _, m := range p.Misreadings {
		invited := slices.ContainsFunc(m.When, func(id string) bool {
			return slices.Contains(c.Decisive, id) || slices.Contains(c.Supports, id)
		})
		if invited || slices.Contains(c.Misreadings, m.ID) {
			m.Seen, m.Not, m.Because = fill(m.Seen), fill(m.Not), fill(m.Because)
			out = append(out, m)
		}
	}
	return out
}

// signaturesOf are those that tell of a cause: in its name, or by a fact that settles, supports or hints at it.
func (p *Playbook) signaturesOf(c *Cause) []Signature {
	var out []Signature
	for _, s := range p.Signatures {
		fact := s.Fact != "" && (slices.Contains(c.Decisive, s.Fact) || slices.Contains(c.Supports, s.Fact) || slices.Contains(c.Hints, s.Fact))
		if s.Cause == c.ID || fact {
			out = append(out, s)
		}
	}
	return out
}

// settling names the places in which a message in the cause's name decides alone. A log does so only by its last words,
// and these only where a signature knows their program.
func settling(c *Cause, signatures []Signature) []string {
	out := []string{}
	for _, place := range Places {
		decides := slices.ContainsFunc(signatures, func(s Signature) bool { return s.In == place.ID && s.In != OnWords && s.Cause == c.ID && s.Cap == "" })
		if decides {
			out = append(out, place.ID)
		}
	}
	return out
}

// mostSayings bounds the examples of messages.
const mostSayings = 6

// provenances are where messages are known from, the surest first.
var provenances = []string{"observed", "source", "documented"}

// sayings counts signatures, and picks examples: the surest provenance first, of different programs.
func sayings(signatures []Signature) Sayings {
	out := Sayings{Total: len(signatures), ByProvenance: map[string]int{}, Examples: []Saying{}}
	for _, s := range signatures {
		out.ByProvenance[s.Provenance]++
	}
	sorted := slices.Clone(signatures)
	slices.SortStableFunc(sorted, func(a, b Signature) int {
		return cmp.Compare(slices.Index(provenances, a.Provenance), slices.Index(provenances, b.Provenance))
	})
	taken := map[string]bool{}
	for _, again := range []bool{false, true} { // first one of each program, then whatever there is
		for _, s := range sorted {
			if len(out.Examples) == mostSayings || len(s.Positives) == 0 || taken["signature "+s.ID] || !again && taken["program "+s.Program] {
				continue
			}
			taken["signature "+s.ID], taken["program "+s.Program] = true, true
			out.Examples = append(out.Examples, Saying{Signature: s.ID, Program: s.Program, In: s.In, Provenance: s.Provenance, Message: s.Positives[0]})
		}
	}
	return out
}

var bare = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// fill expands a template of the catalogue without a case: attributes that it cannot do without become names in capital
// letters, as kubectl's help has them; the others fall away.
func fill(text string) string {
	text = bare.ReplaceAllStringFunc(text, func(s string) string { return strings.ToUpper(bare.FindStringSubmatch(s)[1]) })
	t, err := template.New("").Option("missingkey=zero").Parse(text)
	if err != nil {
		return text
	}
	var b strings.Builder
	if err := t.Execute(&b, map[string]string{}); err != nil {
		return text
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Family returns the causes of a family, or all where it is empty, in the order in which families are told.
func (p *Playbook) Family(family string) []Cause {
	var out []Cause
	for _, f := range Families {
		for _, c := range p.Causes {
			if c.Family == f.ID && (family == "" || family == f.ID) {
				out = append(out, c)
			}
		}
	}
	return out
}
