package diagnosis

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// slowPull is how long a pull may take before it is worth a word.
const slowPull = 2 * time.Minute

// pulled reads how long a pull took (pkg/kubelet/images/image_manager.go: "Successfully pulled image %q in %v (%v
// including waiting). Image size: %v bytes."); before Kubernetes 1.24 the event does not say.
var pulled = regexp.MustCompile(`^Successfully pulled image "([^"]+)" in (\S+?)(?: \((\S+) including waiting\))?(?:\. Image size: (\d+) bytes\.)?$`)

// slowHook is how long a hook may take before it is worth a word.
const slowHook = 20 * time.Second

// hookFacts: while a postStart hook runs, the kubelet has not told of the container that it has started already.
func (c *sickCase) hookFacts(m *member) {
	if c.symptom != triage.Blocked {
		return
	}
	for i := range m.pod.Spec.Containers {
		k := &m.pod.Spec.Containers[i]
		if k.Lifecycle == nil || k.Lifecycle.PostStart == nil {
			continue
		}
		for _, e := range c.s.EventsAbout(m.pod.Ref) {
			if e.Reason == "Started" && (e.Container == "" || e.Container == k.Name) && c.s.CapturedAt.Sub(e.Last) >= slowHook {
				c.facts.add(fact{id: "hook.running", strength: decisive, producer: evidence.Kubelet, ref: e.Ref().String(), time: e.Last,
					text: fmt.Sprintf("%s: %s; %s later its postStart hook has neither ended nor failed", e.Reason, e.Message, c.s.CapturedAt.Sub(e.Last).Round(time.Second)), attrs: map[string]string{"running": "true"}})
				return
			}
		}
	}
}

// unfinishedPull is the last pull that a pod's events tell of, where it has neither come nor failed; else nil.
func unfinishedPull(events []evidence.Event) *evidence.Event {
	var began *evidence.Event
	for i := range events {
		switch e := &events[i]; e.Reason {
		case "Pulling":
			began = e
		case "Pulled", "Failed", "BackOff":
			began = nil
		}
	}
	return began
}

// pulledImage is the image that a Pulling event names (pkg/kubelet/images/image_manager.go).
func pulledImage(e *evidence.Event) string {
	return strings.TrimSuffix(strings.TrimPrefix(e.Message, `Pulling image "`), `"`)
}

// pullFacts: the pod waits for an image that is being pulled, or its time was up when the image had come.
func (c *sickCase) pullFacts(m *member) {
	late := c.symptom == triage.Replaced && m.pod.Reason == "DeadlineExceeded"
	if c.symptom != triage.Blocked && c.symptom != triage.NotReady && !late {
		return
	}
	events := c.s.EventsAbout(m.pod.Ref)
	began := unfinishedPull(events)
	for i := range events {
		e := &events[i]
		if g := pulled.FindStringSubmatch(e.Message); g != nil {
			took, err := time.ParseDuration(g[2])
			if whole, bad := time.ParseDuration(g[3]); bad == nil {
				took = max(took, whole)
			}
			if err == nil && took >= slowPull {
				c.facts.add(fact{id: "pull.slow", strength: strong, producer: evidence.Kubelet, ref: e.Ref().String(), time: e.Last, text: e.Reason + ": " + e.Message,
					attrs: map[string]string{"image": g[1], "took": took.Round(time.Second).String(), "size": g[4]}})
			}
		}
	}
	if began == nil || c.symptom != triage.Blocked || began.Last.IsZero() || c.s.CapturedAt.Sub(began.Last) < slowPull {
		return
	}
	image := pulledImage(began)
	since := c.s.CapturedAt.Sub(began.Last).Round(time.Second)
	c.facts.add(fact{id: "pull.running", strength: decisive, producer: evidence.Kubelet, ref: began.Ref().String(), time: began.Last,
		text: fmt.Sprintf("%s: %s; %s later it has neither come nor failed", began.Reason, began.Message, since), attrs: map[string]string{"image": image, "took": since.String()}})
}
