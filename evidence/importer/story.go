package importer

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// story is what events tell of a pod's state.
type story struct {
	container string
	init      bool // it is an init container
	symptom   triage.Symptom
	why       string
	waiting   string // the reason of the waiting state that goes with it
	message   string
	failed    string // the pod's own reason where it failed as a whole
}

// raw puts it into the shape of a pod.
func (s *story) raw(r evidence.Ref) evidence.Raw {
	notes := map[string]any{}
	meta := map[string]any{"name": r.Name, "annotations": notes}
	if r.Namespace != "" {
		meta["namespace"] = r.Namespace
	}
	status := map[string]any{}
	c := map[string]any{"name": cmp.Or(s.container, evidence.Unnamed)}
	switch s.symptom {
	case triage.Replaced:
		status["phase"], status["reason"], status["message"] = string(corev1.PodFailed), s.failed, s.message
		notes[evidence.AssumedPodAnnotation] = string(s.symptom) + ": " + s.why
	case triage.Pending:
		status["phase"] = string(corev1.PodPending)
		status["conditions"] = []any{map[string]any{"type": string(corev1.PodScheduled), "status": "False", "reason": corev1.PodReasonUnschedulable, "message": s.message}}
		notes[evidence.AssumedPodAnnotation] = string(s.symptom) + ": " + s.why
	case triage.Blocked:
		status["phase"] = string(corev1.PodPending)
		notes[evidence.AssumedPodAnnotation] = string(s.symptom) + ": " + s.why
	default:
		notes[evidence.AssumedAnnotation+c["name"].(string)] = string(s.symptom) + ": " + s.why
		if s.waiting != "" {
			c["state"] = map[string]any{"waiting": map[string]any{"reason": s.waiting, "message": s.message}}
		}
		list := "containerStatuses"
		if s.init {
			list = "initContainerStatuses"
		}
		status[list] = []any{c}
	}
	return evidence.Raw{"apiVersion": "v1", "kind": "Pod", "metadata": meta, "status": status}
}

// alike: the two may be one container, as far as both are named.
func alike(x, y string) bool { return x == "" || y == "" || x == y }

// What the kubelet's Failed events say after "Error: ", by the step that failed (pkg/kubelet/kuberuntime/
// kuberuntime_container.go, startContainer, and kubelet_pods.go, makeEnvironmentVariables): the container's
// configuration, its creation, its start.
var (
	startFailed  = regexp.MustCompile(`failed to start container|containerd task|OCI runtime|runc create|shim task|unable to start container process|starting container process`)
	createFailed = regexp.MustCompile(`failed to (?:create containerd container|reserve container name|generate (?:container|spec))|Error response from daemon|^context deadline exceeded`)
	configFailed = regexp.MustCompile(`^(?:configmap|secret) .*not found|^couldn't find key |runAsNonRoot|^failed to (?:prepare subPath|sync (?:configmap|secret))|^(?:host IP unknown|cannot find volume|services have not yet been read)`)
	pullFailed   = regexp.MustCompile(`^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|RegistryUnavailable|SignatureValidationFailed)\b`)
	probeKill    = regexp.MustCompile(`failed (?:liveness|startup) probe`)
)

// settled is how long a container must have run after its last back-off to count as well: the kubelet's longest back-off
// is five minutes, and it tells of each.
const settled = 10 * time.Minute

// readStory reads a pod's events, oldest first. What is told to have gone on afterwards is over: an image that was pulled,
// a container that was started. Nothing found means that the pod may be well.
func readStory(events []toldEvent) *story {
	var s *story
	reasons := ""
	set := func(n story, e *toldEvent) {
		if s != nil && s.symptom == n.symptom && n.message == "" {
			n.message = s.message
		}
		n.why = "events: " + e.Reason + ": " + short(firstLineOf(e.Message))
		n.container, n.init = containerOf(&e.Event), strings.HasPrefix(e.About.Path, "spec.initContainers{")
		if s != nil && n.container == "" {
			n.container, n.init = s.container, s.init
		}
		s = &n
	}
	var e *toldEvent
	over := func(symptoms ...triage.Symptom) {
		if s != nil && slices.Contains(symptoms, s.symptom) && alike(s.container, containerOf(&e.Event)) {
			s = nil
		}
	}
	for i := range events {
		e = &events[i]
		words, isError := strings.CutPrefix(e.Message, "Error: ")
		switch e.Reason {
		case "Scheduled":
			over(triage.Pending)
		case "Pulling":
			over(triage.Pending, triage.Blocked)
		case "Pulled", "Created":
			over(triage.Pending, triage.Blocked, triage.ImagePull)
			if e.Reason == "Created" {
				over(triage.ConfigFailure)
			}
		case "Started":
			over(triage.Pending, triage.Blocked, triage.ImagePull, triage.ConfigFailure, triage.StartFailure)
			if e.ago >= settled {
				over(triage.CrashLoop)
			}
		case "FailedScheduling":
			set(story{symptom: triage.Pending, message: e.Message}, e)
		case "FailedMount", "FailedAttachVolume", "FailedMapVolume", "FailedCreatePodSandBox":
			if s == nil || s.symptom == triage.Pending || s.symptom == triage.Blocked {
				if !slices.ContainsFunc(events[:i], func(b toldEvent) bool { return b.Reason == "Started" }) {
					set(story{symptom: triage.Blocked, message: e.Message}, e)
				}
			}
		case "Failed":
			pull := pullFailed.FindStringSubmatch(words)
			switch {
			case strings.HasPrefix(e.Message, "Failed to pull image"):
				reasons = e.Message
				set(story{symptom: triage.ImagePull, waiting: "ErrImagePull", message: e.Message}, e)
			case isError && pull != nil:
				set(story{symptom: triage.ImagePull, waiting: pull[1], message: reasons}, e)
			case isError && startFailed.MatchString(words):
				set(story{symptom: triage.StartFailure, waiting: "RunContainerError", message: words}, e)
			case isError && configFailed.MatchString(words):
				set(story{symptom: triage.ConfigFailure, waiting: "CreateContainerConfigError", message: words}, e)
			case isError && createFailed.MatchString(words):
				set(story{symptom: triage.ConfigFailure, waiting: "CreateContainerError", message: words}, e)
			}
		case "InspectFailed":
			reasons = e.Message
			set(story{symptom: triage.ImagePull, waiting: "InvalidImageName", message: e.Message}, e)
		case "ErrImageNeverPull":
			set(story{symptom: triage.ImagePull, waiting: "ErrImageNeverPull", message: e.Message}, e)
		case "BackOff":
			switch {
			case strings.HasPrefix(e.Message, "Back-off pulling image"):
				set(story{symptom: triage.ImagePull, waiting: "ImagePullBackOff", message: cmp.Or(reasons, e.Message)}, e)
			case strings.HasPrefix(e.Message, "Back-off restarting failed container") && (s == nil || s.symptom != triage.StartFailure && s.symptom != triage.ConfigFailure):
				set(story{symptom: triage.CrashLoop}, e)
			}
		case "FailedPostStartHook":
			set(story{symptom: triage.CrashLoop}, e)
		case "Killing":
			switch {
			case probeKill.MatchString(e.Message):
				set(story{symptom: triage.CrashLoop}, e)
			case strings.HasPrefix(e.Message, "Stopping container"):
				s = nil // it is on its way out by somebody's wish
			}
		case "Evicted", "NodeShutdown", "Preempting", "UnexpectedAdmissionError", "OutOfcpu", "OutOfmemory", "NodeAffinity":
			set(story{symptom: triage.Replaced, failed: e.Reason, message: e.Message}, e)
		}
		if s != nil && s.symptom == triage.Replaced {
			break
		}
	}
	return s
}
