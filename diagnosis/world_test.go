package diagnosis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
)

var now = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

func ago(d time.Duration) metav1.Time { return metav1.NewTime(now.Add(-d)) }

// world is one sick container in one pod, as the API shows it, with its log and events.
type world struct {
	t    *testing.T
	pod  *corev1.Pod
	s    *evidence.Snapshot
	node evidence.NodeRow
}

// crashed is a container that ended for the third time, a minute ago, after a run of the given length.
func crashed(t *testing.T, code int32, life time.Duration, spec func(*corev1.Container)) *world {
	ended := corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: "Error", ExitCode: code,
		StartedAt: ago(time.Minute + life), FinishedAt: ago(time.Minute), ContainerID: "containerd://run-3"}}
	if code == 0 {
		ended.Terminated.Reason = "Completed"
	}
	c := corev1.Container{Name: "app", Image: "registry.example/app:1"}
	if spec != nil {
		spec(&c)
	}
	start := ago(time.Hour)
	w := &world{t: t, node: evidence.NodeRow{Name: "node-1", Ready: "True", ReadySince: now.Add(-24 * time.Hour)}}
	w.pod = &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "app-0", UID: types.UID("uid-app-0"), CreationTimestamp: start, ResourceVersion: "1"},
		Spec: corev1.PodSpec{NodeName: "node-1", RestartPolicy: corev1.RestartPolicyAlways, DNSPolicy: corev1.DNSClusterFirst, SchedulerName: "default-scheduler",
			TerminationGracePeriodSeconds: new(int64(10)), Containers: []corev1.Container{c}},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, StartTime: &start, ContainerStatuses: []corev1.ContainerStatus{{Name: "app", RestartCount: 3, ContainerID: "containerd://run-3",
			State:                corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff", Message: "back-off 40s restarting failed container"}},
			LastTerminationState: ended}}},
	}
	w.s = &evidence.Snapshot{CapturedAt: now, Redacted: true, Cluster: evidence.Cluster{UID: "c"}, EventsListed: []string{"shop"}}
	return w
}

// says gives the run that ended its log: lines with the time before the run's end.
func (w *world) says(lines ...string) *world {
	w.t.Helper()
	end := now.Add(-time.Minute)
	var b strings.Builder
	for _, l := range lines {
		before, text, _ := strings.Cut(l, " ")
		d, err := time.ParseDuration(before)
		if err != nil {
			w.t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s\n", end.Add(-d).Format(time.RFC3339Nano), text)
	}
	w.s.Logs = append(w.s.Logs, evidence.Log{Previous: true, Sure: true, Timestamps: true, Head: true, Tail: true, Bytes: b.Len(), Text: []byte(b.String()),
		Instance: evidence.Instance{Namespace: "shop", Pod: "app-0", PodUID: "uid-app-0", Container: "app", ContainerID: "containerd://run-3", Restart: 3}})
	return w
}

// event adds a kubelet's event about the container, so long before now.
func (w *world) event(before time.Duration, reason, message string, count int) *world {
	w.s.Events = append(w.s.Events, evidence.Event{Namespace: "shop", Name: fmt.Sprintf("e%d", len(w.s.Events)), Type: "Normal", Reason: reason, Message: message, Component: "kubelet", Container: "app",
		Count: count, First: now.Add(-50 * time.Minute), Last: now.Add(-before), About: evidence.Ref{Kind: "Pod", Namespace: "shop", Name: "app-0", UID: "uid-app-0", Path: "spec.containers{app}"}})
	return w
}

func (w *world) diagnose() *diagnosis.Report {
	w.t.Helper()
	raw, err := evidence.ToRaw(w.pod)
	if err != nil {
		w.t.Fatal(err)
	}
	w.s.Objects = append(w.s.Objects, evidence.NewObject(raw, "v1", "Pod", "live"))
	w.s.Population.Complete = true
	w.s.Population.Nodes = []evidence.NodeRow{w.node}
	w.s.Population.Add(evidence.Row{Namespace: "shop", Pod: "app-0", UID: "uid-app-0", WorkloadKind: "Pod", Workload: "app-0", Node: "node-1", Symptom: "crash-loop", Active: true})
	return w.read()
}

// read diagnoses what is there.
func (w *world) read() *diagnosis.Report {
	w.t.Helper()
	r, _, err := diagnosis.Diagnose(w.s, playbook.Default())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// one is the only finding.
func (w *world) one() diagnosis.Finding {
	w.t.Helper()
	r := w.diagnose()
	if len(r.Findings) != 1 {
		w.t.Fatalf("%d findings", len(r.Findings))
	}
	return r.Findings[0]
}

func httpProbe(period, threshold int32, path string) *corev1.Probe {
	p := &corev1.Probe{PeriodSeconds: period, FailureThreshold: threshold, TimeoutSeconds: 1, SuccessThreshold: 1}
	p.HTTPGet = &corev1.HTTPGetAction{Path: path, Scheme: corev1.URISchemeHTTP}
	p.HTTPGet.Port.IntVal = 8080
	return p
}

func node(name, ready string) evidence.NodeRow {
	return evidence.NodeRow{Name: name, Ready: ready, ReadySince: now.Add(-5 * time.Minute), ReadyReason: "NodeStatusUnknown", ReadyMessage: "Kubelet stopped posting node status."}
}
