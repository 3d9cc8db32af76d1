package kube

import (
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

func sampleOf(pod *corev1.Pod) *sample {
	p := evidence.PodFromAPI(pod)
	return newSample(pod, p, triage.Pod(p, triage.At(now)))
}

func named(name string) *corev1.Pod { return podOf("shop", "api-v2", "v2", name) }

func TestWhichPodsAreRead(t *testing.T) {
	pods := []*corev1.Pod{
		restarted(named("running"), 4, 10*time.Second),
		crashed(named("old"), 4, time.Hour),
		crashed(named("b"), 4, time.Minute),
		crashed(named("a"), 4, time.Minute),
		dead(named("dead"), 4, 2*time.Second),
	}
	want := "[dead a b]" // dead at this moment, newest end first, then by name; the running one and the old one last
	for turn := range pods {
		g := &group{}
		for i := range pods {
			g.add(sampleOf(pods[(i+turn)%len(pods)]), 3)
		}
		var got []string
		for _, s := range g.best {
			got = append(got, s.pod.Name)
		}
		if fmt.Sprint(got) != want || g.of != 5 {
			t.Errorf("turn %d: %v of %d", turn, got, g.of)
		}
	}
}

func TestEveryGroupIsReadBeforeAnyIsReadTwice(t *testing.T) {
	f := newFakeAPI(t)
	for i := range scanLogPods + 20 {
		for n := range 2 {
			f.add(crashed(podOf("shop", fmt.Sprintf("w%d-v1", i), "v1", fmt.Sprintf("w%03d-%d", i, n)), 4, time.Minute))
		}
	}
	s := collect(t, f, Options{AllNamespaces: true})
	if s.LogReads != scanLogPods {
		t.Errorf("%d log reads", s.LogReads)
	}
	unread := 0
	for _, x := range s.Samples {
		if x.Read > 1 || x.Of != 2 {
			t.Fatalf("%+v", x)
		}
		unread += 1 - x.Read
	}
	if unread != 20 || !hasGap(s, "logs of 20 groups of sick pods", evidence.NotAsked) {
		t.Errorf("%d groups unread; gaps %v", unread, s.Gaps)
	}
}

func TestRecoveredPods(t *testing.T) {
	fresh, old := restarted(named("fresh"), 1, 5*time.Minute), restarted(named("old"), 1, 5*time.Hour)
	born := []metav1.Time{ago(5*time.Minute + 20*time.Second), ago(5*time.Hour + 20*time.Second)}
	fresh.Status.StartTime, old.Status.StartTime = &born[0], &born[1]
	fresh.Status.ContainerStatuses[0].Ready, old.Status.ContainerStatuses[0].Ready = true, true
	f := newFakeAPI(t, deployment("shop", "api"), replicaSet("shop", "api", "v2"), fresh, old)
	if s := collect(t, f, Options{AllNamespaces: true}); len(s.Samples) != 1 || s.Samples[0].Of != 1 || s.Samples[0].Symptom != "restarted" {
		t.Errorf("a scan reads what ended within the hour: %+v", s.Samples)
	}
	if s := collect(t, f, Options{Target: shopAPI, Namespace: "shop"}); len(s.Samples) != 1 || s.Samples[0].Of != 2 {
		t.Errorf("of the workload that was asked for, all: %+v", s.Samples)
	}
}

func TestPodTargetWithSiblings(t *testing.T) {
	s := collect(t, newFakeAPI(t, append(world(), podOf("shop", "api-v2", "v2", "api-v2-well"))...), Options{Target: evidence.Target{Kind: "po", Name: "api-v2-3"}, Namespace: "shop"})
	want := "[Deployment/shop/api Node//node-1 Pod/shop/api-v2-3 Pod/shop/api-v2-well ReplicaSet/shop/api-v2]"
	if fmt.Sprint(keys(s)) != want {
		t.Errorf("got %v, want %v", keys(s), want)
	}
}
