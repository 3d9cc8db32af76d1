package observer

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestParseTakesNamesAndCommands(t *testing.T) {
	list, err := Parse([]string{"events=kubectl get events -o custom-columns=M:.message", "two_2=true"})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0] != (Observer{"events", "kubectl get events -o custom-columns=M:.message"}) {
		t.Errorf("Parse = %+v", list)
	}
	for _, broken := range [][]string{{"events"}, {"=true"}, {"a="}, {"a/b=true"}, {"..=true"}, {"a b=true"}, {"a=true", "a=false"}} {
		if list, err := Parse(broken); err == nil {
			t.Errorf("Parse(%q) = %+v without an error", broken, list)
		}
	}
}

func observe(t *testing.T, command, target string, limit time.Duration) (Observation, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sub", "shop.tool.txt")
	seen := Observer{Name: "tool", Command: command}.run(context.Background(), Scene{Kubeconfig: "/k", Namespace: "shop", Target: target}, file, limit)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return seen, string(text)
}

func TestCommandKnowsTheSceneAndIsKeptWithItsErrors(t *testing.T) {
	seen, text := observe(t, `echo "$KUBECONFIG $NAMESPACE $TARGET $KIND $TARGET_NAME"; echo trouble >&2; exit 3`, "Deployment/api", time.Minute)
	if want := "/k shop Deployment/api Deployment api\ntrouble\n"; text != want {
		t.Errorf("kept %q, want %q", text, want)
	}
	if seen.ExitStatus != 3 || seen.Error != "" || seen.File != "shop.tool.txt" || seen.Name != "tool" || seen.Seconds <= 0 {
		t.Errorf("observed %+v", seen)
	}
}

func TestWithoutATargetItsPartsAreEmpty(t *testing.T) {
	seen, text := observe(t, `echo "[$TARGET][$KIND][$TARGET_NAME]"`, "", time.Minute)
	if text != "[][][]\n" || seen.ExitStatus != 0 || seen.Error != "" {
		t.Errorf("kept %q, observed %+v", text, seen)
	}
}

func TestCommandThatTakesTooLongEndsWithItsChildren(t *testing.T) {
	began := time.Now()
	seen, text := observe(t, "echo begun; sleep 60 | cat; echo done", "", 300*time.Millisecond)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it was stopped after %s only", took)
	}
	if seen.ExitStatus != -1 || !strings.Contains(seen.Error, "stopped after 300ms") || text != "begun\n" {
		t.Errorf("kept %q, observed %+v", text, seen)
	}
}

func TestCommandThatIsKilledHasNoExitStatus(t *testing.T) {
	seen, _ := observe(t, "kill -9 $$", "", time.Minute)
	if seen.ExitStatus != -1 || !strings.Contains(seen.Error, "killed") {
		t.Errorf("observed %+v", seen)
	}
}
