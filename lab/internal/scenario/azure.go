package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"sigs.k8s.io/yaml"

	"github.com/crashproof-dev/crashproof/lab/internal/azure"
	"github.com/crashproof-dev/crashproof/lab/internal/fleet"
)

// Without is what is to be concluded when Azure is not asked.
func (e Expect) Without() (Expect, error) {
	changed := e.WithoutAzure
	e.WithoutAzure = nil
	if len(changed) == 0 {
		return e, nil
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return e, err
	}
	fields := map[string]any{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return e, err
	}
	maps.Copy(fields, changed)
	if raw, err = json.Marshal(fields); err != nil {
		return e, err
	}
	out := Expect{}
	if err := yaml.UnmarshalStrict(raw, &out); err != nil {
		return e, fmt.Errorf("expect: withoutAzure: %w", err)
	}
	if out.WithoutAzure != nil {
		return e, errors.New("expect: withoutAzure: it is for fields of expect")
	}
	return out, nil
}

// livePools are those of the lab's cluster.
var livePools = []string{"system", "user"}

// validateAzure reads the description of Azure with nodes such as the scenario has.
func (s *Scenario) validateAzure() error {
	if s.Azure == "" {
		if s.Expect.WithoutAzure != nil {
			return errors.New("expect: withoutAzure is for scenarios with azure")
		}
		return nil
	}
	data, err := s.Read(s.Azure)
	if err != nil {
		return err
	}
	pools := livePools
	if s.Profile == ProfileAPI {
		if pools, err = s.fleetPools(); err != nil {
			return err
		}
	}
	if err := azure.Check(data, pools); err != nil {
		return fmt.Errorf("azure: %w", err)
	}
	return nil
}

func (s *Scenario) fleetPools() ([]string, error) {
	if len(s.Steps) != 1 {
		return nil, nil // refused already
	}
	data, err := s.Read(s.Steps[0].Fleet)
	if err != nil {
		return nil, err
	}
	f, err := fleet.Parse(data)
	if err != nil {
		return nil, err
	}
	var pools []string
	for _, p := range f.Pools {
		pools = append(pools, p.Name)
	}
	return pools, nil
}
