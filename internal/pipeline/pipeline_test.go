package pipeline

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

// recorder is a collector whose second round brings another log.
type recorder struct {
	calls  []string
	cancel context.CancelFunc
	fail   error
}

func (r *recorder) Collect(context.Context) (*evidence.Snapshot, error) {
	r.calls = append(r.calls, "collect")
	if r.cancel != nil {
		r.cancel()
	}
	return &evidence.Snapshot{Logs: []evidence.Log{{Text: []byte("password=hunter2hunter2")}}}, r.fail
}

func (r *recorder) Follow(_ context.Context, s *evidence.Snapshot, plan []evidence.Request) error {
	r.calls = append(r.calls, "follow "+plan[0].What)
	if s.Redacted {
		return errors.New("the snapshot counts as redacted while new text comes in")
	}
	s.Logs = append(s.Logs, evidence.Log{Text: []byte("again password=hunter2hunter2")})
	return nil
}

// engine wants a second round until it has two logs, and sees no secret.
func engine(t *testing.T, calls *int) Diagnose {
	return func(s *evidence.Snapshot) (*diagnosis.Report, []evidence.Request, error) {
		*calls++
		if !s.Redacted {
			t.Error("diagnosis got a snapshot that is not redacted")
		}
		for _, l := range s.Logs {
			if cmp.Equal(string(l.Text[len(l.Text)-14:]), "hunter2hunter2") {
				t.Errorf("diagnosis sees a secret: %s", l.Text)
			}
		}
		return &diagnosis.Report{}, []evidence.Request{{What: "logs"}}, nil
	}
}

func TestTwoRoundsAtMost(t *testing.T) {
	c, n := &recorder{}, 0
	res, err := Live(t.Context(), c, engine(t, &n), Redaction{})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"collect", "follow logs"}, c.calls); d != "" || n != 2 {
		t.Errorf("%d diagnoses, calls %s", n, d)
	}
	a, b := res.Snapshot.Logs[0].Text, res.Snapshot.Logs[1].Text
	if "again "+string(a) != string(b) {
		t.Errorf("one secret has two placeholders in two rounds: %s, %s", a, b)
	}
}

func TestStoppedWhileCollecting(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	if _, err := Live(ctx, &recorder{cancel: cancel}, engine(t, &n), Redaction{}); !errors.Is(err, context.Canceled) || n != 0 {
		t.Errorf("got %v after %d diagnoses; half of the evidence must not be diagnosed", err, n)
	}
}

func TestCollectorsErrorIsKept(t *testing.T) {
	n, fail := 0, errors.New("no answer")
	if _, err := Live(t.Context(), &recorder{fail: fail}, engine(t, &n), Redaction{}); !errors.Is(err, fail) {
		t.Errorf("got %v", err)
	}
}
