package playbook

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	p := Default()
	for name, want := range map[string]string{
		"memory.container-limit": "memory.container-limit",
		"container-limit":        "memory.container-limit",
		"Container-Limit":        "memory.container-limit",
		"dns":                    "dependency.dns",
		"crash-signal":           "app.crash-signal",
	} {
		if c, err := p.Find(name); err != nil || c.ID != want {
			t.Errorf("%s: %v, %v, want %s", name, c, err, want)
		}
	}
}

func TestFindProposes(t *testing.T) {
	p := Default()
	for name, want := range map[string]string{
		"oom":                   "memory.container-limit", // a family
		"memory.container-limt": "memory.container-limit", // a slip
		"databse-migration":     "",
		"missing":               "config.secret-missing", // an end of several
		"password":              "",
		"taint":                 "scheduling.taint",
		"":                      "",
	} {
		c, err := p.Find(name)
		if name == "taint" {
			if err != nil || c.ID != want {
				t.Errorf("taint: %v", err)
			}
			continue
		}
		var unknown *UnknownCauseError
		if !errors.As(err, &unknown) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want != "" && !slices.Contains(unknown.Near, want) {
			t.Errorf("%s: proposes %s", name, unknown.Near)
		}
		if len(unknown.Near) > mostNear || !strings.Contains(err.Error(), "is no cause of the playbook") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
