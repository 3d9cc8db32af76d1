package scenario

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func several() []*Scenario {
	return []*Scenario{
		{Name: "a", Profile: "fast", Core: true},
		{Name: "b", Profile: "fast", Core: true},
		{Name: "c", Profile: "fast"},
		{Name: "d", Profile: "fast"},
		{Name: "e", Profile: "fast"},
		{Name: "slow", Profile: "defaults", Core: true},
	}
}

func chosen(t *testing.T, c Choice, profile string) []string {
	t.Helper()
	list, err := Choose(several(), c, profile)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range list {
		names = append(names, s.Name)
	}
	return names
}

func TestChoose(t *testing.T) {
	for name, c := range map[string]struct {
		choice  Choice
		profile string
		want    []string
	}{
		"by name":     {Choice{Names: []string{"d", "lab/scenarios/a/"}}, "fast", []string{"a", "d"}},
		"core":        {Choice{Core: true}, "fast", []string{"a", "b"}},
		"all of fast": {Choice{All: true}, "fast", []string{"a", "b", "c", "d", "e"}},
		"of defaults": {Choice{All: true}, "defaults", []string{"slow"}},
		"rotate all":  {Choice{Rotation: 9, Seed: "x"}, "fast", []string{"c", "d", "e"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, chosen(t, c.choice, c.profile)); diff != "" {
				t.Errorf("chosen (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRotationDependsOnTheSeedAlone(t *testing.T) {
	seen := map[string]bool{}
	for _, seed := range strings.Split("abcdefghijklmnop", "") {
		first := chosen(t, Choice{Rotation: 1, Seed: seed}, "fast")
		if again := chosen(t, Choice{Rotation: 1, Seed: seed}, "fast"); !cmp.Equal(first, again) {
			t.Errorf("seed %s chose %v and then %v", seed, first, again)
		}
		seen[first[0]] = true
	}
	if len(seen) != 3 {
		t.Errorf("16 seeds chose %v; want each of c, d and e to have its turn", seen)
	}
}

func TestChooseRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		choice  Choice
		problem string
	}{
		"an unknown name":       {Choice{Names: []string{"z"}}, `no scenario "z"`},
		"one of other profiles": {Choice{Names: []string{"slow"}}, "--profile defaults"},
		"nothing":               {Choice{}, "no scenario of profile fast"},
	} {
		if _, err := Choose(several(), c.choice, "fast"); err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: error is %v; want one that says %q", name, err, c.problem)
		}
	}
}
