package importer

import (
	"regexp"

	"github.com/crashproof-dev/crashproof/evidence"
)

// The kubelet's and the scheduler's messages name what they are about: "Back-off restarting failed container api in pod
// api-0_shop(uid)", "Successfully assigned shop/api-0 to node-1".
var (
	namesPod   = regexp.MustCompile(` in pod ([a-z0-9][a-z0-9.-]*)_([a-z0-9][a-z0-9-]*)\(([0-9a-f-]+)\)`)
	assignsPod = regexp.MustCompile(`^Successfully assigned ([a-z0-9][a-z0-9-]*)/([a-z0-9][a-z0-9.-]*) to `)
)

// containerOf is the container that an event is about, by its field path or by its words.
func containerOf(e *evidence.Event) string {
	if e.Container != "" {
		return e.Container
	}
	return evidence.ContainerOfMessage(e.Message)
}

// podIn is the pod that an event's words name.
func podIn(message string) (ns, name string) {
	if m := namesPod.FindStringSubmatch(message); m != nil {
		return m[2], m[1]
	}
	if m := assignsPod.FindStringSubmatch(message); m != nil {
		return m[1], m[2]
	}
	return "", ""
}
