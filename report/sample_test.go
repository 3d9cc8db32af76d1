package report

import (
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

var now = time.Date(2026, 11, 23, 3, 14, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

// sample is a report with something in every field.
func sample() *diagnosis.Report {
	return &diagnosis.Report{
		APIVersion: diagnosis.APIVersion, Kind: diagnosis.Kind, CapturedAt: now, Cluster: diagnosis.Cluster{UID: "c1", Version: "v1.37.2", Provider: "aks"},
		Scope: diagnosis.Scope{Level: diagnosis.ScopeMixed, Affected: 17, Population: 212, Confidence: "medium", Statement: "3 findings in 3 workloads"},
		Gaps:  []diagnosis.Gap{{What: "usage of pods in namespace shop", Source: "metrics", Reason: "unavailable", Detail: "no metrics.k8s.io", Close: "install metrics-server"}},
		Findings: []diagnosis.Finding{
			recovered(), credentials(), unexplained(),
		},
		Coverage: diagnosis.Coverage{Pods: 212, Nodes: 9, APICalls: 14, LogReads: 3},
	}
}

func credentials() diagnosis.Finding {
	return diagnosis.Finding{
		ID: "f-3c9a00000001", State: "active", Symptom: "crash-loop", Verdict: diagnosis.Proven, Cause: "access.credentials-rejected", Family: "config",
		Headline:  `Deployment shop/payments, container api: the database db:5432 rejects the login of user "app"`,
		Onset:     &diagnosis.Moment{Time: now.Add(-12 * time.Minute), PlusMinus: "30s"},
		LastSeen:  now.Add(-time.Minute),
		Workload:  diagnosis.Workload{Kind: "Deployment", Namespace: "shop", Name: "payments", Revision: "5f4c"},
		Mechanism: "probe.too-aggressive", Probability: ptr(0.98), Trigger: &diagnosis.Trigger{Change: "revision 5f4c changed the Secret's name"},
		Containers: []diagnosis.ContainerFinding{
			{Pod: "payments-5f4c-a", Container: "api", Role: "main", Restarts: ptr(3), State: "CrashLoopBackOff", Node: "n1"},
			{Pod: "payments-5f4c-b", Container: "api", Role: "main", Restarts: ptr(14), State: "CrashLoopBackOff", Node: "n2"},
		},
		Sampled: diagnosis.Sampled{Read: 3, Of: 14},
		Scope: diagnosis.Scope{Level: diagnosis.ScopeRevision, Subject: "Deployment/shop/payments@5f4c", Affected: 14, Population: 28, Confidence: "high",
			Statement: "14 of 14 pods of revision 5f4c of Deployment/shop/payments, 0 of 14 of the other revisions"},
		Chain: []string{
			"crash-loop: waiting: CrashLoopBackOff: back-off 5m0s restarting failed container",
			"because the liveness probe kills it before it listens on :8080",
			`because the database db:5432 rejects the login of user "app"`,
		},
		Victims: []diagnosis.Workload{{Kind: "Deployment", Namespace: "shop", Name: "checkout"}},
		Hypotheses: []diagnosis.Hypothesis{
			{Cause: "access.credentials-rejected", Family: "config", Layer: "cause", Status: diagnosis.Supported, For: []string{"e2", "e3"}, Why: "the log says so"},
			{Cause: "probe.too-aggressive", Family: "liveness", Layer: "mechanism", Status: diagnosis.Supported, For: []string{"e1"}, Why: "it was killed by the probe"},
			{Cause: "memory.container-limit", Family: "oom", Layer: "cause", Status: diagnosis.Refuted, Against: []string{"e4"}, Why: "terminated by Error, exit code 1: no OOM kill"},
			{Cause: "memory.node", Family: "oom", Layer: "cause", Status: diagnosis.Refuted, Against: []string{"e4"}, Why: "terminated by Error, exit code 1: no OOM kill"},
			{Cause: "dependency.refused", Family: "application", Layer: "cause", Status: diagnosis.Refuted, Against: []string{"e2"}, Why: "db:5432 answered"},
			{Cause: "dependency.dns", Family: "application", Layer: "cause", Status: diagnosis.Untested, Untested: []diagnosis.MissingWord{{Source: evidence.Process, Why: "no log that would say so"}}, Why: "nothing was read"},
		},
		Pattern: "manifest-drift-after-rollout",
		Evidence: []diagnosis.Evidence{
			{ID: "e1", Source: evidence.Kubelet, Ref: "Event/shop/x", Time: now.Add(-2 * time.Minute), Text: "Container api failed liveness probe, will be restarted", Fact: "kill.liveness", Count: 12},
			{ID: "e2", Source: evidence.Process, Ref: "Log/shop/payments-5f4c-a/api", Time: now.Add(-3 * time.Minute), Fact: "log.credentials",
				Text: "\x1b[31mFATAL\x1b[0m: password authentication failed for user \"app\"\x1b]0;owned\x07\nDETAIL: \u202eRole"},
			{ID: "e3", Source: evidence.Dependency, Ref: "Pod/shop/db-0", Text: "the database's pod is ready", Fact: "dependency.ready"},
			{ID: "e4", Source: evidence.Runtime, Ref: "Pod/shop/payments-5f4c-a", Time: now.Add(-3 * time.Minute), Text: "terminated, reason Error, exit code 1", Fact: "end.error"},
			{ID: "e5", Source: evidence.Spec, Ref: "Deployment/shop/payments", Text: "nobody cites this", Fact: "spec.x"},
		},
		Timeline:    []diagnosis.TimelineEntry{{Time: now.Add(-13 * time.Minute), Text: "revision 7 (5f4c) was created", Ref: "ReplicaSet/shop/payments-5f4c"}},
		Misreadings: []diagnosis.Misreading{{Seen: "exit code 137", Not: "an out-of-memory kill", Because: "137 says only SIGKILL"}},
		Remedies: []diagnosis.Remedy{{ID: "fix-credentials", Action: "edit-object", Target: "Secret/shop/db", Text: "Correct the password in the Secret that revision 5f4c uses.",
			Parameters: map[string]string{"user": "app"}, Evidence: []string{"e2"}},
			{ID: "rollback", Action: "rollback", Target: "Deployment/shop/payments", Text: "Or go back to the revision before: kubectl rollout undo deployment/payments -n shop."}},
	}
}

func unexplained() diagnosis.Finding {
	return diagnosis.Finding{
		ID: "f-3c9a00000002", State: "active", Symptom: "start-failure", Verdict: diagnosis.Unexplained, Cause: "app.unexplained-exit", Family: "application",
		Headline:   "Job batch/nightly, container job: it exits with 2 and nothing says why",
		Workload:   diagnosis.Workload{Kind: "Job", Namespace: "batch", Name: "nightly"},
		Containers: []diagnosis.ContainerFinding{{Pod: "nightly-x", Container: "job", Role: "main", State: "terminated"}},
		Sampled:    diagnosis.Sampled{Read: 1, Of: 1},
		Scope:      diagnosis.Scope{Level: diagnosis.ScopeWorkload, Affected: 1, Population: 1, Statement: "1 of 1 pod of Job/batch/nightly"},
		Chain:      []string{"start-failure: terminated, reason Error, exit code 2"},
		Evidence:   []diagnosis.Evidence{{ID: "e1", Source: evidence.Runtime, Ref: "Pod/batch/nightly-x", Text: "terminated, reason Error, exit code 2", Fact: "end.error"}},
		Gaps:       []diagnosis.Gap{{What: "previous log of container job", Source: "process", Reason: "forbidden", Detail: "pods/log is forbidden", Close: "grant get on pods/log in namespace batch"}},
		NextChecks: []diagnosis.Check{{Why: "the log of the run that ended was not read", Command: "kubectl logs nightly-x -c job --previous -n batch"}},
	}
}

func recovered() diagnosis.Finding {
	return diagnosis.Finding{
		ID: "f-3c9a00000003", State: "recovered", Neighbour: true, Symptom: "image-pull", Verdict: diagnosis.Likely, Cause: "image.pull-rate-limited", Family: "startup-drift",
		Headline:   "DaemonSet ops/agent: the registry limits the rate of pulls (likely)",
		Onset:      &diagnosis.Moment{Time: now.Add(-50 * time.Hour), PlusMinus: "1h0m0s"},
		Workload:   diagnosis.Workload{Kind: "DaemonSet", Namespace: "ops", Name: "agent"},
		Containers: []diagnosis.ContainerFinding{{Pod: "agent-x", Container: "agent", Role: "main", Restarts: ptr(0), State: "running"}},
		Scope:      diagnosis.Scope{Level: diagnosis.ScopeNodePool, Affected: 2, Population: 9, Statement: "2 of 9 pods of DaemonSet/ops/agent"},
	}
}
