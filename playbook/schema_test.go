package playbook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"

	"github.com/crashproof-dev/crashproof/evidence"
)

// dataFiles are the files that hold entries of a kind.
var dataFiles = map[string]string{"cause": "causes/*.yaml", "signature": "signatures/*.yaml", "misreading": "misreadings.yaml", "fact": "facts.yaml"}

func compiled(t *testing.T, kind string) *jsonschema.Schema {
	t.Helper()
	b, err := Schema(kind)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(kind, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(kind)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// entries reads a data file as the schema's library wants it.
func entries(t *testing.T, name string) []any {
	t.Helper()
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := yaml.YAMLToJSON(raw)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return doc.([]any)
}

func TestDataIsValid(t *testing.T) {
	for _, kind := range Kinds {
		schema := compiled(t, kind)
		names, err := fs.Glob(files, dataFiles[kind])
		if err != nil || len(names) == 0 {
			t.Fatal(kind, names, err)
		}
		for _, name := range names {
			for i, e := range entries(t, name) {
				if err := schema.Validate(e); err != nil {
					t.Errorf("%s, entry %d, %v: %v", name, i+1, e.(map[string]any)["id"], err)
				}
			}
		}
	}
}

// One spoiled field of a good entry is enough to be refused.
func TestSchemasRefuse(t *testing.T) {
	type object = map[string]any
	good := map[string]string{
		"cause": `{"id": "memory.container-limit", "family": "oom", "layer": "mechanism", "depth": 1, "means": "It is killed.", "likelihood": "high", "changedBy": ["resources"],
			"expects": {"runtime": "OOMKilled."}, "harmless": "A child.", "holds": "Linux.", "docs": [{"title": "Memory", "url": "https://example.org/memory"}], "says": "killed",
			"decisive": ["end.oom"], "supports": ["usage.near-limit"], "needs": ["limit.set"], "refutes": ["@not-oom", "cause:memory.node", "end.zero"], "confusion": ["@killed", "memory.node"],
			"remedies": [{"id": "limit", "action": "set-resources", "text": "Raise it."}], "checks": [{"why": "usage", "command": "kubectl top pod"}], "misreadings": ["exit-137-is-oom"]}`,
		"signature":  `{"id": "x", "cause": "app.exception", "in": "log", "contains": ["panic"], "match": "panic", "provenance": "source", "positives": ["panic: x"], "cap": "strong"}`,
		"misreading": `{"id": "x", "when": ["end.zero"], "seen": "a", "not": "b", "because": "c"}`,
		"fact":       `{"id": "end.oom", "producer": "runtime", "seen": "It was killed.", "holds": "Linux."}`,
	}
	set := func(field string, v any) func(object) { return func(o object) { o[field] = v } }
	without := func(field string) func(object) { return func(o object) { delete(o, field) } }
	for kind, spoils := range map[string]map[string]func(object){
		"cause": {
			"unknown field": set("meaning", "x"), "id": set("id", "Memory Limit"), "family": set("family", "memory"), "layer": set("layer", "trigger"), "depth": set("depth", json.Number("5")),
			"no meaning": without("means"), "meaning that is no sentence": set("means", "it is killed"), "likelihood": set("likelihood", "low"),
			"likelihood of a family without one": set("family", "config"), "producer": set("expects", object{"kernel": "OOM."}), "no expectation": set("expects", object{}),
			"six producers": set("expects", object{"process": "a.", "runtime": "a.", "kubelet": "a.", "spec": "a.", "metrics": "a.", "node": "a."}),
			"decisive fact": set("decisive", []any{"OOMKilled"}), "group among decisive": set("decisive", []any{"@not-oom"}), "twice": set("supports", []any{"end.oom", "end.oom"}),
			"refutes": set("refutes", []any{"cause:"}), "confusion": set("confusion", []any{"cause:memory.node"}), "page without address": set("docs", []any{object{"title": "x"}}),
			"address": set("docs", []any{object{"title": "x", "url": "http://example.org"}}), "remedy without action": set("remedies", []any{object{"id": "x", "text": "y"}}),
			"check with more": set("checks", []any{object{"why": "x", "command": "y", "also": "z"}}), "neighbour": set("neighbour", "yes"),
		},
		"signature": {
			"in": set("in", "stderr"), "provenance": set("provenance", "guessed"), "cap": set("cap", "weak"), "cause and fact": set("fact", "log.ready"), "neither": without("cause"),
			"capital literal": set("contains", []any{"Panic"}), "no positives": set("positives", []any{}), "reasons of a log": set("reasons", []any{"Failed"}), "unknown field": set("regexp", "x"), "no expression": without("match"),
		},
		"misreading": {"no fact": set("when", []any{}), "fact": set("when", []any{"137"}), "no reason": without("because"), "unknown field": set("meaning", "x")},
		"fact":       {"producer": set("producer", "kernel"), "id": set("id", "oom"), "no sentence": set("seen", "killed"), "unknown field": set("means", "x"), "no producer": without("producer")},
	} {
		schema := compiled(t, kind)
		parse := func() object {
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(good[kind]))
			if err != nil {
				t.Fatal(kind, err)
			}
			return doc.(object)
		}
		if err := schema.Validate(parse()); err != nil {
			t.Errorf("%s: the good entry is refused: %v", kind, err)
		}
		for name, spoil := range spoils {
			o := parse()
			spoil(o)
			if schema.Validate(o) == nil {
				t.Errorf("%s: a wrong %s is accepted", kind, name)
			}
		}
	}
}

// Every field is described, and no object takes fields that are not.
func TestSchemasDescribeEveryField(t *testing.T) {
	for _, kind := range Kinds {
		b, err := Schema(kind)
		if err != nil {
			t.Fatal(err)
		}
		var root map[string]any
		if err := json.Unmarshal(b, &root); err != nil {
			t.Fatal(err)
		}
		var look func(at string, node any)
		look = func(at string, node any) {
			o, ok := node.(map[string]any)
			if !ok {
				return
			}
			props, _ := o["properties"].(map[string]any)
			if o["type"] == "object" && o["additionalProperties"] == nil {
				t.Errorf("%s: %s takes any field", kind, at)
			}
			for name, p := range props {
				if p, ok := p.(map[string]any); ok && o["type"] == "object" && p["description"] == nil {
					t.Errorf("%s: %s.%s is not described", kind, at, name)
				}
			}
			for name, child := range o {
				look(path.Join(at, name), child)
			}
		}
		look("", root)
	}
	if _, err := Schema("group"); err == nil || !strings.Contains(err.Error(), "misreading") {
		t.Errorf("Schema(group): %v", err)
	}
}

// The schemas' lists are those of the code.
func TestSchemasAndWordsAgree(t *testing.T) {
	ids := func(words []Word) []string {
		var out []string
		for _, w := range words {
			out = append(out, w.ID)
		}
		return out
	}
	enum := func(kind, field string) []string {
		b, err := Schema(kind)
		if err != nil {
			t.Fatal(err)
		}
		var root struct {
			Properties map[string]struct {
				Enum          []string
				PropertyNames struct{ Enum []string }
				Items         struct{ Enum []string }
			}
		}
		if err := json.Unmarshal(b, &root); err != nil {
			t.Fatal(err)
		}
		at := root.Properties[field]
		return slices.Concat(at.Enum, at.PropertyNames.Enum, at.Items.Enum)
	}
	var producers []string
	for _, p := range []evidence.Producer{evidence.Process, evidence.Runtime, evidence.Kubelet, evidence.Controller, evidence.Scheduler, evidence.Spec,
		evidence.Metrics, evidence.Registry, evidence.Dependency, evidence.Node, evidence.Cloud} {
		producers = append(producers, string(p))
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"families", enum("cause", "family"), ids(Families)},
		{"layers", enum("cause", "layer"), ids(Layers)},
		{"aspects", enum("cause", "changedBy"), ids(Aspects)},
		{"places", enum("signature", "in"), ids(Places)},
		{"provenances", enum("signature", "provenance"), provenances},
		{"producers of facts", enum("fact", "producer"), ids(Producers)},
		{"producers of expectations", enum("cause", "expects"), ids(Producers)},
		{"producers of evidence", producers, ids(Producers)},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %s, want %s", c.what, fmt.Sprint(c.got), fmt.Sprint(c.want))
		}
	}
}
