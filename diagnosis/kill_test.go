package diagnosis_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

const killed = "Container app failed liveness probe, will be restarted"

// stuck is a program that worked for ten minutes, said its last word long before its end, and was stopped.
func stuck(t *testing.T, code int32) *world {
	return crashed(t, code, 10*time.Minute, func(c *corev1.Container) { c.LivenessProbe = httpProbe(10, 3, "/healthz") }).
		says("9m59s listening on :8080", "5m0s order 11 booked", "40s order 12 booked")
}

// A kill whose event expired or was dropped is concluded only where status, interval and log agree and nothing else
// that stops a container in place is there.
func TestKillWithoutItsEvent(t *testing.T) {
	for name, tt := range map[string]struct {
		world   *world
		change  func(*world)
		cause   string
		verdict diagnosis.Verdict
	}{
		"an earlier kill is on record": {world: stuck(t, 143).event(30*time.Minute, "Killing", killed, 2),
			cause: "probe.app-unhealthy", verdict: diagnosis.Proven},
		"no event is left": {world: stuck(t, 143), cause: "probe.app-unhealthy", verdict: diagnosis.Likely},
		"the log tells of SIGTERM": {world: crashed(t, 143, 10*time.Minute, func(c *corev1.Container) { c.LivenessProbe = httpProbe(10, 3, "/healthz") }).
			says("9m59s listening on :8080", "1s received SIGTERM, leaving"), cause: "probe.app-unhealthy", verdict: diagnosis.Likely},
		"all events of the run are there, and no kill": {world: stuck(t, 143).event(20*time.Minute, "Started", "Container started", 3)},
		"it worked until the end": {world: crashed(t, 143, 10*time.Minute, func(c *corev1.Container) { c.LivenessProbe = httpProbe(10, 3, "/healthz") }).
			says("9m59s listening on :8080", "1s order 12 booked")},
		"no probe":                          {world: stuck(t, 143), change: func(w *world) { w.pod.Spec.Containers[0].LivenessProbe = nil }},
		"too short for the probe":           {world: crashed(t, 143, 8*time.Second, func(c *corev1.Container) { c.LivenessProbe = httpProbe(10, 3, "/healthz") }).says("7s starting")},
		"an exit code of its own":           {world: stuck(t, 1)},
		"the pod is being deleted":          {world: stuck(t, 143), change: func(w *world) { d := ago(2 * time.Minute); w.pod.DeletionTimestamp = &d }},
		"the node came back during the run": {world: stuck(t, 143), change: func(w *world) { w.node.ReadySince = now.Add(-5 * time.Minute) }},
		"only once":                         {world: stuck(t, 143), change: func(w *world) { w.pod.Status.ContainerStatuses[0].RestartCount = 1 }},
		"its neighbour ended with it": {world: stuck(t, 143), change: func(w *world) {
			w.pod.Spec.Containers = append(w.pod.Spec.Containers, corev1.Container{Name: "proxy", Image: "proxy:1"})
			st := w.pod.Status.ContainerStatuses[0]
			st.Name, st.State = "proxy", corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: ago(50 * time.Second)}}
			w.pod.Status.ContainerStatuses = append(w.pod.Status.ContainerStatuses, st)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.world.t = t
			if tt.change != nil {
				tt.change(tt.world)
			}
			for _, f := range tt.world.diagnose().Findings {
				if len(f.Containers) == 0 || f.Containers[0].Container != "app" {
					continue
				}
				if tt.cause != "" && (f.Cause != tt.cause || f.Verdict != tt.verdict) {
					t.Errorf("%s %s, want %s %s", f.Verdict, f.Cause, tt.verdict, tt.cause)
				}
				if tt.cause == "" && f.Family == "liveness" {
					t.Errorf("%s %s on thin evidence", f.Verdict, f.Cause)
				}
			}
		})
	}
}

// The kill that ended the run before falls into the second in which this run began: it is not this run's end.
func TestKillOfTheRunBefore(t *testing.T) {
	w := crashed(t, 1, 15*time.Second, func(c *corev1.Container) { c.LivenessProbe = httpProbe(3, 2, "/healthz") }).
		says("14s starting", `1s FATAL: password authentication failed for user "app"`).
		event(time.Minute+15*time.Second, "Killing", killed, 1)
	if f := w.one(); f.Cause != "access.credentials-rejected" {
		t.Errorf("%s %s", f.Verdict, f.Cause)
	}
}

// A program that answers its probe that it is not well, and complains of the same thing each time, is killed for that.
func TestUnwellForAReason(t *testing.T) {
	w := crashed(t, 0, 10*time.Minute, func(c *corev1.Container) { c.LivenessProbe = httpProbe(3, 2, "/healthz") }).
		says("9m59s INFO listening on :8080", "5m0s INFO order 11 booked",
			`4s ERROR health check failed: connection to server at "db" (10.0.0.9), port 5432 failed: Connection refused`,
			`1s ERROR health check failed: connection to server at "db" (10.0.0.9), port 5432 failed: Connection refused`,
			"0s INFO received SIGTERM, leaving").
		event(time.Minute+time.Second, "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 503", 2).
		event(time.Minute+time.Second, "Killing", killed, 1)
	if f := w.one(); f.Cause != "dependency.refused" {
		t.Errorf("%s %s", f.Verdict, f.Cause)
	}
}

// A node that is not ready is reported by a scan although the frozen statuses of its pods look well.
func TestSilentNode(t *testing.T) {
	w := crashed(t, 1, time.Minute, nil)
	w.pod.Spec.NodeName = "node-2"
	w.node = node("node-1", "Unknown")
	r := w.diagnose()
	var nodes []diagnosis.Finding
	for _, f := range r.Findings {
		if f.Workload.Kind == "Node" {
			nodes = append(nodes, f)
		}
	}
	if len(nodes) != 1 || nodes[0].Cause != "node.not-ready" || nodes[0].Scope.Subject != "Node/node-1" {
		t.Errorf("findings %+v", nodes)
	}
	w = crashed(t, 1, time.Minute, nil)
	w.pod.Spec.NodeName, w.node = "node-2", node("node-1", "Unknown")
	w.s.Target.Kind, w.s.Target.Name = "Pod", "other"
	for _, f := range w.diagnose().Findings {
		if f.Workload.Kind == "Node" {
			t.Error("a question about one workload was answered with a node")
		}
	}
}
