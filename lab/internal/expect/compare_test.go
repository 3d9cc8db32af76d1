package expect

import (
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

const report = `{"apiVersion":"crashproof.dev/v1alpha1","kind":"Report",
 "scope":{"level":"revision"},
 "findings":[{
   "state":"active","workload":{"kind":"Deployment","namespace":"shop","name":"payments"},
   "scope":{"level":"revision"},"verdict":"proven","cause":"access.credentials-rejected",
   "hypotheses":[{"cause":"memory.container-limit","status":"refuted"},{"cause":"dependency.down","status":"untested"}],
   "evidence":[{"source":"process","text":"FATAL: password authentication failed for user \"app\""},
               {"source":"kubelet","text":"Back-off restarting failed container"}]},
  {"state":"recovered","neighbour":true,"workload":{"external":"db.example:5432"},"scope":{"level":"none"},"verdict":"likely","cause":"dependency.down"}]}`

func right() scenario.Expect {
	return scenario.Expect{
		Finding: true, Cause: []string{"access.credentials-rejected"}, Verdict: []string{"proven", "likely"},
		Scope: []string{"revision"}, State: "active", Workload: "Deployment/payments",
		Refuted: []string{"memory.container-limit"}, Never: []string{"app.exception"},
		Evidence: []scenario.Evidence{{Source: "process", Match: "password .*failed"}},
	}
}

func compare(t *testing.T, e scenario.Expect, text string) (Found, []string) {
	t.Helper()
	r, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return Compare(e, "Deployment/payments", r)
}

func TestCompareAcceptsWhatIsRight(t *testing.T) {
	found, differ := compare(t, right(), report)
	if len(differ) > 0 {
		t.Errorf("differences: %v", differ)
	}
	if found.Cause != "access.credentials-rejected" || found.Workload != "Deployment/payments" || found.Findings != 2 {
		t.Errorf("found %+v", found)
	}
}

func TestCompareNamesEachDifference(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*scenario.Expect)
		says   string
	}{
		"cause":      {func(e *scenario.Expect) { e.Cause = []string{"app.exception"} }, `cause is "access.credentials-rejected"`},
		"no cause":   {func(e *scenario.Expect) { e.Cause = []string{""} }, `expected ""`},
		"verdict":    {func(e *scenario.Expect) { e.Verdict = []string{"likely"} }, `verdict is "proven"`},
		"scope":      {func(e *scenario.Expect) { e.Scope = []string{"node", "zone"} }, `expected "node" or "zone"`},
		"state":      {func(e *scenario.Expect) { e.State = "recovered" }, `state is "active"`},
		"workload":   {func(e *scenario.Expect) { e.Workload = "Deployment/cart" }, "no finding about Deployment/cart; there are Deployment/payments"},
		"untested":   {func(e *scenario.Expect) { e.Refuted = []string{"dependency.down"} }, "dependency.down is untested"},
		"unheard of": {func(e *scenario.Expect) { e.Refuted = []string{"probe.path"} }, "probe.path is not in the ledger"},
		"never":      {func(e *scenario.Expect) { e.Never = []string{"dependency.down"} }, "names dependency.down, which must never be"},
		"source":     {func(e *scenario.Expect) { e.Evidence[0].Source = "kubelet" }, "no evidence of source kubelet"},
		"text":       {func(e *scenario.Expect) { e.Evidence[0].Match = "timeout" }, `matches "timeout"`},
	} {
		t.Run(name, func(t *testing.T) {
			e := right()
			c.change(&e)
			_, differ := compare(t, e, report)
			if len(differ) != 1 || !strings.Contains(differ[0], c.says) {
				t.Errorf("differences %q; want one that says %q", differ, c.says)
			}
		})
	}
}

func TestCompareFindsExternalCulprits(t *testing.T) {
	e := scenario.Expect{Finding: true, Cause: []string{"dependency.down"}, Workload: "external/db.example:5432"}
	if _, differ := compare(t, e, report); len(differ) > 0 {
		t.Errorf("differences: %v", differ)
	}
}

func TestGapsMustBeTold(t *testing.T) {
	told := strings.Replace(report, `"findings":[`, `"gaps":[{"what":"addresses of the subnet","detail":"403 AuthorizationFailed","close":"Reader on the network"}],"findings":[`, 1)
	for _, finding := range []bool{true, false} {
		e := right()
		e.Finding, e.Gaps = finding, []string{"^addresses .*: 403 .*; Reader on"}
		_, with := compare(t, e, told)
		if strings.Contains(strings.Join(with, "\n"), "no gap") {
			t.Errorf("with the gap: %q", with)
		}
		_, without := compare(t, e, report)
		if !strings.Contains(strings.Join(without, "\n"), "no gap matches") {
			t.Errorf("without the gap: %q", without)
		}
	}
}

func TestNothingExpected(t *testing.T) {
	e := scenario.Expect{Never: []string{"app.exception"}}
	if _, differ := compare(t, e, report); len(differ) != 1 || !strings.Contains(differ[0], "an active finding about Deployment/payments") {
		t.Errorf("an active finding gave the differences %q", differ)
	}
	over := strings.Replace(report, `"state":"active"`, `"state":"recovered"`, 1)
	if _, differ := compare(t, e, over); len(differ) > 0 {
		t.Errorf("recovered findings gave the differences %q", differ)
	}
	if _, differ := compare(t, e, `{"kind":"Report"}`); len(differ) > 0 {
		t.Errorf("no finding gave the differences %q", differ)
	}
}

func TestOfSeveralFindingsTheFittingOneCounts(t *testing.T) {
	two := `{"kind":"Report","findings":[
	 {"state":"recovered","workload":{"kind":"Deployment","name":"payments"},"verdict":"likely","cause":"other"},
	 {"state":"active","workload":{"kind":"Deployment","name":"payments"},"verdict":"proven","cause":"wanted"}]}`
	e := scenario.Expect{Finding: true, Cause: []string{"wanted"}, State: "active"}
	if _, differ := compare(t, e, two); len(differ) > 0 {
		t.Errorf("differences: %v", differ)
	}
}

func TestParseRefusesOtherDocuments(t *testing.T) {
	for _, text := range []string{"", "Error: no cluster", `{"kind":"Status"}`} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%q was taken for a report", text)
		}
	}
}

func TestWrongIsMoreThanWeak(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*scenario.Expect)
		text   string
		wrong  bool
	}{
		"right":                   {func(*scenario.Expect) {}, report, false},
		"weaker":                  {func(*scenario.Expect) {}, strings.Replace(report, `"verdict":"proven","cause":"access.credentials-rejected"`, `"verdict":"unexplained","cause":"app.unexplained-exit"`, 1), false},
		"no finding":              {func(*scenario.Expect) {}, `{"kind":"Report"}`, false},
		"another cause, proven":   {func(e *scenario.Expect) { e.Cause = []string{"app.exit"} }, report, true},
		"what must never be":      {func(e *scenario.Expect) { e.Never = []string{"dependency.down"} }, report, true},
		"a finding about nothing": {func(e *scenario.Expect) { e.Finding = false }, report, true},
	} {
		e := right()
		c.change(&e)
		r, err := Parse([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := Wrong(e, "Deployment/payments", r); got != c.wrong {
			t.Errorf("%s: %v", name, got)
		}
	}
}
