package evidence

import "time"

// StateKind is one of waiting, running, terminated, or empty where there is none.
type StateKind string

// The kinds of state.
const (
	NoState    StateKind = ""
	Waiting    StateKind = "waiting"
	Running    StateKind = "running"
	Terminated StateKind = "terminated"
)

// State is a container's current or last state. Known is false where the source does not say at all.
type State struct {
	Known       bool
	Kind        StateKind
	Reason      string
	Message     string
	ExitCode    Opt[int]
	Signal      int
	StartedAt   time.Time
	FinishedAt  time.Time
	ContainerID string
}

// Synthetic reports whether a terminated state was made up by the kubelet for a container that it lost: no times
// and no container ID (kubelet_pods.go convertToAPIContainerStatuses: ContainerStatusUnknown with exit code 137).
func (s State) Synthetic() bool {
	return s.Kind == Terminated && (s.Reason == "ContainerStatusUnknown" ||
		(s.Reason == "RestartingAllContainers") || (s.ContainerID == "" && s.FinishedAt.IsZero() && s.StartedAt.IsZero() && Is(s.ExitCode, 137) && s.Reason == ""))
}

// Lost reports whether nobody saw how the run ended: the kubelet made the state up, or containerd found the container
// without its task when it was started again, as after a reboot of the node (internal/cri/server/restart.go,
// loadContainer: exit code 255, reason Unknown, finished when containerd came back).
func (s State) Lost() bool {
	return s.Synthetic() && s.Reason != "RestartingAllContainers" || s.Kind == Terminated && s.Reason == "Unknown" && Is(s.ExitCode, 255)
}
