package export

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/azure/queries"
)

// armTemplate is what the tests read back of an ARM template.
type armTemplate struct {
	Schema     string `json:"$schema"`
	Parameters map[string]struct {
		Type         string
		DefaultValue any
	}
	Resources []struct {
		Type, APIVersion, Name, Location, Kind string
		DependsOn                              []string
		Properties                             map[string]any
	}
}

func parseARM(t *testing.T, template Template) armTemplate {
	t.Helper()
	var a armTemplate
	if err := json.Unmarshal(template.ARM(), &a); err != nil {
		t.Fatalf("%v in\n%s", err, template.ARM())
	}
	return a
}

// unquoteARM are the strings within an expression.
func unquoteARM(expression string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`'((?:[^']|'')*)'`).FindAllStringSubmatch(expression, -1) {
		out = append(out, strings.ReplaceAll(m[1], "''", "'"))
	}
	return out
}

func TestARM(t *testing.T) {
	paramRef := regexp.MustCompile(`parameters\('(\w+)'\)`)
	for kind, build := range templates {
		t.Run(kind, func(t *testing.T) {
			a := parseARM(t, build())
			if !strings.HasSuffix(a.Schema, "deploymentTemplate.json#") || len(a.Resources) == 0 {
				t.Errorf("schema %q, %d resources", a.Schema, len(a.Resources))
			}
			text := string(build().ARM())
			used := map[string]bool{}
			for _, m := range paramRef.FindAllStringSubmatch(text, -1) {
				used[m[1]] = true
				if _, ok := a.Parameters[m[1]]; !ok {
					t.Errorf("parameter %s is used and not declared", m[1])
				}
			}
			for p := range a.Parameters {
				if !used[p] {
					t.Errorf("parameter %s is declared and not used", p)
				}
			}
			names := map[string]bool{}
			for _, r := range a.Resources {
				if r.Type == "" || r.APIVersion == "" || r.Name == "" || names[r.Name] {
					t.Errorf("resource %+v", r)
				}
				names[r.Name] = true
			}
		})
	}
}

// Each query must come out of the expression that puts the cluster in, as it went in, with one place for the cluster.
func TestSavedSearchesHoldTheQueries(t *testing.T) {
	a := parseARM(t, SavedSearches())
	all := queries.All()
	if len(a.Resources) != len(all) {
		t.Fatalf("%d searches of %d queries", len(a.Resources), len(all))
	}
	for i, q := range all {
		p := a.Resources[i].Properties
		text, _ := p["query"].(string)
		if q.Param("cluster") != nil {
			parts := unquoteARM(text)
			if !strings.HasPrefix(text, "[replace('") || parts[0] != q.Text || strings.Count(q.Text, parts[1]) != 1 {
				t.Errorf("query %s: %s", q.Name, text)
			}
			continue
		}
		if text != q.Text {
			t.Errorf("query %s: %s", q.Name, text)
		}
	}
}

func TestQueryPackNamesAreGUIDsBelowThePack(t *testing.T) {
	a := parseARM(t, QueryPack())
	if a.Resources[0].Type != "Microsoft.OperationalInsights/queryPacks" || a.Resources[0].Properties == nil {
		t.Errorf("the pack is %+v", a.Resources[0])
	}
	for _, r := range a.Resources[1:] {
		if !strings.HasPrefix(r.Name, "[concat(parameters('packName'), '/', guid(") || len(r.DependsOn) != 1 {
			t.Errorf("query %s depends on %v", r.Name, r.DependsOn)
		}
	}
}

func TestAlertRules(t *testing.T) {
	a := parseARM(t, Alerts())
	for i, q := range queries.Alerts() {
		r := a.Resources[i]
		if r.Type != "Microsoft.Insights/scheduledQueryRules" || r.APIVersion != "2023-12-01" || r.Kind != "LogAlert" {
			t.Errorf("rule %s is %s %s %s", r.Name, r.Type, r.APIVersion, r.Kind)
		}
		c := r.Properties["criteria"].(map[string]any)["allOf"].([]any)[0].(map[string]any)
		var dimensions []string
		for _, d := range c["dimensions"].([]any) {
			dimensions = append(dimensions, d.(map[string]any)["name"].(string))
		}
		if c["metricMeasureColumn"] != q.Alert.Measure || c["threshold"] != q.Alert.Threshold || !slices.Equal(dimensions, q.Alert.Dimensions) {
			t.Errorf("rule %s has %v, want %+v", r.Name, c, q.Alert)
		}
		if r.Properties["severity"] != float64(q.Alert.Severity) || r.Properties["windowSize"] != iso(q.Alert.Window) {
			t.Errorf("rule %s: %v", r.Name, r.Properties)
		}
	}
}

func TestPrometheusRuleGroup(t *testing.T) {
	a := parseARM(t, Prometheus())
	rules := a.Resources[0].Properties["rules"].([]any)
	if len(rules) != len(PrometheusRules) || len(rules) != 3 {
		t.Fatalf("got %d rules", len(rules))
	}
	for _, r := range PrometheusRules {
		for _, flaw := range []string{`phase="failed"`, "last_terminated_reason", "[1h]"} {
			if strings.Contains(r.Expression, flaw) {
				t.Errorf("rule %s has %s, a flaw of the recommended rules", r.Name, flaw)
			}
		}
	}
}

func TestStringsOfARM(t *testing.T) {
	for text, want := range map[string]string{
		"plain":      `"plain"`,
		"[x]":        `"[[x]"`,
		"a\"b\n<&>":  `"a\"b\n<&>"`,
		"'quoted'":   `"'quoted'"`,
		`back\slash`: `"back\\slash"`,
	} {
		template := Template{Resources: []Resource{{Type: "T", Name: Text("n"), Body: Object{{"properties", Text(text)}}}}}
		if got := string(template.ARM()); !strings.Contains(got, `"properties": `+want) {
			t.Errorf("%q is written as\n%s", text, got)
		}
	}
	if got := expressionARM(call("concat", Text("it's"), Ref("p"))); got != "concat('it''s', parameters('p'))" {
		t.Errorf("got %s", got)
	}
}
