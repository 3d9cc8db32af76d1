package importer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// sickness says what triage makes of each pod of a snapshot.
func sickness(t *testing.T, s *evidence.Snapshot) string {
	t.Helper()
	var out []string
	for _, o := range s.OfKind("Pod", "") {
		p, err := evidence.PodFromObject(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range triage.Pod(p, triage.Clock{Now: s.CapturedAt, AtLeast: s.AtLeast}) {
			if v.Active {
				out = append(out, fmt.Sprintf("%s/%s %s", p.Ref.Name, v.Container, v.Symptom))
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// A pod of which only events are known is as sick as its last events say, and well where they say that it went on.
func TestPodsFromEvents(t *testing.T) {
	const head = "LAST SEEN   TYPE      REASON      OBJECT      MESSAGE\n"
	for name, tt := range map[string]struct{ rows, want string }{
		"a crash loop":            {"5m   Normal   Started   pod/api-0   Started container api\n10s   Warning   BackOff   pod/api-0   Back-off restarting failed container api in pod api-0_shop(11111111-2222-3333-4444-555555555555)", "api-0/api crash-loop"},
		"a crash loop that ended": {"25m   Warning   BackOff   pod/api-0   Back-off restarting failed container api in pod api-0_shop(11111111-2222-3333-4444-555555555555)\n20m   Normal   Started   pod/api-0   Started container api", ""},
		"a probe's kills":         {"2m   Warning   Unhealthy   pod/api-0   Liveness probe failed: HTTP probe failed with statuscode: 500\n1m   Normal   Killing   pod/api-0   Container api failed liveness probe, will be restarted", "api-0/api crash-loop"},
		"a pull that fails":       {"3m   Normal   Pulling   pod/api-0   Pulling image \"shop/api:2\"\n3m   Warning   Failed   pod/api-0   Failed to pull image \"shop/api:2\": not found\n3m   Warning   Failed   pod/api-0   Error: ErrImagePull\n1m   Normal   BackOff   pod/api-0   Back-off pulling image \"shop/api:2\"", "api-0/unnamed image-pull"},
		"a pull that succeeded":   {"3m   Warning   Failed   pod/api-0   Failed to pull image \"shop/api:2\": timeout\n1m   Normal   Pulled   pod/api-0   Successfully pulled image \"shop/api:2\"\n1m   Normal   Started   pod/api-0   Started container api", ""},
		"a missing ConfigMap":     {"3m   Warning   Failed   pod/api-0   Error: configmap \"prices\" not found", "api-0/unnamed config-failure"},
		"a start that fails":      {"3m   Normal   Created   pod/api-0   Created container: api\n3m   Warning   Failed   pod/api-0   Error: failed to start container \"api\": Error response from daemon: OCI runtime create failed\n10s   Warning   BackOff   pod/api-0   Back-off restarting failed container", "api-0/unnamed start-failure"},
		"a volume":                {"9m   Normal   Scheduled   pod/api-0   Successfully assigned shop/api-0 to n1\n1m   Warning   FailedMount   pod/api-0   MountVolume.SetUp failed for volume \"data\" : timed out", "api-0/ creation-blocked"},
		"a volume that came":      {"9m   Warning   FailedMount   pod/api-0   MountVolume.SetUp failed for volume \"data\" : timed out\n8m   Normal   Started   pod/api-0   Started container api", ""},
		"no node":                 {"9m   Warning   FailedScheduling   pod/api-0   0/3 nodes are available: 3 Insufficient cpu.", "api-0/ unscheduled"},
		"a node at last":          {"9m   Warning   FailedScheduling   pod/api-0   0/3 nodes are available: 3 Insufficient cpu.\n8m   Normal   Scheduled   pod/api-0   Successfully assigned shop/api-0 to n1", ""},
		"an eviction":             {"9m   Warning   Evicted   pod/api-0   The node was low on resource: memory.", "api-0/ failed-pod"},
		"a rollout":               {"9m   Normal   Scheduled   pod/api-0   Successfully assigned shop/api-0 to n1\n9m   Normal   Started   pod/api-0   Started container api\n1m   Normal   Killing   pod/api-0   Stopping container api", ""},
		"one that is gone":        {"9m   Warning   BackOff   pod/api-0   Back-off restarting failed container\n1m   Normal   Killing   pod/api-0   Stopping container api", ""},
	} {
		for form, text := range map[string]string{"": head + tt.rows + "\n", "without header": tt.rows + "\n", "of all namespaces": "shop   " + strings.ReplaceAll(tt.rows, "\n", "\nshop   ") + "\n"} {
			if got := sickness(t, loadText(t, text)); got != tt.want {
				t.Errorf("%s %s: got %q, want %q", name, form, got, tt.want)
			}
		}
	}
	// of pods that were listed, one that is missing is gone
	gone := head + "10s   Warning   BackOff   pod/old-0   Back-off restarting failed container\n"
	for name, text := range map[string]string{"a table": row + "\n" + gone, "JSON": podJSON + "\n\n" + gone} {
		if got := sickness(t, loadText(t, text)); strings.Contains(got, "old-0") {
			t.Errorf("%s: got %q", name, got)
		}
	}
	// another container's start ends nothing
	two := "25m   Warning   BackOff   pod/api-0   Back-off restarting failed container api in pod api-0_shop(11111111-2222-3333-4444-555555555555)\n20m   Normal   Started   pod/api-0   Started container proxy\n"
	if got := sickness(t, loadText(t, two)); got != "api-0/api crash-loop" {
		t.Errorf("two containers: got %q", got)
	}
	// the kubelet's words name the namespace
	if s := loadText(t, head+"5m   Normal   Started   pod/api-0   Started container api\n10s   Warning   BackOff   pod/api-0   Back-off restarting failed container api in pod api-0_shop(11111111-2222-3333-4444-555555555555)\n"); len(s.OfKind("Pod", "shop")) != 1 || s.Events[0].About.Namespace != "shop" || s.Events[1].About.Namespace != "shop" {
		t.Errorf("namespace: %+v", s.Events)
	}
	if s := loadText(t, "NAME    READY   STATUS    RESTARTS   AGE\napi-0   0/1     Pending   0          9m\n\n"+head+"9m   Normal   Scheduled   pod/api-0   Successfully assigned shop/api-0 to n1\n1m   Warning   FailedMount   pod/api-0   MountVolume.SetUp failed\n"); sickness(t, s) != "api-0/ creation-blocked" || len(s.OfKind("Pod", "shop")) != 1 {
		t.Errorf("a row and events that name its namespace: %s", sickness(t, s))
	}
	// what nothing tells is not known
	s := loadText(t, head+"10s   Warning   BackOff   pod/api-0   Back-off restarting failed container\n")
	p, _ := evidence.PodFromObject(s.OfKind("Pod", "")[0])
	if c := p.Containers[0]; c.State.Known && c.State.Kind != "" || c.Last.Known && c.Last.Kind != "" || c.RestartCount.Known() || c.Ready.Known() || len(s.Gaps) == 0 {
		t.Errorf("made up: %+v", c)
	}
}

// A row alone tells sick from well as far as people can read it.
func TestPodsFromRows(t *testing.T) {
	for row, want := range map[string]string{
		"api-0   0/1     ContainerCreating            0               15m":  "api-0/ creation-blocked",
		"api-0   0/1     ContainerCreating            0               5s":   "",
		"api-0   0/1     Pending                      0               38m":  "api-0/ unscheduled",
		"api-0   0/1     Pending                      0               3s":   "",
		"api-0   0/1     Init:0/2                     0               9m":   "api-0/unnamed init-stuck",
		"api-0   0/1     Init:0/2                     0               9s":   "",
		"api-0   0/1     Init:CrashLoopBackOff        6 (2m ago)      9m":   "api-0/unnamed crash-loop",
		"api-0   0/1     PodInitializing              0               9m":   "api-0/ creation-blocked",
		"api-0   0/1     Evicted                      0               9m":   "api-0/ failed-pod",
		"api-0   0/1     Unknown                      0               9m":   "api-0/ node-lost",
		"api-0   0/1     OOMKilled                    2 (20s ago)     9m":   "api-0/unnamed crash-loop",
		"api-0   0/1     ErrImagePull                 0               9m":   "api-0/unnamed image-pull",
		"api-0   0/1     CreateContainerConfigError   0               9m":   "api-0/unnamed config-failure",
		"api-0   0/1     Completed                    0               9m":   "",
		"api-0   0/1     Completed                    3               16h":  "",
		"api-0   0/1     Completed                    3 (40s ago)     5m":   "api-0/unnamed crash-loop",
		"api-0   0/1     Completed                    9               12m":  "api-0/unnamed crash-loop",
		"api-0   1/1     Terminating                  0               9m":   "",
		"api-0   1/1     Running                      0               9m":   "",
		"api-0   0/1     Running                      0               9m":   "api-0/unnamed not-ready",
		"api-0   1/1     Running                      7 (12s ago)     20m":  "api-0/unnamed crash-loop",
		"api-0   1/1     Running                      43 (62d ago)    62d":  "",
		"api-0   1/1     Running                      1 (3h10m ago)   3d":   "",
		"api-0   1/1     Running                      5 (2h ago)      200d": "",
	} {
		if got := sickness(t, loadText(t, "NAME    READY   STATUS                       RESTARTS        AGE\n"+row+"\n")); got != want {
			t.Errorf("%s: got %q, want %q", row, got, want)
		}
	}
}
