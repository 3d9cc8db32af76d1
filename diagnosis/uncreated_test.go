package diagnosis_test

import (
	"testing"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

// Where the API server refuses the pods there is none that could be sick: the controller's words tell.
func TestPodsThatCannotBeCreated(t *testing.T) {
	const quota = `Error creating: pods "web-5f6d7c8b9d-x2x4z" is forbidden: exceeded quota: team, requested: limits.memory=2Gi, used: limits.memory=15Gi, limited: limits.memory=16Gi`
	owned := func(want, have float64) evidence.Object {
		return evidence.NewObject(evidence.Raw{"metadata": map[string]any{"name": "web-5f6d7c8b9d", "namespace": "shop",
			"ownerReferences": []any{map[string]any{"kind": "Deployment", "name": "web", "controller": true}}},
			"spec": map[string]any{"replicas": want}, "status": map[string]any{"replicas": have}}, "apps/v1", "ReplicaSet", "live")
	}
	for name, tt := range map[string]struct {
		message string
		ago     time.Duration
		objects []evidence.Object
		cause   string
	}{
		"quota":                   {quota, time.Minute, []evidence.Object{owned(2, 1)}, "scheduling.quota"},
		"the owner is not known":  {quota, time.Minute, nil, "scheduling.quota"},
		"it got them since":       {quota, time.Minute, []evidence.Object{owned(2, 2)}, ""},
		"long ago":                {quota, 2 * time.Hour, []evidence.Object{owned(2, 1)}, ""},
		"something unknown":       {"Error creating: the moon is full", time.Minute, []evidence.Object{owned(2, 1)}, ""},
		"the API server's policy": {`Error creating: pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true`, time.Minute, nil, "scheduling.admission"},
	} {
		s := &evidence.Snapshot{CapturedAt: now, Redacted: true, Objects: tt.objects, Events: []evidence.Event{{Namespace: "shop", Name: "e", Reason: "FailedCreate", Message: tt.message, Last: now.Add(-tt.ago),
			About: evidence.Ref{Kind: "ReplicaSet", Namespace: "shop", Name: "web-5f6d7c8b9d"}, Component: "replicaset-controller"}}}
		w := &world{t: t, s: s}
		r := w.read()
		switch {
		case tt.cause == "" && len(r.Findings) > 0:
			t.Errorf("%s: %s", name, r.Findings[0].Headline)
		case tt.cause != "" && (len(r.Findings) != 1 || r.Findings[0].Cause != tt.cause || r.Findings[0].Workload.Name != "web" || r.Findings[0].Verdict != diagnosis.Proven):
			t.Errorf("%s: %+v", name, r.Findings)
		}
	}
}
