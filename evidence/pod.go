package evidence

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Role is what a container is for in its pod.
type Role string

// The roles. A sidecar here is a native one: an init container with restartPolicy Always (KEP-753).
const (
	RoleInit      Role = "init"
	RoleSidecar   Role = "sidecar"
	RoleMain      Role = "main"
	RoleEphemeral Role = "ephemeral"
)

// UnknownAnnotation prefixes pod annotations that name the fields of a container's status that the source of the
// object did not know, for numbers cannot say so in JSON: crashproof.dev/unknown.<container>: "restartCount,lastState.exitCode".
const UnknownAnnotation = "crashproof.dev/unknown."

// DescribedAnnotation prefixes pod annotations that name containers whose spec is known as far as `kubectl describe`
// shows it: of command, args, ports, env, mounts, resources and probes an absent one is not set.
const DescribedAnnotation = "crashproof.dev/described."

// Unnamed stands for a pod or container whose name is not known, as in pasted text.
const Unnamed = "unnamed"

// Fill returns a name for a command to type, or what stands for it where it is not known: NAMESPACE, POD, CONTAINER.
func Fill(name, unknown string) string {
	if name == "" || name == Unnamed {
		return unknown
	}
	return name
}

// AssumedAnnotation prefixes pod annotations that name what is assumed of a container of which nothing but a log or events
// are known, and why: "crashproof.dev/assumed.<container>: crash-loop". An assumption makes a case and is evidence of
// nothing. AssumedPodAnnotation does so of the pod as a whole.
const (
	AssumedAnnotation    = "crashproof.dev/assumed."
	AssumedPodAnnotation = "crashproof.dev/assumed"
)

// AgeAnnotation tells how old a pod was when it was looked at, where its times are not known: a table's row shows the age.
const AgeAnnotation = "crashproof.dev/age"

// Pod is a pod as triage and diagnosis read it: what is not known says so.
type Pod struct {
	Ref           Ref
	Labels        map[string]string
	Annotations   map[string]string
	Owner         Opt[Ref] // the managing controller; known and empty for a bare pod
	Created       time.Time
	Age           time.Duration // when it was looked at, where that is all that is known of its times; else 0
	Deleted       time.Time
	Node          Opt[string]
	Phase         Opt[corev1.PodPhase]
	Reason        string // status.reason: Evicted, NodeLost, …
	Message       string
	StartTime     time.Time
	QOS           string
	HostIP, PodIP string
	RestartPolicy Opt[corev1.RestartPolicy]
	Conditions    map[corev1.PodConditionType]corev1.PodCondition
	Spec          corev1.PodSpec // what was present of it
	// SpecComplete is true where the spec bears the API server's defaults, so that an absent field means "not set".
	SpecComplete bool
	Static       bool // a mirror pod of a static pod
	Containers   []Container
}

// Container joins a container's spec and status by name.
type Container struct {
	Name         string
	Role         Role
	Spec         *corev1.Container // nil where only the status is known
	SpecComplete bool
	// SpecShown: at least command, args, ports, env, mounts, resources and probes are known, so that an absent one is
	// not set.
	SpecShown    bool
	Image        string
	ImageID      string
	ContainerID  string
	RestartCount Opt[int]
	Ready        Opt[bool]
	Started      Opt[bool]
	State        State
	Last         State
	// Memory and CPU limits in force at the last run: status.resources where the kubelet reports them (in-place
	// resize, KEP-1287), else the spec's. Known and zero means "no limit".
	MemoryLimit Opt[int64] // bytes
}

// Container returns a container by name.
func (p *Pod) Container(name string) *Container {
	for i := range p.Containers {
		if p.Containers[i].Name == name {
			return &p.Containers[i]
		}
	}
	return nil
}

// Dead lists the container's finished runs that the status still shows, newest first.
func (p *Pod) Dead(c *Container) []State {
	var out []State
	for _, s := range []State{c.State, c.Last} {
		if s.Kind == Terminated {
			out = append(out, s)
		}
	}
	return out
}

// LogRun tells which run of a container a log request answers with, from its status: the kubelet decides it in this
// order (pkg/kubelet/kubelet_pods.go, validateContainerLogStatus). Without an answer the request fails with 400.
func (c *Container) LogRun(previous bool) (State, bool) {
	var run State
	switch {
	case previous:
		run = c.Last
	case c.State.Kind == Running:
		run = c.State
		run.ContainerID = c.ContainerID
	case c.State.Kind == Terminated && c.State.ContainerID != "":
		run = c.State
	default: // terminated without ID, because the next container did not start; or waiting
		run = c.Last
	}
	return run, run.ContainerID != "" && (run.Kind == Terminated || run.Kind == Running)
}

// Newest is the latest moment of which the pod's status tells.
func (p *Pod) Newest() time.Time {
	out := p.Created
	see := func(t time.Time) {
		if t.After(out) {
			out = t
		}
	}
	see(p.StartTime)
	for _, c := range p.Conditions {
		see(c.LastTransitionTime.UTC())
	}
	for i := range p.Containers {
		for _, s := range []State{p.Containers[i].State, p.Containers[i].Last} {
			see(s.StartedAt)
			see(s.FinishedAt)
		}
	}
	return out
}

// Instance names the run that a state describes.
func (p *Pod) Instance(c *Container, s State) Instance {
	in := Instance{Namespace: p.Ref.Namespace, Pod: p.Ref.Name, PodUID: p.Ref.UID, Container: c.Name,
		ContainerID: s.ContainerID, Restart: -1, Start: s.StartedAt, Finish: s.FinishedAt}
	if n, ok := c.RestartCount.Get(); ok {
		in.Restart = n
		if s == c.Last && c.Last.Kind != NoState && (c.State.Kind == Running || c.State.Kind == Terminated) {
			in.Restart = max(0, n-1)
		}
	}
	return in
}

// PodFromAPI reads a pod that the API server sent: all of it is known.
func PodFromAPI(p *corev1.Pod) *Pod {
	return buildPod(p, func(...string) bool { return true }, true)
}

// PodFromObject reads a pod from its raw form and keeps track of what was present.
func PodFromObject(o Object) (*Pod, error) {
	var p corev1.Pod
	b, err := json.Marshal(o.Raw)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return nil, err
	}
	// The API server always sets these two (core/v1 defaults.go, SetDefaults_PodSpec); hand-made objects rarely have both.
	complete := o.Raw.Has("spec", "dnsPolicy") && o.Raw.Has("spec", "schedulerName")
	pod := buildPod(&p, o.Raw.Has, complete)
	hideAbsent(pod, o.Raw)
	hideAnnotated(pod)
	return pod, nil
}

func buildPod(p *corev1.Pod, has func(...string) bool, complete bool) *Pod {
	out := &Pod{
		Ref:    Ref{Kind: "Pod", Namespace: p.Namespace, Name: p.Name, UID: string(p.UID), ResourceVersion: p.ResourceVersion},
		Labels: p.Labels, Annotations: p.Annotations, Created: p.CreationTimestamp.UTC(),
		Reason: p.Status.Reason, Message: p.Status.Message, QOS: string(p.Status.QOSClass),
		HostIP: p.Status.HostIP, PodIP: p.Status.PodIP, Spec: p.Spec, SpecComplete: complete,
		Conditions: map[corev1.PodConditionType]corev1.PodCondition{},
	}
	if p.CreationTimestamp.IsZero() {
		out.Created = time.Time{}
	}
	if p.DeletionTimestamp != nil {
		out.Deleted = p.DeletionTimestamp.UTC()
	}
	out.Age, _ = time.ParseDuration(p.Annotations[AgeAnnotation])
	if p.Status.StartTime != nil {
		out.StartTime = p.Status.StartTime.UTC()
	}
	if p.Spec.NodeName != "" || complete {
		out.Node = Known(p.Spec.NodeName)
	}
	if has("status", "phase") && p.Status.Phase != "" {
		out.Phase = Known(p.Status.Phase)
	}
	if p.Spec.RestartPolicy != "" {
		out.RestartPolicy = Known(p.Spec.RestartPolicy)
	}
	_, out.Static = p.Annotations[corev1.MirrorPodAnnotationKey]
	if len(p.OwnerReferences) > 0 || (complete && has("metadata", "uid")) {
		out.Owner = Known(Ref{})
	}
	for _, o := range p.OwnerReferences {
		if o.Controller != nil && *o.Controller {
			out.Owner = Known(Ref{Kind: o.Kind, Namespace: p.Namespace, Name: o.Name, UID: string(o.UID)})
		}
	}
	for _, c := range p.Status.Conditions {
		out.Conditions[c.Type] = c
	}
	joinContainers(out, p)
	return out
}

func joinContainers(out *Pod, p *corev1.Pod) {
	add := func(c corev1.Container, role Role) {
		// always set by the API server (core/v1 defaults.go, SetDefaults_Container)
		complete := c.TerminationMessagePath != "" && c.ImagePullPolicy != ""
		out.Containers = append(out.Containers, Container{Name: c.Name, Role: role, Spec: &c, Image: c.Image,
			SpecComplete: complete, SpecShown: complete || p.Annotations[DescribedAnnotation+c.Name] != ""})
	}
	for _, c := range p.Spec.InitContainers {
		role := RoleInit
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			role = RoleSidecar
		}
		add(c, role)
	}
	for _, c := range p.Spec.Containers {
		add(c, RoleMain)
	}
	for _, c := range p.Spec.EphemeralContainers {
		add(corev1.Container(c.EphemeralContainerCommon), RoleEphemeral)
	}
	statuses := func(list []corev1.ContainerStatus, role Role) {
		for i := range list {
			c := out.Container(list[i].Name)
			if c == nil {
				out.Containers = append(out.Containers, Container{Name: list[i].Name, Role: role})
				c = &out.Containers[len(out.Containers)-1]
			}
			c.readStatus(&list[i])
		}
	}
	statuses(p.Status.InitContainerStatuses, RoleInit)
	statuses(p.Status.ContainerStatuses, RoleMain)
	statuses(p.Status.EphemeralContainerStatuses, RoleEphemeral)
	for i := range out.Containers {
		out.Containers[i].readLimit()
	}
}

func (c *Container) readStatus(s *corev1.ContainerStatus) {
	if c.Image == "" {
		c.Image = s.Image
	}
	c.ImageID, c.ContainerID = s.ImageID, s.ContainerID
	c.RestartCount, c.Ready = Known(int(s.RestartCount)), Known(s.Ready)
	if s.Started != nil {
		c.Started = Known(*s.Started)
	}
	c.State, c.Last = stateFromAPI(s.State), stateFromAPI(s.LastTerminationState)
	if c.State.Kind == Running {
		c.State.ContainerID = s.ContainerID // of terminated states it is in the state itself
	}
	if s.Resources != nil {
		if q, ok := s.Resources.Limits[corev1.ResourceMemory]; ok {
			c.MemoryLimit = Known(q.Value())
		}
	}
}

func (c *Container) readLimit() {
	if c.MemoryLimit.Known() || c.Spec == nil {
		return
	}
	if q, ok := c.Spec.Resources.Limits[corev1.ResourceMemory]; ok {
		c.MemoryLimit = Known(q.Value())
	} else if c.SpecShown {
		c.MemoryLimit = Known(int64(0))
	}
}

func stateFromAPI(s corev1.ContainerState) State {
	switch {
	case s.Waiting != nil:
		return State{Known: true, Kind: Waiting, Reason: s.Waiting.Reason, Message: s.Waiting.Message}
	case s.Running != nil:
		return State{Known: true, Kind: Running, StartedAt: utc(s.Running.StartedAt.Time)}
	case s.Terminated != nil:
		t := s.Terminated
		return State{Known: true, Kind: Terminated, Reason: t.Reason, Message: t.Message, ExitCode: Known(int(t.ExitCode)),
			Signal: int(t.Signal), StartedAt: utc(t.StartedAt.Time), FinishedAt: utc(t.FinishedAt.Time), ContainerID: t.ContainerID}
	}
	return State{Known: true}
}

// utc keeps the zero time zero; the kubelet writes lost times as the epoch's or as null.
func utc(t time.Time) time.Time {
	if t.IsZero() || t.Unix() <= 0 {
		return time.Time{}
	}
	return t.UTC()
}

// Quantity reads a resource amount, or 0.
func Quantity(l corev1.ResourceList, name corev1.ResourceName) int64 {
	q, ok := l[name]
	if !ok {
		q = resource.Quantity{}
	}
	return q.Value()
}

// EnvNames lists the names of a container's explicit environment variables.
func (c *Container) EnvNames() []string {
	if c.Spec == nil {
		return nil
	}
	names := map[string]bool{}
	for _, e := range c.Spec.Env {
		names[e.Name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// MountOf tells whether a path lies on one of the container's mounts and returns that mount.
func (c *Container) MountOf(path string) (corev1.VolumeMount, bool) {
	var best corev1.VolumeMount
	if c.Spec == nil {
		return best, false
	}
	for _, m := range c.Spec.VolumeMounts {
		dir := strings.TrimSuffix(m.MountPath, "/")
		if (path == dir || strings.HasPrefix(path, dir+"/")) && len(m.MountPath) > len(best.MountPath) {
			best = m
		}
	}
	return best, best.MountPath != ""
}
