package evidence

import (
	"testing"
	"time"
)

// An event of a history, which has no UID, is the same as the API's where it is about the same and says the same.
func TestMergeCountsNothingTwice(t *testing.T) {
	event := func(uid, message string) Event {
		return Event{UID: uid, About: Ref{Kind: "Pod", Namespace: "shop", Name: "api-0"}, Reason: "BackOff", Message: message}
	}
	at := time.Date(2026, 4, 7, 9, 40, 0, 0, time.UTC)
	usage := Usage{Namespace: "shop", Pod: "api-0", Container: "api", Time: at, WorkingSet: 1, Source: ContainerInsights}
	live := &Snapshot{Events: []Event{event("u1", "back-off api")}, Usage: []Usage{usage}}
	live.Merge(&Snapshot{Events: []Event{event("", "back-off api"), event("", "back-off proxy"), event("u1", "back-off api")}, Usage: []Usage{usage, {Namespace: "shop", Pod: "api-0", Container: "api", Time: at, Source: "metrics.k8s.io"}}})
	if len(live.Events) != 2 || live.Events[0].UID == "" && live.Events[1].UID == "" {
		t.Errorf("events %+v", live.Events)
	}
	if len(live.Usage) != 2 {
		t.Errorf("usage %+v", live.Usage)
	}
	history := &Snapshot{Events: []Event{event("", "back-off api")}}
	history.Merge(&Snapshot{Events: []Event{event("u1", "back-off api")}})
	if len(history.Events) != 1 {
		t.Errorf("the other way round: %+v", history.Events)
	}
}

// A pod that is gone stays beside the one that has its name now.
func TestMergeKeepsPodsOfOneName(t *testing.T) {
	pod := func(uid string, gone bool) Object {
		meta := map[string]any{"namespace": "shop", "name": "api-0", "uid": uid}
		if gone {
			meta["annotations"] = map[string]any{HistoryAnnotation: ContainerInsights}
		}
		return NewObject(Raw{"kind": "Pod", "metadata": meta}, "v1", "Pod", "")
	}
	s := &Snapshot{Objects: []Object{pod("new", false)}}
	s.Merge(&Snapshot{Objects: []Object{pod("old", true), pod("new", false)}})
	if len(s.Objects) != 2 {
		t.Errorf("%+v", s.Objects)
	}
}

// What is read later of the cloud tells more of how it was read.
func TestMergeTakesTheNewerObservation(t *testing.T) {
	s := &Snapshot{Objects: []Object{NewCloudObservation(0, time.Time{}, 7, 0)}}
	s.Merge(&Snapshot{Objects: []Object{NewCloudObservation(90*time.Second, time.Time{}, 12, 3)}})
	if ahead, ok := s.CloudRead(); !ok || ahead != 90*time.Second || len(s.Objects) != 1 {
		t.Errorf("%+v", s.Objects)
	}
}
