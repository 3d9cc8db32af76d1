package diagnosis_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

// A pod that runs well while its children are killed, beside what the kernel of its node says of a process.
func childKilled(t *testing.T, nodeOf string, before time.Duration, process string) diagnosis.Verdict {
	t.Helper()
	w := crashed(t, 1, time.Hour, func(c *corev1.Container) { c.Command = []string{"/opt/thumbs/bin/thumbnailer", "--workers=4"} })
	status := &w.pod.Status.ContainerStatuses[0]
	*status = corev1.ContainerStatus{Name: "app", Ready: true, ContainerID: "containerd://run-1", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: ago(time.Hour)}}}
	var text bytes.Buffer
	for i := range 4 {
		fmt.Fprintf(&text, "worker %d exited with code 137, starting another\n", i)
	}
	w.s.Logs = []evidence.Log{{Sure: true, Head: true, Tail: true, Bytes: text.Len(), Text: text.Bytes(),
		Instance: evidence.Instance{Namespace: "shop", Pod: "app-0", PodUID: "uid-app-0", Container: "app", ContainerID: "containerd://run-1"}}}
	w.s.Events = []evidence.Event{{Name: "n", Reason: "OOMKilling", Component: "kernel-monitor", Count: 1, Last: now.Add(-before), About: evidence.Ref{Kind: "Node", Name: nodeOf},
		Message: "Memory cgroup out of memory: Killed process 4711 (" + process + ") total-vm:912340kB"}}
	f := w.one()
	if f.Cause != "memory.child-process" {
		t.Fatalf("cause %s", f.Cause)
	}
	return f.Verdict
}

func TestChildOfWhom(t *testing.T) {
	for _, c := range []struct {
		name, node string
		before     time.Duration
		process    string
		want       diagnosis.Verdict
	}{
		{"the container's own program", "node-1", time.Minute, "thumbnailer", diagnosis.Proven},
		{"another program of the node", "node-1", time.Minute, "java", diagnosis.Likely},
		{"another node", "node-2", time.Minute, "thumbnailer", diagnosis.Likely},
		{"before the pod was", "node-1", 2 * time.Hour, "thumbnailer", diagnosis.Likely},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := childKilled(t, c.node, c.before, c.process); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
