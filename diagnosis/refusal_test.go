package diagnosis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

// denied is a program that was killed by its liveness probe while it tried to listen so many times, each with a few
// lines of output, and did other things besides.
func denied(t *testing.T, times, other int, answer string) *world {
	var lines []string
	for i := range times {
		at := fmt.Sprintf("%ds ", 38-3*i)
		lines = append(lines, at+"W1123 reload.go:1] requeuing", at+"E1123 reload.go:9] cannot reload", at+"Error: exit status 1", at+"configuration is read",
			at+"2026/11/23 03:00:00 [emerg] 7#7: bind() to 0.0.0.0:81 failed (13: Permission denied)", at+"the test of the configuration failed")
	}
	for i := range other {
		lines = append(lines, fmt.Sprintf("11s I1123 part.go:7] Starting part %d", i))
	}
	return crashed(t, 1, 41*time.Second, func(c *corev1.Container) { c.LivenessProbe = httpProbe(10, 4, "/healthz") }).
		says(append(append([]string{"40s starting the proxy"}, lines...), "10s received SIGTERM, leaving")...).
		event(70*time.Second, "Unhealthy", "Liveness probe failed: "+answer, 9).event(70*time.Second, "Killing", killed, 3)
}

// A probe kills what cannot open its port: that is the reason, or keeps the probe from being proven at fault.
func TestKilledWhileItWasRefused(t *testing.T) {
	if f := denied(t, 9, 0, `Get "http://10.0.0.9:81/healthz": dial tcp 10.0.0.9:81: connect: connection refused`).one(); f.Cause != "security.capability" {
		t.Errorf("refused nine times: %s %s", f.Verdict, f.Cause)
	}
	if f := denied(t, 3, 40, "HTTP probe failed with statuscode: 500").one(); f.Verdict == diagnosis.Proven && strings.HasPrefix(f.Cause, "probe.") {
		t.Errorf("refused three times: %s %s", f.Verdict, f.Cause)
	}
}

// A command that does not know its own arguments fails each time the kubelet runs it, in whichever run it was seen to.
func TestProbeCommandRefusesItsArguments(t *testing.T) {
	exec := func(c *corev1.Container) {
		c.LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"/agent", "-check=live"}}}, PeriodSeconds: 10, FailureThreshold: 3, TimeoutSeconds: 1}
	}
	http := func(c *corev1.Container) { c.LivenessProbe = httpProbe(10, 3, "/healthz") }
	for name, tt := range map[string]struct {
		spec    func(*corev1.Container)
		life    time.Duration
		message string
		want    bool
	}{
		"unknown flag":           {exec, 50 * time.Second, "Liveness probe failed: flag provided but not defined: -check\nUsage of /agent:", true},
		"says that it is unwell": {exec, 50 * time.Second, "Liveness probe failed: 3 of 9 options are stale", false},
		"no command":             {http, 50 * time.Second, "Liveness probe failed: unknown option", false},
		"ended before":           {exec, 5 * time.Second, "Liveness probe failed: flag provided but not defined: -check", false},
	} {
		f := crashed(t, 2, tt.life, tt.spec).says("4s INFO registered").event(8*time.Minute, "Unhealthy", tt.message, 9).one()
		if got := f.Cause == "probe.wrong-endpoint"; got != tt.want {
			t.Errorf("%s: %s %s", name, f.Verdict, f.Cause)
		}
	}
}

// A sandbox that is made anew as often as the container restarts is the node's doing; a reboot does it once.
func TestSandboxMadeAnew(t *testing.T) {
	for count, want := range map[int]string{9: "node.kernel", 1: "app.unexplained-exit"} {
		f := crashed(t, 2, 70*time.Second, nil).says("60s INFO syncing", "1s INFO synced").
			event(3*time.Minute, "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.", count).one()
		if f.Cause != want || f.Verdict == diagnosis.Proven {
			t.Errorf("%d times: %s %s", count, f.Verdict, f.Cause)
		}
	}
}

// What an init container says over and over in its present run is what it waits for, though an earlier run has ended.
func TestInitContainerTriesAgain(t *testing.T) {
	const refusal = "ERROR cannot log in: password authentication failed for user \"app\"\nINFO next try in 3s\n"
	for times, want := range map[int]string{9: "access.credentials-rejected", 1: "app.unexplained-exit"} {
		w := crashed(t, 1, 20*time.Minute, nil)
		w.pod.Spec.InitContainers, w.pod.Spec.Containers = w.pod.Spec.Containers, []corev1.Container{{Name: "web", Image: "registry.example/web:1"}}
		st := w.pod.Status.ContainerStatuses[0]
		st.ContainerID, st.State = "containerd://run-4", corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: ago(50 * time.Second)}}
		w.pod.Status.InitContainerStatuses, w.pod.Status.ContainerStatuses = []corev1.ContainerStatus{st}, nil
		text := strings.Repeat(refusal, times) + strings.Repeat("INFO copied\n", 20)
		w.s.Logs = append(w.s.Logs, evidence.Log{Sure: true, Head: true, Tail: true, Bytes: len(text), Text: []byte(text),
			Instance: evidence.Instance{Namespace: "shop", Pod: "app-0", PodUID: "uid-app-0", Container: "app", ContainerID: "containerd://run-4", Restart: 4}})
		if f := w.one(); f.Cause != want {
			t.Errorf("%d times: %s %s", times, f.Verdict, f.Cause)
		}
	}
}

// Where nothing tells when the events' ages were read, a kill's time is a guess and the run's length counts, with the
// grace period that the process may have used up.
func TestKillTimeFromAges(t *testing.T) {
	for atLeast, want := range map[bool]bool{true: false, false: true} {
		w := crashed(t, 143, 45*time.Second, func(c *corev1.Container) { c.LivenessProbe = httpProbe(10, 3, "/healthz") }).
			event(62*time.Second, "Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500", 9).event(62*time.Second, "Killing", killed, 3)
		w.s.AtLeast = atLeast
		healthy := false
		for _, e := range w.one().Evidence {
			healthy = healthy || strings.Contains(e.Text, "so it was healthy for a time")
		}
		if healthy != want {
			t.Errorf("at least %v: healthy for a time %v", atLeast, healthy)
		}
	}
}
