package triage

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Verdict is triage's answer for one container, or for the pod where Container is empty.
type Verdict struct {
	Container string
	Role      evidence.Role
	Symptom   Symptom
	// Active is false where it is over: the container runs well now, for longer than its history makes likely.
	Active bool
	// Since is the start of the present condition as far as the status shows, zero where it does not.
	Since time.Time
	// Last is the time of the last bad end, zero where unknown.
	Last time.Time
	// Why quotes the status.
	Why string
}

// Thresholds of triage. They follow the kubelet: a run of ten minutes resets the back-off
// (kuberuntime_manager.go, doBackOff with MaxContainerBackOff and its 600 s reset window).
const (
	backoffReset = 10 * time.Minute
	// one restart after a life longer than this is no loop
	longLife = time.Hour
	// so many restarts can be one burst in a long life
	aBurst = 10
	// nor is a restart now and then, as with every node's reboot
	rareLife = 24 * time.Hour
	// a pod that does not get ready or created needs this long before it counts as stuck
	patience = 2 * time.Minute
	// volumes and images that take longer than this to come are looked at; whether they are in trouble, events say
	creation = 20 * time.Second
	// a failed pod that nobody replaced tells about now for this long
	failedMemory = 24 * time.Hour
)

// Clock is the moment of an observation.
type Clock struct {
	Now time.Time
	// AtLeast: what was given does not say when it was taken; Now is the newest time in it, and the truth may be later.
	AtLeast bool
}

// At is a clock that is right.
func At(now time.Time) Clock { return Clock{Now: now} }

// How long an init container may wait for something before it is looked at, and before that is trouble whatever it says.
const (
	initGlance   = 45 * time.Second
	InitPatience = 3 * time.Minute
)

// Pod returns a verdict for each sick container, and one for the pod where it is sick as a whole. Nothing returned
// means that the status shows nothing wrong.
func Pod(p *evidence.Pod, at Clock) []Verdict {
	now := at.Now
	if v, ok := wholePod(p, now); ok {
		return v
	}
	var out []Verdict
	initDone := true
	for i := range p.Containers {
		c := &p.Containers[i]
		if c.Role == evidence.RoleEphemeral {
			continue // never restarts; ends when its user leaves
		}
		if v, ok := container(p, c, now); ok {
			out = append(out, v)
		}
		if c.Role == evidence.RoleInit && !initFinished(c) {
			initDone = false
		}
	}
	if len(out) == 0 {
		out = append(out, stuck(p, initDone, at)...)
	}
	return out
}

// wholePod finds what concerns the pod as a whole and makes its container statuses secondary.
func wholePod(p *evidence.Pod, now time.Time) ([]Verdict, bool) {
	if !p.Deleted.IsZero() && now.Sub(p.Deleted) < patience && !nodeLost(p) {
		return nil, true // on its way out by somebody's wish
	}
	phase, _ := p.Phase.Get()
	switch {
	case nodeLost(p):
		c := p.Conditions[corev1.PodReady]
		return []Verdict{{Symptom: NodeLost, Active: true, Since: c.LastTransitionTime.UTC(), Last: c.LastTransitionTime.UTC(), Why: "the pod's node does not report: " + nodeLostWhy(p)}}, true
	case phase == corev1.PodFailed:
		return failedPod(p, now), true
	case phase == corev1.PodSucceeded:
		return nil, true
	}
	return nil, false
}

// nodeLost: the node lifecycle controller sets the pods of a node that is not ready to Ready=False and leaves the
// kubelet's last word, ContainersReady, as it was (pkg/controller/util/node/controller_utils.go, MarkPodsNotReady).
// The kubelet itself lets the two differ only for readiness gates (pkg/kubelet/status/generate.go, GeneratePodReadyCondition).
func nodeLost(p *evidence.Pod) bool {
	ready, containers := p.Conditions[corev1.PodReady], p.Conditions[corev1.ContainersReady]
	overruled := ready.Status == corev1.ConditionFalse && containers.Status == corev1.ConditionTrue && p.SpecComplete && len(p.Spec.ReadinessGates) == 0
	return p.Reason == "NodeLost" || p.Reason == "NodeStatusUnknown" || ready.Reason == "NodeStatusUnknown" || overruled
}

func nodeLostWhy(p *evidence.Pod) string {
	if p.Reason != "" {
		return p.Reason
	}
	return "Ready is False although the kubelet's last word was that all containers are ready"
}

func failedPod(p *evidence.Pod, now time.Time) []Verdict {
	v := Verdict{Symptom: Replaced, Active: true, Why: "phase Failed"}
	if p.Reason != "" {
		v.Why += ", reason " + p.Reason
	}
	for i := range p.Containers {
		c := &p.Containers[i]
		if c.State.Kind == evidence.Terminated && !evidence.Is(c.State.ExitCode, 0) {
			v.Container, v.Role, v.Last = c.Name, c.Role, c.State.FinishedAt
			v.Why += ", " + describeEnd(c.State)
			break
		}
	}
	if p.Reason == "Evicted" || p.Reason == "Terminated" || p.Reason == "NodeShutdown" {
		v.Container, v.Role = "", ""
	}
	v.Since = v.Last
	if !v.Last.IsZero() && now.Sub(v.Last) > failedMemory {
		v.Active = false
	}
	return []Verdict{v}
}

func container(p *evidence.Pod, c *evidence.Container, now time.Time) (Verdict, bool) {
	v := Verdict{Container: c.Name, Role: c.Role, Active: true, Last: lastBadEnd(c)}
	v.Since = v.Last
	switch c.State.Kind {
	case evidence.Waiting:
		return waiting(p, c, v, now)
	case evidence.Terminated:
		return terminated(p, c, v)
	case evidence.Running:
		return running(p, c, v, now)
	}
	if symptom, why, ok := assumed(p.Annotations[evidence.AssumedAnnotation+c.Name]); ok {
		v.Symptom, v.Why = symptom, cmp.Or(why, "its log was given; its status is not known")
		return v, true
	}
	return v, false
}

// assumed reads what is assumed of a container or a pod: a symptom, and why.
func assumed(note string) (symptom Symptom, why string, ok bool) {
	name, why, _ := strings.Cut(note, ": ")
	_, known := rank[Symptom(name)]
	return Symptom(name), why, known
}

// waiting reads the kubelet's waiting reasons (pkg/kubelet/container/sync_result.go, images/types.go).
func waiting(p *evidence.Pod, c *evidence.Container, v Verdict, now time.Time) (Verdict, bool) {
	v.Why = "waiting: " + c.State.Reason
	if c.State.Message != "" {
		v.Why += ": " + c.State.Message
	}
	switch c.State.Reason {
	case "CrashLoopBackOff":
		v.Symptom = CrashLoop
		if c.Last.Kind == evidence.Terminated && startError(c.Last) {
			v.Symptom = StartFailure
		}
	case "RunContainerError", "StartError", "ContainerCannotRun", "PostStartHookError":
		v.Symptom = StartFailure
		if c.State.Reason == "PostStartHookError" {
			v.Symptom = CrashLoop
		}
	case "CreateContainerConfigError", "CreateContainerError", "PreCreateHookError", "PreStartHookError":
		v.Symptom = ConfigFailure
	case "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError", "RegistryUnavailable", "SignatureValidationFailed":
		v.Symptom = ImagePull
	case "ContainerCreating", "PodInitializing", "":
		// Between runs of a container the kubelet may show this for a moment; what it did before tells.
		if c.Last.Kind == evidence.Terminated && !goodEnd(p, c, c.Last) {
			return running(p, c, v, now)
		}
		return v, false
	default:
		v.Symptom = ConfigFailure
	}
	return v, true
}

func startError(s evidence.State) bool {
	return s.Reason == "StartError" || s.Reason == "ContainerCannotRun"
}

// terminated is the state between an end and the kubelet's next sync, up to a minute, or for good.
func terminated(p *evidence.Pod, c *evidence.Container, v Verdict) (Verdict, bool) {
	v.Why = describeEnd(c.State)
	if c.State.Synthetic() || c.State.Lost() {
		v.Symptom = LostContainer
		return v, true
	}
	if goodEnd(p, c, c.State) {
		if c.Role == evidence.RoleMain && restartsAlways(p) && c.RestartCount.Or(0) >= 2 {
			v.Symptom = CrashLoop // completes by design under a policy that restarts it
			return v, true
		}
		return v, false
	}
	v.Symptom = CrashLoop
	if startError(c.State) {
		v.Symptom = StartFailure
	}
	return v, true
}

// running decides between "sick between crashes", "was sick", and "well".
func running(p *evidence.Pod, c *evidence.Container, v Verdict, now time.Time) (Verdict, bool) {
	restarts, known := c.RestartCount.Get()
	if c.Last.Kind != evidence.Terminated {
		if known && restarts > 0 {
			v.Symptom, v.Active, v.Why = Restarted, false, fmt.Sprintf("%d restarts, none of which the status still shows", restarts)
			return v, true
		}
		return v, false
	}
	v.Why = fmt.Sprintf("restarted %s; before: %s", times(restarts, known), describeEnd(c.Last))
	v.Symptom = CrashLoop
	switch {
	case c.Last.Synthetic(), c.Last.Lost():
		v.Symptom = LostContainer
	case startError(c.Last):
		v.Symptom = StartFailure
	}
	if over(p, c, now) {
		v.Symptom, v.Active = Restarted, false
	}
	return v, true
}

// over reports whether a running container has outlived its crashes: it is ready, and has run for three times as long
// as it used to live, the kubelet's waits between the runs not counted. A container that used to live for minutes must
// besides have run for longer than the back-off's reset.
func over(p *evidence.Pod, c *evidence.Container, now time.Time) bool {
	if c.State.Kind != evidence.Running || c.State.StartedAt.IsZero() || now.IsZero() || c.Role == evidence.RoleInit {
		return false // an init container has got over it only when it completes
	}
	if ready, known := c.Ready.Get(); known && !ready {
		return false
	}
	ran := now.Sub(c.State.StartedAt)
	if c.Last.Reason == "Unknown" && c.Last.Lost() && evidence.Is(c.Ready, true) {
		return true // a reboot is no loop
	}
	restarts, known := c.RestartCount.Get()
	born := p.StartTime
	if born.IsZero() {
		born = p.Created
	}
	if !known || born.IsZero() || restarts < 1 {
		return ran > time.Hour
	}
	life := max(lastLife(c), (c.State.StartedAt.Sub(born)-waits(restarts))/time.Duration(restarts))
	if restarts == 1 { // no loop yet: ready, and past the point where its only earlier life ended, or that was a long one
		return ran > 20*time.Second && ran > lastLife(c) || lastLife(c) > longLife && evidence.Is(c.Ready, true)
	}
	if lastLife(c) > rareLife && evidence.Is(c.Ready, true) {
		return true
	}
	if restarts <= aBurst && life > longLife && lastLife(c) < time.Minute { // it ran for long, fell several times in a row, and got up again
		return ran > 2*backoffReset
	}
	if life > time.Minute {
		return ran > backoffReset && ran > 3*life
	}
	return ran > 20*time.Second && ran > 3*life
}

// waits is the least that the kubelet's back-off has cost over so many restarts: 10 s, 20 s, 40 s … up to 5 minutes,
// the first restart at once (kuberuntime_manager.go, doBackOff). Where a node's cap is lower the lives are taken for
// shorter than they were, by less than the waits.
func waits(restarts int) time.Duration {
	sum, step := time.Duration(0), 10*time.Second
	for range min(restarts, 1000) - 1 {
		sum += step
		step = min(2*step, 5*time.Minute)
	}
	return sum
}

func lastLife(c *evidence.Container) time.Duration {
	if c.Last.StartedAt.IsZero() || c.Last.FinishedAt.IsZero() {
		return 0
	}
	return c.Last.FinishedAt.Sub(c.Last.StartedAt)
}

// goodEnd: exit code 0 where the pod's policy is content with it. An init container's success is always good.
func goodEnd(p *evidence.Pod, c *evidence.Container, s evidence.State) bool {
	code, known := s.ExitCode.Get()
	if !known {
		return s.Reason == "Completed" && (c.Role == evidence.RoleInit || !restartsAlways(p))
	}
	if code != 0 || s.Reason == "OOMKilled" {
		return false
	}
	return c.Role == evidence.RoleInit || !restartsAlways(p) || c.RestartCount.Or(0) < 2
}

func restartsAlways(p *evidence.Pod) bool {
	return p.RestartPolicy.Or(corev1.RestartPolicyAlways) == corev1.RestartPolicyAlways
}

func initFinished(c *evidence.Container) bool {
	return c.State.Kind == evidence.Terminated && evidence.Is(c.State.ExitCode, 0)
}

func lastBadEnd(c *evidence.Container) time.Time {
	if c.State.Kind == evidence.Terminated {
		return c.State.FinishedAt
	}
	return c.Last.FinishedAt
}

func times(n int, known bool) string {
	switch {
	case !known:
		return "an unknown number of times"
	case n == 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// describeEnd quotes a terminated state.
func describeEnd(s evidence.State) string {
	out := "terminated"
	if s.Reason != "" {
		out += ", reason " + s.Reason
	}
	if code, ok := s.ExitCode.Get(); ok {
		out += fmt.Sprintf(", exit code %d", code)
	}
	return out
}
