package kube

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// one is a cluster with one sick pod of Deployment shop/api.
func one(p *corev1.Pod) func(testing.TB) *fakeAPI {
	return func(t testing.TB) *fakeAPI {
		f := newFakeAPI(t, node("node-1"), deployment("shop", "api"), replicaSet("shop", "api", "v2"), p)
		f.logs = f.crashLogs
		return f
	}
}

func sickPod() *corev1.Pod { return podOf("shop", "api-v2", "v2", "api-v2-0") }

// dead puts the container into state terminated, with or without an earlier run.
func dead(p *corev1.Pod, n int, finished time.Duration) *corev1.Pod {
	st := &p.Status.ContainerStatuses[0]
	st.RestartCount, st.ContainerID = int32(n), fmt.Sprintf("containerd://%s-%d", p.Name, n)
	st.State = ended(st.ContainerID, 1, finished+5*time.Second, finished)
	if n > 0 {
		st.LastTerminationState = ended(fmt.Sprintf("containerd://%s-%d", p.Name, n-1), 1, finished+50*time.Second, finished+40*time.Second)
	}
	return p
}

func TestWhichLogsAreRead(t *testing.T) {
	startError := crashed(sickPod(), 3, time.Minute)
	startError.Status.ContainerStatuses[0].LastTerminationState.Terminated.Reason = "StartError"
	lost := restarted(sickPod(), 2, time.Minute)
	lost.Status.ContainerStatuses[0].LastTerminationState = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 137, Reason: "ContainerStatusUnknown"}}
	config := sickPod()
	config.Status.ContainerStatuses[0] = corev1.ContainerStatus{Name: "api", State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CreateContainerConfigError"}}}
	sidecar := crashed(sickPod(), 4, time.Minute)
	sidecar.Spec.Containers = append(sidecar.Spec.Containers, corev1.Container{Name: "proxy", Image: "proxy:v1"})
	sidecar.Status.ContainerStatuses = append(sidecar.Status.ContainerStatuses, corev1.ContainerStatus{Name: "proxy", Ready: true, ContainerID: "containerd://proxy", State: runningSince(time.Hour)})

	for _, tt := range []struct {
		name string
		pod  *corev1.Pod
		want string // "container@run" of each log, p for previous
	}{
		{"waiting: one read, previous", crashed(sickPod(), 4, time.Minute), "api@api-v2-0-4p"},
		{"terminated: the dead run is current, and the one before", dead(sickPod(), 4, time.Minute), "api@api-v2-0-3p api@api-v2-0-4"},
		{"terminated for the first time", dead(sickPod(), 0, time.Minute), "api@api-v2-0-0"},
		{"running: the dead run and the present one", restarted(sickPod(), 4, time.Minute), "api@api-v2-0-3p api@api-v2-0-4"},
		{"a run that never started has no log", startError, ""},
		{"a run that the kubelet lost has none either", lost, "api@api-v2-0-2"},
		{"a container that was never created", config, ""},
		{"healthy containers of a sick pod are left alone", sidecar, "api@api-v2-0-4p"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := one(tt.pod)(t)
			s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
			if len(s.Samples) != 1 {
				t.Fatalf("samples %+v", s.Samples)
			}
			if got := logNames(s); got != tt.want {
				t.Errorf("got %q, want %q; gaps %v", got, tt.want, s.Gaps)
			}
			if s.LogReads != len(s.Logs) {
				t.Errorf("%d reads for %d logs", s.LogReads, len(s.Logs))
			}
		})
	}
}

func logNames(s *evidence.Snapshot) string {
	var out []string
	for _, l := range s.Logs {
		n := l.Instance.Container + "@" + strings.TrimPrefix(l.Instance.ContainerID, "containerd://")
		if l.Previous {
			n += "p"
		}
		if !l.Sure {
			n += "?"
		}
		out = append(out, n)
	}
	return strings.Join(out, " ")
}

func TestOnlyTheFirstPodIsReadThoroughly(t *testing.T) {
	f := newFakeAPI(t, node("node-1"), deployment("shop", "api"), replicaSet("shop", "api", "v2"))
	f.logs = f.crashLogs
	for i := range 3 {
		f.add(dead(podOf("shop", "api-v2", "v2", fmt.Sprintf("api-v2-%d", i)), 4, time.Minute))
	}
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if got, want := logNames(s), "api@api-v2-0-3p api@api-v2-0-4 api@api-v2-1-4 api@api-v2-2-4"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRestartNumbers(t *testing.T) {
	s := collect(t, one(restarted(sickPod(), 4, time.Minute))(t), Options{Target: shopAPI, Namespace: "shop"})
	for _, l := range s.Logs {
		if !strings.HasSuffix(l.Instance.ContainerID, fmt.Sprintf("-%d", l.Instance.Restart)) {
			t.Errorf("%s has restart %d", l.Instance.ContainerID, l.Instance.Restart)
		}
	}
}

func TestLogErrors(t *testing.T) {
	const expired = "unable to retrieve container logs for containerd://0123456789abcdef"
	for _, tt := range []struct {
		name   string
		code   int
		body   string
		reason evidence.GapReason
		keeps  string
	}{
		{"container removed", 200, expired, evidence.Expired, ""},
		{"log file removed", 200, `failed to try resolving symlinks in path "/var/log/pods/x/api/4.log": lstat /var/log/pods/x/api/4.log: no such file or directory`, evidence.Expired, ""},
		{"cannot be opened", 200, `failed to open log file "/var/log/pods/x/api/4.log": permission denied`, evidence.Expired, ""},
		{"runtime error", 200, "rpc error: code = Unavailable desc = connection error", evidence.Expired, ""},
		{"excuse after a part", 200, stamp(61*time.Second) + " starting\n" + expired, evidence.Expired, "starting"},
		{"a program that says the same", 200, stamp(61*time.Second) + " " + expired + "\n", "", expired},
		{"a program that quotes it", 200, stamp(61*time.Second) + ` error="` + expired + `"` + "\n", "", "error="},
		{"no previous", 400, `previous terminated container "api" in pod "api-v2-0" not found`, evidence.NotFound, ""},
		{"not started", 400, `container "api" in pod "api-v2-0" is waiting to start: ContainerCreating`, evidence.NotFound, ""},
		{"node gone", 500, "Get \"https://10.0.0.4:10250/containerLogs/shop/api-v2-0/api\": dial tcp 10.0.0.4:10250: i/o timeout", evidence.Unavailable, ""},
		{"tunnel down", 503, "error trying to reach service: No agent available", evidence.Unavailable, ""},
		{"kubelet refuses the API server", 403, "Forbidden (user=apiserver, verb=get, resource=nodes, subresource(s)=[proxy])", evidence.Unavailable, ""},
		{"forbidden", 403, `pods "api-v2-0" is forbidden: User "eve" cannot get resource "pods/log"`, evidence.Forbidden, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := one(crashed(sickPod(), 4, time.Minute))(t)
			f.logs = func(logRequest) (int, string) { return tt.code, tt.body }
			s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
			if _, ok := findGap(s, "log of container api", tt.reason); ok != (tt.reason != "") {
				t.Errorf("gaps %v", s.Gaps)
			}
			if (len(s.Logs) == 1) != (tt.keeps != "") || (tt.keeps != "" && !strings.Contains(string(s.Logs[0].Text), tt.keeps)) {
				t.Errorf("logs %+v", s.Logs)
			}
			if tt.keeps == "starting" && (s.Logs[0].Tail || strings.Contains(string(s.Logs[0].Text), "unable")) {
				t.Error("the excuse is no log, and the log's end was not read")
			}
		})
	}
}

func TestPodDisappears(t *testing.T) {
	t.Run("before its log is read", func(t *testing.T) {
		f := newFakeAPI(t, world()...)
		f.logs = f.crashLogs
		f.before = func(r *http.Request) {
			if strings.Contains(r.URL.Path, "api-v2-1/log") {
				f.remove("v1/pods", "shop", "api-v2-1")
			}
		}
		s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
		if !hasGap(s, "previous log of container api", evidence.NotFound) || len(s.Logs) != 2 {
			t.Errorf("%d logs, gaps %v", len(s.Logs), s.Gaps)
		}
	})
	t.Run("after its log was read", func(t *testing.T) {
		f := newFakeAPI(t, world()...)
		f.logs = f.crashLogs
		f.before = func(r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "pods/api-v2-1") {
				f.remove("v1/pods", "shop", "api-v2-1")
			}
		}
		s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
		if !hasGap(s, "status of the pod after its logs were read", evidence.NotFound) || logNames(s) != "api@api-v2-0-4p api@api-v2-1-4p? api@api-v2-2-4p" {
			t.Errorf("%s; gaps %v", logNames(s), s.Gaps)
		}
	})
}

// swap replaces the pod by its state after the next restart.
func (f *fakeAPI) swap(p *corev1.Pod) {
	f.remove("v1/pods", p.Namespace, p.Name)
	f.add(p)
}

func TestRestartDuringTheRead(t *testing.T) {
	f := one(crashed(sickPod(), 4, time.Minute))(t)
	reads := 0
	f.before = func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/log") {
			if reads++; reads == 1 {
				f.swap(crashed(sickPod(), 5, time.Second))
			}
		}
	}
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if got := logNames(s); got != "api@api-v2-0-5p" || s.LogReads != 2 {
		t.Errorf("%s after %d reads; gaps %v", got, s.LogReads, s.Gaps)
	}
	p, _ := s.Object("Pod", "shop", "api-v2-0")
	if id := p.Raw.List("status", "containerStatuses")[0].Str("containerID"); id != "containerd://api-v2-0-5" {
		t.Errorf("the kept pod shows %s", id)
	}
}

func TestRestartDuringBothReads(t *testing.T) {
	f := one(crashed(sickPod(), 4, time.Minute))(t)
	n := 4
	f.before = func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/log") {
			n++
			f.swap(crashed(sickPod(), n, time.Second))
		}
	}
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if !hasGap(s, "previous log of container api", evidence.Mismatched) || len(s.Logs) != 0 || s.LogReads != 2 {
		t.Errorf("%s after %d reads; gaps %v", logNames(s), s.LogReads, s.Gaps)
	}
}

// The kubelet may know of a restart that the API does not show yet: then the log's own times give it away.
func TestLogOfAnotherTime(t *testing.T) {
	f := one(crashed(sickPod(), 4, time.Minute))(t)
	f.logs = func(logRequest) (int, string) { return 200, stamp(time.Second) + " the next run\n" }
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if !hasGap(s, "previous log of container api", evidence.Mismatched) || len(s.Logs) != 0 {
		t.Errorf("%s; gaps %v", logNames(s), s.Gaps)
	}
}

// A refusal that a restart explains is no gap: the log is asked for again.
func TestRefusedBecauseOfARestart(t *testing.T) {
	f := one(crashed(sickPod(), 4, time.Minute))(t)
	f.logs = func(l logRequest) (int, string) {
		if l.n == 0 {
			f.swap(crashed(sickPod(), 5, time.Second))
			return 200, "unable to retrieve container logs for containerd://api-v2-0-4"
		}
		return f.crashLogs(l)
	}
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if logNames(s) != "api@api-v2-0-5p" || hasGap(s, "log of container", evidence.Expired) {
		t.Errorf("%s; gaps %v", logNames(s), s.Gaps)
	}
}

// The kubelet removes the previous container when it notices the next end, and the status follows a moment later.
func TestPreviousLogGoneBeforeTheStatusTells(t *testing.T) {
	t.Run("the status follows", func(t *testing.T) {
		f := one(restarted(sickPod(), 4, time.Minute))(t)
		reads := 0
		f.logs = func(l logRequest) (int, string) {
			if l.previous && reads < 2 {
				return 200, "unable to retrieve container logs for containerd://api-v2-0-3"
			}
			return f.crashLogs(l)
		}
		f.before = func(r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "pods/api-v2-0") {
				if reads++; reads == 2 {
					f.swap(crashed(sickPod(), 4, time.Second))
				}
			}
		}
		s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
		if p, _ := s.Object("Pod", "shop", "api-v2-0"); p.Raw.List("status", "containerStatuses")[0].Map("state", "waiting") == nil {
			t.Error("the kept pod is not the later one")
		}
		if hasGap(s, "previous log of container api", evidence.Expired) || !strings.Contains(logNames(s), "api@api-v2-0-4") {
			t.Errorf("%s; gaps %v", logNames(s), s.Gaps)
		}
	})
	t.Run("it does not", func(t *testing.T) {
		f := one(restarted(sickPod(), 4, time.Minute))(t)
		f.logs = func(l logRequest) (int, string) {
			if l.previous {
				return 200, "unable to retrieve container logs for containerd://api-v2-0-3"
			}
			return f.crashLogs(l)
		}
		s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
		if !hasGap(s, "previous log of container api", evidence.Expired) || logNames(s) != "api@api-v2-0-4" {
			t.Errorf("%s; gaps %v", logNames(s), s.Gaps)
		}
		if n := f.count("pods/api-v2-0") - f.count("/log"); n != 1+leastWait {
			t.Errorf("%d reads of the status", n)
		}
	})
}

func TestAnotherPodOfTheSameName(t *testing.T) {
	f := one(crashed(sickPod(), 4, time.Minute))(t)
	f.before = func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/log") {
			p := crashed(sickPod(), 4, time.Minute)
			p.UID = "uid-of-another"
			f.swap(p)
		}
	}
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if len(s.Logs) != 0 || !hasGap(s, "previous log of container api", evidence.Mismatched) {
		t.Errorf("%s; gaps %v", logNames(s), s.Gaps)
	}
}

func TestNoLogsFromLostNodes(t *testing.T) {
	p := crashed(sickPod(), 4, time.Hour)
	p.Status.Reason = "NodeLost"
	f := one(p)(t)
	s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"})
	if s.LogReads != 0 || len(s.Samples) != 1 {
		t.Errorf("%d log reads, %v", s.LogReads, s.Samples)
	}
}

// longLog has n lines of 100 bytes.
func longLog(n int) string {
	var b strings.Builder
	for i := range n {
		line := fmt.Sprintf("%s line %d ", now.Add(-65*time.Second+time.Duration(i)).Format("2006-01-02T15:04:05.000000000Z"), i)
		b.WriteString(line + strings.Repeat("x", 99-len(line)) + "\n")
	}
	return b.String()
}

// serveTail answers tailLines and limitBytes as a kubelet does.
func serveTail(all string) func(logRequest) (int, string) {
	return func(l logRequest) (int, string) {
		lines := strings.SplitAfter(strings.TrimSuffix(all, "\n"), "\n")
		var n int
		if _, err := fmt.Sscan(l.tailLines, &n); err == nil && n < len(lines) {
			lines = lines[len(lines)-n:]
		}
		out := strings.Join(lines, "") + "\n"
		if _, err := fmt.Sscan(l.limitBytes, &n); err == nil && n < len(out) {
			out = out[:n]
		}
		return 200, out
	}
}

func TestLongLogs(t *testing.T) {
	for _, tt := range []struct {
		lines              int
		head, skip         bool
		reads, first, last int
	}{
		{lines: 10, head: true, reads: 1, first: 0, last: 9},
		{lines: 2000, head: true, reads: 2, first: 0, last: 1999},               // more than the tail, less than head and tail
		{lines: 50000, head: true, skip: true, reads: 2, first: 0, last: 49999}, // longer than both
	} {
		t.Run(fmt.Sprint(tt.lines), func(t *testing.T) {
			f := one(crashed(sickPod(), 4, time.Minute))(t)
			all := longLog(tt.lines)
			f.logs = serveTail(all)
			s := collect(t, f, Options{Target: shopAPI, Namespace: "shop", LogBytes: 150_000})
			if len(s.Logs) != 1 {
				t.Fatal(s.Gaps)
			}
			l := s.Logs[0]
			if l.Head != tt.head || !l.Tail || (l.Skip > 0) != tt.skip || s.LogReads != tt.reads || l.Bytes != len(l.Text) {
				t.Errorf("head %v, tail %v, skip %d, %d bytes of %d, %d reads", l.Head, l.Tail, l.Skip, l.Bytes, len(all), s.LogReads)
			}
			if !tt.skip && string(l.Text) != all {
				t.Error("the text is not the whole log")
			}
			if len(l.Text) > 150_000+headBytes {
				t.Errorf("%d bytes kept", len(l.Text))
			}
			var first, last string
			for line := range l.Lines() {
				if first == "" {
					first = string(line.Text)
				}
				last = string(line.Text)
				if line.Time.IsZero() {
					t.Errorf("line %d was cut: %q", line.N, line.Text)
				}
			}
			if !strings.HasPrefix(first, fmt.Sprintf("line %d ", tt.first)) || !strings.HasPrefix(last, fmt.Sprintf("line %d ", tt.last)) {
				t.Errorf("from %q to %q", first, last)
			}
		})
	}
}

// Runtimes split long lines, and tailLines counts the pieces: few lines may be all that so many pieces gave.
func TestFewLongLinesAreNoWholeLog(t *testing.T) {
	k := &keeper{limit: 1 << 20}
	_, _ = k.Write([]byte(strings.Repeat("x", 100_000) + "\n"))
	if k.entries < 100_000/16_384 {
		t.Errorf("%d entries", k.entries)
	}
}

// Short lines fill the number of lines that was asked for before they fill the bytes.
func TestManyShortLinesAreNoWholeLog(t *testing.T) {
	f := one(crashed(sickPod(), 4, time.Minute))(t)
	line := stamp(61*time.Second) + " x\n"
	f.logs = serveTail(strings.Repeat(line, 20_000))
	c := f.collector(Options{})
	got, err := c.readLog(context.Background(), "shop", "api-v2-0", ask{container: "api"})
	if err != nil || f.count("limitBytes") != 1 {
		t.Errorf("%v; the start was asked for %d times", err, f.count("limitBytes"))
	}
	if len(got.b) >= 20_000*len(line) {
		t.Error("the test's log is not long enough")
	}
}

// Waiting for the next end takes as long as the run before suggests, and not where it lived long.
func TestPatience(t *testing.T) {
	for _, tt := range []struct {
		name       string
		life, runs time.Duration
		want       int
	}{
		{"it has just started and lives for four seconds", 4 * time.Second, time.Second, 8},
		{"it should have ended by now", 4 * time.Second, time.Minute, leastWait},
		{"it lives for minutes", 5 * time.Minute, time.Second, leastWait},
	} {
		s := &sample{p: &evidence.Pod{Containers: []evidence.Container{{Name: "api",
			State: evidence.State{Kind: evidence.Running, StartedAt: now.Add(-tt.runs)},
			Last:  evidence.State{Kind: evidence.Terminated, StartedAt: now.Add(-time.Hour), FinishedAt: now.Add(-time.Hour + tt.life)}}}},
			logs: []*logRead{{ask: ask{container: "api", previous: true}, refused: &evidence.Gap{Reason: evidence.Expired}}}}
		if got := s.patience(now); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
