package fleet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// pods makes the pods of a revision and counts them, and those that are ready.
func (w *writer) pods(wl *Workload, v *version) (all, ready int) {
	n := v.Pods
	var on []*node
	switch wl.Kind {
	case "DaemonSet":
		on = w.of(wl)
		if len(wl.Revisions) > 1 { // each revision has its part of the nodes, in order
			from := 0
			for i := range v.number - 1 {
				from += wl.Revisions[i].Pods
			}
			on = on[min(from, len(on)):min(from+v.Pods, len(on))]
		}
		n = len(on)
	case "Pod":
		n = 1
	}
	v.Pods = n
	for i := range n {
		var at *node
		if on != nil {
			at = on[i]
		} else {
			at = w.place(wl, i)
		}
		if at == nil {
			return all, ready
		}
		all++
		if w.pod(wl, v, i, at) {
			ready++
		}
	}
	return all, ready
}

// sickness is the first description that fits a pod.
func (wl *Workload) sickness(v *version, i int, at *node) *Sick {
	for j := range wl.Sick {
		s := &wl.Sick[j]
		switch {
		case s.Revision != 0 && s.Revision != v.number,
			s.Pool != "" && s.Pool != at.pool,
			len(s.Nodes) > 0 && !slices.Contains(s.Nodes, at.short),
			s.Zone != "" && region+"-"+s.Zone != at.zone,
			s.First > 0 && i >= s.First:
			continue
		}
		return s
	}
	return nil
}

func (w *writer) pod(wl *Workload, v *version, i int, at *node) bool {
	name := fmt.Sprintf("%s-%s-%s", wl.Name, v.hash, short(5, wl.Namespace, wl.Name, v.hash, fmt.Sprint(i)))
	labels := map[string]string{"app": wl.Name}
	maps.Copy(labels, wl.Labels)
	switch wl.Kind {
	case "StatefulSet":
		name = fmt.Sprintf("%s-%d", wl.Name, i+v.before(wl))
		labels["controller-revision-hash"], labels["apps.kubernetes.io/pod-index"] = wl.Name+"-"+v.hash, fmt.Sprint(i)
	case "DaemonSet":
		name = fmt.Sprintf("%s-%s", wl.Name, short(5, wl.Namespace, wl.Name, at.name))
		labels["controller-revision-hash"] = v.hash
	case "Pod":
		name = wl.Name
	default:
		labels["pod-template-hash"] = v.hash
	}
	s := wl.sickness(v, i, at)
	age := v.PodAge + Age(time.Duration(i%7)*time.Second)
	if s != nil && s.PodAge != 0 {
		age = s.PodAge
	}
	if s != nil && age < s.Since { // it cannot be sick before it is there
		age = s.Since + Age(5*time.Second)
	}
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: wl.Namespace, UID: uid("pod", wl.Namespace, name), CreationTimestamp: w.ago(age), Labels: labels, Annotations: maps.Clone(v.PodAnnotations)}, Spec: *v.spec.DeepCopy()}
	if wl.Kind != "Pod" {
		p.OwnerReferences = []metav1.OwnerReference{v.owner}
		if wl.Kind == "Deployment" || wl.Kind == "StatefulSet" {
			p.GenerateName = strings.TrimSuffix(name, name[strings.LastIndexByte(name, '-')+1:])
		}
	}
	p.Spec.Containers = append(p.Spec.Containers, others(v.Injected)...)
	p.Spec.NodeName = at.name
	p.Spec.Tolerations = append(p.Spec.Tolerations, corev1.Toleration{Key: "node.kubernetes.io/not-ready", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: new(int64(300))},
		corev1.Toleration{Key: "node.kubernetes.io/unreachable", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: new(int64(300))})
	w.well(p, age)
	if s != nil {
		w.sicken(p, s, at)
	}
	w.ready(p)
	w.keep("Pod", "v1", p)
	return s == nil || s.How == Recovered
}

// before is how many pods the revisions after this one have: a StatefulSet is updated from its highest ordinal down.
func (v *version) before(wl *Workload) int {
	n := 0
	for i := v.number; i < len(wl.Revisions); i++ {
		n += wl.Revisions[i].Pods
	}
	if v.number == len(wl.Revisions) && len(wl.Revisions) > 1 {
		for i := range v.number - 1 {
			n += wl.Revisions[i].Pods
		}
		return n
	}
	if len(wl.Revisions) > 1 {
		return 0
	}
	return n
}

// well writes the status of a pod whose containers all run.
func (w *writer) well(p *corev1.Pod, age Age) {
	started := w.ago(max(age-Age(3*time.Second), 0))
	p.Status = corev1.PodStatus{Phase: corev1.PodRunning, HostIP: "127.0.0.1", QOSClass: corev1.PodQOSBurstable, StartTime: new(w.ago(max(age-Age(time.Second), 0))),
		PodIP: ip(p.Name), PodIPs: []corev1.PodIP{{IP: ip(p.Name)}}}
	for _, c := range p.Spec.InitContainers {
		p.Status.InitContainerStatuses = append(p.Status.InitContainerStatuses, corev1.ContainerStatus{Name: c.Name, Image: c.Image, ImageID: imageID(c.Image), ContainerID: containerID(p.Name, c.Name, "init"), Ready: true, Started: new(false),
			State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "Completed", StartedAt: started, FinishedAt: started, ContainerID: containerID(p.Name, c.Name, "init")}}})
	}
	for _, c := range p.Spec.Containers {
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{Name: c.Name, Image: c.Image, ImageID: imageID(c.Image), ContainerID: containerID(p.Name, c.Name, "0"), Ready: true, Started: new(true),
			State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: started}}})
	}
	for _, t := range []corev1.PodConditionType{corev1.PodReadyToStartContainers, corev1.PodInitialized, corev1.PodReady, corev1.ContainersReady, corev1.PodScheduled} {
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{Type: t, Status: corev1.ConditionTrue, LastTransitionTime: started})
	}
}

// ready makes the pod's conditions say what its containers' states do (kubelet, status/generate.go).
func (w *writer) ready(p *corev1.Pod) {
	var not []string
	for _, c := range p.Status.ContainerStatuses {
		if !c.Ready {
			not = append(not, c.Name)
		}
	}
	if len(not) == 0 {
		return
	}
	for i := range p.Status.Conditions {
		c := &p.Status.Conditions[i]
		if c.Type == corev1.PodReady || c.Type == corev1.ContainersReady {
			c.Status, c.Reason, c.Message = corev1.ConditionFalse, "ContainersNotReady", "containers with unready status: ["+strings.Join(not, " ")+"]"
		}
	}
}

func ip(name string) string {
	sum := sha256.Sum256([]byte(name))
	return fmt.Sprintf("10.244.%d.%d", sum[0], 1+int(sum[1])%253)
}

// imageID is what runtimes say of a reference; the digest is made of it.
func imageID(image string) string {
	name, _, _ := strings.Cut(image, "@")
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name = name[:i]
	}
	sum := sha256.Sum256([]byte("image " + image))
	return name + "@sha256:" + hex.EncodeToString(sum[:])
}

func containerID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "/")))
	return "containerd://" + hex.EncodeToString(sum[:])
}
