package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"

	"github.com/crashproof-dev/crashproof/collect/kube"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
	"github.com/crashproof-dev/crashproof/internal/pipeline"
	"github.com/crashproof-dev/crashproof/report"
)

// TestBundleTellsWhatTheClusterTold: the report of a bundle is that of the cluster, to the byte.
func TestBundleTellsWhatTheClusterTold(t *testing.T) {
	for name, target := range map[string]evidence.Target{"scan": {}, "one workload": {Kind: "deploy", Namespace: "crash", Name: "api"}} {
		t.Run(name, func(t *testing.T) {
			c, err := kube.New(&rest.Config{Host: newCluster(t).URL}, kube.Options{Target: target, AllNamespaces: target.Kind == ""})
			if err != nil {
				t.Fatal(err)
			}
			live, err := pipeline.Live(t.Context(), c, diagnose, pipeline.Redaction{})
			if err != nil {
				t.Fatal(err)
			}
			if len(live.Report.Findings) == 0 {
				t.Fatal("the crash was not found")
			}
			file := filepath.Join(t.TempDir(), "b.tar.gz")
			if err := bundle.Write(file, live.Snapshot, bundle.Options{}); err != nil {
				t.Fatal(err)
			}
			s, err := bundle.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			recorded, err := pipeline.Recorded(s, diagnose, pipeline.Redaction{})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(rendered(t, live), rendered(t, recorded)); d != "" {
				t.Errorf("- live, + bundle:\n%s", d)
			}
			if text := rendered(t, live); strings.Contains(text, "hunter2") {
				t.Errorf("the report holds the secret:\n%s", text)
			}
		})
	}
}

func rendered(t *testing.T, r *pipeline.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.JSON(&b, r.Report); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
