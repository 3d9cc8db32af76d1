package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"syscall"
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
			live, err := pipeline.Live(t.Context(), c, diagnose)
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
			recorded, err := pipeline.Recorded(s, diagnose)
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

// TestInterrupt: ctrl-C while a request hangs ends the program at once, with the shell's exit status for it.
func TestInterrupt(t *testing.T) {
	c := newCluster(t)
	c.hang = make(chan struct{})
	config := kubeconfig(t, t.TempDir(), "hang.yaml", c.URL)
	go func() {
		<-c.hang
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGINT); err != nil {
			t.Error(err)
		}
	}()
	var out, errOut bytes.Buffer
	if code := Main([]string{"crashproof", "scan", "--kubeconfig", config}, nil, &out, &errOut); code != exitInterrupted {
		t.Errorf("exit status %d, want %d", code, exitInterrupted)
	}
	if out.Len() > 0 || !strings.Contains(errOut.String(), "stopped") || strings.Count(errOut.String(), "\n") != 1 {
		t.Errorf("printed %q, and as errors %q", out.String(), errOut.String())
	}
}
