package diagnosis_test

import (
	"testing"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

// What a program complained of and survived is background to how the run really ended.
func TestComplaintsThatDidNotEndTheRun(t *testing.T) {
	const refused = "ERROR dial tcp 10.0.0.9:5432: connect: connection refused"
	for name, tt := range map[string]struct {
		world *world
		cause string
	}{
		"a fault of its own came last": {crashed(t, 2, 300e9, nil).says("200s "+refused, "150s "+refused, "100s "+refused, "1s panic: runtime error: slice bounds out of range [:5] with capacity 3",
			"1s ", "1s goroutine 1 [running]:", "1s main.main()"), "app.exception"},
		"it ended well": {crashed(t, 0, 300e9, nil).says("200s INFO backup started", `100s ERROR: role "old" does not exist`, "1s INFO backup complete"), "entrypoint.completed"},
		"it went straight out, with 0": {crashed(t, 0, 60e9, nil).says("20s INFO starting", "4s ERROR [main] Start failed", "4s java.lang.IllegalStateException: no store",
			"4s 	at org.example.Store.open(Store.java:9)", "4s Caused by: java.net.ConnectException: Connection to db.example:5432 refused. Check that the hostname and port are correct",
			"4s 	at org.example.Store.dial(Store.java:7)", "2s INFO stopping"), "dependency.refused"},
		"it was told to go": {crashed(t, 0, 60e9, nil).says("20s INFO starting", "4s ERROR [main] Refresh failed", "4s java.lang.IllegalStateException: no store",
			"4s 	at org.example.Store.open(Store.java:9)", "4s Caused by: java.net.ConnectException: Connection to db.example:5432 refused. Check that the hostname and port are correct",
			"4s 	at org.example.Store.dial(Store.java:7)", "2s INFO SIGTERM received, stopping"), ""},
		"the kernel ended it": {func() *world {
			w := crashed(t, 137, 300e9, nil).says("9s "+refused, "8s INFO using the fallback")
			w.pod.Status.ContainerStatuses[0].LastTerminationState.Terminated.Reason = "OOMKilled"
			return w
		}(), "memory.container-limit"},
		"it called it fatal": {crashed(t, 1, 9e9, nil).says("8s INFO starting", "1s FATAL dial tcp 10.0.0.9:5432: connect: connection refused"), "dependency.refused"},
	} {
		f := tt.world.one()
		if f.Cause != tt.cause || (f.Verdict == diagnosis.Unexplained) != (tt.cause == "") {
			t.Errorf("%s: %s %s", name, f.Verdict, f.Cause)
		}
	}
}
