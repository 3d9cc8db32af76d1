package describe

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

func crashing(t testing.TB) string {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "api", Namespace: "harbour", UID: "u", Labels: map[string]string{"a": "b", "c": "d"}},
		Spec: corev1.PodSpec{NodeName: "n", Containers: []corev1.Container{
			{Name: "api", Image: "api:2", Args: []string{"serve\n  --all"}, LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"true"}}}, PeriodSeconds: 3, FailureThreshold: 2},
				Env: []corev1.EnvVar{{Name: "URL", Value: "http://db"}}},
			{Name: "side", Image: "side:1"}}},
		Status: corev1.PodStatus{Phase: "Running", HostIP: "10.0.0.2", ContainerStatuses: []corev1.ContainerStatus{
			{Name: "api", ContainerID: "containerd://1", ImageID: "x", RestartCount: 8, State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}},
				LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 2, Reason: "Error", Message: "fatal: no db\nstack:\n  main.go:7\n", StartedAt: at("2031-01-01T00:00:00Z"), FinishedAt: at("2031-01-01T00:00:03Z")}}},
			{Name: "side", RestartCount: 0, Ready: true, State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: at("2031-01-01T00:00:00Z")}}}}}}
	return podText(t, p, podEvent(1, "Warning", "Unhealthy", "Liveness probe failed: no\nanswer", 9, 3*time.Minute, time.Hour),
		podEvent(2, "Warning", "BackOff", "Back-off restarting failed container", 40, time.Minute, time.Hour))
}

var unplaced = cmp.Options{cmpopts.IgnoreFields(Object{}, "Start", "End"), cmpopts.IgnoreFields(Event{}, "Start", "End")}

// The same block is read the same however it was pasted.
func TestPasted(t *testing.T) {
	s := crashing(t)
	want := parseOne(t, s)
	if !want.Complete || len(want.Events) != 2 {
		t.Fatalf("complete %v, %d events", want.Complete, len(want.Events))
	}
	for name, change := range map[string]func(string) string{
		"CRLF":        func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"no last end": func(s string) string { return strings.TrimSuffix(s, "\n") },
		"indented":    func(s string) string { return "    " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n    ") },
		"quoted":      func(s string) string { return "> " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n> ") },
		"twice quoted": func(s string) string {
			return "> > " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n> > ")
		},
		"coloured": func(s string) string {
			return strings.ReplaceAll(strings.ReplaceAll(s, "Running", "\x1b[32mRunning\x1b[0m"), "Name:", "\x1b[1;34mName\x1b[0m:")
		},
		"no-break spaces": func(s string) string { return strings.ReplaceAll(s, "  ", "\u00a0\u00a0") },
		"trimmed lines": func(s string) string {
			lines := strings.Split(s, "\n")
			for i := range lines {
				lines[i] = strings.TrimRight(lines[i], " ")
			}
			return strings.Join(lines, "\n")
		},
		"fenced":    func(s string) string { return "see here:\n```\n$ kubectl describe pod api\n" + s + "```\nthanks\n" },
		"log after": func(s string) string { return s + "2031-01-01T00:00:02Z fatal: Status: bad\nName: x\nEvents: 3\n" },
		"before a shell": func(s string) string {
			return s + "root@box:~# kubectl logs api\nfatal: no db\n"
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := parseOne(t, change(s))
			if diff := cmp.Diff(want, got, unplaced); diff != "" {
				t.Errorf("read otherwise (-as printed +as pasted):\n%s", diff)
			}
		})
	}
}

// Blocks one after another are told apart, with text between them left out.
func TestSeveral(t *testing.T) {
	s := crashing(t)
	node := realText(t, kinds[6].obj)
	text := s + "\n\n" + s + "some log line: x\n" + node + "\n\n> " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n> ") + "\n"
	objs := Parse([]byte(text))
	if len(objs) != 4 {
		t.Fatalf("%d objects", len(objs))
	}
	for i, kind := range []string{"Pod", "Pod", "Node", "Pod"} {
		if objs[i].Kind != kind || !objs[i].Complete {
			t.Errorf("object %d: %s, complete %v, ignored %v", i, objs[i].Kind, objs[i].Complete, objs[i].Ignored)
		}
	}
	if got := text[objs[0].Start:objs[0].End]; got != s {
		t.Errorf("the first object's range is\n%s", got)
	}
	if found := Find([]byte(text)); len(found) != 4 || found[2] != objs[2].Start {
		t.Errorf("found %v", found)
	}
}

// However much is cut off at the top or at the bottom, what is left is never read as something else.
func TestCut(t *testing.T) {
	s := crashing(t)
	whole := parseOne(t, s)
	full := leaves(t, whole.Raw)
	lines := strings.SplitAfter(s, "\n")
	named := map[string]bool{}
	for _, v := range full {
		named[v] = true
	}
	for cut := 1; cut < len(lines)-1; cut++ {
		for _, part := range []string{strings.Join(lines[cut:], ""), strings.Join(lines[:cut], "")} {
			for _, o := range Parse([]byte(part)) {
				if o.Complete && !strings.Contains(part, "  Warning  ") { // a cut among the events cannot be told
					t.Errorf("cut at line %d, and complete", cut)
				}
				for path, v := range leaves(t, o.Raw) {
					if !named[v] && v != "fatal: no db" && v != "fatal: no db\nstack:" { // a message cut short
						t.Errorf("cut at line %d: %s = %q is not in the whole object", cut, path, v)
					}
				}
			}
		}
	}
	// in the middle of the first container
	at := strings.Index(s, "    Last State:")
	o := parseOne(t, s[at+2:])
	if !o.Headless || o.Kind != "Pod" || o.Raw.Has("metadata", "name") || len(o.Containers) != 2 {
		t.Fatalf("headless %v, kind %q, containers %+v", o.Headless, o.Kind, o.Containers)
	}
	first, second := o.Containers[0], o.Containers[1]
	if first.Name != "" || first.Complete || second.Name != "side" || !second.Complete {
		t.Errorf("containers %+v", o.Containers)
	}
	st := o.Raw.List("status", "containerStatuses")
	if len(st) != 2 || st[0].Has("state") || !st[0].Has("lastState", "terminated", "exitCode") || st[0]["restartCount"] != 8.0 || st[0].Str("lastState", "terminated", "message") != "fatal: no db\nstack:\n  main.go:7\n" {
		t.Errorf("statuses %v", st)
	}
	if len(o.Events) != 2 || !o.EventsShown {
		t.Errorf("events %v", o.Events)
	}
}

// A lone Events section has no kind.
func TestOnlyEvents(t *testing.T) {
	s := crashing(t)
	_, rows, _ := strings.Cut(s, "Events:")
	o := parseOne(t, "Events:"+rows)
	if o.Kind != "" || !o.Headless || len(o.Events) != 2 || o.Events[0].Message != "Liveness probe failed: no\nanswer" {
		t.Errorf("%+v", o)
	}
	none := parseOne(t, "Events:          <none>\n")
	if !none.EventsShown || len(none.Events) > 0 || none.Kind != "" {
		t.Errorf("%+v", none)
	}
}

// The last event's message goes on only where its kind has more lines.
func TestLastEvent(t *testing.T) {
	s := crashing(t)
	_, rows, _ := strings.Cut(s, "Events:")
	s = "Events:" + rows
	first, _, _ := strings.Cut(s, "  Warning  BackOff")
	for text, want := range map[string]string{
		first:                              "Liveness probe failed: no\nanswer",
		first + "$ kubectl logs api\nhi\n": "Liveness probe failed: no\nanswer",
		first + "\nanother paragraph\n":    "Liveness probe failed: no\nanswer",
		s + "a line of a log\n":            "Back-off restarting failed container",
	} {
		o := parseOne(t, text)
		if got := o.Events[len(o.Events)-1].Message; got != want {
			t.Errorf("message %q, want %q", got, want)
		}
	}
}

// What is no describe output is no object.
func TestOther(t *testing.T) {
	for _, s := range []string{"", "\n\n", "Name: x", "Status: bad\nName: x\n\nNamespace: y\n", "2031-01-01 Events: none\nState: Running fast\n",
		"apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n", "NAME   READY   STATUS\napi    0/1     CrashLoopBackOff\n"} {
		if objs := Parse([]byte(s)); len(objs) > 0 {
			t.Errorf("%q gave %+v", s, objs)
		}
	}
}

func ExampleParse() {
	objs := Parse([]byte(`Name:         api-0
Namespace:    shop
Containers:
  api:
    State:          Waiting
      Reason:       CrashLoopBackOff
    Ready:          False
    Restart Count:  12
Events:
  Type     Reason   Age                From     Message
  ----     ------   ----               ----     -------
  Warning  BackOff  3m (x12 over 25m)  kubelet  Back-off restarting failed container
`))
	o := objs[0]
	pod, _ := evidence.PodFromObject(evidence.NewObject(o.Raw, "", "", "paste"))
	restarts, _ := pod.Container("api").RestartCount.Get()
	fmt.Println(o.Kind, pod.Ref.Name, pod.Container("api").State.Reason, restarts)
	fmt.Println(o.Events[0].Reason, o.Events[0].Count, o.Events[0].Last.D)
	fmt.Println("image known:", o.Raw.List("spec", "containers")[0].Has("image"))
	// Output:
	// Pod api-0 CrashLoopBackOff 12
	// BackOff 12 3m0s
	// image known: false
}

// A block with a hole in it is not complete, and says of no container more than was shown.
func TestHole(t *testing.T) {
	s := crashing(t)
	for _, key := range []string{"QoS Class:", "Namespace:", "Status:", "Tolerations:"} {
		at := strings.Index("\n"+s, "\n"+key)
		if at < 0 {
			t.Fatal(key)
		}
		rest := s[at:]
		_, rest, _ = strings.Cut(rest, "\n")
		for _, o := range Parse([]byte(s[:at] + rest)) {
			if o.Complete {
				t.Errorf("complete without %s", key)
			}
		}
	}
	before, rest, _ := strings.Cut(s, "    Environment:")
	_, after, _ := strings.Cut(rest, "  side:")
	o := parseOne(t, before+"  side:"+after)
	if o.Complete || len(o.Containers) != 2 || o.Containers[0].Complete || !o.Containers[0].Status || !o.Containers[1].Complete {
		t.Errorf("complete %v, containers %+v", o.Complete, o.Containers)
	}
}
