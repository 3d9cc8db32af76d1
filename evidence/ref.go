package evidence

import (
	"fmt"
	"strings"
	"time"
)

// Ref points to an object, or to a place in one. Path uses container names, not indexes, so that it survives a
// change of order: "status.containers[api].lastState".
type Ref struct {
	Kind            string `json:"kind"`
	Namespace       string `json:"namespace,omitempty"`
	Name            string `json:"name"`
	UID             string `json:"uid,omitempty"`
	ResourceVersion string `json:"resourceVersion,omitempty"`
	Path            string `json:"path,omitempty"`
}

// String gives the form that reports use: Kind/namespace/name#path.
func (r Ref) String() string {
	var b strings.Builder
	b.WriteString(r.Kind + "/")
	if r.Namespace != "" {
		b.WriteString(r.Namespace + "/")
	}
	b.WriteString(r.Name)
	if r.Path != "" {
		b.WriteString("#" + r.Path)
	}
	return b.String()
}

// At returns the Ref of a place within the object.
func (r Ref) At(path string) Ref { r.Path = path; return r }

// Same reports whether both point to the same object, by UID where both have one.
func (r Ref) Same(o Ref) bool {
	if r.UID != "" && o.UID != "" {
		return r.UID == o.UID
	}
	return r.Kind == o.Kind && r.Namespace == o.Namespace && r.Name == o.Name
}

// Instance is one run of one container. ContainerID is what tells runs apart; where it is unknown, Restart is the
// restart count during that run, or -1. Start and Finish are zero where they are unknown: the kubelet leaves them
// out when it makes up a status for a container that it lost (kubelet_pods.go, convertToAPIContainerStatuses).
type Instance struct {
	Namespace   string    `json:"namespace"`
	Pod         string    `json:"pod"`
	PodUID      string    `json:"podUID,omitempty"`
	Container   string    `json:"container"`
	ContainerID string    `json:"containerID,omitempty"`
	Restart     int       `json:"restart"`
	Start       time.Time `json:"start,omitzero"`
	Finish      time.Time `json:"finish,omitzero"`
}

// String names the instance in a report.
func (i Instance) String() string {
	s := i.Namespace + "/" + i.Pod + "/" + i.Container
	if i.ContainerID != "" {
		return s + "@" + ShortID(i.ContainerID)
	}
	if i.Restart >= 0 {
		return fmt.Sprintf("%s@restart-%d", s, i.Restart)
	}
	return s
}

// ShortID shortens containerd://0123456789abcdef… to its first twelve digits, as crictl does.
func ShortID(id string) string {
	if _, rest, ok := strings.Cut(id, "://"); ok {
		id = rest
	}
	if len(id) > 12 {
		return id[:12]
	}
	return id
}
