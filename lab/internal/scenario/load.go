package scenario

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"sigs.k8s.io/yaml"
)

// LoadAll reads every scenario under labDir, by name.
func LoadAll(labDir string) ([]*Scenario, error) {
	files, err := filepath.Glob(filepath.Join(labDir, "scenarios", "*", "scenario.yaml"))
	if err != nil {
		return nil, err
	}
	sort.Strings(files)
	var all []*Scenario
	owner := map[string]string{}
	for _, file := range files {
		s, err := load(file)
		if err != nil {
			return nil, err
		}
		if other := owner[s.Namespace]; other != "" && s.Namespace != "" {
			return nil, fmt.Errorf("scenarios %s and %s both use the namespace %s", other, s.Name, s.Namespace)
		}
		owner[s.Namespace] = s.Name
		all = append(all, s)
	}
	return all, nil
}

func load(file string) (*Scenario, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading a scenario: %w", err)
	}
	dir := filepath.Dir(file)
	s := &Scenario{Name: filepath.Base(dir), Dir: dir}
	if err := yaml.UnmarshalStrict(data, s); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
	}
	if s.Profile == "" {
		s.Profile = "fast"
	}
	if err := s.validate(); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
	}
	return s, nil
}

// Read returns a manifest of the scenario's folder.
func (s *Scenario) Read(file string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(s.Dir, file))
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", s.Name, err)
	}
	return data, nil
}
