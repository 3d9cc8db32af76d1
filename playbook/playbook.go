package playbook

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"sigs.k8s.io/yaml"
)

//go:embed causes/*.yaml signatures/*.yaml misreadings.yaml groups.yaml facts.yaml measured.yaml
var files embed.FS

// Playbook is a loaded catalogue.
type Playbook struct {
	Causes      []Cause
	Signatures  []Signature
	Misreadings []Misreading
	Measured    Measured
	Facts       []Fact
	byID        map[string]*Cause
	logs        *Matcher
	words       []*Signature
}

// Gist is the first of the signatures of last words that fits a message, or nil.
func (p *Playbook) Gist(message string) *Signature {
	for _, s := range p.words {
		if s.Matches(message) {
			return s
		}
	}
	return nil
}

// Logs is the matcher of the signatures of logs.
func (p *Playbook) Logs() *Matcher { return p.logs }

// Default returns the embedded catalogue. It panics where the data is broken; the package's tests load it.
func Default() *Playbook { return load() }

var load = sync.OnceValue(func() *Playbook {
	p, err := Load(files)
	if err != nil {
		panic(err)
	}
	return p
})

// Load reads a catalogue from a file system laid out as this folder is.
func Load(fsys fs.FS) (*Playbook, error) {
	p := &Playbook{byID: map[string]*Cause{}}
	var groups map[string][]string
	if err := read(fsys, "groups.yaml", &groups); err != nil {
		return nil, err
	}
	if err := read(fsys, "misreadings.yaml", &p.Misreadings); err != nil {
		return nil, err
	}
	if err := read(fsys, "facts.yaml", &p.Facts); err != nil {
		return nil, err
	}
	if err := read(fsys, "measured.yaml", &p.Measured); err != nil {
		return nil, err
	}
	if err := p.Measured.check(); err != nil {
		return nil, err
	}
	if err := each(fsys, "causes/*.yaml", func(name string) error {
		var list []Cause
		if err := read(fsys, name, &list); err != nil {
			return err
		}
		for i := range list {
			list[i].file = name
		}
		p.Causes = append(p.Causes, list...)
		return nil
	}); err != nil {
		return nil, err
	}
	if err := each(fsys, "signatures/*.yaml", func(name string) error {
		var list []Signature
		defer func() { p.Signatures = append(p.Signatures, list...) }()
		return read(fsys, name, &list)
	}); err != nil {
		return nil, err
	}
	return p, p.check(groups)
}

func each(fsys fs.FS, pattern string, f func(string) error) error {
	names, err := fs.Glob(fsys, pattern)
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, n := range names {
		if err := f(n); err != nil {
			return err
		}
	}
	return nil
}

func read(fsys fs.FS, name string, out any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(b, out); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// check expands groups, compiles expressions and refuses what does not hang together.
func (p *Playbook) check(groups map[string][]string) error {
	for i := range p.Causes {
		c := &p.Causes[i]
		if p.byID[c.ID] != nil {
			return fmt.Errorf("cause %s is there twice", c.ID)
		}
		p.byID[c.ID] = c
		for _, l := range []*[]string{&c.Confusion, &c.Explains, &c.Refutes, &c.Supports, &c.Needs} {
			*l = expand(*l, groups, c.ID)
		}
	}
	for _, c := range p.Causes {
		for _, id := range append(slices.Clone(c.Confusion), c.Explains...) {
			if p.byID[id] == nil {
				return fmt.Errorf("cause %s names %q, which is no cause", c.ID, id)
			}
		}
	}
	seen := map[string]bool{}
	for i := range p.Signatures {
		s := &p.Signatures[i]
		if seen[s.ID] {
			return fmt.Errorf("signature %s is there twice", s.ID)
		}
		seen[s.ID] = true
		if s.Cause != "" && p.byID[s.Cause] == nil {
			return fmt.Errorf("signature %s names %q, which is no cause", s.ID, s.Cause)
		}
		if err := s.compile(); err != nil {
			return err
		}
		if s.In == OnWords {
			p.words = append(p.words, s)
		}
	}
	p.logs = NewMatcher(p.Signatures, OnLog)
	return p.checkNames(groups)
}

func expand(list []string, groups map[string][]string, self string) []string {
	var out []string
	for _, v := range list {
		add := []string{v}
		if g, ok := strings.CutPrefix(v, "@"); ok && groups[g] != nil {
			add = groups[g]
		}
		for _, a := range add {
			if a != self && !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out
}

// Explains reports whether a cause accounts for another, so that the other is its consequence.
func (p *Playbook) Explains(cause, consequence string) bool {
	c, ok := p.byID[cause]
	return ok && slices.Contains(c.Explains, consequence)
}

// Cause returns a cause by id.
func (p *Playbook) Cause(id string) (*Cause, bool) { c, ok := p.byID[id]; return c, ok }

// Signature returns a signature by id.
func (p *Playbook) Signature(id string) (*Signature, bool) {
	for i := range p.Signatures {
		if p.Signatures[i].ID == id {
			return &p.Signatures[i], true
		}
	}
	return nil, false
}

// Tells reports whether a cause has a signature at the place where told was found: the same kind of message, and for
// events the same reason.
func (p *Playbook) Tells(cause string, told *Signature) bool {
	for _, s := range p.Signatures {
		mine := s.Cause == cause || s.Fact != "" && slices.Contains(p.byID[cause].Decisive, s.Fact)
		if !mine || s.In != told.In {
			continue
		}
		if len(s.Reasons) == 0 || slices.ContainsFunc(s.Reasons, func(r string) bool { return slices.Contains(told.Reasons, r) }) {
			return true
		}
	}
	return false
}
