package diagnosis_test

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

func misreads(f diagnosis.Finding, part string) bool {
	for _, m := range f.Misreadings {
		if strings.Contains(m.Seen+" | "+m.Not+" | "+m.Because, part) {
			return true
		}
	}
	return false
}

// Each misreading is told where it applies, with the figures that show it, and not where it does not.
func TestMisreadings(t *testing.T) {
	crash := func(c *world) *world { return c.says("1s " + badValue) }
	for _, c := range []struct {
		name        string
		world       func(*testing.T) *world
		told, quiet string
	}{
		{"a container that runs between two crashes", func(t *testing.T) *world {
			w := crash(crashed(t, 1, 5*time.Second, nil))
			st := &w.pod.Status.ContainerStatuses[0]
			st.State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: ago(4 * time.Second)}}
			return w
		}, "it has run for 4s this time; the run before ended after 5s, and it has been restarted 3 times", "helps"},
		{"one that waits", func(t *testing.T) *world { return crash(crashed(t, 1, 5*time.Second, nil)) }, "", "status Running"},
		{"long runs", func(t *testing.T) *world { return crash(crashed(t, 1, 12*time.Minute, nil)) }, "restarted 3 times, and each time it ends again, the last time after 12m", "status Running"},
		{"short runs", func(t *testing.T) *world { return crash(crashed(t, 1, 2*time.Minute, nil)) }, "", "a restart helps"},
		{"events of a readiness probe", func(t *testing.T) *world {
			return crash(crashed(t, 1, 5*time.Second, func(c *corev1.Container) { c.ReadinessProbe = httpProbe(5, 3, "/ready") })).event(70*time.Second, "Unhealthy", "Readiness probe failed: connection refused", 7)
		}, "7 events about the readiness probe", ""},
		{"a kill by liveness beside them", func(t *testing.T) *world {
			return crashed(t, 137, 40*time.Second, func(c *corev1.Container) { c.LivenessProbe = httpProbe(10, 3, "/live") }).says("1s listening").
				event(70*time.Second, "Unhealthy", "Readiness probe failed: connection refused", 7).event(62*time.Second, "Killing", "Container app failed liveness probe, will be restarted", 3)
		}, "", "events about the readiness probe"},
		{"137 that is no kill for memory", func(t *testing.T) *world { return crashed(t, 137, 40*time.Second, nil).says("1s listening") }, "the runtime says Error", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := c.world(t).one()
			if c.told != "" && !misreads(f, c.told) {
				t.Errorf("not told: %s\n%+v", c.told, f.Misreadings)
			}
			if c.quiet != "" && misreads(f, c.quiet) {
				t.Errorf("told: %s\n%+v", c.quiet, f.Misreadings)
			}
		})
	}
}

// Two workloads of one node are sick in the same way, and the node says that it is Ready.
func TestNodeThatSaysReady(t *testing.T) {
	c := newTown(t, 6)
	for i := range 6 {
		for j, app := range []string{"cart", "mail", "tax", "feed"} {
			h := home{namespace: "shop", app: app, node: []string{"n0", "n1", "n2", "n3", "n4", "n5"}[i], number: i, age: time.Hour}
			if i == 2 && j < 3 {
				h.says = noName(j)
			}
			c.add(h)
		}
	}
	r := c.diagnose()
	if r.Scope.Level != diagnosis.ScopeNode {
		t.Fatal(r.Scope)
	}
	for _, f := range r.Findings {
		if !misreads(f, "Ready on all 6 nodes | that Node n2 is well") {
			t.Errorf("%s: %+v", f.Workload.Name, f.Misreadings)
		}
		for _, m := range f.Remedies {
			if m.ID == "dependency-name" {
				t.Errorf("%s is told to correct a name that others look up", f.Workload.Name)
			}
		}
		if len(f.Path) != 5 || f.Path[1].ID != "isolate" || !strings.HasPrefix(f.Path[1].Answer, "node: ") || f.Path[2].Checks[0].Text != "1 of 1 node Ready, 0 under pressure" {
			t.Errorf("%s: the way: %+v", f.Workload.Name, f.Path)
		}
	}
}

// All sick pods are on one node, and the other workloads there are well: it is not the node.
func TestOnlyNodeIsNoBadNode(t *testing.T) {
	c := newTown(t, 3)
	c.add(home{namespace: "shop", app: "cart", node: "n1", number: 0, says: badValue})
	for i, app := range []string{"mail", "tax", "feed"} {
		c.add(home{namespace: "shop", app: app, node: "n1", number: i, age: time.Hour})
	}
	r := c.diagnose()
	if !misreads(r.Findings[0], "that the sick pod is on node n1 | that the node is bad | 3 pods of 3 other workloads are well on it") {
		t.Errorf("%+v", r.Findings[0].Misreadings)
	}
	if got := r.Findings[0].Path[1].Then; !strings.HasPrefix(got, "image, probes") {
		t.Error(got)
	}
}

// Logs that are missing of one node only are evidence about that node.
func TestGapsOfOneNode(t *testing.T) {
	c := newTown(t, 3)
	for i, app := range []string{"cart", "mail", "tax", "feed"} {
		c.add(home{namespace: "shop", app: app, node: []string{"n0", "n0", "n1", "n2"}[i], number: i, says: badValue})
	}
	c.s.Logs = c.s.Logs[2:]
	for _, o := range c.s.Objects[:2] {
		c.s.Gaps = append(c.s.Gaps, evidence.Gap{What: "previous log of container app", About: o.Ref(), Source: evidence.Process, Reason: evidence.Unavailable})
	}
	r := c.diagnose()
	told := 0
	for _, f := range r.Findings {
		if misreads(f, "2 logs that could not be read | that monitoring is the problem | they are all of node n0, and 2 logs of other nodes could be read") {
			told++
		}
	}
	if told == 0 {
		t.Errorf("%+v", r.Findings)
	}
}
