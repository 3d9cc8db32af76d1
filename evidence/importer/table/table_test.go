package table

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crashproof-dev/crashproof/evidence"
)

func one(t *testing.T, s string) Table {
	t.Helper()
	tables := Parse([]byte(s))
	if len(tables) != 1 {
		t.Fatalf("%d tables in:\n%s", len(tables), s)
	}
	return tables[0]
}

const pods = `NAME                     READY   STATUS             RESTARTS         AGE
api-5c9f-x1              0/1     CrashLoopBackOff   12 (3m ago)      40m
web-0                    2/2     Running            0                3d4h
migrate-1                0/1     Init:Error         3                55s
`

const widePods = `NAMESPACE   NAME     READY   STATUS    RESTARTS      AGE   IP          NODE     NOMINATED NODE   READINESS GATES   LABELS
docks       ferry    1/1     Running   5 (10s ago)   2m    10.3.0.7    node-a   <none>           <none>            app=ferry,tier=sea
docks       barge    0/1     Pending   0             2m    <none>      <none>   node-b           <none>            <none>
`

func TestPods(t *testing.T) {
	tb := one(t, pods)
	if tb.Kind != "Pod" || len(tb.Pods) != 3 || tb.Start != 0 || tb.End != len(pods) {
		t.Fatalf("%+v", tb)
	}
	p := tb.Pods[0]
	if p.Name != "api-5c9f-x1" || !evidence.Is(p.Ready, 0) || !evidence.Is(p.Total, 1) || p.Status != "CrashLoopBackOff" || !evidence.Is(p.Restarts, 12) ||
		p.LastRestart.D != 3*time.Minute || p.Age.D != 40*time.Minute {
		t.Errorf("%+v", p)
	}
	if p.Node.Known() || p.IP.Known() || p.Labels != nil || p.Namespace != "" {
		t.Errorf("made up: %+v", p)
	}
	if tb.Pods[1].LastRestart.Known || tb.Pods[2].Status != "Init:Error" {
		t.Errorf("%+v", tb.Pods)
	}
	if got := pods[p.Start:p.End]; !strings.HasPrefix(got, "api-5c9f-x1 ") || !strings.HasSuffix(got, "40m\n") {
		t.Errorf("range %q", got)
	}
}

func TestWidePods(t *testing.T) {
	tb := one(t, widePods)
	if len(tb.Pods) != 2 {
		t.Fatalf("%+v", tb)
	}
	a, b := tb.Pods[0], tb.Pods[1]
	if a.Namespace != "docks" || !evidence.Is(a.Node, "node-a") || !evidence.Is(a.IP, "10.3.0.7") || !evidence.Is(a.NominatedNode, "") || a.LastRestart.D != 10*time.Second {
		t.Errorf("%+v", a)
	}
	if diff := cmp.Diff(map[string]string{"app": "ferry", "tier": "sea"}, a.Labels); diff != "" {
		t.Error(diff)
	}
	if !evidence.Is(b.Node, "") || !evidence.Is(b.NominatedNode, "node-b") || b.Labels == nil || len(b.Labels) != 0 {
		t.Errorf("%+v", b)
	}
}

// The same table is read the same however it was pasted.
func TestPasted(t *testing.T) {
	strip := func(tables []Table) []PodRow {
		var out []PodRow
		for _, tb := range tables {
			for _, p := range tb.Pods {
				p.Start, p.End, p.Cells = 0, 0, nil
				out = append(out, p)
			}
		}
		return out
	}
	opt := cmp.AllowUnexported(evidence.Opt[int]{}, evidence.Opt[string]{})
	for _, s := range []string{pods, widePods} {
		want := strip(Parse([]byte(s)))
		for name, change := range map[string]func(string) string{
			"CRLF":     func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			"quoted":   func(s string) string { return "> " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n> ") },
			"indented": func(s string) string { return "    " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n    ") },
			"coloured": func(s string) string {
				return strings.ReplaceAll(s, "CrashLoopBackOff", "\x1b[31mCrashLoopBackOff\x1b[0m")
			},
			"collapsed blanks": func(s string) string { return strings.Join(fieldLines(s), "\n") },
			"no header":        func(s string) string { return s[strings.IndexByte(s, '\n')+1:] },
			"prompt before":    func(s string) string { return "$ kubectl get pods\n" + s + "$ \n" },
		} {
			if diff := cmp.Diff(want, strip(Parse([]byte(change(s)))), opt); diff != "" {
				t.Errorf("%s: read otherwise (-as printed +as pasted):\n%s", name, diff)
			}
		}
	}
}

func fieldLines(s string) []string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return lines
}

func TestEvents(t *testing.T) {
	newer := one(t, `NAMESPACE   LAST SEEN   TYPE      REASON             OBJECT                 MESSAGE
docks       3m12s       Warning   BackOff            pod/ferry-812-x1       Back-off restarting failed  container
docks       <unknown>   Normal    Scheduled          pod/ferry-812-x1       Successfully assigned docks/ferry-812-x1 to node-a
`)
	e := newer.Events[0]
	if newer.Kind != "Event" || len(newer.Events) != 2 || e.ObjectKind != "pod" || e.ObjectName != "ferry-812-x1" || e.Message != "Back-off restarting failed  container" ||
		e.Last.D != 192*time.Second || e.Count.Known() || e.First.Known || e.Namespace != "docks" || newer.Events[1].Last.Known {
		t.Errorf("%+v", newer.Events)
	}
	wide := one(t, `LAST SEEN   TYPE      REASON      OBJECT      SUBOBJECT                SOURCE            MESSAGE               FIRST SEEN   COUNT   NAME
10s         Warning   Unhealthy   pod/ferry   spec.containers{ferry}   kubelet, node-a   Probe failed: no...   9m           31      ferry.17a
2m          Normal    Scheduled   pod/ferry                            sched             Assigned it           9m           1       ferry.18b
`)
	a, b := wide.Events[0], wide.Events[1]
	if a.SubObject != "spec.containers{ferry}" || a.Source != "kubelet, node-a" || !evidence.Is(a.Count, 31) || a.First.D != 9*time.Minute || a.Name != "ferry.17a" || a.Message != "Probe failed: no..." ||
		b.SubObject != "" || b.Source != "sched" {
		t.Errorf("%+v", wide.Events)
	}
	old := one(t, `LASTSEEN   FIRSTSEEN   COUNT     NAME           KIND      SUBOBJECT                TYPE      REASON    SOURCE             MESSAGE
2m         5m          9         ferry.15ab     Pod       spec.containers{ferry}   Warning   BackOff   kubelet, node-a    Back-off restarting failed container
`)
	if e := old.Events[0]; e.ObjectKind != "Pod" || e.ObjectName != "ferry" || !evidence.Is(e.Count, 9) || e.First.D != 5*time.Minute || e.Last.D != 2*time.Minute || e.SubObject != "spec.containers{ferry}" {
		t.Errorf("%+v", e)
	}
}

func TestNodes(t *testing.T) {
	tb := one(t, `NAME     STATUS                        ROLES           AGE    VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE               KERNEL-VERSION   CONTAINER-RUNTIME
pier-1   NotReady,SchedulingDisabled   control-plane   400d   v1.35.1   10.0.0.4      <none>        Some Linux 12 (calm)   6.1.0            containerd://2.0
pier-2   Unknown                       <none>          2y3d   v1.35.1   10.0.0.5      <none>        Some Linux 12 (calm)   6.1.0            containerd://2.0
`)
	n := tb.Nodes[0]
	if tb.Kind != "Node" || !evidence.Is(n.Ready, false) || !evidence.Is(n.Unschedulable, true) || n.OSImage != "Some Linux 12 (calm)" || len(n.Roles) != 1 || !evidence.Is(n.InternalIP, "10.0.0.4") {
		t.Errorf("%+v", n)
	}
	if m := tb.Nodes[1]; m.Ready.Known() || !evidence.Is(m.Unschedulable, false) || m.Roles != nil {
		t.Errorf("%+v", m)
	}
}

// The tables of kubectl get all and of single kinds are told apart by their titles and prefixes.
func TestKinds(t *testing.T) {
	all := `NAME            READY   STATUS    RESTARTS   AGE
pod/api-0       0/1     Error     7          9m

NAME                 TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)          AGE
service/gate         NodePort    10.9.0.1     <none>        80:30080/TCP     9m

NAME                  READY   UP-TO-DATE   AVAILABLE   AGE
deployment.apps/api   0/1     1            0           9m

NAME                             DESIRED   CURRENT   READY   AGE
replicaset.apps/api-5c9f         1         1         0       9m

NAME                    READY   AGE
statefulset.apps/tide   1/2     9m

NAME                  DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE
daemonset.apps/buoy   3         3         1       3            1           disk=fast       9m

NAME               STATUS   COMPLETIONS   DURATION   AGE
job.batch/dredge   Failed   0/1           9m         9m

NAME                         STATUS   VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE
persistentvolumeclaim/hold   Bound    pv-9     5Gi        RWO            fast           9m

NAME          DATA   AGE
configmap/x   1      9m
`
	var kinds, names []string
	for _, tb := range Parse([]byte(all)) {
		kinds = append(kinds, tb.Kind)
		names = append(names, tb.Rows[0].Name)
		if tb.Rows[0].Cells["AGE"] != "9m" {
			t.Errorf("%+v", tb.Rows[0])
		}
	}
	if diff := cmp.Diff([]string{"Pod", "Service", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "PersistentVolumeClaim", "ConfigMap"}, kinds); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"api-0", "gate", "api", "api-5c9f", "tide", "buoy", "dredge", "hold", "x"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestOther(t *testing.T) {
	for _, s := range []string{"", "NAME\n", "NAME: x\n", "Name:  api\nNamespace:  x\n", "No resources found in docks namespace.\n",
		"NAME   READY   STATUS   RESTARTS   AGE\n", "api 0/1 tests failed 12 40m\n", "LAST LINE OF LOG\nmore text here\n", "12:00:01 12/13 Running 4 5m\nstep 3/4 Done 2 x\n"} {
		if got := Parse([]byte(s)); len(got) > 0 {
			t.Errorf("%q gave %+v", s, got)
		}
	}
}

// FuzzParse holds Parse to what it promises for any text.
func FuzzParse(f *testing.F) {
	f.Add([]byte(pods))
	f.Add([]byte(widePods))
	f.Add([]byte(strings.Join(fieldLines(widePods), "\n")))
	f.Add([]byte("LAST SEEN   TYPE      REASON    OBJECT      MESSAGE\n10s         Warning   BackOff   pod/ferry   no: \u00e9\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		end := 0
		for _, tb := range Parse(text) {
			if tb.Start < end || tb.End <= tb.Start || tb.End > len(text) || len(tb.Rows) == 0 {
				t.Fatalf("range [%d, %d) after %d of %d", tb.Start, tb.End, end, len(text))
			}
			end = tb.End
			for _, r := range tb.Rows {
				if r.Start < tb.Start || r.End > tb.End || r.End <= r.Start {
					t.Fatalf("row [%d, %d) outside [%d, %d)", r.Start, r.End, tb.Start, tb.End)
				}
			}
		}
	})
}

// What k9s shows and what a Markdown table holds are the same rows.
func TestDrawn(t *testing.T) {
	for name, s := range map[string]string{
		"k9s":      "│ NAME↑      PF   READY   STATUS               RESTARTS   CPU   %CPU/R   IP           AGE      │\n│ ferry-0    ●    0/1     CrashLoopBackOff           12     0      n/a   10.1.2.3     40m      │\n│ tug-0      ●    1/1     Running                     0     1        2   10.1.2.4     3d       │\n",
		"Markdown": "| NAME | READY | STATUS | RESTARTS | AGE |\n|------|-------|:------:|---|---|\n| ferry-0 | 0/1 | CrashLoopBackOff | 12 | 40m |\n| tug-0 | 1/1 | Running | 0 | 3d |\n",
	} {
		got := Parse([]byte(s))
		if len(got) != 1 || len(got[0].Pods) != 2 || got[0].Pods[0].Name != "ferry-0" || got[0].Pods[0].Status != "CrashLoopBackOff" || !evidence.Is(got[0].Pods[0].Restarts, 12) || !got[0].Pods[1].Age.Known {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
