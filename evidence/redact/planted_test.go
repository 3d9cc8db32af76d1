package redact_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
	"github.com/crashproof-dev/crashproof/evidence/redact"
	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/report"
)

// place puts a text with a secret somewhere into a snapshot.
type place struct {
	name string
	put  func(s *evidence.Snapshot, pod map[string]any, n int, text string)
}

func logOf(write func(text string) string) func(*evidence.Snapshot, map[string]any, int, string) {
	return func(s *evidence.Snapshot, _ map[string]any, n int, text string) {
		in := evidence.Instance{Namespace: "shop", Pod: "api-6d5f-x", Container: "api", Restart: n}
		s.Logs = append(s.Logs, evidence.Log{Instance: in, Previous: true, Text: []byte("starting\n" + write(text) + "\nFATAL: password authentication failed for user \"app\"\n")})
	}
}

// eachLine writes something before every line.
func eachLine(prefix string) func(string) string {
	return func(text string) string { return prefix + strings.ReplaceAll(text, "\n", "\n"+prefix) }
}

func container(pod map[string]any) map[string]any {
	return pod["spec"].(map[string]any)["containers"].([]any)[0].(map[string]any)
}

func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

var places = []place{
	{"plain log", logOf(eachLine(""))},
	{"log with times", logOf(eachLine("2026-11-23T03:02:49.123456789Z "))},
	{"klog", logOf(eachLine("E1123 03:02:49.123456       1 server.go:117] "))},
	{"json log", logOf(func(text string) string { return `{"level":"error","ts":1795402969.1,"msg":` + quote(text) + `}` })},
	{"logfmt log", logOf(func(text string) string { return `time=2026-11-23T03:02:49Z level=error msg=` + quote(text) })},
	{"event", func(s *evidence.Snapshot, _ map[string]any, n int, text string) {
		s.Events = append(s.Events, evidence.Event{Namespace: "shop", Name: fmt.Sprint("e", n), Type: "Warning", Reason: "Unhealthy",
			Message: "Liveness probe failed: " + text, About: evidence.Ref{Kind: "Pod", Namespace: "shop", Name: "api-6d5f-x"}})
	}},
	{"termination message", func(_ *evidence.Snapshot, pod map[string]any, _ int, text string) {
		status := pod["status"].(map[string]any)["containerStatuses"].([]any)[0].(map[string]any)
		end := status["lastState"].(map[string]any)["terminated"].(map[string]any)
		end["message"] = fmt.Sprint(end["message"], "\n", text)
	}},
	{"env value", func(_ *evidence.Snapshot, pod map[string]any, n int, text string) {
		c := container(pod)
		c["env"] = append(c["env"].([]any), map[string]any{"name": fmt.Sprint("NOTE_", n), "value": text})
	}},
	{"argument", func(_ *evidence.Snapshot, pod map[string]any, _ int, text string) {
		c := container(pod)
		c["args"] = append(c["args"].([]any), text)
	}},
	{"annotation", func(_ *evidence.Snapshot, pod map[string]any, n int, text string) {
		pod["metadata"].(map[string]any)["annotations"].(map[string]any)[fmt.Sprint("example.com/note-", n)] = text
	}},
	{"applied configuration", func(_ *evidence.Snapshot, pod map[string]any, n int, text string) {
		pod["metadata"].(map[string]any)["annotations"].(map[string]any)[fmt.Sprint("kubectl.kubernetes.io/last-applied-configuration-", n)] =
			`{"kind":"Pod","spec":{"containers":[{"name":"api","command":["sh","-c",` + quote(text) + `]}]}}`
	}},
	{"gap", func(s *evidence.Snapshot, _ map[string]any, n int, text string) {
		s.Gaps = append(s.Gaps, evidence.Gap{What: fmt.Sprint("log ", n), Detail: text})
	}},
}

func crashingPod() map[string]any {
	text := `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"api-6d5f-x","namespace":"shop","uid":"7d1c","annotations":{}},
 "spec":{"containers":[{"name":"api","image":"registry.example/shop/api:1.2","env":[],"args":[]}]},
 "status":{"phase":"Running","containerStatuses":[{"name":"api","restartCount":9,"ready":false,
  "state":{"waiting":{"reason":"CrashLoopBackOff"}},
  "lastState":{"terminated":{"exitCode":1,"reason":"Error","startedAt":"2026-11-23T03:02:40Z","finishedAt":"2026-11-23T03:02:49Z","message":"m"}}}]}}`
	var pod map[string]any
	if err := json.Unmarshal([]byte(text), &pod); err != nil {
		panic(err)
	}
	return pod
}

// needles are what must not be found: a key has many lines, and each is one.
func needles(secret string) []string {
	var out []string
	for line := range strings.SplitSeq(secret, "\n") {
		if !strings.HasPrefix(line, "-----") && len(line) > 8 {
			out = append(out, line)
		}
	}
	return out
}

type plant struct{ kind, place, needle string }

// plantAll puts each kind of secret into each place, every one with a value of its own.
func plantAll(s *evidence.Snapshot, m maker) []plant {
	pod := crashingPod()
	var out []plant
	for i, k := range kinds {
		for j, p := range places {
			secret := k.make(m)
			p.put(s, pod, i*len(places)+j, strings.ReplaceAll(k.text, "§", secret))
			for _, n := range needles(secret) {
				out = append(out, plant{k.kind, p.name, n})
			}
		}
	}
	s.Objects = []evidence.Object{evidence.NewObject(pod, "v1", "Pod", "live")}
	s.Population.Add(evidence.Row{Namespace: "shop", Pod: "api-6d5f-x", UID: "7d1c", Symptom: "CrashLoopBackOff", SickContainers: []string{"api"}})
	return out
}

// TestNoPlantedSecretIsLeft: not in any file of the bundle, and not in the report.
func TestNoPlantedSecretIsLeft(t *testing.T) {
	s := &evidence.Snapshot{CapturedAt: time.Date(2026, 11, 23, 3, 3, 0, 0, time.UTC)}
	plants := plantAll(s, maker{rand.New(rand.NewPCG(1, 2))})
	if n := len(kinds) * len(places); n < 200 || len(kinds) < 40 {
		t.Fatalf("%d secrets of %d kinds are too few", n, len(kinds))
	}
	if err := redact.Snapshot(s, redact.Options{}); err != nil {
		t.Fatal(err)
	}
	r, _, err := diagnosis.Diagnose(s, playbook.Default())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) == 0 {
		t.Fatal("nothing was diagnosed, so the report proves nothing")
	}
	var said, file bytes.Buffer
	if err := report.JSON(&said, r); err != nil {
		t.Fatal(err)
	}
	if err := bundle.WriteTo(&file, s, bundle.Options{}); err != nil {
		t.Fatal(err)
	}
	all := contents(t, &file)
	if !strings.Contains(all, "FATAL: password authentication failed for user") {
		t.Fatal("the bundle lacks the logs, so it proves nothing")
	}
	found, left := map[string]int{}, map[string]int{}
	for _, p := range plants {
		found[p.kind]++
		for what, text := range map[string]string{"bundle": all, "report": said.String()} {
			if i := strings.Index(text, p.needle); i >= 0 {
				left[p.kind]++
				if left[p.kind] < 3 {
					t.Errorf("%s in a %s is left in the %s: …%s…", p.kind, p.place, what, text[max(0, i-80):min(len(text), i+len(p.needle)+20)])
				}
			}
		}
	}
	for _, k := range kinds {
		t.Logf("%-28s %2d places, %3d pieces, %d left", k.kind, len(places), found[k.kind], left[k.kind])
	}
	t.Logf("%d secrets of %d kinds in %d places", len(kinds)*len(places), len(kinds), len(places))
}

// contents is the text of all files of a bundle. What JSON escapes is readable in it too.
func contents(t *testing.T, r io.Reader) string {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for files := tar.NewReader(z); ; {
		_, err := files.Next()
		if errors.Is(err, io.EOF) {
			return all.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
		all.WriteString(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `\n`, "\n", `\"`, `"`).Replace(string(b)))
	}
}
