package playbook

import (
	"fmt"
	"slices"
	"strings"
)

// Fact is an entry of the glossary: something that may be seen of a run, and whose word it is. Causes and misreadings
// name facts; package diagnosis and signatures make them.
type Fact struct {
	ID string `json:"id"`
	// Producer is whose word it is, one of evidence.Producer.
	Producer string `json:"producer"`
	// Seen is what was seen where the fact holds.
	Seen string `json:"seen"`
	// Holds names the platforms and versions that the fact is limited to; everywhere where empty.
	Holds string `json:"holds,omitempty"`
}

// Fact returns an entry of the glossary.
func (p *Playbook) Fact(id string) (Fact, bool) {
	i := slices.IndexFunc(p.Facts, func(f Fact) bool { return f.ID == id })
	if i < 0 {
		return Fact{}, false
	}
	return p.Facts[i], true
}

// refutedBy is the prefix of an entry of [Cause.Refutes] that names a cause.
const refutedBy = "cause:"

// checkNames refuses a catalogue that names what is not there: facts, groups, causes that refute, misreadings.
func (p *Playbook) checkNames(groups map[string][]string) error {
	facts := map[string]bool{}
	for _, f := range p.Facts {
		if facts[f.ID] {
			return fmt.Errorf("fact %s is there twice", f.ID)
		}
		facts[f.ID] = true
	}
	known := func(who string, ids ...string) error {
		for _, id := range ids {
			if name, ok := strings.CutPrefix(id, "@"); ok {
				return fmt.Errorf("%s names the group %q, which is not in groups.yaml or does not fit there", who, name)
			}
			if !facts[id] {
				return fmt.Errorf("%s names the fact %q, which is not in facts.yaml", who, id)
			}
		}
		return nil
	}
	for name, members := range groups {
		for _, m := range members {
			if p.byID[m] == nil && !facts[m] {
				return fmt.Errorf("group %s names %q, which is neither a cause nor a fact of facts.yaml", name, m)
			}
		}
	}
	for i := range p.Causes {
		if err := p.checkCause(&p.Causes[i], known); err != nil {
			return err
		}
	}
	for _, m := range p.Misreadings {
		if err := known("misreading "+m.ID, m.When...); err != nil {
			return err
		}
	}
	for _, s := range p.Signatures {
		if s.Fact == "" {
			continue
		}
		if err := known("signature "+s.ID, s.Fact); err != nil {
			return err
		}
	}
	return nil
}

func (p *Playbook) checkCause(c *Cause, known func(who string, ids ...string) error) error {
	who := "cause " + c.ID
	if c.Depth < 0 || c.Depth >= len(Depths) {
		return fmt.Errorf("%s has depth %d; there are 0 to %d", who, c.Depth, len(Depths)-1)
	}
	if err := known(who, slices.Concat(c.Decisive, c.Supports, c.Hints, c.Needs)...); err != nil {
		return err
	}
	for _, id := range c.Refutes {
		rival, ok := strings.CutPrefix(id, refutedBy)
		if !ok {
			if err := known(who, id); err != nil {
				return err
			}
		} else if p.byID[rival] == nil {
			return fmt.Errorf("%s names %q, which is no cause", who, rival)
		}
	}
	for _, id := range c.Misreadings {
		if !slices.ContainsFunc(p.Misreadings, func(m Misreading) bool { return m.ID == id }) {
			return fmt.Errorf("%s names the misreading %q, which is not in misreadings.yaml", who, id)
		}
	}
	return nil
}
