package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/crashproof-dev/crashproof/internal/demo"
)

func TestMain(m *testing.M) {
	run := func() { os.Exit(Main(os.Args, os.Stdin, os.Stdout, os.Stderr)) }
	testscript.Main(m, map[string]func(){"crashproof": run, "kubectl-crashproof": run})
}

// TestScript runs testdata/script. Each script finds kubeconfigs of a cluster (cluster.yaml), of one that answers 401
// (expired.yaml) or 403 (forbidden.yaml) to everything, and of one that does not answer (unreachable.yaml).
func TestScript(t *testing.T) {
	healthy, expired, forbidden := newCluster(t), newCluster(t), newCluster(t)
	expired.status, forbidden.status = 401, 403
	gone := newCluster(t)
	gone.Close()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			for name, c := range map[string]*cluster{"cluster.yaml": healthy, "expired.yaml": expired, "forbidden.yaml": forbidden, "unreachable.yaml": gone} {
				kubeconfig(t, env.WorkDir, name, c.URL)
			}
			env.Setenv("KUBECONFIG", "")
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("KUBERNETES_SERVICE_HOST", "")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"head": head, "exit": exit},
		Condition: func(cond string) (bool, error) {
			return cond == "demos" && len(demo.Names()) > 0, nil
		},
	})
}

// head copies the first half of a file: head FROM TO.
func head(ts *testscript.TestScript, _ bool, args []string) {
	data := ts.ReadFile(args[0])
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(data[:len(data)/2]), 0o600))
}

// exit runs crashproof and compares its exit status: exit 2 scan -A.
func exit(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec("crashproof", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if (got == args[0]) == neg {
		ts.Fatalf("crashproof %s: exit status %s, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}
