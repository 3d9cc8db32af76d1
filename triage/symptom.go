package triage

// Symptom is what a container's (or pod's) status shows.
type Symptom string

// The symptoms, worst first as a scan lists them.
const (
	// CrashLoop: the container starts and ends again and again, whatever ends it.
	CrashLoop Symptom = "crash-loop"
	// StartFailure: the runtime could not start the process (RunContainerError, StartError, ContainerCannotRun).
	StartFailure Symptom = "start-failure"
	// ConfigFailure: the kubelet refuses to create the container (CreateContainerConfigError, CreateContainerError).
	ConfigFailure Symptom = "config-failure"
	// ImagePull: the image cannot be had.
	ImagePull Symptom = "image-pull"
	// InitStuck: an init container runs for a long time and the rest waits for it.
	InitStuck Symptom = "init-stuck"
	// Replaced: pods of the workload fail for good and are replaced, so restart counts stay at 0 (Jobs with
	// restartPolicy Never, evicted pods).
	Replaced Symptom = "failed-pod"
	// LostContainer: the kubelet made up an end for a container that it lost.
	LostContainer Symptom = "lost-container"
	// NodeLost: the node stopped reporting; the status is frozen.
	NodeLost Symptom = "node-lost"
	// Blocked: ContainerCreating for long: volumes, sandbox.
	Blocked Symptom = "creation-blocked"
	// NotCreated: a controller cannot create the pods that it wants; there is no pod to look at.
	NotCreated Symptom = "not-created"
	// Held: the pod's work is done, and another container of it runs on, so that the pod never completes.
	Held Symptom = "held"
	// ChildKilled: its main process runs on, and others of its processes are killed again and again.
	ChildKilled Symptom = "child-killed"
	// Misrouted: nothing is wrong with the pods; what leads to them leads elsewhere.
	Misrouted Symptom = "misrouted"
	// Pending: no node was found.
	Pending Symptom = "unscheduled"
	// NotReady: it runs, has not restarted, and is not ready for long.
	NotReady Symptom = "not-ready"
	// Restarted: it restarted and that is over.
	Restarted Symptom = "restarted"
)

// rank orders symptoms by how much they need attention.
var rank = map[Symptom]int{CrashLoop: 0, StartFailure: 1, ConfigFailure: 2, ImagePull: 3, Replaced: 4, LostContainer: 5, NodeLost: 6,
	InitStuck: 7, Blocked: 8, NotCreated: 9, Pending: 10, NotReady: 11, ChildKilled: 12, Held: 13, Misrouted: 14, Restarted: 15}

// Rank returns the symptom's place in that order; lower is worse.
func (s Symptom) Rank() int {
	if r, ok := rank[s]; ok {
		return r
	}
	return len(rank)
}
