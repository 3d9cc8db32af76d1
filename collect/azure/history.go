package azure

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// historyPlan is what a plan asks of Container Insights and the control plane's logs.
type historyPlan struct {
	history, events []evidence.Request
	logs, usage     []evidence.Request
	audit           string
	autoscaler, any bool
}

func (h *historyPlan) add(q evidence.Request) {
	h.any = true
	switch q.What {
	case evidence.AskHistory:
		h.history = append(h.history, q)
	case evidence.AskEvents:
		h.events = append(h.events, q)
	case evidence.AskLogs:
		h.logs = append(h.logs, q)
	case evidence.AskUsage:
		h.usage = append(h.usage, q)
	case evidence.AskAudit:
		h.audit = q.Namespace
	case evidence.AskAutoscaler:
		h.autoscaler = true
	}
}

const (
	// historyWindow is how far back pods that are gone are looked for.
	historyWindow = 24 * time.Hour
	// usageWindow is how much of the memory's course is read.
	usageWindow = 4 * time.Hour
	// stale is from which age on the agent's newest data says that it does not work.
	stale = 10 * time.Minute
	// goneInDepth is of how many gone pods of a workload logs and events are read.
	goneInDepth = 3
	// lines of each run's log that are read.
	lines = 500
)

// readHistory asks for pods first, for what they are called is what the rest needs: at most six queries in all.
func (r *round) readHistory(h historyPlan) {
	if !h.any {
		return
	}
	if !r.workspace() {
		r.each(h.usage, r.prometheusMemory)
		return
	}
	var gone []evidence.Object
	var mu sync.Mutex
	for _, q := range h.history[:min(len(h.history), 1)] {
		r.beside("pods that are gone", func() {
			found := r.pods(q)
			mu.Lock()
			defer mu.Unlock()
			gone = found
		})
	}
	if len(h.history) > 0 {
		r.beside("the age of Container Insights' data", r.freshness)
	}
	if h.autoscaler {
		r.beside("the cluster autoscaler", r.autoscaler)
	}
	if h.audit != "" {
		r.beside("who changed what", func() { r.audit(h.audit) })
	}
	r.wait.Wait()
	for _, q := range h.history {
		if q.Container == "Pod" && len(gone) == 0 { // its events may be all that was kept of it
			r.orphan = q.Name
			h.events = append(h.events, q)
		}
	}
	for _, p := range gone[:min(len(gone), goneInDepth)] {
		q := evidence.Request{Namespace: p.Namespace, Name: p.Name}
		h.logs, h.events, h.usage = append(h.logs, q), append(h.events, q), append(h.usage, q)
	}
	r.each(h.logs, r.logsOf)
	r.each(h.events, r.eventsOf)
	r.each(h.usage, r.usageOf)
}

// each runs a query once for the pods of a namespace.
func (r *round) each(asked []evidence.Request, read func(ns string, pods []string)) {
	by := map[string][]string{}
	for _, q := range asked {
		if !slices.Contains(by[q.Namespace], q.Name) {
			by[q.Namespace] = append(by[q.Namespace], q.Name)
		}
	}
	for ns, pods := range by {
		slices.Sort(pods)
		r.beside("history of "+ns, func() { read(ns, pods) })
	}
}

// window is the time that is looked at, on Azure's clock.
func (r *round) window(back time.Duration) (from, to time.Time) {
	to = r.s.CapturedAt
	if to.IsZero() {
		to = r.c.meter.clock()
	}
	to = to.Add(r.c.ahead() + time.Minute).UTC()
	return to.Add(-back - time.Minute), to
}

func (r *round) since(back time.Duration) map[string]any {
	from, to := r.window(back)
	return map[string]any{"from": from, "to": to, "cluster": r.c.cluster.String()}
}

func with(values map[string]any, more map[string]any) map[string]any {
	for k, v := range more {
		values[k] = v
	}
	return values
}

// freshness says when the agent does not send any more: then that a pod is gone says nothing.
func (r *round) freshness() {
	rows, err := r.c.query(r.ctx, "agent-health", map[string]any{"cluster": r.c.cluster.String()})
	if err != nil {
		r.missedQuery("the age of Container Insights' data", err)
		return
	}
	if len(rows) == 0 {
		return
	}
	newest := rows[0].time("NewestInventory")
	age := r.c.meter.clock().Add(r.c.ahead()).Sub(newest)
	if newest.IsZero() || age > stale {
		detail := "it has none of this cluster"
		if !newest.IsZero() {
			detail = fmt.Sprintf("its newest is of %s, %s old: the agent (ama-logs) does not send", newest.Format("15:04:05"), age.Truncate(time.Minute))
		}
		r.gap(evidence.Gap{What: What + "new data of Container Insights", Source: evidence.Cloud, Reason: evidence.Expired, Detail: detail, Close: "kubectl get pods -n kube-system -l rsName=ama-logs-rs; kubectl logs -n kube-system -l dsName=ama-logs-ds"})
	}
}

func (r *round) usageOf(ns string, pods []string) {
	rows, err := r.c.query(r.ctx, "memory-history", with(r.since(usageWindow), map[string]any{"namespace": ns, "pods": pods}))
	if err != nil {
		r.missedQuery("memory of pods in "+ns, err)
	}
	if len(rows) == 0 {
		r.prometheusMemory(ns, pods)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range rows {
		if v, ok := w.number("WorkingSet"); ok && r.c.mine(w) {
			r.out.Usage = append(r.out.Usage, evidence.Usage{Namespace: ns, Pod: w.text("PodName"), Container: w.text("Container"), Time: w.time("Time"), WorkingSet: int64(v), CPU: -1, Source: evidence.ContainerInsights})
		}
	}
}

// orDiagnostics asks the table of the resource-specific mode, and where the workspace has none, AzureDiagnostics.
func (r *round) orDiagnostics(name string, values map[string]any) ([]row, error) {
	rows, err := r.c.query(r.ctx, name, values)
	if errors.Is(err, errNoTable) {
		return r.c.query(r.ctx, name+"-azurediagnostics", values)
	}
	return rows, err
}

func (r *round) autoscaler() {
	rows, err := r.orDiagnostics("autoscaler", map[string]any{"window": time.Hour, "cluster": r.c.cluster.String()})
	if err != nil {
		r.missedQuery("the cluster autoscaler's words", err)
	}
	for i, w := range rows[:min(len(rows), mostMessages)] {
		r.keep(evidence.AutoscalerMessage, fmt.Sprintf("%s-%d", w.time("TimeGenerated").Format("20060102T150405"), i),
			evidence.Raw{"time": stamp(w.time("TimeGenerated")), "level": w.text("Level"), "message": w.text("Message"), "pod": w.text("PodName")})
	}
}

const mostMessages = 200

func (r *round) audit(ns string) {
	rows, err := r.orDiagnostics("who-changed", with(r.since(activityWindow), map[string]any{"namespace": ns}))
	if err != nil {
		r.missedQuery("who changed what in "+ns, err)
	}
	for i, w := range rows[:min(len(rows), mostMessages)] {
		raw := evidence.Raw{}
		for k, v := range w {
			raw[strings.ToLower(k[:1])+k[1:]] = v
		}
		raw["timeGenerated"] = stamp(w.time("TimeGenerated"))
		r.keep(evidence.AuditEntry, fmt.Sprintf("%s-%d", w.time("TimeGenerated").Format("20060102T150405"), i), raw)
	}
}
