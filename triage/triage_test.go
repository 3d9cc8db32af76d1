package triage

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

var now = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

func at(ago time.Duration) metav1.Time { return metav1.NewTime(now.Add(-ago)) }

// pod makes a pod of one container that was created so long ago.
func pod(age time.Duration, s corev1.ContainerStatus) *corev1.Pod {
	s.Name = "app"
	start := at(age)
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "api-1", UID: "u", CreationTimestamp: start},
		Spec:       corev1.PodSpec{NodeName: "n", RestartPolicy: corev1.RestartPolicyAlways, Containers: []corev1.Container{{Name: "app", Image: "api:1"}}},
		Status:     corev1.PodStatus{Phase: corev1.PodRunning, StartTime: &start, ContainerStatuses: []corev1.ContainerStatus{s}},
	}
}

func ended(reason string, code int32, ago, life time.Duration) corev1.ContainerState {
	return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: reason, ExitCode: code, StartedAt: at(ago + life), FinishedAt: at(ago), ContainerID: "containerd://a"}}
}

func runningFor(d time.Duration) corev1.ContainerState {
	return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: at(d)}}
}

func waitingFor(reason string) corev1.ContainerState {
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason}}
}

func TestPod(t *testing.T) {
	tests := map[string]struct {
		pod    *corev1.Pod
		change func(*corev1.Pod)
		want   Symptom // empty: nothing wrong
		active bool
	}{
		"waiting in back-off":                          {pod: pod(time.Hour, corev1.ContainerStatus{RestartCount: 9, State: waitingFor("CrashLoopBackOff"), LastTerminationState: ended("Error", 1, time.Minute, 3*time.Second)}), want: CrashLoop, active: true},
		"between the end and the kubelet's next sync":  {pod: pod(time.Minute, corev1.ContainerStatus{RestartCount: 0, State: ended("Error", 1, time.Second, 3*time.Second)}), want: CrashLoop, active: true},
		"running and ready between crashes":            {pod: pod(10*time.Minute, corev1.ContainerStatus{RestartCount: 6, Ready: true, State: runningFor(10 * time.Second), LastTerminationState: ended("Error", 1, time.Minute, 30*time.Second)}), want: CrashLoop, active: true},
		"forty restarts long ago":                      {pod: pod(40*24*time.Hour, corev1.ContainerStatus{RestartCount: 40, Ready: true, State: runningFor(30 * 24 * time.Hour), LastTerminationState: ended("Error", 1, 30*24*time.Hour+time.Minute, time.Minute)}), want: Restarted},
		"a slow loop that resets the back-off":         {pod: pod(20*time.Hour, corev1.ContainerStatus{RestartCount: 20, Ready: true, State: runningFor(40 * time.Minute), LastTerminationState: ended("OOMKilled", 137, 41*time.Minute, 55*time.Minute)}), want: CrashLoop, active: true},
		"a restart every few days":                     {pod: pod(99*24*time.Hour, corev1.ContainerStatus{RestartCount: 40, Ready: true, State: runningFor(time.Second), LastTerminationState: ended("Completed", 0, time.Minute, 50*time.Hour)}), want: Restarted},
		"one restart after a long life":                {pod: pod(40*24*time.Hour, corev1.ContainerStatus{RestartCount: 1, Ready: true, State: runningFor(time.Second), LastTerminationState: ended("Error", 1, time.Minute, 90*time.Hour)}), want: Restarted},
		"a loop that began after a long life":          {pod: pod(20*24*time.Hour, corev1.ContainerStatus{RestartCount: 12, Ready: true, State: runningFor(5 * time.Second), LastTerminationState: ended("Error", 1, time.Minute, 8*time.Second)}), want: CrashLoop, active: true},
		"one restart while it waited for its database": {pod: pod(10*time.Minute, corev1.ContainerStatus{RestartCount: 1, Ready: true, State: runningFor(9 * time.Minute), LastTerminationState: ended("Error", 1, 9*time.Minute, 5*time.Second)}), want: Restarted},
		"completed under Always":                       {pod: pod(10*time.Minute, corev1.ContainerStatus{RestartCount: 4, State: ended("Completed", 0, time.Second, time.Second)}), want: CrashLoop, active: true},
		"completed under OnFailure": {pod: pod(10*time.Minute, corev1.ContainerStatus{State: ended("Completed", 0, time.Second, time.Second)}),
			change: func(p *corev1.Pod) { p.Spec.RestartPolicy = corev1.RestartPolicyOnFailure }},
		"status made up by the kubelet": {pod: pod(time.Hour, corev1.ContainerStatus{RestartCount: 1, State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "ContainerStatusUnknown", ExitCode: 137}}}), want: LostContainer, active: true},
		"never started":                 {pod: pod(time.Hour, corev1.ContainerStatus{RestartCount: 3, State: waitingFor("CrashLoopBackOff"), LastTerminationState: ended("StartError", 128, time.Minute, 0)}), want: StartFailure, active: true},
		"missing secret":                {pod: pod(time.Hour, corev1.ContainerStatus{State: waitingFor("CreateContainerConfigError")}), want: ConfigFailure, active: true},
		"image pull":                    {pod: pod(time.Hour, corev1.ContainerStatus{State: waitingFor("ImagePullBackOff")}), want: ImagePull, active: true},
		"just created":                  {pod: pod(5*time.Second, corev1.ContainerStatus{State: waitingFor("ContainerCreating")})},
		"creating for minutes":          {pod: pod(5*time.Minute, corev1.ContainerStatus{State: waitingFor("ContainerCreating")}), want: Blocked, active: true},
		"healthy":                       {pod: pod(time.Hour, corev1.ContainerStatus{Ready: true, State: runningFor(time.Hour)})},
		"never ready":                   {pod: pod(time.Hour, corev1.ContainerStatus{State: runningFor(time.Hour)}), want: NotReady, active: true},
		"being deleted": {pod: pod(time.Hour, corev1.ContainerStatus{RestartCount: 9, State: waitingFor("CrashLoopBackOff")}),
			change: func(p *corev1.Pod) { d := at(time.Second); p.DeletionTimestamp = &d }},
		"on a node that does not report": {pod: pod(time.Hour, corev1.ContainerStatus{Ready: true, State: runningFor(time.Hour)}), want: NodeLost, active: true,
			change: func(p *corev1.Pod) {
				p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionFalse, Reason: "NodeStatusUnknown"}}
			}},
		"overruled by the node controller": {pod: pod(time.Hour, corev1.ContainerStatus{Ready: true, State: runningFor(time.Hour)}), want: NodeLost, active: true,
			change: func(p *corev1.Pod) {
				p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionFalse}, {Type: corev1.ContainersReady, Status: corev1.ConditionTrue}}
			}},
		"waiting for a readiness gate": {pod: pod(time.Hour, corev1.ContainerStatus{Ready: true, State: runningFor(time.Hour)}),
			change: func(p *corev1.Pod) {
				p.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "lb"}}
				p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionFalse}, {Type: corev1.ContainersReady, Status: corev1.ConditionTrue}}
			}},
		"failed for good": {pod: pod(time.Hour, corev1.ContainerStatus{State: ended("Error", 2, time.Minute, time.Second)}), want: Replaced, active: true,
			change: func(p *corev1.Pod) { p.Status.Phase = corev1.PodFailed }},
		"failed last week": {pod: pod(9*24*time.Hour, corev1.ContainerStatus{State: ended("Error", 2, 8*24*time.Hour, time.Second)}), want: Replaced,
			change: func(p *corev1.Pod) { p.Status.Phase = corev1.PodFailed }},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.change != nil {
				tc.change(tc.pod)
			}
			got := Pod(evidence.PodFromAPI(tc.pod), At(now))
			if tc.want == "" {
				if len(got) > 0 {
					t.Fatalf("found %+v, want nothing", got)
				}
				return
			}
			if len(got) != 1 || got[0].Symptom != tc.want || got[0].Active != tc.active {
				t.Errorf("found %+v, want one %s, active %v", got, tc.want, tc.active)
			}
		})
	}
}

// What a source does not know must not look like health or sickness of another kind.
func TestUnknownFieldsStayUnknown(t *testing.T) {
	o := evidence.Object{Kind: "Pod", Raw: evidence.Raw{
		"metadata": map[string]any{"name": "api-1", "namespace": "shop", "annotations": map[string]any{evidence.UnknownAnnotation + "app": "restartCount,lastState.exitCode"}},
		"status": map[string]any{"containerStatuses": []any{map[string]any{"name": "app", "restartCount": float64(0),
			"state":     map[string]any{"waiting": map[string]any{"reason": "CrashLoopBackOff"}},
			"lastState": map[string]any{"terminated": map[string]any{"reason": "Error", "exitCode": float64(0)}}}}},
	}}
	p, err := evidence.PodFromObject(o)
	if err != nil {
		t.Fatal(err)
	}
	c := p.Container("app")
	if c.RestartCount.Known() || c.Last.ExitCode.Known() || c.Ready.Known() || c.MemoryLimit.Known() {
		t.Errorf("known although the source does not say: %+v", c)
	}
	got := Pod(p, At(now))
	if len(got) != 1 || got[0].Symptom != CrashLoop || !got[0].Active {
		t.Errorf("found %+v, want an active crash loop", got)
	}
}

// A container that ran for long, fell several times in a row and got up again has recovered; one that has fallen hundreds of
// times over months, or got up a moment ago, has not.
func TestBurst(t *testing.T) {
	for _, c := range []struct {
		name     string
		age      time.Duration
		restarts int32
		life, up time.Duration
		active   bool
	}{
		{"seven falls after eleven days", 11 * 24 * time.Hour, 7, 4 * time.Second, 25 * time.Minute, false},
		{"up for a quarter of an hour", 11 * 24 * time.Hour, 7, 4 * time.Second, 15 * time.Minute, true},
		{"hundreds of falls in a month", 30 * 24 * time.Hour, 480, 10 * time.Second, 25 * time.Minute, true},
		{"long lives", 11 * 24 * time.Hour, 7, 20 * time.Minute, 25 * time.Minute, true},
	} {
		p := evidence.PodFromAPI(pod(c.age, corev1.ContainerStatus{RestartCount: c.restarts, Ready: true, State: runningFor(c.up), LastTerminationState: ended("Error", 1, c.up+time.Minute, c.life)}))
		got := Pod(p, At(now))
		if len(got) != 1 || got[0].Active != c.active {
			t.Errorf("%s: %+v, want active %t", c.name, got, c.active)
		}
	}
}
