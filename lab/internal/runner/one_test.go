package runner

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/home"
	"github.com/crashproof-dev/crashproof/lab/internal/observer"
	"github.com/crashproof-dev/crashproof/lab/internal/results"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

func TestObserversAreRecordedAndFailNothing(t *testing.T) {
	r := &Runner{
		Lab:       &cluster.Lab{Dir: home.Instance{Name: "fast", Dir: "/lab"}},
		Folder:    t.TempDir(),
		Observers: []observer.Observer{{Name: "bad", Command: "exit 7"}, {Name: "good", Command: `echo "$KUBECONFIG $NAMESPACE $TARGET"`}},
	}
	result := results.Result{Name: "crash", Round: 2, OK: true}
	r.observe(context.Background(), &scenario.Scenario{Namespace: "shop", Target: "Deployment/api"}, &result, t.Logf)
	if !result.OK || result.Error != "" {
		t.Errorf("a failing observer made the result %+v", result)
	}
	if len(result.Observations) != 2 || result.Observations[0].ExitStatus != 7 || result.Observations[1].File != "crash.2.good.txt" {
		t.Errorf("observations are %+v", result.Observations)
	}
	text, err := os.ReadFile(filepath.Join(r.Folder, "crash.2.good.txt"))
	if want := r.Lab.Dir.Kubeconfig() + " shop Deployment/api\n"; err != nil || string(text) != want {
		t.Errorf("kept %q, %v; want %q", text, err, want)
	}
}
