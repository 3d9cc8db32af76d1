package diagnosis_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

// healthy is a pod that runs and is ready, with labels and a named port.
func healthy(t *testing.T, labels map[string]string) *world {
	w := crashed(t, 1, time.Minute, func(c *corev1.Container) { c.Ports = []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}} })
	w.pod.Labels = labels
	w.pod.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "app", Ready: true, State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: ago(time.Hour)}}}}
	return w
}

func object(kind, name string, spec map[string]any) evidence.Object {
	return evidence.NewObject(evidence.Raw{"metadata": map[string]any{"namespace": "shop", "name": name}, "spec": spec}, "v1", kind, "live")
}

func slice(service string, addresses ...any) evidence.Object {
	return evidence.NewObject(evidence.Raw{"metadata": map[string]any{"namespace": "shop", "name": service + "-x", "labels": map[string]any{"kubernetes.io/service-name": service}},
		"endpoints": addresses}, "discovery.k8s.io/v1", "EndpointSlice", "live")
}

func selecting(app, targetPort string) map[string]any {
	return map[string]any{"selector": map[string]any{"app": app}, "ports": []any{map[string]any{"port": 80.0, "name": "web", "targetPort": targetPort}}}
}

func backend(port map[string]any) map[string]any {
	return map[string]any{"rules": []any{map[string]any{"http": map[string]any{"paths": []any{map[string]any{"backend": map[string]any{"service": map[string]any{"name": "web", "port": port}}}}}}}}
}

func TestMisrouted(t *testing.T) {
	front := map[string]string{"app": "front-end"}
	for name, tt := range map[string]struct {
		objects []evidence.Object
		fact    string
	}{
		"a label with a typing error": {[]evidence.Object{object("Service", "web", selecting("frontend", "http")), slice("web")}, "service.selects-none"},
		"labels of something else":    {[]evidence.Object{object("Service", "web", selecting("billing", "http")), slice("web")}, ""},
		"endpoints are not known":     {[]evidence.Object{object("Service", "web", selecting("frontend", "http"))}, ""},
		"it has endpoints":            {[]evidence.Object{object("Service", "web", selecting("frontend", "http")), slice("web", map[string]any{})}, ""},
		"a port of no container":      {[]evidence.Object{object("Service", "web", selecting("front-end", "https"))}, "service.wrong-port"},
		"a port by its number":        {[]evidence.Object{object("Service", "web", selecting("front-end", "9090"))}, ""},
		"an Ingress to another port":  {[]evidence.Object{object("Service", "web", selecting("front-end", "http")), object("Ingress", "web", backend(map[string]any{"number": 8080.0}))}, "ingress.wrong-backend"},
		"an Ingress by name":          {[]evidence.Object{object("Service", "web", selecting("front-end", "http")), object("Ingress", "web", backend(map[string]any{"name": "web"}))}, ""},
	} {
		w := healthy(t, front)
		w.s.Objects = tt.objects
		got := ""
		for _, f := range w.diagnose().Findings {
			if f.Cause == "network.ingress-misrouted" && f.Neighbour && f.Verdict == diagnosis.Proven {
				got = f.Evidence[0].Fact
			}
		}
		if got != tt.fact {
			t.Errorf("%s: fact %q, want %q", name, got, tt.fact)
		}
	}
}

// waiting is a pod whose container waits for its image, or that no scheduler has looked at.
func waiting(t *testing.T, scheduled bool) *world {
	w := crashed(t, 1, time.Minute, nil)
	w.pod.Status.Phase = corev1.PodPending
	w.pod.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "app", State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}}}
	if !scheduled {
		w.pod.Spec.NodeName, w.pod.Status.StartTime, w.pod.Status.ContainerStatuses = "", nil, nil
	}
	return w
}

func TestSlowPullAndNoScheduler(t *testing.T) {
	for name, tt := range map[string]struct {
		world   *world
		verdict diagnosis.Verdict
		cause   string
	}{
		"pulls for five minutes":     {waiting(t, true).event(5*time.Minute, "Pulling", `Pulling image "registry.example/app:1"`, 1), diagnosis.Likely, "image.slow-pull"},
		"pulls for half a minute":    {waiting(t, true).event(30*time.Second, "Pulling", `Pulling image "registry.example/app:1"`, 1), diagnosis.Unexplained, ""},
		"no scheduler says anything": {waiting(t, false), diagnosis.Proven, "scheduling.scheduler-down"},
	} {
		if f := tt.world.one(); f.Cause != tt.cause || f.Verdict != tt.verdict {
			t.Errorf("%s: %s %q, want %s %q", name, f.Verdict, f.Cause, tt.verdict, tt.cause)
		}
	}
}
