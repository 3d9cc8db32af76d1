// Package golden holds crashproof to the reports of recorded incidents: real clusters, captured by the lab.
package golden

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/bundle"
	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/report"
)

var update = flag.Bool("update", false, "rewrite testdata/reports from the bundles")

const testdata = "../../testdata"

func bundles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testdata, "bundles", "*.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no recorded bundles: a golden test of nothing proves nothing")
	}
	return files
}

func diagnose(t *testing.T, s *evidence.Snapshot) []byte {
	t.Helper()
	r, _, err := diagnosis.Diagnose(s, playbook.Default())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := report.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t *testing.T, file string) *evidence.Snapshot {
	t.Helper()
	s, err := bundle.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every recorded incident gives the report that was reviewed for it.
func TestRecordedIncidents(t *testing.T) {
	for _, file := range bundles(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".tar.gz")
		t.Run(name, func(t *testing.T) {
			got := diagnose(t, read(t, file))
			golden := filepath.Join(testdata, "reports", name+".json")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("the report changed (make golden rewrites it; read the diff):\n%s", diff)
			}
		})
	}
}

// The order in which things were read, and reading them twice, change nothing.
func TestOrderAndRepetitionDoNotMatter(t *testing.T) {
	for _, file := range bundles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want := diagnose(t, read(t, file))
			shuffled := read(t, file)
			reverse(shuffled.Objects)
			reverse(shuffled.Events)
			reverse(shuffled.Logs)
			reverse(shuffled.Population.Rows)
			reverse(shuffled.Gaps)
			shuffled.Calls = 0
			again := read(t, file)
			again.Calls, again.LogReads = 0, 0
			shuffled.Merge(again)
			shuffled.Calls, shuffled.LogReads = read(t, file).Calls, read(t, file).LogReads
			shuffled.Usage, shuffled.Samples, shuffled.EventsListed = again.Usage, again.Samples, again.EventsListed
			if diff := cmp.Diff(string(want), string(diagnose(t, shuffled))); diff != "" {
				t.Errorf("the report depends on the order or repetition of its evidence:\n%s", diff)
			}
		})
	}
}

func reverse[T any](l []T) {
	for i, j := 0, len(l)-1; i < j; i, j = i+1, j-1 {
		l[i], l[j] = l[j], l[i]
	}
}

// What is taken away never makes a verdict stronger, and never turns an unknown into a refutation of the truth:
// each kind of evidence is removed from each incident, and nothing may be proven then that was not proven before.
func TestLessEvidenceNeverProvesMore(t *testing.T) {
	ablations := map[string]func(*evidence.Snapshot){
		"logs":          func(s *evidence.Snapshot) { s.Logs = nil },
		"previous logs": dropPrevious,
		"events":        func(s *evidence.Snapshot) { s.Events, s.EventsListed = nil, nil },
		"nodes":         func(s *evidence.Snapshot) { s.Population.Nodes = nil },
		"usage":         func(s *evidence.Snapshot) { s.Usage = nil },
		"other objects": func(s *evidence.Snapshot) {
			var pods []evidence.Object
			for _, o := range s.Objects {
				if o.Kind == "Pod" {
					pods = append(pods, o)
				}
			}
			s.Objects = pods
		},
		"logs and events": func(s *evidence.Snapshot) { s.Logs, s.Events, s.EventsListed = nil, nil, nil },
	}
	for _, file := range bundles(t) {
		full := proven(t, read(t, file), true)
		for what, remove := range ablations {
			s := read(t, file)
			remove(s)
			for key := range proven(t, s, false) {
				about, cause, _ := strings.Cut(key, ": ")
				deeper := false // another link of the same chain, as true as the one that is told with everything
				if c, ok := playbook.Default().Cause(cause); ok {
					deeper = slices.ContainsFunc(c.Explains, func(id string) bool { return full[about+": "+id] })
				}
				if !full[key] && !deeper && !full[about+": victim"] {
					t.Errorf("%s: without %s, %s is proven; with everything it is not", filepath.Base(file), what, key)
				}
			}
		}
	}
}

func dropPrevious(s *evidence.Snapshot) {
	s.Logs = slices.DeleteFunc(s.Logs, func(l evidence.Log) bool { return l.Previous })
}

// A kubelet may have removed the log of the run that ended; the same fatal words of the present run still name the cause.
func TestPresentRunSpeaksWhereTheEndedOneIsGone(t *testing.T) {
	s := read(t, filepath.Join(testdata, "bundles", "read-only-root-filesystem.tar.gz"))
	dropPrevious(s)
	r, _, err := diagnosis.Diagnose(s, playbook.Default())
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Findings[0]; f.Cause != "storage.read-only" || f.Verdict == diagnosis.Unexplained {
		t.Errorf("%s %s", f.Verdict, f.Cause)
	}
}

// proven lists what a snapshot proves; with links also the shallower causes that the proven ones account for, which
// are as true, and all that is left to say where the deeper evidence is gone.
func proven(t *testing.T, s *evidence.Snapshot, links bool) map[string]bool {
	t.Helper()
	r, _, err := diagnosis.Diagnose(s, playbook.Default())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, f := range r.Findings {
		name := func(w diagnosis.Workload) string { return w.Kind + "/" + w.Namespace + "/" + w.Name + ": " }
		about := []string{name(f.Workload)}
		if f.Workload.External != "" { // what is told of a target is told of those that use it
			about = nil
			for _, v := range f.Victims {
				about = append(about, name(v))
			}
		}
		for _, a := range about {
			if f.Verdict != diagnosis.Proven && f.Verdict != diagnosis.Likely {
				break
			}
			if f.Verdict == diagnosis.Proven { // of a likely cause only what it explains is told for sure
				out[a+f.Cause] = true
			}
			if c, ok := playbook.Default().Cause(f.Cause); ok && links {
				for _, shallower := range c.Explains {
					out[a+shallower] = true
				}
			}
		}
		if links { // a victim's own finding is no more than its link of the chain
			for _, v := range f.Victims {
				out[name(v)+"victim"] = true
			}
		}
	}
	return out
}
