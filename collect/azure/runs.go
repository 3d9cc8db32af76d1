package azure

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

func (r *round) logsOf(ns string, pods []string) {
	rows, err := r.c.query(r.ctx, "previous-logs", with(r.since(historyWindow), map[string]any{"namespace": ns, "pods": pods, "lines": int64(lines)}))
	if err != nil {
		r.missedQuery("logs of pods in "+ns, err)
	}
	type run struct{ pod, container, id string }
	logs := map[run]*evidence.Log{}
	var order []run
	for _, w := range rows {
		k := run{w.text("PodName"), w.text("ContainerName"), w.text("ContainerId")}
		if !r.c.mine(w) || k.pod == "" || k.container == "" {
			continue
		}
		at := w.time("TimeGenerated")
		l := logs[k]
		if l == nil {
			l = &evidence.Log{Instance: evidence.Instance{Namespace: ns, Pod: k.pod, Container: k.container, ContainerID: runtimeID(k.id), Restart: -1, Start: at}, Previous: true, Sure: k.id != "", Timestamps: true, Tail: err == nil}
			logs[k] = l
			order = append(order, k)
		}
		l.Instance.Finish = at
		l.Text = append(l.Text, at.Format(time.RFC3339Nano)+" "+strings.ReplaceAll(strings.TrimRight(w.text("LogMessage"), "\n"), "\n", " ")+"\n"...)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	newest := map[string]*evidence.Log{} // of the runs that no status shows, the last one may still tell something
	for _, k := range order {
		l := logs[k]
		uid, ok := r.whose(ns, k.pod, l.Instance.Start)
		if !ok {
			continue
		}
		l.Instance.PodUID, l.Source, l.Bytes = uid, evidence.ContainerInsights, len(l.Text)
		if len(r.living()[ns+"/"+k.pod]) > 0 && !slices.Contains(r.runsOf(ns, k.pod), l.Instance.ContainerID) {
			l.Sure = false
			if n := newest[k.pod+"/"+k.container]; n == nil || l.Instance.Finish.After(n.Instance.Finish) {
				newest[k.pod+"/"+k.container] = l
			}
			continue
		}
		r.fitRun(l)
		r.out.Logs = append(r.out.Logs, *l)
	}
	for _, name := range slices.Sorted(maps.Keys(newest)) {
		r.out.Logs = append(r.out.Logs, *newest[name])
	}
}

// lingering is how long after a pod was last seen it may still be told of.
const lingering = 5 * time.Minute

// whose tells which of the pods that had a name an event or a line of a moment is about: the youngest that was made before, and
// was not seen for the last time long before. The tables of events and logs have no UIDs. ok is false where it is of none that
// is known.
func (r *round) whose(ns, name string, at time.Time) (uid string, ok bool) {
	var made time.Time
	consider := func(id string, created, until time.Time) {
		if !at.Before(created.Add(-near)) && (until.IsZero() || at.Before(until)) && !created.Before(made) {
			uid, made, ok = id, created, true
		}
	}
	for _, o := range r.out.Objects {
		if o.Kind == "Pod" && o.Namespace == ns && o.Name == name {
			if last, err := time.Parse(time.RFC3339, seen(o)); err == nil {
				consider(o.UID, moment(o.Raw.Str("metadata", "creationTimestamp")), last.Add(lingering))
			}
		}
	}
	for _, p := range r.living()[ns+"/"+name] {
		consider(p.UID, p.Created, time.Time{})
	}
	return uid, ok
}

func moment(text string) time.Time {
	t, _ := time.Parse(time.RFC3339, text)
	return t.UTC()
}

// living are the pods that the API has, by namespace and name.
func (r *round) living() map[string][]*evidence.Row {
	r.once.Do(func() {
		r.rows = map[string][]*evidence.Row{}
		for i := range r.s.Population.Rows {
			p := &r.s.Population.Rows[i]
			r.rows[p.Namespace+"/"+p.Pod] = append(r.rows[p.Namespace+"/"+p.Pod], p)
		}
	})
	return r.rows
}

// runsOf are the container IDs of the runs that a pod's status shows.
func (r *round) runsOf(ns, name string) []string {
	o, ok := r.s.Object("Pod", ns, name)
	if !ok {
		return nil
	}
	var out []string
	for _, list := range []string{"initContainerStatuses", "containerStatuses"} {
		for _, c := range o.Raw.List("status", list) {
			out = append(out, c.Str("containerID"), c.Str("state", "terminated", "containerID"), c.Str("lastState", "terminated", "containerID"))
		}
	}
	return out
}

// runtimeID is a container's ID as statuses write it; Container Insights leaves the runtime out.
func runtimeID(id string) string {
	if id == "" || strings.Contains(id, "://") {
		return id
	}
	return "containerd://" + id
}

// near is by how much the agent's time of a line may differ from the runtime's of the container.
const near = 10 * time.Second

// fitRun finds the end of a gone pod's container to which a log belongs, where the agent did not keep that end's container
// ID: the log's lines lie within the run, and end with it.
func (r *round) fitRun(l *evidence.Log) {
	for _, o := range r.out.Objects {
		if o.Kind != "Pod" || o.Namespace != l.Instance.Namespace || o.Name != l.Instance.Pod {
			continue
		}
		for _, c := range o.Raw.List("status", "containerStatuses") {
			last := c.Map("lastState", "terminated")
			finished, err := time.Parse(time.RFC3339, last.Str("finishedAt"))
			if c.Str("name") != l.Instance.Container || last.Str("containerID") != "" || err != nil {
				continue
			}
			if d := finished.Sub(l.Instance.Finish); d < near && d > -near {
				l.Instance.Finish = finished.UTC()
			}
		}
	}
}

func (r *round) eventsOf(ns string, pods []string) {
	rows, err := r.c.query(r.ctx, "events", map[string]any{"window": historyWindow, "cluster": r.c.cluster.String(), "namespace": ns, "names": pods})
	if err != nil {
		r.missedQuery("events in "+ns, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range rows {
		if !r.c.mine(w) {
			continue
		}
		n, _ := w.number("Count")
		e := evidence.Event{Namespace: w.text("Namespace"), About: evidence.Ref{Kind: or(w.text("ObjectKind"), "Pod"), Namespace: w.text("Namespace"), Name: w.text("Name")},
			Type: w.text("KubeEventType"), Reason: w.text("Reason"), Message: w.text("Message"), Component: w.text("SourceComponent"), Host: w.text("Computer"), Count: int(n),
			First: w.time("FirstSeen"), Last: w.time("LastSeen")}
		e.Container = evidence.ContainerOfMessage(e.Message)
		uid, ok := r.whose(e.About.Namespace, e.About.Name, e.Last)
		if !ok && e.About.Name != r.orphan {
			continue // of a pod of that name of which nothing else is known
		}
		e.About.UID, e.Source = uid, evidence.ContainerInsights
		r.out.Events = append(r.out.Events, e)
	}
	if r.orphan != "" && slices.Contains(pods, r.orphan) {
		r.podOfEvents(ns, r.orphan)
	}
}

// uidIn reads the UID that the kubelet puts into its messages: "in pod api-0_shop(3b8f7d0c-2e41-4a5c-8d19-6c0e7b1f4a25)".
var uidIn = regexp.MustCompile(`_[a-z0-9-]+\(([0-9a-f-]{36})\)`)

// podOfEvents makes a pod of which nothing but events was kept: what they say of its containers, and no more.
func (r *round) podOfEvents(ns, name string) {
	var last time.Time
	uid, failed, waits := "", "", map[string]any{}
	for _, e := range r.out.Events {
		if e.About.Kind != "Pod" || e.About.Namespace != ns || e.About.Name != name {
			continue
		}
		if m := uidIn.FindStringSubmatch(e.Message); m != nil {
			uid = m[1]
		}
		if e.Last.After(last) {
			last = e.Last
		}
		if text, ok := strings.CutPrefix(e.Message, "Error: "); ok && e.Reason == "Failed" {
			failed = text
		}
		if e.Container != "" && e.Reason == "BackOff" {
			waits[e.Container] = map[string]any{"name": e.Container, "state": map[string]any{"waiting": map[string]any{"reason": "CrashLoopBackOff"}}}
		}
	}
	if last.IsZero() {
		return
	}
	for i := range r.out.Events {
		if e := &r.out.Events[i]; e.About.Namespace == ns && e.About.Name == name {
			e.About.UID = uid
		}
	}
	var all []any
	for _, c := range slices.Sorted(maps.Keys(waits)) {
		if failed != "" && len(waits) == 1 { // the runtime's words stand in the event and in the end that the kubelet notes (kuberuntime_container.go, startContainer)
			waits[c].(map[string]any)["lastState"] = map[string]any{"terminated": map[string]any{"reason": "StartError", "message": failed}}
		}
		all = append(all, waits[c])
	}
	raw := evidence.Raw{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": name, "namespace": ns, "uid": uid,
		"annotations": map[string]any{evidence.HistoryAnnotation: evidence.ContainerInsights, evidence.SeenAnnotation: stamp(last)}}, "status": map[string]any{"containerStatuses": all}}
	r.out.Objects = append(r.out.Objects, evidence.NewObject(raw, "v1", "Pod", evidence.ContainerInsights))
}
