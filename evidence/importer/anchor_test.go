package importer_test

import (
	"testing"
	"time"
)

// The ages of events are counted from the moment of capture, which a description does not name: the age of the last
// start tells it. A kill before that start is of an earlier run, one after it is of the last.
func TestCaptureTimeFromAges(t *testing.T) {
	s := loadText(t, `Name:         api-0
Namespace:    shop
Status:       Running
Containers:
  api:
    Image:          api:1
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       Completed
      Exit Code:    0
      Started:      Sat, 25 Jan 2025 17:24:33 +0000
      Finished:     Sat, 25 Jan 2025 17:25:09 +0000
    Ready:          False
    Restart Count:  6
Events:
  Type     Reason     Age                   From     Message
  ----     ------     ----                  ----     -------
  Normal   Started    2m4s (x7 over 14m)    kubelet  Started container api
  Normal   Killing    90s (x6 over 8m5s)    kubelet  Container api failed liveness probe, will be restarted
`)
	if want := time.Date(2025, 1, 25, 17, 26, 37, 0, time.UTC); !s.CapturedAt.Equal(want) {
		t.Errorf("captured at %s, want %s", s.CapturedAt, want)
	}
	for _, e := range s.Events {
		if want := time.Date(2025, 1, 25, 17, 25, 7, 0, time.UTC); e.Reason == "Killing" && !e.Last.Equal(want) {
			t.Errorf("killed at %s, want %s", e.Last, want)
		}
	}
}
