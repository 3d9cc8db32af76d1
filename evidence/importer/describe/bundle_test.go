package describe

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// recorded reads the objects of one kind from the recorded incidents.
func recorded(t testing.TB, kind string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	files, err := filepath.Glob("../../../testdata/bundles/*.tar.gz")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bundles: %v", err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		for r := tar.NewReader(z); ; {
			h, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(h.Name, "objects/") && filepath.Base(filepath.Dir(h.Name)) == kind {
				b, err := io.ReadAll(r)
				if err != nil {
					t.Fatal(err)
				}
				out[filepath.Base(f)+":"+strings.TrimSuffix(filepath.Base(h.Name), ".json")] = b
			}
		}
	}
	return out
}

// Every recorded pod, described by the real kubectl, comes back with every field that the text shows.
func TestRecordedPods(t *testing.T) {
	pods := recorded(t, "pod")
	if len(pods) < 50 {
		t.Fatalf("only %d recorded pods", len(pods))
	}
	c := newCoverage()
	for name, b := range pods {
		var p corev1.Pod
		if err := json.Unmarshal(b, &p); err != nil {
			t.Fatal(err)
		}
		if p.Annotations[evidence.HistoryAnnotation] != "" {
			continue // kubectl shows none that is gone
		}
		s := podText(t, &p)
		o := parseOne(t, s)
		if o.Kind != "Pod" || !o.Complete || !o.EventsShown || len(o.Ignored) > 0 {
			t.Errorf("%s: kind %q, complete %v, events %v, ignored %v", name, o.Kind, o.Complete, o.EventsShown, o.Ignored)
		}
		if o.Start != 0 || o.End != len(s) {
			t.Errorf("%s: range [%d, %d) of %d", name, o.Start, o.End, len(s))
		}
		c.compare(t, name, shownPod(&p), parsedPod(t, o))

		// and the model of the rest of the program reads it
		got, err := evidence.PodFromObject(evidence.NewObject(o.Raw, "", "", "paste"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Status.ContainerStatuses {
			want := p.Status.ContainerStatuses[i]
			if k := got.Container(want.Name); k == nil || !evidence.Is(k.RestartCount, int(want.RestartCount)) || !k.Last.Known {
				t.Errorf("%s: container %s is read as %+v", name, want.Name, k)
			}
		}
	}
	if shown, equal := c.table(t); equal != shown {
		t.Errorf("%d of %d fields came back equal", equal, shown)
	}
}
