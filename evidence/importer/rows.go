package importer

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer/table"
)

// tables takes what `kubectl get` printed.
func (b *builder) tables(data []byte, taken []span, above commandList) []span {
	var out []span
	defer func(ns string) { b.namespace = ns }(b.namespace)
	inText := b.namespace
	all := table.Parse(data)
	last, names := lastListing(all, above)
	for n, t := range all {
		if covered(taken, t.Start) > t.Start {
			continue
		}
		cmd := above.of(t.Start, out)
		b.namespace = cmp.Or(cmd.namespace, inText)
		out = append(out, span{t.Start, t.End})
		for i := range t.Pods {
			if n < last && cmd.verb == "get" && cmd.namespace == above.of(all[last].Start, nil).namespace && !names[t.Pods[i].Name] {
				continue // it is gone by the time of the last listing
			}
			b.podRow(&t.Pods[i])
		}
		for i := range t.Events {
			b.eventRow(&t.Events[i])
		}
		for i := range t.Nodes {
			b.nodeRow(&t.Nodes[i])
		}
		if len(t.Rows) > 0 {
			b.used++
		}
		if len(t.Pods)+len(t.Events)+len(t.Nodes) == 0 {
			b.gap(evidence.Gap{What: "a table of " + cmp.Or(t.Kind, "objects of an unknown kind"), Source: evidence.Spec, Reason: evidence.Truncated,
				Detail: "rows of this kind say too little to be used", Close: "kubectl get " + cmp.Or(strings.ToLower(t.Kind), "KIND") + " -o yaml"})
		}
	}
	return out
}

// part tells commands that list some of a namespace's pods, or list them over and over.
var part = regexp.MustCompile(`\||\s(?:-w|-l\S*|--watch\S*|--selector\S*|--field-selector\S*)(?:\s|=|$)`)

// lastListing finds the last table in which all pods of a namespace are listed, after an earlier one, and their names.
func lastListing(all []table.Table, above commandList) (last int, names map[string]bool) {
	last = -1
	for n := len(all) - 1; n > 0; n-- {
		cmd := above.of(all[n].Start, nil)
		if len(all[n].Pods) == 0 || cmd.verb != "get" || cmd.pod != "" || cmd.namespace == "" || part.MatchString(cmd.line) {
			continue
		}
		names = map[string]bool{}
		for _, p := range all[n].Pods {
			names[p.Name] = true
		}
		return n, names
	}
	return last, nil
}

// podRow takes a row of pods. It shows one reason for the whole pod and no container's name: what it says is a
// container's state only where there is one container, or where the reason is that of containers alone.
func (b *builder) podRow(r *table.PodRow) {
	if r.Name == "" {
		return
	}
	meta, spec, status := map[string]any{"name": r.Name}, map[string]any{}, map[string]any{}
	if ns := cmp.Or(r.Namespace, b.namespace); ns != "" {
		meta["namespace"] = ns
	}
	if len(r.Labels) > 0 {
		labels := map[string]any{}
		for k, v := range r.Labels {
			labels[k] = v
		}
		meta["labels"] = labels
	}
	if r.Age.Known {
		meta["annotations"] = map[string]any{evidence.AgeAnnotation: r.Age.D.String()}
	}
	if n := r.Node.Or(""); n != "" {
		spec["nodeName"] = n
	}
	reason, list := r.Status, "containerStatuses"
	if rest, ok := strings.CutPrefix(reason, "Init:"); ok {
		reason, list = rest, "initContainerStatuses"
	}
	if reason == "Unknown" { // printPod's word for a pod that is being deleted from a lost node
		reason = "NodeLost"
	}
	single := r.Total.Or(0) == 1
	c := map[string]any{"name": evidence.Unnamed}
	if single && list == "containerStatuses" {
		if n, ok := r.Restarts.Get(); ok {
			c["restartCount"] = float64(n)
		}
		c["ready"] = r.Ready.Or(0) == 1
		if reason == "Running" && stillLoops(r) {
			c["lastState"] = map[string]any{"terminated": map[string]any{}} // how it ended a row does not say
		}
	}
	phase, state := stateOf(reason)
	if list == "initContainerStatuses" && strings.Contains(reason, "/") { // Init:0/2: one of them runs, or none was created yet
		state = map[string]any{"running": map[string]any{}}
	}
	if reason == "Completed" && list == "containerStatuses" && toItsEnd(r) {
		phase, state = "Succeeded", nil
	}
	switch {
	case phase != "" && state == nil:
		status["phase"] = phase
		if reason != phase {
			status["reason"] = reason
		}
	case state != nil && (single || reason != "Running"):
		if phase != "" {
			status["phase"] = phase
		}
		c["state"] = state
		status[list] = []any{c}
	}
	raw := evidence.Raw{"apiVersion": "v1", "kind": "Pod", "metadata": meta, "status": status}
	if len(spec) > 0 {
		raw["spec"] = spec
	}
	b.keep(evidence.NewObject(raw, "v1", "Pod", "table"), fromTable)
}

// stillLoops tells whether a container that runs has not yet outlived its crashes: RESTARTS shows how long ago the last one
// ended (printPod). It is triage's rule (triage.over) with the pod's age for the time of its start.
func stillLoops(r *table.PodRow) bool {
	n := r.Restarts.Or(0)
	if n < 2 || !r.LastRestart.Known || !r.Age.Known {
		return false
	}
	life, ran := (r.Age.D-r.LastRestart.D)/time.Duration(n), r.LastRestart.D
	if life > 24*time.Hour {
		return false // a restart now and then
	}
	return ran <= 3*life || life > time.Minute && ran <= 10*time.Minute
}

// toItsEnd: it ran to its end, as a Job's pod does, perhaps after some tries. What is started again whenever it completes
// waits for five minutes at most in between (the cap of the kubelet's back-off), and shows that wait as CrashLoopBackOff.
func toItsEnd(r *table.PodRow) bool {
	n, known := r.Restarts.Get()
	switch {
	case !known:
		return false
	case n == 0:
		return true
	case r.LastRestart.Known:
		return r.LastRestart.D > 10*time.Minute
	}
	return r.Age.Known && r.Age.D/time.Duration(n+1) > 20*time.Minute
}

// stateOf reads the column STATUS (pkg/printers/internalversion/printers.go, printPod): a phase, a pod's reason, or the
// reason of a container's state.
func stateOf(reason string) (phase string, state map[string]any) {
	switch reason {
	case "Running":
		return "Running", map[string]any{"running": map[string]any{}}
	case "Pending", "Succeeded", "Failed":
		return reason, nil
	case "Evicted", "NodeLost", "NodeAffinity", "OutOfcpu", "OutOfmemory", "Preempting", "UnexpectedAdmissionError", "Shutdown", "NodeShutdown", "DeadlineExceeded":
		return "Failed", nil
	case "Terminating", "SchedulingGated", "":
		return "", nil
	case "Error", "Completed", "OOMKilled", "StartError", "ContainerCannotRun", "ContainerStatusUnknown":
		return "", map[string]any{"terminated": map[string]any{"reason": reason}}
	}
	for prefix, offset := range map[string]int{"ExitCode:": 0, "Signal:": 128} {
		if n, err := strconv.Atoi(strings.TrimPrefix(reason, prefix)); err == nil && strings.HasPrefix(reason, prefix) {
			return "", map[string]any{"terminated": map[string]any{"exitCode": float64(n + offset)}}
		}
	}
	if strings.Contains(reason, "/") { // Init:0/2
		return "Pending", nil
	}
	return "", map[string]any{"waiting": map[string]any{"reason": reason}}
}

func (b *builder) eventRow(r *table.EventRow) {
	kind, name := kindNamed(r.ObjectKind), r.ObjectName
	if name == "" && r.Reason == "" {
		return
	}
	b.used++
	ns := cmp.Or(r.Namespace, b.namespace)
	component, _, _ := strings.Cut(r.Source, ",")
	b.ages = append(b.ages, agedEvent{first: ago(r.First), last: ago(r.Last), Event: evidence.Event{Namespace: ns, Container: evidence.ContainerOfFieldPath(r.SubObject),
		About: evidence.Ref{Kind: kind, Namespace: ns, Name: name, Path: r.SubObject}, Type: r.Type, Reason: r.Reason, Message: r.Message, Component: component, Count: r.Count.Or(0)}})
}

// kindNamed reads the kind of "pod/api-0" and "deployment.apps/api".
func kindNamed(lower string) string {
	short, _, _ := strings.Cut(lower, ".")
	for plural, kind := range kindsOfPath {
		if strings.EqualFold(kind, short) || plural == short {
			return kind
		}
	}
	return lower
}

func (b *builder) nodeRow(r *table.NodeRow) {
	raw := evidence.Raw{"apiVersion": "v1", "kind": "Node", "metadata": map[string]any{"name": r.Name}}
	if ready, ok := r.Ready.Get(); ok {
		status, reason := "True", "KubeletReady"
		if !ready {
			status, reason = "False", "NotReady" // False or Unknown: the table does not tell these apart
		}
		raw["status"] = map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": status, "reason": reason}}}
	}
	b.keep(evidence.NewObject(raw, "v1", "Node", "table"), fromTable)
}
