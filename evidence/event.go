package evidence

import (
	"regexp"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Event is a Kubernetes event. core/v1 and events.k8s.io show the same stored objects; one of them is listed.
type Event struct {
	Namespace string    `json:"namespace,omitempty"`
	Name      string    `json:"name,omitempty"`
	UID       string    `json:"uid,omitempty"`
	About     Ref       `json:"about"`               // involvedObject; Path is its fieldPath
	Container string    `json:"container,omitempty"` // from the fieldPath
	Type      string    `json:"type,omitempty"`      // Normal or Warning
	Reason    string    `json:"reason"`
	Message   string    `json:"message"`
	Component string    `json:"component,omitempty"` // kubelet, default-scheduler, …
	Host      string    `json:"host,omitempty"`
	Count     int       `json:"count,omitempty"`  // cumulative since First; 0 where unknown
	First     time.Time `json:"first,omitzero"`   // may belong to an earlier incident of the same object
	Source    string    `json:"source,omitempty"` // where it was read, where that is not the API
	Last      time.Time `json:"last,omitzero"`    // latest of lastTimestamp, eventTime and series.lastObservedTime
}

// EventFromAPI reads an event. lastTimestamp is null for series events and count is in the series (core/v1
// types.go, Event.Series), hence the maxima.
func EventFromAPI(e *corev1.Event) Event {
	out := Event{
		Namespace: e.Namespace, Name: e.Name, UID: string(e.UID), Type: e.Type, Reason: e.Reason, Message: e.Message,
		About: Ref{Kind: e.InvolvedObject.Kind, Namespace: e.InvolvedObject.Namespace, Name: e.InvolvedObject.Name,
			UID: string(e.InvolvedObject.UID), Path: e.InvolvedObject.FieldPath},
		Component: e.Source.Component, Host: e.Source.Host, Count: int(e.Count),
		First: e.FirstTimestamp.UTC(), Last: e.LastTimestamp.UTC(),
	}
	out.Container = ContainerOfFieldPath(e.InvolvedObject.FieldPath)
	if out.Component == "" {
		out.Component = e.ReportingController
	}
	if out.Host == "" && out.Component == "kubelet" {
		out.Host = e.ReportingInstance
	}
	if t := e.EventTime.UTC(); !e.EventTime.IsZero() {
		out.First = earliest(out.First, t)
		out.Last = latest(out.Last, t)
	}
	if s := e.Series; s != nil {
		out.Count = max(out.Count, int(s.Count))
		out.Last = latest(out.Last, s.LastObservedTime.UTC())
	}
	if out.Last.Before(out.First) {
		out.Last = out.First
	}
	return out
}

// ContainerOfFieldPath reads spec.containers{api} and spec.initContainers{migrate}.
func ContainerOfFieldPath(p string) string {
	_, rest, ok := strings.Cut(p, "{")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "}")
	return name
}

// namesContainer reads the kubelet's messages that name a container (pkg/kubelet/kuberuntime/kuberuntime_manager.go and
// kuberuntime_container.go): "Started container api", since 1.30 "Created container: api", "Back-off restarting failed
// container api in pod api-0_shop(uid)", "Container api failed liveness probe, will be restarted", "Stopping container api".
var namesContainer = regexp.MustCompile(`^(?:Started container|Created container:?|Stopping container|Back-off restarting failed container|Container) ([a-z0-9][a-z0-9-]*)(?: in pod .*| failed (?:liveness|startup) probe.*)?$`)

// ContainerOfMessage is the container that an event's message names, for sources that drop the field path.
func ContainerOfMessage(message string) string {
	if m := namesContainer.FindStringSubmatch(message); m != nil {
		return m[1]
	}
	return ""
}

// Producer says whose word the event is.
func (e Event) Producer() Producer {
	switch {
	case e.Component == "kubelet" && (e.Reason == "OOMKilling" || e.Reason == "SystemOOM"):
		return Runtime
	case e.Component == "kubelet":
		return Kubelet
	case strings.Contains(e.Component, "scheduler"), e.Reason == "FailedScheduling":
		return Scheduler
	case e.Component == "node-controller", e.About.Kind == "Node":
		return Node
	case e.Component == "":
		return kubeletOrController(e)
	}
	return Controller
}

// kubeletOrController decides where the component is unknown, as in pasted text, by reasons that only the kubelet
// uses (pkg/kubelet/events/event.go).
func kubeletOrController(e Event) Producer {
	switch e.Reason {
	case "BackOff", "Unhealthy", "Killing", "Pulling", "Pulled", "Created", "Started", "Failed", "FailedMount",
		"FailedPostStartHook", "FailedPreStopHook", "InspectFailed", "ErrImageNeverPull", "FailedCreatePodSandBox", "Evicted":
		return Kubelet
	}
	return Controller
}

// Ref points to the event itself.
func (e Event) Ref() Ref { return Ref{Kind: "Event", Namespace: e.Namespace, Name: e.Name, UID: e.UID} }

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
