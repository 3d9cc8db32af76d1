package kube

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

func follow(t *testing.T, f *fakeAPI, plan ...evidence.Request) (*Collector, *evidence.Snapshot) {
	t.Helper()
	c := f.collector(Options{Target: shopAPI, Namespace: "shop"})
	s, err := c.Collect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Follow(context.Background(), s, plan); err != nil {
		t.Fatal(err)
	}
	return c, s
}

func TestFollow(t *testing.T) {
	db := crashed(podOf("data", "db-v1", "v1", "db-v1-0"), 3, time.Minute)
	f := newFakeAPI(t, append(world(), db,
		&corev1.Service{ObjectMeta: meta("shop", "api")}, &corev1.Service{ObjectMeta: meta("data", "db")},
		&corev1.ConfigMap{ObjectMeta: meta("shop", "settings"), Data: map[string]string{"password": "hunter2"}},
		&appsv1.StatefulSet{ObjectMeta: meta("data", "queue")})...)
	f.logs = f.crashLogs
	c, s := follow(t, f,
		evidence.Request{What: "services", Namespace: "shop", Why: "a"},
		evidence.Request{What: "services", Namespace: "data", Name: "db"},
		evidence.Request{What: "configmaps", Namespace: "shop", Name: "settings"},
		evidence.Request{What: "configmaps", Namespace: "shop"},
		evidence.Request{What: "pods", Namespace: "data", Name: "db"},
		evidence.Request{What: "pods", Namespace: "data", Name: "queue"},
		evidence.Request{What: "logs", Namespace: "shop", Name: "api-v1-0", Container: "api"},
		evidence.Request{What: "secrets", Namespace: "shop", Name: "db"},
		evidence.Request{What: "horoscopes", Namespace: "shop"},
		evidence.Request{What: "networkpolicies", Namespace: "shop"},
	)
	for _, want := range []string{"Service/shop/api", "Service/data/db", "ConfigMap/shop/settings", "Pod/data/db-v1-0", "StatefulSet/data/queue"} {
		if !strings.Contains(strings.Join(keys(s), " "), want) {
			t.Errorf("%s was not read: %v", want, keys(s))
		}
	}
	cm, _ := s.Object("ConfigMap", "shop", "settings")
	if cm.Raw.Has("data") || cm.APIVersion != "v1" {
		t.Errorf("%v", cm.Raw)
	}
	if !strings.Contains(logNames(s), "api@api-v1-0-0") {
		t.Error(logNames(s))
	}
	for what, reason := range map[string]evidence.GapReason{"horoscopes": evidence.NotAsked, "secrets": evidence.NotAsked,
		"networkpolicies in namespace shop": evidence.NotFound, "pods of data/queue": evidence.NotFound} {
		if !hasGap(s, what, reason) {
			t.Errorf("no gap about %s: %v", what, s.Gaps)
		}
	}
	if f.count("secrets") > 0 {
		t.Error("a request named secrets")
	}
	if s.Calls != len(f.calls) {
		t.Errorf("%d calls, %d requests", s.Calls, len(f.calls))
	}

	before := s.Calls
	if err := c.Follow(context.Background(), s, []evidence.Request{{What: "services", Namespace: "shop", Why: "b"}}); err != nil || s.Calls != before {
		t.Errorf("what was read once was read again (%d calls more), %v", s.Calls-before, err)
	}
}

func TestFollowOnlyAsksForConfigMapsMetadata(t *testing.T) {
	f := newFakeAPI(t, append(world(), &corev1.ConfigMap{ObjectMeta: meta("shop", "settings")})...)
	var accept []string
	f.before = func(r *http.Request) {
		if strings.Contains(r.URL.Path, "configmaps") {
			accept = append(accept, r.Header.Get("Accept"))
		}
	}
	follow(t, f, evidence.Request{What: "configmaps", Namespace: "shop"}, evidence.Request{What: "configmaps", Namespace: "shop", Name: "settings"})
	if len(accept) != 2 {
		t.Fatal(accept)
	}
	for _, a := range accept {
		if !strings.Contains(a, "PartialObjectMetadata") || strings.Contains(a, ",") {
			t.Errorf("accepts %q", a)
		}
	}
}

func TestFollowForbidden(t *testing.T) {
	f := newFakeAPI(t, world()...)
	f.deny["list services"], f.deny["get services"] = true, true
	_, s := follow(t, f, evidence.Request{What: "services", Namespace: "data"})
	if g, ok := findGap(s, "services in namespace data", evidence.Forbidden); !ok || g.Close != "grant list on services in namespace data" {
		t.Error(s.Gaps)
	}
}

func TestFollowDoesNotReadALogTwice(t *testing.T) {
	f := newFakeAPI(t, world()...)
	f.logs = f.crashLogs
	_, s := follow(t, f, evidence.Request{What: "logs", Namespace: "shop", Name: "api-v2-0"})
	if s.LogReads != 3 || len(s.Logs) != 3 {
		t.Errorf("%d reads, %s", s.LogReads, logNames(s))
	}
}
