package pipeline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

func captured() *Result {
	w := func(ns, kind, name string) diagnosis.Workload {
		return diagnosis.Workload{Namespace: ns, Kind: kind, Name: name}
	}
	own := func(name string) diagnosis.Scope {
		return diagnosis.Scope{Level: diagnosis.ScopeWorkload, Subject: name}
	}
	s := &evidence.Snapshot{}
	for _, r := range []evidence.Row{
		{Namespace: "shop", Pod: "api-1", WorkloadKind: "Deployment", Workload: "api", OwnerKind: "ReplicaSet", Owner: "api-5f", Symptom: "crash-loop"},
		{Namespace: "shop", Pod: "db-0", WorkloadKind: "StatefulSet", Workload: "db", Symptom: "crash-loop"},
		{Namespace: "ops", Pod: "api-2", WorkloadKind: "Deployment", Workload: "api", Symptom: "crash-loop"},
		{Namespace: "shop", Pod: "web-1", WorkloadKind: "Deployment", Workload: "web"},
	} {
		s.Population.Add(r)
	}
	return &Result{Snapshot: s, Report: &diagnosis.Report{Findings: []diagnosis.Finding{
		{ID: "api", State: "active", Scope: own("api"), Workload: w("shop", "Deployment", "api"), Containers: []diagnosis.ContainerFinding{{Pod: "api-1"}}},
		{ID: "db", State: "active", Scope: own("db"), Workload: w("shop", "StatefulSet", "db"), Victims: []diagnosis.Workload{w("shop", "Deployment", "api")}},
		{ID: "ops", State: "active", Scope: own("ops"), Workload: w("ops", "Deployment", "api"), Containers: []diagnosis.ContainerFinding{{Pod: "api-2"}}},
	}}}
}

func TestNarrow(t *testing.T) {
	for name, c := range map[string]struct {
		target evidence.Target
		want   []string
		report string
		scope  diagnosis.ScopeLevel
	}{
		"workload, its culprit too": {evidence.Target{Kind: "deploy", Namespace: "shop", Name: "api"}, []string{"api", "db"}, "Deployment/shop/api", diagnosis.ScopeMixed},
		"in any namespace":          {evidence.Target{Kind: "deployments.apps", Name: "api"}, []string{"api", "db", "ops"}, "Deployment//api", diagnosis.ScopeMixed},
		"pod":                       {evidence.Target{Kind: "po", Namespace: "shop", Name: "api-1"}, []string{"api"}, "Pod/shop/api-1", diagnosis.ScopeWorkload},
		"namespace":                 {evidence.Target{Namespace: "ops"}, []string{"ops"}, "", diagnosis.ScopeWorkload},
		"healthy workload":          {evidence.Target{Kind: "deployment", Namespace: "shop", Name: "web"}, nil, "Deployment/shop/web", diagnosis.ScopeNone},
	} {
		t.Run(name, func(t *testing.T) {
			r := captured()
			if err := Narrow(r, c.target); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range r.Report.Findings {
				got = append(got, f.ID)
			}
			if d := cmp.Diff(c.want, got); d != "" || r.Report.Target != c.report {
				t.Errorf("target %q, findings:\n%s", r.Report.Target, d)
			}
			if r.Report.Scope.Level != c.scope {
				t.Errorf("scope %q, want %q", r.Report.Scope.Level, c.scope)
			}
		})
	}
}

func TestNarrowToWhatIsNotThere(t *testing.T) {
	err := Narrow(captured(), evidence.Target{Kind: "deploy", Namespace: "shop", Name: "ghost"})
	if err == nil || !strings.Contains(err.Error(), "deployment/ghost in namespace shop") || !strings.Contains(err.Error(), "statefulset/db in shop") {
		t.Errorf("got %v", err)
	}
}
