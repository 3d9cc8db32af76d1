package azure

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/google/go-cmp/cmp"
)

func TestCheckTakesAllThereIs(t *testing.T) {
	if err := Check([]byte(`
cluster: {properties: {provisioningState: Updating}}
vms: {user-1: null}
activity: [{ago: 6m, operation: a/b/write, status: Failed, resource: '{{vm "user-1"}}', caller: '{{node "user-1"}}', properties: {at: '{{ago "6m"}}', in: '{{nodeGroup}}{{clusterGroup}}{{clusterID}}{{workspaceID}}{{scaleSet "user"}}'}}]
queries: {x: {columns: {A: int}, rows: [{A: 1}]}}
prometheus: [{match: up, result: []}]
faults: [{path: token, status: 503}]
latency: 150ms
skew: 90s
`), []string{"user"}); err != nil {
		t.Error(err)
	}
}

func TestCheckRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, problem string }{
		"an unknown field":           {"clusters: {}", "clusters"},
		"an unknown field below":     {"activity: [{ago: 6m, operation: a, status: b, who: c}]", "who"},
		"a duration of no unit":      {"skew: 90", "with a unit"},
		"a bad duration":             {"latency: soon", "soon"},
		"a bad age":                  {"resources: [{id: '/subscriptions/x', body: {at: '{{ago \"late\"}}'}}]", "late"},
		"an activity of no time":     {"activity: [{operation: a, status: b}]", "needs ago"},
		"an unknown category":        {"activity: [{ago: 1m, operation: a, status: b, category: c}]", `category "c"`},
		"an unknown pool's instance": {"vms: {other-1: null}", "other-1"},
		"an unknown node":            {"resources: [{id: '{{vm \"other-1\"}}', body: {}}]", "other-1"},
		"an unknown function":        {"skew: '{{tenant}}'", "tenant"},
		"a resource without an id":   {"resources: [{body: {}}]", "needs an id"},
		"a resource without a body":  {"resources: [{id: /subscriptions/x}]", "a body"},
		"a column that is not there": {"queries: {x: {columns: {A: int}, rows: [{B: 1}]}}", "no column B"},
		"an unknown type":            {"queries: {x: {columns: {A: text}}}", `type "text"`},
		"a broken expression":        {"faults: [{path: '(', status: 500}]", "missing closing"},
		"a fault without a path":     {"faults: [{status: 500}]", "it is empty"},
		"a fault that is none":       {"faults: [{path: x, status: 200}]", "status 200"},
		"a match of nothing":         {"prometheus: [{result: []}]", "it is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			err := Check([]byte(c.text), []string{"user"})
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("error is %v; want one that says %q", err, c.problem)
			}
		})
	}
}

func TestMergeIsThatOfRFC7386(t *testing.T) {
	got := merge(object{"a": object{"b": 1, "c": []any{1, 2}}, "d": "x"}, object{"a": object{"b": nil, "c": []any{3}, "e": object{"f": nil, "g": 1}}, "d": object{"h": 1}})
	if diff := cmp.Diff(object{"a": object{"c": []any{3}, "e": object{"g": 1}}, "d": object{"h": 1}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSurveyNeedsMachinesOfScaleSets(t *testing.T) {
	if _, err := Survey([]corev1.Node{{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Spec: corev1.NodeSpec{ProviderID: "kind://a"}}}, nil); err == nil {
		t.Error("nodes of another cloud were taken")
	}
}

func TestTypesAreReadFromIDs(t *testing.T) {
	for id, want := range map[string]string{
		"/subscriptions/s":                                                      "Microsoft.Resources/subscriptions",
		"/subscriptions/s/resourceGroups/g":                                     "Microsoft.Resources/resourceGroups",
		"/subscriptions/s/providers/A.B/c/d":                                    "A.B/c",
		"/subscriptions/s/resourceGroups/g/providers/A.B/c/d/e/f":               "A.B/c/e",
		"/subscriptions/s/resourceGroups/g/providers/A.B/c/d/providers/E.F/g/h": "E.F/g",
	} {
		if got := typeOf(id); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}
