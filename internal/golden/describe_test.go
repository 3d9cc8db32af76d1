package golden

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/kubectl/pkg/describe"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer"
	"github.com/crashproof-dev/crashproof/evidence/redact"
	"github.com/crashproof-dev/crashproof/playbook"
)

// describeText is what `kubectl describe pods` prints of a snapshot's pods, made by kubectl's own describer.
func describeText(t *testing.T, s *evidence.Snapshot) string {
	t.Helper()
	var out []string
	for _, o := range s.Objects {
		if o.Kind != "Pod" || o.Raw.Str("metadata", "annotations", evidence.HistoryAnnotation) != "" { // kubectl shows none that is gone
			continue
		}
		var p corev1.Pod
		b, err := json.Marshal(o.Raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &p); err != nil {
			t.Fatal(err)
		}
		d := &describe.PodDescriber{Interface: fake.NewClientset(append(eventsFor(s, o.Ref()), &p)...)}
		text, err := d.Describe(p.Namespace, p.Name, describe.DescriberSettings{ShowEvents: true, ChunkSize: 500})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, text)
	}
	return strings.Join(out, "\n\n")
}

// eventsFor are the events about a pod. The describer prints ages by the wall clock: the times are moved so that the
// ages come out as they were.
func eventsFor(s *evidence.Snapshot, about evidence.Ref) []runtime.Object {
	shift := time.Since(s.CapturedAt)
	var out []runtime.Object
	for i, e := range s.EventsAbout(about) {
		ev := &corev1.Event{ObjectMeta: metav1.ObjectMeta{Namespace: e.Namespace, Name: fmt.Sprintf("e%d", i)}, Type: e.Type, Reason: e.Reason, Message: e.Message, Count: int32(e.Count),
			InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: e.About.Namespace, Name: e.About.Name, FieldPath: e.About.Path}, Source: corev1.EventSource{Component: e.Component}}
		if !e.First.IsZero() {
			ev.FirstTimestamp = metav1.NewTime(e.First.Add(shift))
		}
		if !e.Last.IsZero() {
			ev.LastTimestamp = metav1.NewTime(e.Last.Add(shift))
		}
		out = append(out, ev)
	}
	return out
}

// causes lists what a report says about sick workloads, by container.
func causes(r *diagnosis.Report) map[string]string {
	out := map[string]string{}
	for _, f := range r.Findings {
		for _, c := range f.Containers {
			out[f.Workload.Namespace+"/"+c.Pod+"/"+c.Container] = f.Cause
		}
	}
	return out
}

// described is what kubectl described of the incident: as the lab recorded it beside the bundle, or, for the incidents
// recorded without it, what kubectl's describer says of the bundle's pods.
func described(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(strings.TrimSuffix(file, ".tar.gz") + ".describe.txt")
	if errors.Is(err, fs.ErrNotExist) {
		return describeText(t, read(t, file))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What kubectl describes of pods, workloads, services and nodes gives the same cause as the whole evidence did. Causes
// that only a log tells are not visible there: then the description must not be taken for more than it is.
func TestDescribeTextGivesTheSameCause(t *testing.T) {
	visible, hidden := 0, 0
	var table []string
	for _, file := range bundles(t) {
		full, _, err := diagnosis.Diagnose(read(t, file), playbook.Default())
		if err != nil {
			t.Fatal(err)
		}
		text := described(t, file)
		if text == "" {
			continue // nothing is sick there, and no pod was kept
		}
		s, err := importer.Import(t.Context(), []importer.Source{{Path: "describe", Stream: strings.NewReader(text)}}, importer.Options{})
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		if err := redact.Snapshot(s, redact.Options{}); err != nil {
			t.Fatal(err)
		}
		got, _, err := diagnosis.Diagnose(s, playbook.Default())
		if err != nil {
			t.Fatal(err)
		}
		want, have := causes(full), causes(got)
		for k, cause := range want {
			name := strings.TrimSuffix(filepath.Base(file), ".tar.gz")
			switch have[k] {
			case cause:
				visible++
				table = append(table, fmt.Sprintf("%-45s same     %s", name, cause))
			case "app.unexplained-exit", "":
				hidden++
				table = append(table, fmt.Sprintf("%-45s hidden   %s", name, cause))
			default:
				table = append(table, fmt.Sprintf("%-45s part     %s, described: %s", name, cause, have[k]))
			}
		}
		for _, f := range got.Findings {
			if f.Verdict == diagnosis.Proven && !slices.ContainsFunc(full.Findings, func(g diagnosis.Finding) bool { return g.Cause == f.Cause || explains(g.Cause, f.Cause) }) {
				t.Errorf("%s: the description alone proves %s", filepath.Base(file), f.Cause)
			}
		}
	}
	slices.Sort(table)
	table = slices.Compact(table)
	t.Logf("of %d sick containers the cause is visible in the description of %d", visible+hidden, visible)
	golden := filepath.Join(testdata, "described.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(strings.Join(table, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	recorded, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(recorded), strings.Join(table, "\n")+"\n"); diff != "" {
		t.Errorf("which causes are visible in descriptions changed (make golden rewrites the list; read the diff):\n%s", diff)
	}
}

func explains(deep, shallow string) bool {
	c, ok := playbook.Default().Cause(deep)
	return ok && slices.Contains(c.Explains, shallow)
}
