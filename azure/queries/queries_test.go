package queries

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// What the queries must be: those that other packages ask for by name.
var wanted = []string{
	"agent-health", "alert-failed-scheduling", "alert-node-not-ready", "alert-restart-spike", "autoscaler",
	"autoscaler-azurediagnostics", "azure-changes", "events", "log-volume", "memory-history", "nodes", "oom", "pod-history",
	"previous-logs", "restarts-by-container", "restarts-by-namespace", "who-changed", "who-changed-azurediagnostics",
}

func TestAllQueriesAreThere(t *testing.T) {
	var got []string
	for _, q := range All() {
		got = append(got, q.Name)
	}
	if !slices.Equal(got, wanted) {
		t.Errorf("got %v\nwant %v", got, wanted)
	}
}

func TestTablesHaveSchemas(t *testing.T) {
	text, err := os.ReadFile("schemas.json")
	if err != nil {
		t.Fatal(err)
	}
	var schemas map[string]map[string]string
	if err := json.Unmarshal(text, &schemas); err != nil {
		t.Fatal(err)
	}
	for _, q := range All() {
		for _, table := range q.Tables {
			if len(schemas[table]) == 0 {
				t.Errorf("query %s reads %s, which is in no schema", q.Name, table)
			}
		}
	}
}

// A workspace can hold many clusters: a query without a cluster mixes them. The activity log has none, but groups.
func TestQueriesKeepClustersApart(t *testing.T) {
	for _, q := range All() {
		filtered := strings.Count(q.Text, "=~ cluster")
		if q.Name == "azure-changes" {
			filtered = strings.Count(q.Text, "in~ (groups)")
		}
		if filtered == 0 {
			t.Errorf("query %s does not filter on the cluster", q.Name)
		}
	}
}

func TestAlertsKeepToTheirRange(t *testing.T) {
	if len(Alerts()) != 3 {
		t.Errorf("got %d alerts, want 3", len(Alerts()))
	}
	for _, q := range Alerts() {
		// The service reads two days at most, whatever a rule says.
		if a := q.Alert; a.Range > 48*60*60*1e9 || a.Range != 0 && a.Range < a.Window || a.Failing > a.Periods || a.Severity > 4 {
			t.Errorf("alert %s: %+v", q.Name, a)
		}
	}
}

func TestFind(t *testing.T) {
	for name, want := range map[string]string{
		"pod-histroy":           "did you mean pod-history?",
		"autoscaler-azurediags": "did you mean autoscaler-azurediagnostics?",
		"zzz":                   "there are agent-health, ",
		"":                      "there are agent-health, ",
	} {
		if _, err := Find(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Find(%q): %v, want %q in it", name, err, want)
		}
	}
	for _, name := range []string{"nodes", "nodes.kql"} {
		if q, err := Find(name); err != nil || q.Name != "nodes" {
			t.Errorf("Find(%q) = %v, %v", name, q, err)
		}
	}
}

const good = `// title: T
// purpose: first
//   second
// table: A, B
// param n: long how many
// column X: string x
// note: one: with a colon
let n = 3;
A
| take n
`

func TestParse(t *testing.T) {
	q, err := Parse("q", good)
	if err != nil {
		t.Fatal(err)
	}
	if q.Purpose != "first second" || !slices.Equal(q.Tables, []string{"A", "B"}) || q.Notes[0] != "one: with a colon" || q.Param("n").Default != "3" {
		t.Errorf("got %+v", q)
	}
}

func TestParseRefuses(t *testing.T) {
	alert := "// note: one: with a colon\n// alert: severity=2 every=5m window=15m measure=X aggregation=Total operator=GreaterThan threshold=1 dimensions=X failing=1/1"
	for name, c := range map[string]struct{ from, to, want string }{
		"unknown key":         {"// note:", "// not:", "the key is none of"},
		"no value":            {"// note: one: with a colon", "// note:", "key: value"},
		"title not first":     {"// title: T\n", "", "the first line is no title"},
		"no column":           {"// column X: string x\n", "", "lacks"},
		"type of a parameter": {"long how many", "number how many", "give a type"},
		"type of a column":    {"string x", "text x", "give a type"},
		"column twice":        {"// column X: string x", "// column X: string x\n// column X: string x", "twice"},
		"parameter twice":     {"// param n: long how many", "// param n: long how many\n// param n: long how many", "twice"},
		"no default":          {"let n = 3;\n", "", "the default of parameter n belongs there"},
		"default of a type":   {"let n = 3;", `let n = "3";`, "a literal of type long"},
		"default computed":    {"let n = 3;", "let n = 3 + 4;", "a literal of type long"},
		"blank line":          {"\nA\n", "\nA\n\n", "blank line"},
		"no query":            {"A\n| take n\n", "", "no query"},
		"alert of no column":  {"// note: one: with a colon", strings.Replace(alert, "measure=X", "measure=Y", 1), "Y, which is no column"},
		"alert unknown key":   {"// note: one: with a colon", alert + " colour=red", "colour is no key"},
		"alert lacks a key":   {"// note: one: with a colon", strings.Replace(alert, "threshold=1", "", 1), "threshold is missing"},
		"alert operator":      {"// note: one: with a colon", strings.Replace(alert, "GreaterThan", "More", 1), "give one of"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, c.from, c.to, 1)
			if _, err := Parse("q", text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
}
