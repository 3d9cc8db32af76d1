package describe

import (
	"encoding/json"
	"sort"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	realdescribe "k8s.io/kubectl/pkg/describe"
	"k8s.io/kubectl/pkg/util/qos"
)

// describer is a describer of the real kubectl.
type describer interface {
	Describe(namespace, name string, settings realdescribe.DescriberSettings) (string, error)
}

// text describes the first object with the real kubectl.
func text(t testing.TB, d func(*fake.Clientset) describer, namespace, name string, objs ...runtime.Object) string {
	t.Helper()
	s, err := d(fake.NewClientset(objs...)).Describe(namespace, name, realdescribe.DescriberSettings{ShowEvents: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func podText(t testing.TB, p *corev1.Pod, events ...*corev1.Event) string {
	t.Helper()
	objs := []runtime.Object{p}
	for _, e := range events {
		objs = append(objs, e)
	}
	return text(t, func(c *fake.Clientset) describer { return &realdescribe.PodDescriber{Interface: c} }, p.Namespace, p.Name, objs...)
}

// parseOne parses a text that holds one object.
func parseOne(t testing.TB, s string) Object {
	t.Helper()
	objs := Parse([]byte(s))
	if len(objs) != 1 {
		t.Fatalf("%d objects, want 1, in:\n%s", len(objs), s)
	}
	return objs[0]
}

// into decodes a parsed object into its API type.
func into[T any](t testing.TB, o Object) *T {
	t.Helper()
	var out T
	b, err := json.Marshal(o.Raw)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatalf("the object does not have the API's shape: %v", err)
	}
	return &out
}

// shownPod reduces a pod to what describePod shows of it, in a form in which a pod that was read back must be equal:
// what the text cannot tell apart is made equal.
func shownPod(in *corev1.Pod) *corev1.Pod {
	p := in.DeepCopy()
	out := &corev1.Pod{}
	out.Name, out.Namespace, out.Labels = p.Name, p.Namespace, p.Labels
	out.Annotations = shownAnnotations(p.Annotations)
	out.OwnerReferences = shownOwner(p)
	out.Status.Phase = p.Status.Phase
	if p.Status.Phase != corev1.PodFailed && p.Status.Phase != corev1.PodSucceeded {
		if p.DeletionTimestamp != nil {
			out.Status.Phase = "" // hidden by Terminating
		}
		out.DeletionGracePeriodSeconds = p.DeletionGracePeriodSeconds
	}
	s := &out.Spec
	s.Priority, s.PriorityClassName, s.ServiceAccountName, s.NodeName = p.Spec.Priority, p.Spec.PriorityClassName, p.Spec.ServiceAccountName, p.Spec.NodeName
	s.RuntimeClassName, s.SchedulingGroup = p.Spec.RuntimeClassName, p.Spec.SchedulingGroup
	if c := p.Spec.SecurityContext; c != nil && c.SeccompProfile != nil {
		s.SecurityContext = &corev1.PodSecurityContext{SeccompProfile: c.SeccompProfile}
	}
	if r := p.Spec.Resources; r != nil {
		s.Resources = &corev1.ResourceRequirements{Limits: r.Limits, Requests: r.Requests}
	}
	shownTemplate(&p.Spec, s)
	for _, c := range p.Spec.EphemeralContainers {
		s.EphemeralContainers = append(s.EphemeralContainers, corev1.EphemeralContainer{EphemeralContainerCommon: corev1.EphemeralContainerCommon(shownContainer(corev1.Container(c.EphemeralContainerCommon)))})
	}
	s.ReadinessGates = p.Spec.ReadinessGates
	st := &out.Status
	st.Reason, st.Message, st.PodIP, st.PodIPs = p.Status.Reason, p.Status.Message, p.Status.PodIP, p.Status.PodIPs
	st.NominatedNodeName, st.StartTime = p.Status.NominatedNodeName, p.Status.StartTime
	st.QOSClass = qos.GetPodQOS(in)
	if p.Spec.NodeName != "" {
		st.HostIP = p.Status.HostIP
	}
	for _, c := range p.Status.Conditions {
		st.Conditions = append(st.Conditions, corev1.PodCondition{Type: c.Type, Status: c.Status})
	}
	st.InitContainerStatuses = shownStatuses(p.Status.InitContainerStatuses, len(p.Spec.InitContainers))
	st.ContainerStatuses = shownStatuses(p.Status.ContainerStatuses, len(p.Spec.Containers))
	st.EphemeralContainerStatuses = shownStatuses(p.Status.EphemeralContainerStatuses, len(p.Spec.EphemeralContainers))
	return out
}

// parsedPod brings a pod that was read back into the form of shownPod; its annotations were shortened already.
func parsedPod(t testing.TB, o Object) *corev1.Pod {
	p := into[corev1.Pod](t, o)
	out := shownPod(p)
	out.Annotations = p.Annotations
	return out
}

func shownTemplate(p, s *corev1.PodSpec) {
	for _, c := range p.InitContainers {
		s.InitContainers = append(s.InitContainers, shownContainer(c))
	}
	for _, c := range p.Containers {
		s.Containers = append(s.Containers, shownContainer(c))
	}
	for _, v := range p.Volumes {
		s.Volumes = append(s.Volumes, shownVolume(v))
	}
	s.NodeSelector = p.NodeSelector
	for _, t := range p.Tolerations {
		if t.Operator != corev1.TolerationOpExists || t.Value != "" {
			t.Operator = ""
		}
		s.Tolerations = append(s.Tolerations, t)
	}
	byJSON(s.Tolerations)
	for _, c := range p.TopologySpreadConstraints {
		s.TopologySpreadConstraints = append(s.TopologySpreadConstraints, corev1.TopologySpreadConstraint{
			MaxSkew: c.MaxSkew, TopologyKey: c.TopologyKey, WhenUnsatisfiable: c.WhenUnsatisfiable, LabelSelector: c.LabelSelector})
	}
	byJSON(s.TopologySpreadConstraints)
}

func byJSON[T any](l []T) {
	key := func(v T) string { b, _ := json.Marshal(v); return string(b) }
	sort.Slice(l, func(i, j int) bool { return key(l[i]) < key(l[j]) })
}

func shownOwner(o metav1.Object) []metav1.OwnerReference {
	for _, r := range o.GetOwnerReferences() {
		if r.Controller != nil && *r.Controller {
			yes := true
			return []metav1.OwnerReference{{Kind: r.Kind, Name: r.Name, Controller: &yes}}
		}
	}
	return nil
}

// shownAnnotations shortens what describe shortens, and leaves out what it leaves out.
func shownAnnotations(in map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range in {
		if k == corev1.LastAppliedConfigAnnotation {
			continue
		}
		v = strings.TrimSuffix(v, "\n")
		if len(k)+len(v)+2 > 140 || strings.Contains(v, "\n") {
			lines := strings.Split(v, "\n")
			for i, l := range lines {
				if len(l) > 138 {
					lines[i] = l[:138] + "..."
				}
			}
			v = strings.Join(lines, "\n")
		}
		out[k] = v
	}
	return out
}

func shownContainer(c corev1.Container) corev1.Container {
	out := corev1.Container{Name: c.Name, Image: c.Image, EnvFrom: c.EnvFrom, VolumeMounts: nil, VolumeDevices: c.VolumeDevices}
	out.Ports = append(out.Ports, c.Ports...)
	for i := range out.Ports {
		out.Ports[i].HostIP = ""
	}
	// nothing tells where one element of a command ends
	if len(c.Command) > 0 {
		out.Command = strings.Split(strings.Join(c.Command, "\n"), "\n")
	}
	if len(c.Args) > 0 {
		out.Args = strings.Split(strings.Join(c.Args, "\n"), "\n")
	}
	if c.SecurityContext != nil && c.SecurityContext.SeccompProfile != nil {
		out.SecurityContext = &corev1.SecurityContext{SeccompProfile: c.SecurityContext.SeccompProfile}
	}
	out.Resources.Limits, out.Resources.Requests = c.Resources.Limits, c.Resources.Requests
	out.LivenessProbe, out.ReadinessProbe, out.StartupProbe = shownProbe(c.LivenessProbe), shownProbe(c.ReadinessProbe), shownProbe(c.StartupProbe)
	for _, e := range c.Env {
		out.Env = append(out.Env, shownVar(e))
	}
	for i := range out.EnvFrom {
		e := &out.EnvFrom[i]
		if e.ConfigMapRef != nil {
			e.ConfigMapRef.Optional = definitely(e.ConfigMapRef.Optional)
		}
		if e.SecretRef != nil {
			e.SecretRef.Optional = definitely(e.SecretRef.Optional)
		}
	}
	for _, m := range c.VolumeMounts {
		out.VolumeMounts = append(out.VolumeMounts, corev1.VolumeMount{Name: m.Name, MountPath: m.MountPath, SubPath: m.SubPath, ReadOnly: m.ReadOnly})
	}
	byJSON(out.VolumeMounts)
	byJSON(out.VolumeDevices)
	return out
}

// definitely makes an absent optional what it means: false.
func definitely(b *bool) *bool {
	v := b != nil && *b
	return &v
}

func shownVar(e corev1.EnvVar) corev1.EnvVar {
	if f := e.ValueFrom; f != nil {
		switch {
		case f.SecretKeyRef != nil:
			f.SecretKeyRef.Optional = definitely(f.SecretKeyRef.Optional)
		case f.ConfigMapKeyRef != nil:
			f.ConfigMapKeyRef.Optional = definitely(f.ConfigMapKeyRef.Optional)
		case f.ResourceFieldRef != nil:
			f.ResourceFieldRef = &corev1.ResourceFieldSelector{Resource: f.ResourceFieldRef.Resource}
		}
	}
	return e
}

func shownProbe(p *corev1.Probe) *corev1.Probe {
	if p == nil {
		return nil
	}
	out := *p
	out.TerminationGracePeriodSeconds = nil
	switch {
	case p.Exec != nil:
		out.Exec = &corev1.ExecAction{Command: strings.Fields(strings.Join(p.Exec.Command, " "))}
	case p.HTTPGet != nil:
		g := *p.HTTPGet
		g.HTTPHeaders = nil
		if g.Path != "" && !strings.HasPrefix(g.Path, "/") {
			g.Path = "/" + g.Path
		}
		out.HTTPGet = &g
	case p.GRPC != nil && p.GRPC.Service == nil:
		empty := ""
		out.GRPC = &corev1.GRPCAction{Port: p.GRPC.Port, Service: &empty}
	}
	return &out
}

func shownVolume(v corev1.Volume) corev1.Volume {
	switch s := &v.VolumeSource; {
	case s.Secret != nil:
		s.Secret = &corev1.SecretVolumeSource{SecretName: s.Secret.SecretName, Optional: definitely(s.Secret.Optional)}
	case s.ConfigMap != nil:
		s.ConfigMap = &corev1.ConfigMapVolumeSource{LocalObjectReference: s.ConfigMap.LocalObjectReference, Optional: definitely(s.ConfigMap.Optional)}
	case s.HostPath != nil && s.HostPath.Type != nil && *s.HostPath.Type == "":
		s.HostPath.Type = nil
	case s.CSI != nil:
		ro := definitely(s.CSI.ReadOnly)
		s.CSI.ReadOnly, s.CSI.NodePublishSecretRef = ro, nil
		if s.CSI.FSType != nil && *s.CSI.FSType == "" {
			s.CSI.FSType = nil
		}
	case s.DownwardAPI != nil:
		s.DownwardAPI.DefaultMode = nil
		for i := range s.DownwardAPI.Items {
			it := &s.DownwardAPI.Items[i]
			it.Mode = nil
			if it.FieldRef != nil {
				it.FieldRef.APIVersion = ""
			}
			if it.ResourceFieldRef != nil {
				it.ResourceFieldRef = &corev1.ResourceFieldSelector{Resource: it.ResourceFieldRef.Resource}
			}
		}
	case s.Projected != nil:
		out := &corev1.ProjectedVolumeSource{}
		for _, src := range s.Projected.Sources {
			switch {
			case src.Secret != nil:
				out.Sources = append(out.Sources, corev1.VolumeProjection{Secret: &corev1.SecretProjection{LocalObjectReference: src.Secret.LocalObjectReference, Optional: definitely(src.Secret.Optional)}})
			case src.ConfigMap != nil:
				out.Sources = append(out.Sources, corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: src.ConfigMap.LocalObjectReference, Optional: definitely(src.ConfigMap.Optional)}})
			case src.DownwardAPI != nil:
				out.Sources = append(out.Sources, corev1.VolumeProjection{DownwardAPI: &corev1.DownwardAPIProjection{}})
			case src.ServiceAccountToken != nil:
				out.Sources = append(out.Sources, corev1.VolumeProjection{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{ExpirationSeconds: src.ServiceAccountToken.ExpirationSeconds}})
			}
		}
		s.Projected = out
	case s.Ephemeral != nil && s.Ephemeral.VolumeClaimTemplate != nil:
		t := s.Ephemeral.VolumeClaimTemplate
		s.Ephemeral.VolumeClaimTemplate = &corev1.PersistentVolumeClaimTemplate{
			ObjectMeta: metav1.ObjectMeta{Labels: t.Labels, Annotations: shownAnnotations(t.Annotations)},
			Spec:       corev1.PersistentVolumeClaimSpec{StorageClassName: t.Spec.StorageClassName, VolumeMode: t.Spec.VolumeMode}}
	}
	return v
}

func shownStatuses(in []corev1.ContainerStatus, containers int) []corev1.ContainerStatus {
	var out []corev1.ContainerStatus
	if containers == 0 {
		return nil
	}
	for _, s := range in {
		o := corev1.ContainerStatus{Name: s.Name, ContainerID: s.ContainerID, ImageID: s.ImageID, Ready: s.Ready,
			RestartCount: s.RestartCount, State: shownState(s.State)}
		if s.LastTerminationState.Terminated != nil {
			o.LastTerminationState = shownState(s.LastTerminationState)
		}
		out = append(out, o)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

func shownState(s corev1.ContainerState) corev1.ContainerState {
	switch {
	case s.Terminated != nil:
		t := *s.Terminated
		t.ContainerID = ""
		s.Terminated = &t
	case s.Waiting != nil:
		s.Waiting = &corev1.ContainerStateWaiting{Reason: s.Waiting.Reason}
	case s.Running == nil:
		s.Waiting = &corev1.ContainerStateWaiting{}
	}
	return s
}
