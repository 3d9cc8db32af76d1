package azure

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// pods reads the pods of a workload, or one, that the API does not have any more, the sickest and newest first.
func (r *round) pods(q evidence.Request) []evidence.Object {
	values := with(r.since(historyWindow), map[string]any{"namespace": q.Namespace})
	if q.Container == "Pod" { // of a plan: the kind of what is asked about
		values["pod"] = q.Name
	} else {
		values["workload"] = q.Name
	}
	rows, err := r.c.query(r.ctx, "pod-history", values)
	if err != nil {
		r.missedQuery("pods that are gone", err)
	}
	by := map[string][]row{}
	for _, w := range rows {
		if r.c.mine(w) && !r.alive(w) {
			by[w.text("PodUid")] = append(by[w.text("PodUid")], w)
		}
	}
	var out []evidence.Object
	for _, of := range by {
		if p := r.pod(of); q.Container == "Pod" || belongs(p, q.Name) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b evidence.Object) int {
		return cmp.Or(cmp.Compare(restarts(b), restarts(a)), cmp.Compare(seen(b), seen(a)), cmp.Compare(a.Name, b.Name))
	})
	out = out[:min(len(out), mostGone)]
	if len(out) == 0 && err == nil {
		r.gap(evidence.Gap{What: What + "pods of " + q.Namespace + "/" + q.Name + " that are gone", Source: evidence.Cloud, Reason: evidence.NotFound,
			Detail: "Container Insights saw none in the last " + historyWindow.String(), Close: "its agent leaves out namespaces that its ConfigMap container-azm-ms-agentconfig excludes"})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Objects = append(r.out.Objects, out...)
	return out
}

// belongs tells whether a pod is of a workload: the query also finds those whose names only begin alike.
func belongs(o evidence.Object, workload string) bool {
	p, err := evidence.PodFromObject(o)
	if err != nil {
		return false
	}
	owner, _ := p.Owner.Get()
	_, name := evidence.GuessWorkload(p)
	return name == workload || owner.Name == workload
}

// mostGone bounds the pods that one answer brings.
const mostGone = 50

// alive tells whether the API has the pod: what it says is newer and knows more.
func (r *round) alive(w row) bool {
	uid := w.text("PodUid")
	return slices.ContainsFunc(r.living()[w.text("Namespace")+"/"+w.text("PodName")], func(p *evidence.Row) bool { return p.UID == "" || p.UID == uid })
}

func restarts(o evidence.Object) (n float64) {
	for _, c := range o.Raw.List("status", "containerStatuses") {
		v, _ := c.Get("restartCount")
		f, _ := v.(float64)
		n += f
	}
	return n
}

func seen(o evidence.Object) string {
	return o.Raw.Str("metadata", "annotations", evidence.SeenAnnotation)
}

// pod makes a pod of its rows, one for each container. What this source can never show is not in it: exit codes, the
// spec, and of the states those between two samples.
func (r *round) pod(rows []row) evidence.Object {
	w := rows[0]
	meta := map[string]any{"name": w.text("PodName"), "namespace": w.text("Namespace"), "uid": w.text("PodUid"), "labels": labelsOf(w.text("PodLabel")),
		"annotations": map[string]any{evidence.HistoryAnnotation: evidence.ContainerInsights, evidence.SeenAnnotation: stamp(w.time("LastSeen"))}}
	if t := w.time("PodCreated"); !t.IsZero() {
		meta["creationTimestamp"] = stamp(t)
	}
	if kind := w.text("ControllerKind"); kind != "" {
		meta["ownerReferences"] = []any{map[string]any{"kind": kind, "name": w.text("ControllerName"), "controller": true}}
	}
	status := map[string]any{}
	if p := w.text("PodStatus"); slices.Contains([]string{"Pending", "Running", "Succeeded", "Failed"}, p) {
		status["phase"] = p
	}
	var all []any
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.text("Container"), b.text("Container")) })
	for _, c := range rows {
		if name := c.text("Container"); name != "" {
			all = append(all, containerStatus(c, name))
		}
	}
	status["containerStatuses"] = all
	raw := evidence.Raw{"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": map[string]any{"nodeName": w.text("Computer")}, "status": status}
	return evidence.NewObject(raw, "v1", "Pod", evidence.ContainerInsights)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// labelsOf reads PodLabel, a list with one object in JSON.
func labelsOf(text string) map[string]any {
	var list []map[string]any
	if json.Unmarshal([]byte(text), &list) != nil || len(list) == 0 {
		return map[string]any{}
	}
	return list[0]
}

func containerStatus(w row, name string) map[string]any {
	out := map[string]any{"name": name, "lastState": map[string]any{}}
	if n, ok := w.number("Restarts"); ok {
		out["restartCount"] = n
	}
	reason := w.text("ContainerStatusReason")
	switch strings.ToLower(w.text("ContainerStatus")) {
	case "waiting":
		out["state"] = map[string]any{"waiting": map[string]any{"reason": reason}}
	case "running":
		out["state"] = map[string]any{"running": map[string]any{}}
	case "terminated":
		out["state"] = map[string]any{"terminated": map[string]any{"reason": reason}} // without exitCode: it is not known
	}
	if last, ok := newestEnd(w.list("LastStates")); ok {
		out["lastState"] = map[string]any{"terminated": last}
	}
	return out
}

// newestEnd is the end that finished last, of those that the agent has seen.
func newestEnd(list []any) (map[string]any, bool) {
	var best map[string]any
	for _, v := range list {
		m, ok := v.(map[string]any)
		if s, text := v.(string); text {
			ok = json.Unmarshal([]byte(s), &m) == nil
		}
		if !ok || m["lastState"] != nil && m["lastState"] != "terminated" {
			continue
		}
		if best == nil || fmt.Sprint(m["finishedAt"]) > fmt.Sprint(best["finishedAt"]) {
			best = m
		}
	}
	if best == nil {
		return nil, false
	}
	out := map[string]any{}
	for _, k := range []string{"reason", "startedAt", "finishedAt", "containerID"} {
		if s, ok := best[k].(string); ok && s != "" {
			out[k] = s
		}
	}
	return out, len(out) > 0
}
