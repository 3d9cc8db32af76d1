package describe

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// gen makes pods at random, hostile ones among them: values that look like describe's own lines.
type gen struct{ *rand.Rand }

func (g gen) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g gen, l ...T) T { return l[g.IntN(len(l))] }

func (g gen) word() string {
	return pick(g, "anchor", "bilge", "capstan", "davit", "eddy", "fender", "gunwale", "hawser") + pick(g, "", "-a", "-b", "-0")
}

// phrase is a line of a value. It neither begins nor ends with a blank where edges is false.
func (g gen) phrase(edges bool) string {
	s := pick(g, g.word(), "State:          Running", "Ready:          True", "Name:  x", "Namespace:  y", "Events:  <none>", "Mounts:", "IP:  1.2.3.4",
		"{\"level\":\"error\",\"msg\":\"no: way\"}", "--flag=value", "a: b", "key=value", "x  y   z", "<none>", "panic: runtime error", "Exit Code:  3", "Größe: 3 µs", "100%", "op=Exists", "Restart Count:  4",
		"Containers:", "Normal  Pulled  3m  kubelet  hello", "QoS Class:       Burstable", "Message:  inner", "Volumes:", "\"quoted\"")
	if !edges {
		return strings.TrimSpace(s)
	}
	return pick(g, "", " ", "   ", "      ") + s + pick(g, "", "", " ")
}

func (g gen) text(lines int) string {
	out := []string{g.phrase(false)}
	for range g.IntN(lines) {
		out = append(out, pick(g, g.phrase(true), "", g.phrase(false)))
	}
	return strings.Join(out, "\n")
}

func (g gen) time() metav1.Time {
	return metav1.Time{Time: time.Unix(1_900_000_000+g.Int64N(1_000_000), 0).UTC()}
}

func (g gen) optional() *bool { return pick(g, nil, ptr(true), ptr(false)) }

func (g gen) pod() *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: g.word(), Namespace: g.word(), UID: "u-1"}}
	p.Labels, p.Annotations = map[string]string{}, map[string]string{}
	for range g.IntN(4) {
		p.Labels[pick(g, "app", "tier", "app.kubernetes.io/name", "Events", "Name")+g.word()] = g.word()
		p.Annotations[pick(g, "note", "example.com/config", "Status", "Events")+g.word()] = pick(g, g.phrase(true), g.text(4), strings.Repeat("long ", 60), "")
	}
	if g.chance(70) {
		p.OwnerReferences = []metav1.OwnerReference{{Kind: pick(g, "ReplicaSet", "Job", "Node"), Name: g.word(), Controller: ptr(true)}}
	}
	if g.chance(20) {
		p.DeletionTimestamp, p.DeletionGracePeriodSeconds = ptr(metav1.Time{Time: time.Now().Add(-5 * time.Minute)}), ptr(int64(g.IntN(90)))
		p.Finalizers = []string{"keep/it"}
	}
	s := &p.Spec
	s.Priority, s.PriorityClassName = pick(g, nil, ptr(int32(7)), ptr(int32(-2000000000))), pick(g, "", "high")
	s.RuntimeClassName = pick(g, nil, ptr("gvisor"))
	s.ServiceAccountName = pick(g, "", "default")
	s.NodeName = pick(g, "", "node-1", "node-1.example")
	if g.chance(20) {
		s.SecurityContext = &corev1.PodSecurityContext{SeccompProfile: &corev1.SeccompProfile{Type: "Localhost", LocalhostProfile: ptr("profiles/a.json")}}
	}
	if g.chance(20) {
		s.Resources = &corev1.ResourceRequirements{Limits: g.resources(), Requests: g.resources()}
	}
	for i := range g.IntN(3) {
		s.InitContainers = append(s.InitContainers, g.container(fmt.Sprintf("init-%d", i)))
	}
	for i := range 1 + g.IntN(3) {
		s.Containers = append(s.Containers, g.container(fmt.Sprintf("%s-%d", pick(g, "main", "state", "name.x", "args"), i)))
	}
	for i := range g.IntN(2) {
		s.EphemeralContainers = append(s.EphemeralContainers, corev1.EphemeralContainer{EphemeralContainerCommon: corev1.EphemeralContainerCommon(g.container(fmt.Sprintf("debug-%d", i)))})
	}
	for i := range g.IntN(5) {
		s.Volumes = append(s.Volumes, corev1.Volume{Name: fmt.Sprintf("vol-%d", i), VolumeSource: g.source()})
	}
	g.schedule(s)
	g.status(p)
	return p
}

func (g gen) schedule(s *corev1.PodSpec) {
	if g.chance(40) {
		s.NodeSelector = map[string]string{"disk": "ssd", "zone": g.word()}
	}
	for range g.IntN(4) {
		s.Tolerations = append(s.Tolerations, pick(g,
			corev1.Toleration{Key: "node.kubernetes.io/not-ready", Operator: "Exists", Effect: "NoExecute", TolerationSeconds: ptr(int64(300))},
			corev1.Toleration{Key: "pool", Operator: "Equal", Value: "gpu", Effect: "NoSchedule"}, corev1.Toleration{Key: "pool", Value: "x"},
			corev1.Toleration{Operator: "Exists"}, corev1.Toleration{Operator: "Exists", Effect: "NoExecute"}, corev1.Toleration{Key: "any", Operator: "Exists"}))
	}
	for i := range g.IntN(3) {
		s.TopologySpreadConstraints = append(s.TopologySpreadConstraints, corev1.TopologySpreadConstraint{MaxSkew: int32(1 + g.IntN(3)), TopologyKey: fmt.Sprintf("zone-%d", i),
			WhenUnsatisfiable: pick(g, corev1.DoNotSchedule, corev1.ScheduleAnyway), LabelSelector: pick(g, nil, selectorOf, &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "a", Operator: "Exists"}, {Key: "b", Operator: "DoesNotExist"}}})})
	}
	if g.chance(30) {
		s.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "example.com/open"}}
	}
}

func (g gen) resources() corev1.ResourceList {
	out := corev1.ResourceList{}
	for _, n := range []corev1.ResourceName{"cpu", "memory", "ephemeral-storage", "nvidia.com/gpu", "hugepages-2Mi"} {
		if g.chance(40) {
			out[n] = resource.MustParse(pick(g, "1", "250m", "64Mi", "1500M", "3Gi"))
		}
	}
	return out
}

func (g gen) container(name string) corev1.Container {
	c := corev1.Container{Name: name, Image: pick(g, "app:1", "reg.example:5000/a/b@sha256:00ff")}
	for i := range g.IntN(3) {
		c.Ports = append(c.Ports, corev1.ContainerPort{Name: pick(g, "", fmt.Sprintf("p%d", i)), ContainerPort: int32(1 + g.IntN(65535)), HostPort: pick(g, int32(0), 8080), Protocol: pick(g, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)})
	}
	for range g.IntN(3) {
		c.Command = append(c.Command, pick(g, "sh", "/bin/bash", "-c", "-ec", g.text(3), g.phrase(true)))
	}
	for range g.IntN(4) {
		c.Args = append(c.Args, pick(g, g.text(5), g.phrase(true), ""))
	}
	c.Resources = corev1.ResourceRequirements{Limits: g.resources(), Requests: g.resources()}
	c.LivenessProbe, c.ReadinessProbe, c.StartupProbe = g.probe(), g.probe(), g.probe()
	if g.chance(10) {
		c.SecurityContext = &corev1.SecurityContext{SeccompProfile: &corev1.SeccompProfile{Type: "Localhost", LocalhostProfile: ptr("x.json")}}
	}
	for range g.IntN(3) {
		c.EnvFrom = append(c.EnvFrom, pick(g,
			corev1.EnvFromSource{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: g.word()}, Optional: g.optional()}},
			corev1.EnvFromSource{Prefix: "PRE_", SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: g.word()}, Optional: g.optional()}}))
	}
	for i := range g.IntN(5) {
		e := corev1.EnvVar{Name: fmt.Sprintf("%s%d", pick(g, "URL", "A", "a.b-c", "Mounts", "VERY_LONG_VARIABLE_NAME"), i)}
		switch g.IntN(6) {
		case 0:
			e.ValueFrom = &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: g.word()}, Key: "pass.word", Optional: g.optional()}}
		case 1:
			e.ValueFrom = &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: g.word()}, Key: "k", Optional: g.optional()}}
		case 2:
			e.ValueFrom = &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{APIVersion: "v1", FieldPath: pick(g, "metadata.name", "status.podIP", "metadata.labels['app']", "spec.nodeName")}}
		case 3:
			e.ValueFrom = &corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: pick(g, "limits.cpu", "requests.memory"), Divisor: resource.MustParse("1")}}
		default:
			e.Value = pick(g, g.phrase(true), g.text(4), "", "http://x:80/y?z")
		}
		c.Env = append(c.Env, e)
	}
	for i := range g.IntN(4) {
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: fmt.Sprintf("vol-%d", i), MountPath: fmt.Sprintf("/m nt/%d", i), ReadOnly: g.chance(50), SubPath: pick(g, "", "a b/c.yaml", "q\"uote")})
	}
	if g.chance(10) {
		c.VolumeDevices = []corev1.VolumeDevice{{Name: "raw", DevicePath: "/dev/xvda"}}
	}
	return c
}

func (g gen) probe() *corev1.Probe {
	if g.chance(50) {
		return nil
	}
	p := &corev1.Probe{InitialDelaySeconds: int32(g.IntN(9)), TimeoutSeconds: 1, PeriodSeconds: int32(1 + g.IntN(30)), SuccessThreshold: 1, FailureThreshold: int32(1 + g.IntN(40))}
	port := pick(g, intstr.FromInt32(8080), intstr.FromString("web"))
	switch g.IntN(4) {
	case 0:
		p.Exec = &corev1.ExecAction{Command: pick(g, []string{"cat", "/tmp/ok"}, []string{"sh", "-c", "curl -f localhost || exit 1"}, []string{"test", "delay=3s timeout=1s"})}
	case 1:
		p.HTTPGet = &corev1.HTTPGetAction{Scheme: pick(g, corev1.URISchemeHTTP, corev1.URISchemeHTTPS), Port: port, Host: pick(g, "", "localhost", "::1"), Path: pick(g, "/", "/healthz", "/a b?c=d%20e", "")}
	case 2:
		p.TCPSocket = &corev1.TCPSocketAction{Port: port, Host: pick(g, "", "db.example")}
	default:
		p.GRPC = &corev1.GRPCAction{Port: 9090, Service: pick(g, ptr(""), ptr("readiness"))}
	}
	return p
}

func (g gen) source() corev1.VolumeSource {
	name := corev1.LocalObjectReference{Name: g.word()}
	switch g.IntN(13) {
	case 0:
		return corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: name.Name, Optional: g.optional()}}
	case 1:
		return corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: name, Optional: g.optional()}}
	case 2:
		return corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: pick(g, "", corev1.StorageMediumMemory), SizeLimit: pick(g, nil, ptr(resource.MustParse("40Mi")))}}
	case 3:
		return corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: name.Name, ReadOnly: g.chance(50)}}
	case 4:
		return corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/var/log", Type: pick(g, nil, ptr(corev1.HostPathDirectory), ptr(corev1.HostPathUnset))}}
	case 5:
		return corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{Server: "nas", Path: "/x", ReadOnly: true}}
	case 6:
		return corev1.VolumeSource{CSI: &corev1.CSIVolumeSource{Driver: "secrets-store.csi.k8s.io", ReadOnly: ptr(true), VolumeAttributes: pick(g, nil, map[string]string{"secretProviderClass": "spc", "b": "c d"})}}
	case 7:
		return corev1.VolumeSource{DownwardAPI: &corev1.DownwardAPIVolumeSource{Items: []corev1.DownwardAPIVolumeFile{{Path: "labels", FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata.labels"}}, {Path: "cpu", ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: "limits.cpu"}}}}}
	case 8:
		return corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{ExpirationSeconds: ptr(int64(3607)), Path: "token"}},
			{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: name, Optional: g.optional()}}, {Secret: &corev1.SecretProjection{LocalObjectReference: name, Optional: g.optional()}}, {DownwardAPI: &corev1.DownwardAPIProjection{}}}}}
	case 9:
		return corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{ObjectMeta: metav1.ObjectMeta{Labels: pick(g, nil, map[string]string{"a": "b", "c": "d"})},
			Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: ptr("fast"), VolumeMode: ptr(corev1.PersistentVolumeFilesystem)}}}}
	case 10:
		return corev1.VolumeSource{Image: &corev1.ImageVolumeSource{Reference: "data:1", PullPolicy: "Always"}}
	case 11:
		return corev1.VolumeSource{AzureDisk: &corev1.AzureDiskVolumeSource{DiskName: "d", DataDiskURI: "https://x/d", Kind: ptr(corev1.AzureManagedDisk), FSType: ptr("ext4"), CachingMode: ptr(corev1.AzureDataDiskCachingNone), ReadOnly: ptr(false)}}
	default:
		return corev1.VolumeSource{AzureFile: &corev1.AzureFileVolumeSource{SecretName: "s", ShareName: "share", ReadOnly: true}}
	}
}

func (g gen) status(p *corev1.Pod) {
	st := &p.Status
	st.Phase = pick(g, corev1.PodRunning, corev1.PodPending, corev1.PodFailed, corev1.PodSucceeded, corev1.PodUnknown)
	st.Reason, st.Message = pick(g, "", "Evicted", "NodeLost"), pick(g, "", "The node was low on resource: memory.", "first line\nsecond: line\n\nlast")
	st.NominatedNodeName = pick(g, "", "node-2")
	if p.Spec.NodeName != "" {
		st.HostIP, st.PodIP = "10.0.0.1", pick(g, "", "10.1.2.3", "fd00::3")
		st.StartTime = ptr(g.time())
		if st.PodIP != "" {
			st.PodIPs = []corev1.PodIP{{IP: st.PodIP}, {IP: "fd00::9"}}[:1+g.IntN(2)]
		}
	}
	for _, c := range []corev1.PodConditionType{"PodScheduled", "Initialized", "ContainersReady", "Ready", "example.com/open"}[:g.IntN(6)] {
		st.Conditions = append(st.Conditions, corev1.PodCondition{Type: c, Status: pick(g, corev1.ConditionTrue, corev1.ConditionFalse, corev1.ConditionUnknown), Reason: "X"})
	}
	if g.chance(85) {
		st.InitContainerStatuses = g.statuses(p.Spec.InitContainers)
		st.ContainerStatuses = g.statuses(p.Spec.Containers)
		for _, c := range p.Spec.EphemeralContainers {
			st.EphemeralContainerStatuses = append(st.EphemeralContainerStatuses, g.statuses([]corev1.Container{{Name: c.Name}})...)
		}
	}
}

func (g gen) statuses(l []corev1.Container) []corev1.ContainerStatus {
	var out []corev1.ContainerStatus
	for _, c := range l {
		s := corev1.ContainerStatus{Name: c.Name, Image: "resolved:1", ImageID: pick(g, "", "docker.io/library/app@sha256:11"), ContainerID: pick(g, "", "containerd://abc"), Ready: g.chance(50), RestartCount: int32(g.IntN(2000)), State: g.state()}
		if g.chance(60) {
			s.LastTerminationState = corev1.ContainerState{Terminated: g.terminated()}
		}
		out = append(out, s)
	}
	return out
}

func (g gen) state() corev1.ContainerState {
	switch g.IntN(4) {
	case 0:
		return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: g.time()}}
	case 1:
		return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: pick(g, "", "CrashLoopBackOff", "ImagePullBackOff"), Message: "back-off 5m0s restarting"}}
	case 2:
		return corev1.ContainerState{Terminated: g.terminated()}
	}
	return corev1.ContainerState{}
}

func (g gen) terminated() *corev1.ContainerStateTerminated {
	t := &corev1.ContainerStateTerminated{ExitCode: pick(g, int32(0), 1, 137, 255, -1073741819), Signal: pick(g, int32(0), 9), Reason: pick(g, "", "Error", "OOMKilled", "Completed", "StartError")}
	// a message that stands in describe's own order right before the exit code cannot be told apart; see hostile
	t.Message = pick(g, "", "one line", g.text(6)+"\n", g.text(12), "  led by blanks\n\nand more")
	if g.chance(80) {
		t.StartedAt, t.FinishedAt = g.time(), g.time()
	}
	return t
}

// hostile reports whether a pod holds a text that describe prints in a way that cannot be read back by anyone: in a
// raw message, the lines that begin a block, or those that end a container's status.
func hostile(p *corev1.Pod) bool {
	for _, l := range [][]corev1.ContainerStatus{p.Status.ContainerStatuses, p.Status.InitContainerStatuses, p.Status.EphemeralContainerStatuses} {
		for _, s := range l {
			for _, t := range []*corev1.ContainerStateTerminated{s.State.Terminated, s.LastTerminationState.Terminated} {
				if t != nil && strings.Contains(t.Message, "Name:  x\nNamespace:") {
					return true
				}
			}
		}
	}
	return false
}

// Pods at random come back with every field that the text shows.
func TestRandomPods(t *testing.T) {
	c := newCoverage()
	for seed := range uint64(700) {
		g := gen{rand.New(rand.NewPCG(seed, 7))}
		p := g.pod()
		if hostile(p) {
			continue
		}
		s := podText(t, p)
		o := parseOne(t, s)
		before := len(c.lost)
		c.compare(t, fmt.Sprintf("seed %d ", seed), shownPod(p), parsedPod(t, o))
		if !o.Complete || len(o.Ignored) > 0 {
			t.Errorf("seed %d: complete %v, ignored %v", seed, o.Complete, o.Ignored)
		}
		if p.DeletionTimestamp != nil && o.Deleted.D != 5*time.Minute && p.Status.Phase != "Failed" && p.Status.Phase != "Succeeded" {
			t.Errorf("seed %d: deleted %v ago", seed, o.Deleted)
		}
		if len(o.Containers) != len(p.Spec.InitContainers)+len(p.Spec.Containers)+len(p.Spec.EphemeralContainers) {
			t.Errorf("seed %d: %d containers", seed, len(o.Containers))
		}
		for _, k := range o.Containers {
			if !k.Complete || k.Status != (p.Status.ContainerStatuses != nil) {
				t.Errorf("seed %d: %+v", seed, k)
			}
		}
		if (len(c.lost) > before || t.Failed()) && len(c.lost) < 20 {
			t.Fatalf("%s\n%s", strings.Join(c.lost, "\n"), s)
		}
	}
	if shown, equal := c.table(t); shown != equal {
		t.Errorf("%d of %d fields came back equal", equal, shown)
	}
}

func podEvent(i int, typ, reason, message string, count int32, lastAgo, firstAgo time.Duration) *corev1.Event {
	now := time.Now()
	return &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("e%d", i), Namespace: "harbour"},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Name: "api", Namespace: "harbour", UID: types.UID("u"), FieldPath: pick(gen{rand.New(rand.NewPCG(uint64(i), 1))}, "", "spec.containers{api}")},
		Type:           typ, Reason: reason, Message: message, Count: count, Source: corev1.EventSource{Component: "kubelet", Host: "n"},
		LastTimestamp: metav1.Time{Time: now.Add(-lastAgo)}, FirstTimestamp: metav1.Time{Time: now.Add(-firstAgo)}}
}

// Events come back with their messages, counts and ages.
func TestRandomEvents(t *testing.T) {
	for seed := range uint64(400) {
		g := gen{rand.New(rand.NewPCG(seed, 9))}
		p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "api", Namespace: "harbour", UID: "u"}}
		var events []*corev1.Event
		n := 1 + g.IntN(6)
		for i := range n {
			msg := pick(g, "Back-off restarting failed container api in pod api_harbour(u)", "Liveness probe failed: "+g.text(4), g.phrase(false)+" and more", "Created container: api")
			reason := pick(g, "Unhealthy", "BackOff", "Pulled", "FailedScheduling")
			if strings.Contains(msg, "\n") {
				reason = "Unhealthy"
			}
			// the rows stand in the order of their last time; the newest is of one line here (see TestLastEvent)
			e := podEvent(i, pick(g, "Normal", "Warning"), reason, msg, int32(g.IntN(40)), time.Duration(n-i)*150*time.Second, time.Duration(n-i)*150*time.Second+time.Hour)
			if i == n-1 {
				e.Message, _, _ = strings.Cut(msg, "\n")
			}
			if g.chance(15) {
				e.Source.Component = ""
			}
			if g.chance(15) && i < n-1 {
				e.Source.Component, e.ReportingController = "", "default-scheduler"
				e.EventTime, e.LastTimestamp = metav1.MicroTime(e.FirstTimestamp), metav1.Time{}
				e.EventTime.Time = time.Now().Add(-time.Duration(n-i)*150*time.Second - time.Hour)
				e.Series = &corev1.EventSeries{Count: 5, LastObservedTime: metav1.MicroTime{Time: time.Now().Add(-time.Duration(n-i) * 150 * time.Second)}}
			}
			events = append(events, e)
		}
		s := podText(t, p, events...)
		o := parseOne(t, s)
		if strings.Contains(s, "Name:  x\nNamespace:") {
			continue
		}
		if len(o.Events) != n || o.End != len(s) {
			t.Fatalf("seed %d: %d of %d events, end %d of %d\n%s", seed, len(o.Events), n, o.End, len(s), s)
		}
		for _, got := range o.Events {
			found := false
			for _, e := range events {
				from, count := e.Source.Component+e.ReportingController, max(1, int(e.Count))
				if e.Series != nil {
					count = 5
				}
				if got.Message == strings.TrimSpace(e.Message) && got.Reason == e.Reason && got.Type == e.Type && got.From == from && got.Count == count && got.Container == e.InvolvedObject.FieldPath &&
					got.First.Known && got.Last.Known && (count == 1) == (got.First == got.Last) {
					found = true
				}
			}
			if !found {
				t.Fatalf("seed %d: no such event: %+v\n%s", seed, got, s)
			}
		}
	}
}
