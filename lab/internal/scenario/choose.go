package scenario

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"
)

// Choice says which scenarios to run.
type Choice struct {
	Names    []string
	Core     bool
	All      bool
	Rotation int    // that many besides the core, another lot for every seed
	Seed     string // such as a commit
}

// Choose picks scenarios of a profile, in order of their names.
func Choose(all []*Scenario, c Choice, profile string) ([]*Scenario, error) {
	byName := map[string]*Scenario{}
	for _, s := range all {
		byName[s.Name] = s
	}
	picked := map[string]bool{}
	for _, name := range c.Names {
		name = strings.TrimSuffix(name[strings.LastIndex(strings.TrimSuffix(name, "/"), "/")+1:], "/")
		s := byName[name]
		if s == nil {
			return nil, fmt.Errorf("there is no scenario %q in lab/scenarios", name)
		}
		if s.Profile != profile {
			return nil, fmt.Errorf("scenario %s is for the profile %s, this lab runs %s; use --profile %s", name, s.Profile, profile, s.Profile)
		}
		picked[name] = true
	}
	for _, s := range all {
		if s.Profile == profile && (c.All || c.Core && s.Core) {
			picked[s.Name] = true
		}
	}
	for _, name := range rotate(all, profile, c.Rotation, c.Seed) {
		picked[name] = true
	}
	var chosen []*Scenario
	for _, s := range all {
		if picked[s.Name] {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no scenario of profile %s was chosen; give names, --core, --all or --rotation N", profile)
	}
	return chosen, nil
}

// rotate orders the scenarios outside the core by a hash with the seed and takes the first n.
func rotate(all []*Scenario, profile string, n int, seed string) []string {
	type ranked struct{ rank, name string }
	var list []ranked
	for _, s := range all {
		if s.Core || s.Profile != profile {
			continue
		}
		sum := sha256.Sum256([]byte(seed + "\n" + s.Name))
		list = append(list, ranked{hex.EncodeToString(sum[:]), s.Name})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].rank < list[j].rank })
	var names []string
	for _, r := range list[:min(n, len(list))] {
		names = append(names, r.name)
	}
	return names
}
