package diagnosis_test

import (
	"testing"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// policy adds a NetworkPolicy with an egress rule per port; -1 is a rule without ports.
func (w *world) policy(app string, ports ...int) *world {
	var egress []any
	for _, p := range ports {
		rule := map[string]any{}
		if p > 0 {
			rule["ports"] = []any{map[string]any{"port": float64(p), "protocol": "TCP"}}
		}
		egress = append(egress, rule)
	}
	w.pod.Labels = map[string]string{"app": "api"}
	w.s.Objects = append(w.s.Objects, evidence.NewObject(evidence.Raw{"metadata": map[string]any{"name": "egress", "namespace": "shop"},
		"spec": map[string]any{"podSelector": map[string]any{"matchLabels": map[string]any{"app": app}}, "policyTypes": []any{"Egress"}, "egress": egress}}, "networking.k8s.io/v1", "NetworkPolicy", "live"))
	return w
}

func (w *world) hostNetwork() *world {
	w.pod.Spec.HostNetwork = true
	return w
}

// made dates the last object.
func (w *world) made(before time.Duration) *world {
	meta := w.s.Objects[len(w.s.Objects)-1].Raw["metadata"].(map[string]any)
	meta["creationTimestamp"] = now.Add(-before).Format(time.RFC3339)
	return w
}

// service adds a Service whose pods listen on another port.
func (w *world) service(name string, port, target int) *world {
	w.s.Objects = append(w.s.Objects, evidence.NewObject(evidence.Raw{"metadata": map[string]any{"name": name, "namespace": "shop"},
		"spec": map[string]any{"clusterIP": "10.0.0.9", "ports": []any{map[string]any{"port": float64(port), "targetPort": float64(target)}}}}, "v1", "Service", "live"))
	return w
}

// A policy is the cause where it selects the pod and allows nothing to the port that the target's pods listen on.
func TestPolicyForbids(t *testing.T) {
	const timeout = "1s FATAL dial tcp 10.0.0.9:80: i/o timeout"
	for name, tt := range map[string]struct {
		world *world
		cause string
	}{
		"another port is allowed":             {crashed(t, 1, 31e9, nil).says(timeout).service("db", 80, 8080).policy("api", 443), "network.policy-blocked"},
		"the Service's port is not the pods'": {crashed(t, 1, 31e9, nil).says(timeout).service("db", 80, 8080).policy("api", 80), "network.policy-blocked"},
		"the pods' port is allowed":           {crashed(t, 1, 31e9, nil).says(timeout).service("db", 80, 8080).policy("api", 53, 8080), "dependency.timeout"},
		"nothing is allowed":                  {crashed(t, 1, 31e9, nil).says(timeout).service("db", 80, 8080).policy("api"), "network.policy-blocked"},
		"a rule without ports":                {crashed(t, 1, 31e9, nil).says(timeout).service("db", 80, 8080).policy("api", -1), "dependency.timeout"},
		"nothing but names, whoever it is":    {crashed(t, 1, 31e9, nil).says("1s FATAL kafka: broker did not answer: i/o timeout").policy("api", 53), "network.policy-blocked"},
		"more than names, whoever it is":      {crashed(t, 1, 31e9, nil).says("1s FATAL kafka: broker did not answer: i/o timeout").policy("api", 53, 443), "dependency.timeout"},
		"nothing but names, and itself":       {crashed(t, 1, 31e9, nil).says("1s FATAL dial tcp 127.0.0.1:9092: i/o timeout").policy("api", 53), "dependency.timeout"},
		"an answer, so it was reached":        {crashed(t, 1, 31e9, nil).says(`1s FATAL:  database "orders" does not exist`).policy("api", 53), "dependency.unavailable"},
		"the host's network":                  {crashed(t, 1, 31e9, nil).says(timeout).service("db", 80, 8080).policy("api", 443).hostNetwork(), "dependency.timeout"},
		"a policy of later":                   {crashed(t, 1, 31e9, nil).says(timeout).service("db", 80, 8080).policy("api", 443).made(0), "dependency.timeout"},
		"another pod's policy":                {crashed(t, 1, 31e9, nil).says(timeout).service("db", 80, 8080).policy("web", 443), "dependency.timeout"},
		"refused, so it was reached":          {crashed(t, 1, 31e9, nil).says("1s FATAL dial tcp 10.0.0.9:80: connect: connection refused").service("db", 80, 8080).policy("api", 443), "dependency.refused"},
	} {
		if f := tt.world.one(); f.Cause != tt.cause {
			t.Errorf("%s: %s %s, want %s", name, f.Verdict, f.Cause, tt.cause)
		}
	}
}
