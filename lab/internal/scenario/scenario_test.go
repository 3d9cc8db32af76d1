package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const valid = `title: A title
conclusion: What a person should conclude
family: config
namespace: shop
steps:
- apply: base.yaml
- wait: {for: restarts, object: Deployment/api, count: 2, timeout: 90s}
- registry: {repository: shop/api, answer: "429"}
expect:
  finding: true
  cause: [config.env-missing]
  evidence: [{source: process, match: 'KeyError: .+'}]
`

// labWith writes scenarios, each with a manifest beside it.
func labWith(t *testing.T, scenarios map[string]string) string {
	t.Helper()
	lab := t.TempDir()
	for name, text := range scenarios {
		dir := filepath.Join(lab, "scenarios", name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for file, content := range map[string]string{"scenario.yaml": text, "base.yaml": "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n"} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return lab
}

func TestLoadReadsAScenario(t *testing.T) {
	all, err := LoadAll(labWith(t, map[string]string{"env-missing": valid}))
	if err != nil {
		t.Fatal(err)
	}
	s := all[0]
	if s.Name != "env-missing" || s.Profile != "fast" || len(s.Steps) != 3 {
		t.Errorf("scenario is %+v", s)
	}
	if got := s.Steps[1].Wait.Limit().String(); got != "1m30s" {
		t.Errorf("the limit is %s, want 1m30s", got)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, new, problem string }{
		"an unknown field":       {"title: A title", "titel: A title", "titel"},
		"a missing title":        {"title: A title\n", "", "no title"},
		"an unknown family":      {"family: config", "family: other", `family "other"`},
		"an unknown profile":     {"namespace: shop", "namespace: shop\nprofile: slow", `profile "slow"`},
		"a missing file":         {"apply: base.yaml", "apply: nothing.yaml", "no file nothing.yaml"},
		"two things in a step":   {"- apply: base.yaml", "- {apply: base.yaml, sleep: 2s}", "exactly one"},
		"a wait without a count": {", count: 2", "", "count is missing"},
		"a count too much":       {"for: restarts", "for: ready", "count is too much"},
		"an unknown wait":        {"for: restarts", "for: luck", `wait for "luck"`},
		"a duration of no unit":  {"timeout: 90s", "timeout: 90", "unit"},
		"an object of no kind":   {"Deployment/api", "api", "Kind/name"},
		"an unknown answer":      {`"429"`, `"418"`, `answer "418"`},
		"an unknown source":      {"source: process", "source: gossip", `"gossip"`},
		"a broken expression":    {"'KeyError: .+'", "'KeyError ('", "missing closing"},
		"no such azure.yaml":     {"steps:", "azure: azure.yaml\nsteps:", "azure.yaml"},
		"a bad azure.yaml":       {"steps:", "azure: base.yaml\nsteps:", "azure: "},
		"less without Azure":     {"expect:\n", "expect:\n  withoutAzure: {cause: [x]}\n", "for scenarios with azure"},
		"a broken gap":           {"expect:\n", "expect:\n  gaps: ['(']\n", "gaps"},
		"a finding of no cause":  {"  cause: [config.env-missing]\n", "", "needs a cause"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(valid, c.old, c.new, 1)
			if text == valid {
				t.Fatalf("%q is not in the valid scenario", c.old)
			}
			_, err := LoadAll(labWith(t, map[string]string{"x": text}))
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("error is %v; want one that says %q", err, c.problem)
			}
		})
	}
}

func TestLoadReadsAzure(t *testing.T) {
	text := strings.Replace(valid, "steps:", "azure: azure.yaml\nsteps:", 1) + "  withoutAzure: {cause: [app.exit], evidence: [], finding: true}\n"
	lab := labWith(t, map[string]string{"a": text})
	write := func(azure string) {
		if err := os.WriteFile(filepath.Join(lab, "scenarios", "a", "azure.yaml"), []byte(azure), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("vms: {user-1: null}\n")
	all, err := LoadAll(lab)
	if err != nil {
		t.Fatal(err)
	}
	without, err := all[0].Expect.Without()
	want := Expect{Finding: true, Cause: []string{"app.exit"}, Evidence: []Evidence{}}
	if diff := cmp.Diff(want, without); err != nil || diff != "" {
		t.Errorf("without Azure %v (-want +got):\n%s", err, diff)
	}
	write("vms: {nowhere-1: null}\n")
	if _, err := LoadAll(lab); err == nil || !strings.Contains(err.Error(), "nowhere-1") {
		t.Errorf("a node of no pool gave %v", err)
	}
}

func TestWithoutAzureTakesFieldsOfExpect(t *testing.T) {
	for _, with := range []map[string]any{{"causes": "x"}, {"withoutAzure": map[string]any{"cause": []string{"x"}}}, {"verdict": []string{"sure"}}} {
		if err := (Expect{WithoutAzure: with}).validate(); err == nil {
			t.Errorf("%v was taken", with)
		}
	}
}

func TestLoadRefusesOneNamespaceForTwo(t *testing.T) {
	_, err := LoadAll(labWith(t, map[string]string{"a": valid, "b": valid}))
	if err == nil || !strings.Contains(err.Error(), "namespace shop") {
		t.Errorf("error is %v; want one that names the namespace", err)
	}
}

func TestTheRepositorysScenariosAreValid(t *testing.T) {
	all, err := LoadAll(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	core := 0
	for _, s := range all {
		if s.Core {
			core++
		}
		if _, err := s.Images(); err != nil {
			t.Error(err)
		}
	}
	if core > 12 {
		t.Errorf("%d scenarios are core; at most 12 may be, as they run live in every test", core)
	}
}

func TestImagesAreFoundAnywhereInAManifest(t *testing.T) {
	lab := labWith(t, map[string]string{"a": valid})
	manifest := `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {initContainers: [{image: "a:1"}], containers: [{image: "b:2"}]}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {template: {spec: {containers: [{image: "c:3"}]}}}}
`
	if err := os.WriteFile(filepath.Join(lab, "scenarios", "a", "base.yaml"), []byte(manifest), 0o644); err != nil {
		t.Fatal(err)
	}
	all, err := LoadAll(lab)
	if err != nil {
		t.Fatal(err)
	}
	refs, err := all[0].Images()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, ref := range refs {
		got[ref] = true
	}
	if diff := cmp.Diff(map[string]bool{"a:1": true, "b:2": true, "c:3": true}, got); diff != "" {
		t.Errorf("images (-want +got):\n%s", diff)
	}
}
