package results

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/lab/internal/expect"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

func TestResumeSkipsWhatIsFinished(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "results.json")
	f, err := Open(path, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []Result{
		{Name: "good", Round: 1, OK: true},
		{Name: "wrong", Round: 1, Differences: []string{"cause is x"}},
		{Name: "broken", Round: 1, Error: "the namespace was not gone"},
	} {
		if err := f.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(path, true)
	if err != nil {
		t.Fatal(err)
	}
	for name, done := range map[string]bool{"good": true, "wrong": true, "broken": false, "new": false} {
		if got := again.Done(name, 1, false); got != done {
			t.Errorf("%s is done: %t, want %t", name, got, done)
		}
	}
	if again.Done("good", 2, false) {
		t.Error("round 2 counts as done after round 1")
	}
	if err := again.Add(Result{Name: "broken", Round: 1, OK: true}); err != nil {
		t.Fatal(err)
	}
	if len(again.Scenarios) != 3 || again.Failed() != 1 {
		t.Errorf("after a second try there are %d results and %d failures; want 3 and 1", len(again.Scenarios), again.Failed())
	}
}

func TestSecondAttemptIsForWeakReportsOnly(t *testing.T) {
	f := &File{Scenarios: []Result{
		{Name: "good", Round: 1, OK: true},
		{Name: "weak", Round: 1, Differences: []string{"verdict is unexplained"}},
		{Name: "wrong", Round: 1, Wrong: true, Differences: []string{"cause is x"}},
	}}
	for name, done := range map[string]bool{"good": true, "weak": false, "wrong": true} {
		if got := f.Done(name, 1, true); got != done {
			t.Errorf("%s is done: %t, want %t", name, got, done)
		}
	}
	if err := f.Add(Result{Name: "weak", Round: 1, Differences: []string{"scope is y"}}); err != nil {
		t.Fatal(err)
	}
	if !f.Done("weak", 1, true) {
		t.Error("there would be a third attempt")
	}
	var out bytes.Buffer
	if err := f.Table(&out); err != nil || !strings.Contains(out.String(), "weak, first attempt: verdict is unexplained") {
		t.Errorf("the first attempt is not told of: %v\n%s", err, out.String())
	}
}

func TestResumeWithoutAFileStartsAnew(t *testing.T) {
	f, err := Open(filepath.Join(t.TempDir(), "none.json"), true)
	if err != nil || len(f.Scenarios) != 0 {
		t.Errorf("Open = %v, %v", f, err)
	}
}

func TestTableShowsExpectedAndFound(t *testing.T) {
	f := &File{Scenarios: []Result{
		{Name: "b", Expected: scenario.Expect{Finding: true, Cause: []string{"x.y"}}, Found: expect.Found{Cause: "x.z", Verdict: "likely", Scope: "node", Workload: "Pod/a"}, Differences: []string{`cause is "x.z"`}},
		{Name: "a", OK: true},
	}}
	var out bytes.Buffer
	if err := f.Table(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if got := strings.Fields(lines[1]); got[0] != "a" || got[1] != "nothing" || got[5] != "yes" {
		t.Errorf("first row is %q", lines[1])
	}
	if got := strings.Fields(lines[2]); strings.Join(got[:6], " ") != "b x.y x.z likely node no" {
		t.Errorf("second row is %q", lines[2])
	}
	for _, want := range []string{`b: cause is "x.z"`, "1 of 2 as expected"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
}
