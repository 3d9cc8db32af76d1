package diagnosis_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

// A container that has outlived its crashes keeps its restart count; whoever reads it is told so.
func TestOldRestartsAreNoPresentLoop(t *testing.T) {
	for restarts, want := range map[int32]bool{12: true, 3: false} {
		w := crashed(t, 1, 5*time.Second, nil).says("2s FATAL dial tcp 10.0.0.9:5432: connect: connection refused")
		since := ago(50 * time.Minute)
		s := &w.pod.Status.ContainerStatuses[0]
		s.RestartCount, s.Ready, s.ContainerID = restarts, true, "containerd://run-4"
		s.State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: since}}
		s.LastTerminationState.Terminated.StartedAt, s.LastTerminationState.Terminated.FinishedAt = ago(50*time.Minute+10*time.Second), ago(50*time.Minute+5*time.Second)
		f := w.one()
		told := slices.ContainsFunc(f.Misreadings, func(m diagnosis.Misreading) bool { return strings.Contains(m.Seen, "high restart count") })
		if f.State != "recovered" || told != want {
			t.Errorf("%d restarts: %s, misreading told: %v", restarts, f.State, told)
		}
	}
}
