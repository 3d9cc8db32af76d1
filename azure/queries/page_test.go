package queries

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the page of the queries anew")

const page = "../../docs/azure/queries.md"

func TestPage(t *testing.T) {
	got := markdown(All())
	if *update {
		if err := os.WriteFile(page, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/azure/queries.md differs from the queries; `make docs` writes it")
	}
}

const intro = `<!-- Written by make docs from azure/queries; do not edit. -->
# Log queries for AKS

Queries for a Log Analytics workspace that Container Insights writes to. ` + "`crashproof azure queries`" + ` lists them,
` + "`crashproof azure queries NAME`" + ` prints one to paste into the portal, and ` + "`crashproof azure export`" + ` writes them as saved
searches, a query pack and alert rules for a pipeline.

What stands behind them: each resolves against the documented schemas (` + "`azure/queries/schemas.json`" + `) under Microsoft's Kusto
language service, with its defaults and with values, and answers with the columns and types that its header declares;
queries that must fail do fail (` + "`make kql-check`" + `). **They were executed on no live workspace.** The language service knows
more than Azure Monitor runs (of AzureDiagnostics the schema has a part; some last columns of AKSControlPlane and AKSAuditAdmin
are inferred), so that check refuses some operators by a list, and nothing here says that the numbers
are right on your data. The Bicep and ARM files were compiled and deployed nowhere: run what-if first.

Where the data comes from, and what it cannot tell:

- An exit code is in none of these tables; only the Kubernetes API has it, and only of the last end.
- A restart count is a lifetime counter, sampled each minute by default: never add its samples up.
- An event's TimeGenerated is when the event was created. In a long loop that is long ago.
- Events of type Normal (Killing, Pulled, Started) are not collected by default.
- On the Basic plan of a table joins and several of these queries are refused.

`

func markdown(all []*Query) []byte {
	var b bytes.Buffer
	b.WriteString(intro)
	b.WriteString("| query | tables | what for |\n|---|---|---|\n")
	for _, q := range all {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", q.Name, q.Name, strings.Join(q.Tables, ", "), q.Title)
	}
	for _, q := range all {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", q.Name, q.Purpose)
		for _, p := range q.Params {
			fmt.Fprintf(&b, "- `%s` (%s): %s\n", p.Name, p.Type, p.Means)
		}
		var columns []string
		for _, c := range q.Columns {
			columns = append(columns, "`"+c.Name+"`")
		}
		fmt.Fprintf(&b, "\nAnswers with %s.\n", strings.Join(columns, ", "))
		if q.Alert != nil {
			fmt.Fprintf(&b, "\nAs a rule: every %s over %s, %s of %s %s %v, severity %d.\n", q.Alert.Every, q.Alert.Window, q.Alert.Aggregation, q.Alert.Measure, q.Alert.Operator, q.Alert.Threshold, q.Alert.Severity)
		}
		if len(q.Notes) > 0 {
			b.WriteString("\nMind:\n\n")
		}
		for _, n := range q.Notes {
			fmt.Fprintf(&b, "- %s\n", n)
		}
	}
	return b.Bytes()
}
