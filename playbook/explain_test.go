package playbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What a cause names is spelled out, and nothing of its templates is left.
func TestExplainSpellsOut(t *testing.T) {
	p := Default()
	for i := range p.Causes {
		c := &p.Causes[i]
		e := p.Explain(c)
		for _, f := range slices.Concat(e.SettledBy, e.Needs, e.SupportedBy, e.Hints, e.RefutedBy) {
			if f.Seen == "" {
				t.Errorf("%s names a fact without words", c.ID)
			}
		}
		for _, w := range slices.Concat(e.Confusion, e.Explains, e.ExplainedBy, e.RefutedByCauses, []Word{e.Family, e.Layer}) {
			if w.Means == "" {
				t.Errorf("%s: %q has no meaning", c.ID, w.ID)
			}
		}
		texts := []string{e.Headline}
		for _, r := range e.Remedies {
			texts = append(texts, r.Text)
		}
		for _, k := range e.Checks {
			texts = append(texts, k.Command)
		}
		for _, text := range texts {
			if strings.Contains(text, "{{") || strings.Contains(text, "<no value>") || strings.TrimSpace(text) == "" {
				t.Errorf("%s: %q", c.ID, text)
			}
		}
		n := 0
		for _, count := range e.Sayings.ByProvenance {
			n += count
		}
		if n != e.Sayings.Total || len(e.Sayings.Examples) > min(mostSayings, n) {
			t.Errorf("%s: %d signatures, %d by provenance, %d examples", c.ID, e.Sayings.Total, n, len(e.Sayings.Examples))
		}
		if len(e.Expects) == 0 || e.Source == "" {
			t.Errorf("%s says nothing of what producers show, or not where it is from", c.ID)
		}
	}
}

func TestExplainReadsBothWays(t *testing.T) {
	p := Default()
	ids := func(words []Word) (out []string) {
		for _, w := range words {
			out = append(out, w.ID)
		}
		return out
	}
	limit, _ := p.Cause("memory.container-limit")
	if e := p.Explain(limit); !slices.Contains(ids(e.ExplainedBy), "memory.heap-exceeds-limit") {
		t.Errorf("explained by %s", ids(e.ExplainedBy))
	}
	pressure, _ := p.Cause("node.pressure") // its messages make facts, which settle it
	if e := p.Explain(pressure); e.Sayings.Total != 2 || len(e.SettledBySaying) != 0 {
		t.Errorf("%d sayings, settled by saying %s", e.Sayings.Total, e.SettledBySaying)
	}
	secret, _ := p.Cause("config.secret-missing")
	if e := p.Explain(secret); !slices.Equal(e.SettledBySaying, []string{OnWaiting, OnEvent}) {
		t.Errorf("settled by saying %s", e.SettledBySaying)
	}
}

func TestFill(t *testing.T) {
	for text, want := range map[string]string{
		"no braces":                                            "no braces",
		`kubectl get pod {{.pod}}`:                             "kubectl get pod POD",
		`{{or .target "the dependency"}} x`:                    "the dependency x",
		`a limit{{with .limit}} of {{.}}{{end}}`:               "a limit",
		`{{with .sidecar}}the {{.}}{{else}}another{{end}} one`: "another one",
	} {
		if got := fill(text); got != want {
			t.Errorf("fill(%q) = %q, want %q", text, got, want)
		}
	}
}

func ExamplePlaybook_Explain() {
	pb := Default()
	cause, err := pb.Find("container-limit")
	if err != nil {
		fmt.Println(err)
		return
	}
	e := pb.Explain(cause)
	fmt.Println(e.ID, "is settled by", e.SettledBy[0].ID)
	fmt.Println(e.Expects["runtime"])
	// Output:
	// memory.container-limit is settled by end.oom
	// Reason OOMKilled, exit code 137.
}
