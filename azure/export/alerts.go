package export

import (
	"fmt"
	"time"

	"github.com/crashproof-dev/crashproof/azure/queries"
)

// Alerts are scheduled query rules of the queries that are made for them.
func Alerts() Template {
	t := Template{
		Says:   "Alert rules of crashproof on the logs of a Log Analytics workspace.",
		Params: []Param{workspaceParam, clusterParam, locationParam, groupsParam},
	}
	for _, q := range queries.Alerts() {
		t.Resources = append(t.Resources, Resource{
			Symbol: symbol(q.Name), Type: "Microsoft.Insights/scheduledQueryRules", APIVersion: "2023-12-01",
			Name: Text("crashproof-" + q.Name),
			Body: Object{{"location", Ref("location")}, {"kind", Text("LogAlert")}, {"properties", rule(q)}},
		})
	}
	return t
}

func rule(q *queries.Query) Object {
	a := q.Alert
	out := Object{
		{"displayName", Text(q.Title)},
		{"description", Text(describe(q))},
		{"severity", Number(a.Severity)},
		{"enabled", Bool(true)},
		{"scopes", List{Ref("workspaceResourceId")}},
		{"evaluationFrequency", Text(iso(a.Every))},
		{"windowSize", Text(iso(a.Window))},
	}
	if a.Range > 0 {
		out = append(out, Field{"overrideQueryTimeRange", Text(iso(a.Range))})
	}
	return append(out,
		Field{"criteria", Object{{"allOf", List{criterion(q)}}}},
		Field{"autoMitigate", Bool(true)},
		Field{"actions", Object{{"actionGroups", Ref("actionGroupIds")}}})
}

func criterion(q *queries.Query) Object {
	a := q.Alert
	var dimensions List
	for _, d := range a.Dimensions {
		dimensions = append(dimensions, Object{{"name", Text(d)}, {"operator", Text("Include")}, {"values", List{Text("*")}}})
	}
	return Object{
		{"query", forCluster(q)},
		{"metricMeasureColumn", Text(a.Measure)},
		{"timeAggregation", Text(a.Aggregation)},
		{"operator", Text(a.Operator)},
		{"threshold", Number(a.Threshold)},
		{"dimensions", dimensions},
		{"failingPeriods", Object{{"numberOfEvaluationPeriods", Number(a.Periods)}, {"minFailingPeriodsToAlert", Number(a.Failing)}}},
	}
}

// iso writes a duration of whole minutes as ISO 8601 does.
func iso(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d%day == 0:
		return fmt.Sprintf("P%dD", d/day)
	case d%time.Hour == 0:
		return fmt.Sprintf("PT%dH", d/time.Hour)
	}
	return fmt.Sprintf("PT%dM", d/time.Minute)
}
