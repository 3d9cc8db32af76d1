package eval

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"sigs.k8s.io/yaml"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
)

// Tuned is the split that rules are written from; the others are kept aside until they are scored.
const Tuned = "tuned"

// Case is one recorded incident and what a person should conclude from it.
type Case struct {
	Name       string `json:"-"` // of the folder in lab/scenarios
	Bundle     string `json:"-"` // its file
	Family     string `json:"family"`
	Namespace  string `json:"namespace"`
	Target     string `json:"target"` // Kind/name; empty for the whole namespace
	Split      string `json:"split"`
	Confounder string `json:"confounder"`
	Expect     Expect `json:"expect"`
}

// Expect is the part of a scenario's expectation that says which answers are right; lab/scenarios/README.md has all.
type Expect struct {
	Finding  bool     `json:"finding"`
	Cause    []string `json:"cause"`
	Verdict  []string `json:"verdict"`
	State    string   `json:"state"`
	Workload string   `json:"workload"`
	Never    []string `json:"never"`
	Reach    []string `json:"reach"`
	Subject  string   `json:"subject"`
	Scopes   []Place  `json:"scopes"`
	Change   string   `json:"change"`
	// WithoutAzure is what differs where Azure's side is not read.
	WithoutAzure json.RawMessage `json:"withoutAzure"`
}

// Less is what is expected where Azure's side is not read. What only Azure tells of, its changes, is not.
func (e Expect) Less() (Expect, error) {
	out := e
	out.Change = ""
	if len(e.WithoutAzure) == 0 {
		return out, nil
	}
	err := json.Unmarshal(e.WithoutAzure, &out)
	return out, err
}

// Place is a scope that some active finding must have: its level, and a regular expression for its subject.
type Place struct {
	Level   string `json:"level"`
	Subject string `json:"subject"`
}

// NoChange is what Change says where nothing changed that the API keeps.
const NoChange = "none"

// Provable reports whether the evidence tells a cause: an answer of "unexplained" is then a miss.
func (e Expect) Provable() bool {
	return e.Finding && !slices.Contains(e.Cause, "app.unexplained-exit") && !slices.Contains(e.Cause, "") && len(e.Cause) > 0
}

// Load reads the recorded incidents of a repository in order of their names, and names the scenarios without a bundle.
func Load(repository string) (cases []Case, unrecorded []string, err error) {
	files, err := filepath.Glob(filepath.Join(repository, "lab", "scenarios", "*", "scenario.yaml"))
	if err != nil {
		return nil, nil, err
	}
	if len(files) == 0 {
		return nil, nil, fmt.Errorf("no lab/scenarios/*/scenario.yaml in %s; run it in crashproof's repository", repository)
	}
	slices.Sort(files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, err
		}
		name := filepath.Base(filepath.Dir(file))
		c := Case{Name: name, Bundle: filepath.Join(repository, "testdata", "bundles", name+".tar.gz"), Split: Tuned}
		if err := yaml.Unmarshal(data, &c); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file, err)
		}
		if _, err := os.Stat(c.Bundle); err != nil {
			unrecorded = append(unrecorded, name)
			continue
		}
		cases = append(cases, c)
	}
	return cases, unrecorded, nil
}

// Read reads the case's bundle.
func (c Case) Read() (*evidence.Snapshot, error) {
	s, err := bundle.Read(c.Bundle)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Name, err)
	}
	return s, nil
}
