package steps

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Summary is one line about a pod: its phase and what its containers do.
func Summary(pod *corev1.Pod) string {
	parts := []string{pod.Name, string(pod.Status.Phase)}
	if pod.Status.Reason != "" {
		parts = append(parts, pod.Status.Reason)
	}
	for _, c := range statuses(pod) {
		parts = append(parts, fmt.Sprintf("[%s %d× %s]", c.Name, c.RestartCount, State(c.State)))
	}
	return strings.Join(parts, " ")
}

// State is what a container does or how it ended.
func State(state corev1.ContainerState) string {
	switch {
	case state.Running != nil:
		return "running"
	case state.Waiting != nil:
		return strings.TrimSpace(state.Waiting.Reason + " " + state.Waiting.Message)
	case state.Terminated != nil:
		t := state.Terminated
		text := fmt.Sprintf("%s exit %d", t.Reason, t.ExitCode)
		if t.Signal != 0 {
			text += fmt.Sprintf(" signal %d", t.Signal)
		}
		return strings.TrimSpace(text + " " + t.Message)
	}
	return "-"
}
