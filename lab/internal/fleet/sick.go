package fleet

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// run is one run of a container, as ages.
type run struct{ from, to Age }

// runs plays the kubelet's back-off: the first restart comes at once, then after 10 s, each time twice as long up to
// 5 minutes; a run of 10 minutes starts it anew. It returns the last two runs and how many there were.
func runs(since, long Age) (list []run, n int) {
	const first, most, reset = 10 * time.Second, 5 * time.Minute, 10 * time.Minute
	at, wait := time.Duration(since), time.Duration(0)
	for {
		end := at - time.Duration(long)
		if end < time.Second {
			end = time.Second
		}
		n++
		list = append(list, run{Age(at), Age(end)})
		if len(list) > 2 {
			list = list[1:]
		}
		if time.Duration(long) >= reset {
			wait = 0
		}
		next := end - wait
		if wait = min(max(2*wait, first), most); next <= time.Duration(long) {
			return list, n
		}
		at = next
	}
}

// sicken makes a pod what the description says.
func (w *writer) sicken(p *corev1.Pod, s *Sick, at *node) {
	name := cmp.Or(s.Container, p.Spec.Containers[0].Name)
	c, init := status(p, name)
	if c == nil {
		w.fail("pod %s: it has no container %s", p.Name, name)
		return
	}
	if init {
		w.uninitialized(p, name)
	}
	switch s.How {
	case Exit, OOM, Liveness, StartError, Recovered:
		w.dies(p, c, s, at)
	case Config, Create, Pull:
		w.waits(p, c, s, at)
	case Sandbox, Mount:
		w.unmade(p, s, at)
	case Pending:
		w.unscheduled(p, s)
	case NotReady:
		c.Ready = false
		w.tell(p, name, at, Event{Ago: Age(5 * time.Second), First: s.Since, Count: 30, Reason: "Unhealthy", Message: "Readiness probe failed: " + s.Message})
	}
	for _, e := range s.Events {
		w.tell(p, name, at, e)
	}
	if s.Restarts != nil {
		c.RestartCount = *s.Restarts
	}
}

func status(p *corev1.Pod, name string) (*corev1.ContainerStatus, bool) {
	for i := range p.Status.ContainerStatuses {
		if p.Status.ContainerStatuses[i].Name == name {
			return &p.Status.ContainerStatuses[i], false
		}
	}
	for i := range p.Status.InitContainerStatuses {
		if p.Status.InitContainerStatuses[i].Name == name {
			return &p.Status.InitContainerStatuses[i], true
		}
	}
	return nil, false
}

// uninitialized: the containers after an init container that fails have not begun.
func (w *writer) uninitialized(p *corev1.Pod, failing string) {
	p.Status.Phase = corev1.PodPending
	behind := false
	for i := range p.Status.InitContainerStatuses {
		c := &p.Status.InitContainerStatuses[i]
		if behind {
			*c = waiting(c, "PodInitializing", "")
		}
		if c.Name == failing {
			behind, c.Ready = true, false
		}
	}
	for i := range p.Status.ContainerStatuses {
		c := &p.Status.ContainerStatuses[i]
		*c = waiting(c, "PodInitializing", "")
	}
	for i := range p.Status.Conditions {
		if c := &p.Status.Conditions[i]; c.Type == corev1.PodInitialized {
			c.Status, c.Reason, c.Message = corev1.ConditionFalse, "ContainersNotInitialized", "containers with incomplete status: ["+failing+"]"
		}
	}
}

func waiting(c *corev1.ContainerStatus, reason, message string) corev1.ContainerStatus {
	return corev1.ContainerStatus{Name: c.Name, Image: c.Image, Started: new(false), State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}}
}

// dies writes the states, events and log of a container that ends again and again.
func (w *writer) dies(p *corev1.Pod, c *corev1.ContainerStatus, s *Sick, at *node) {
	long := cmp.Or(s.Runs, Age(4*time.Second))
	recovered := Age(0)
	if s.How == Recovered {
		recovered, long = long, Age(4*time.Second)
	}
	list, n := runs(s.Since-recovered, long)
	last := list[len(list)-1]
	last.from, last.to = last.from+recovered, last.to+recovered
	end := corev1.ContainerStateTerminated{ExitCode: s.ExitCode, Reason: cmp.Or(s.Reason, "Error"), Message: s.Message, StartedAt: w.ago(last.from), FinishedAt: w.ago(last.to), ContainerID: containerID(p.Name, c.Name, fmt.Sprint(n))}
	switch s.How {
	case OOM:
		end.ExitCode, end.Reason = 137, "OOMKilled"
	case StartError:
		end.ExitCode, end.Reason, end.StartedAt = cmp.Or(s.ExitCode, 128), "StartError", w.ago(20000*Age(24*time.Hour))
		end.StartedAt.Time = time.Unix(0, 0).UTC()
		w.tell(p, c.Name, at, Event{Ago: last.to, First: s.Since, Count: int32(n), Reason: "Failed", Message: "Error: " + s.Message})
	case Liveness:
		end.ExitCode, end.Message = cmp.Or(s.ExitCode, 137), ""
		if end.ExitCode == 0 {
			end.Reason = "Completed"
		}
		w.tell(p, c.Name, at, Event{Ago: last.to + Age(20*time.Second), First: s.Since - long/2, Count: int32(3 * n), Reason: "Unhealthy", Message: "Liveness probe failed: " + s.Message})
		w.tell(p, c.Name, at, Event{Ago: last.to + Age(time.Second), First: s.Since - long, Count: int32(n), Type: corev1.EventTypeNormal, Reason: "Killing", Message: "Container " + c.Name + " failed liveness probe, will be restarted"})
	case Recovered:
		end.ExitCode = cmp.Or(end.ExitCode, 1)
	}
	if end.ExitCode == 0 && s.How == Exit {
		end.Reason = cmp.Or(s.Reason, "Completed")
	}
	c.RestartCount, c.Ready, c.Started = int32(n-1), false, new(false)
	c.ContainerID = end.ContainerID
	if s.Log != "" {
		w.out.Logs[p.Namespace+"/"+p.Name+"/"+c.Name] = Log{Text: s.Log, From: end.StartedAt.Time, To: end.FinishedAt.Time}
	}
	if s.How == Recovered {
		c.RestartCount, c.Ready, c.Started = int32(n), true, new(true)
		c.State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: w.ago(recovered)}}
		c.LastTerminationState = corev1.ContainerState{Terminated: &end}
		return
	}
	if n == 1 {
		c.State = corev1.ContainerState{Terminated: &end}
		return
	}
	back := min(10*time.Second<<min(max(n-2, 0), 6), 5*time.Minute)
	note := fmt.Sprintf("back-off %s restarting failed container=%s pod=%s_%s(%s)", back, c.Name, p.Name, p.Namespace, p.UID)
	c.State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff", Message: note}}
	c.LastTerminationState = corev1.ContainerState{Terminated: &end}
	w.tell(p, c.Name, at, Event{Ago: Age(2 * time.Second), First: s.Since - Age(time.Second), Count: int32(3 * n), Reason: "BackOff", Message: "Back-off restarting failed container " + c.Name + " in pod " + p.Name + "_" + p.Namespace + "(" + string(p.UID) + ")"})
}

// waits writes the state and events of a container that cannot be made.
func (w *writer) waits(p *corev1.Pod, c *corev1.ContainerStatus, s *Sick, at *node) {
	reason := cmp.Or(s.Reason, map[How]string{Config: "CreateContainerConfigError", Create: "CreateContainerError", Pull: "ImagePullBackOff"}[s.How])
	message := s.Message
	p.Status.Phase = corev1.PodPending
	tries := int32(max(1, time.Duration(s.Since)/(15*time.Second)))
	if s.How == Pull {
		tries = int32(max(1, time.Duration(s.Since)/(4*time.Minute)))
		w.tell(p, c.Name, at, Event{Ago: min(s.Since, Age(3*time.Minute)), First: s.Since, Count: tries, Reason: "Failed", Message: fmt.Sprintf("Failed to pull image %q: %s", c.Image, s.Message)})
		w.tell(p, c.Name, at, Event{Ago: min(s.Since, Age(3*time.Minute)), First: s.Since, Count: tries, Reason: "Failed", Message: "Error: ErrImagePull"})
		w.tell(p, c.Name, at, Event{Ago: Age(8 * time.Second), First: s.Since - Age(time.Second), Count: 4 * tries, Type: corev1.EventTypeNormal, Reason: "BackOff", Message: fmt.Sprintf("Back-off pulling image %q", c.Image)})
		message = fmt.Sprintf("Back-off pulling image %q: ErrImagePull: %s", c.Image, s.Message)
	} else {
		w.tell(p, c.Name, at, Event{Ago: Age(6 * time.Second), First: s.Since, Count: tries, Reason: "Failed", Message: "Error: " + s.Message})
	}
	*c = waiting(c, reason, message)
}

// unmade writes the state and events of a pod whose sandbox or volumes cannot be made.
func (w *writer) unmade(p *corev1.Pod, s *Sick, at *node) {
	p.Status.Phase, p.Status.PodIP, p.Status.PodIPs = corev1.PodPending, "", nil
	for i := range p.Status.ContainerStatuses {
		c := &p.Status.ContainerStatuses[i]
		*c = waiting(c, "ContainerCreating", "")
	}
	reason := map[How]string{Sandbox: "FailedCreatePodSandBox", Mount: "FailedMount"}[s.How]
	w.tell(p, "", at, Event{Ago: Age(9 * time.Second), First: s.Since, Count: int32(max(1, time.Duration(s.Since)/(15*time.Second))), Reason: reason, Message: s.Message})
}

// unscheduled writes the state of a pod that has no node (scheduler, schedule_one.go).
func (w *writer) unscheduled(p *corev1.Pod, s *Sick) {
	p.Spec.NodeName = ""
	p.Status = corev1.PodStatus{Phase: corev1.PodPending, QOSClass: p.Status.QOSClass, Conditions: []corev1.PodCondition{{Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: "Unschedulable", Message: s.Message, LastTransitionTime: w.ago(s.Since)}}}
	w.tell(p, "", nil, Event{Ago: min(s.Since, Age(4*time.Minute)), First: s.Since, Count: int32(max(1, time.Duration(s.Since)/(5*time.Minute))), Reason: "FailedScheduling", Message: s.Message, From: "default-scheduler"})
}

// tell keeps an event about a pod or a container of it.
func (w *writer) tell(p *corev1.Pod, container string, at *node, e Event) {
	about := corev1.ObjectReference{Kind: "Pod", Namespace: p.Namespace, Name: p.Name, UID: p.UID}
	if container != "" {
		about.FieldPath = "spec.containers{" + container + "}"
		if _, init := status(p, container); init {
			about.FieldPath = "spec.initContainers{" + container + "}"
		}
	}
	host := ""
	if at != nil {
		host = at.name
	}
	e.Message = strings.TrimSpace(e.Message)
	w.event(e, about, host)
}
