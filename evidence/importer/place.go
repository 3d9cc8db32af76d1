package importer

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// placeLogs finds out whose each log is, and which run's.
func (b *builder) placeLogs(s *evidence.Snapshot, pods []pod) {
	for i := range b.logs {
		l := &b.logs[i]
		if also, ok := b.links[l.path]; ok && podsLogs.MatchString(also) && !podsLogs.MatchString(l.path) {
			l.logName, _ = logPath(also)
		}
		if _, well := b.rows[(evidence.Object{Kind: "Pod", Namespace: l.namespace, Name: l.pod}).Key()]; well {
			continue // the log of a pod that is well
		}
		p, c, sure := b.ownerOf(l, pods)
		if p == nil {
			p, c, sure = b.unseen(l, pods)
		}
		if p == nil {
			b.gap(evidence.Gap{What: "log " + b.called(l.path), Source: evidence.Process, Reason: evidence.Mismatched, Detail: "it does not say of which of the pods it is",
				Close: "name it <namespace>/<pod>/<container>.log, with .previous.log for the previous run"})
			continue
		}
		b.placeLog(s, l, p, c, sure && l.sure)
	}
}

// podsLogs is where support bundles keep logs by namespace and pod. Beside it, or in its place with a link to it or from
// it, stands a folder that bears the name of whoever asked for the logs (troubleshoot pkg/collect/logs.go, savePodLogs).
var podsLogs = regexp.MustCompile(`(?:^|/)pods/logs/[^/]+/[^/]+/[^/]+$`)

func (b *builder) placeLog(s *evidence.Snapshot, l *logFile, p *evidence.Pod, container string, sure bool) {
	in := evidence.Instance{Namespace: p.Ref.Namespace, Pod: p.Ref.Name, PodUID: p.Ref.UID, Container: container, Restart: -1}
	if c := p.Container(container); c != nil {
		run := runOf(c, l.previous)
		in = p.Instance(c, run)
		in.ContainerID = run.ContainerID
	}
	total := l.text.total
	text, skip := l.text.kept()
	if why := refusal(text); why != "" {
		b.logGap(in, l.previous, evidence.Expired, why)
		return
	}
	if skip > 0 {
		b.logGap(in, l.previous, evidence.Truncated, fmt.Sprintf("of its %s the first %s and the last %s were read; between them nothing was", size(total), size(int64(skip)), size(int64(len(text)-skip))))
	}
	log := evidence.Log{Instance: in, Previous: l.previous, Sure: sure, Timestamps: stamped(text), Head: true, Tail: true, Skip: skip, Bytes: len(text), Text: text}
	for ln := range log.Lines() {
		b.saw(ln.Time)
	}
	if c := p.Container(container); c != nil {
		b.sawLog(&log, c.State)
	}
	s.Logs = append(s.Logs, log)
}

// size writes a number of bytes as people read it.
func size(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// runOf is the run that a log shows, by the kubelet's rule where the status is the kubelet's; of partial statuses
// without IDs the state itself tells.
func runOf(c *evidence.Container, previous bool) evidence.State {
	if run, ok := c.LogRun(previous); ok {
		return run
	}
	if !previous && (c.State.Kind == evidence.Running || c.State.Kind == evidence.Terminated) {
		return c.State
	}
	return c.Last
}

// ownerOf finds the pod and the container that a log's path names.
func (b *builder) ownerOf(l *logFile, pods []pod) (*evidence.Pod, string, bool) {
	var byName []*evidence.Pod
	for _, p := range pods {
		if l.pod != "" && p.Ref.Name == l.pod && (p.Ref.Namespace == l.namespace || p.Ref.Namespace == "") {
			return p.Pod, l.containerOf(p.Pod), true
		}
		if l.pod != "" && p.Ref.Name == l.pod {
			byName = append(byName, p.Pod)
		}
	}
	if len(byName) == 1 {
		return byName[0], l.containerOf(byName[0]), true
	}
	if p, c, sure := l.byStem(pods); p != nil {
		return p, c, sure
	}
	return l.byWords(pods)
}

// byWords: programs often name their host, which is the pod, in their lines.
func (l *logFile) byWords(pods []pod) (*evidence.Pod, string, bool) {
	if l.pod != "" || l.container != "" || l.workload != "" {
		return nil, "", false
	}
	text := append(bytes.Clone(l.text.head), l.text.tail...)
	var owner *evidence.Pod
	for _, p := range pods {
		if len(p.Ref.Name) >= 6 && strings.ContainsAny(p.Ref.Name, "-0123456789") && bytes.Contains(text, []byte(p.Ref.Name)) {
			if owner != nil {
				return nil, "", false
			}
			owner = p.Pod
		}
	}
	if owner == nil {
		return nil, "", false
	}
	return owner, l.containerOf(owner), false
}

// containerOf: the file may be named after the container, after the pod, or in the pod's folder after anything.
func (l *logFile) containerOf(p *evidence.Pod) string {
	if p.Container(l.container) != nil || len(p.Containers) == 0 {
		return l.container
	}
	if p.Container(evidence.Unnamed) != nil { // a row of a table does not name the container
		return evidence.Unnamed
	}
	if stem := l.stem(); p.Container(stem) != nil { // a container's name that ends in -previous
		l.previous = false
		return stem
	}
	for i := range p.Containers { // <pod>-<container>, <pod>_<container>
		if n := p.Containers[i].Name; strings.HasSuffix(l.container, "-"+n) || strings.HasSuffix(l.container, "_"+n) {
			return n
		}
	}
	if c := onlySick(p); c != "" && (l.container == "" || l.container == p.Ref.Name || generic.MatchString(l.container)) {
		return c
	}
	return l.container
}

// generic names say nothing about the container.
var generic = regexp.MustCompile(`^(?i:logs?|output|out|stdout|stderr|previous|current|prev|container|pod|crash|app-?logs?)$`)

func (l *logFile) stem() string {
	s, _ := cutLogEnding(path.Base(l.path))
	return s
}

// byStem tries a file's name alone: the pod's, or the pod's and the container's, or a container's that one pod has.
func (l *logFile) byStem(pods []pod) (*evidence.Pod, string, bool) {
	for _, p := range pods {
		if l.container == p.Ref.Name {
			return p.Pod, l.containerOf(p.Pod), true
		}
	}
	for _, p := range pods {
		for i := range p.Containers {
			c := p.Containers[i].Name
			for _, sep := range []string{"_", "-", "."} {
				if l.container == p.Ref.Name+sep+c || l.container == p.Ref.Namespace+"_"+p.Ref.Name+sep+c {
					return p.Pod, c, true
				}
			}
		}
	}
	var has, sick []*evidence.Pod
	for _, p := range pods {
		if p.Container(l.container) != nil {
			has = append(has, p.Pod)
			if isSick(p.Pod, l.container) {
				sick = append(sick, p.Pod)
			}
		}
	}
	switch {
	case len(has) == 1:
		return has[0], l.container, true
	case len(sick) == 1:
		return sick[0], l.container, false
	}
	return l.only(pods)
}

// only: a log that names nobody is of the one container that is sick.
func (l *logFile) only(pods []pod) (*evidence.Pod, string, bool) {
	if l.pod != "" && l.namespace != "" && l.sure && !l.loose {
		return nil, "", false // it names a pod that is not among those given
	}
	if l.workload != "" {
		pods = slices.DeleteFunc(slices.Clone(pods), func(p pod) bool { return !strings.HasPrefix(p.Ref.Name, l.workload+"-") })
	}
	owner, container := onlyOne(pods, func(p *evidence.Pod) string {
		c := onlySick(p)
		if c != "" && !isSick(p, c) {
			return ""
		}
		return c
	})
	if owner == nil && len(pods) == 1 {
		owner, container = onlyOne(pods, onlySick)
	}
	return owner, container, false
}

// onlyOne finds the one pod for which of names a container.
func onlyOne(pods []pod, of func(*evidence.Pod) string) (*evidence.Pod, string) {
	var owner *evidence.Pod
	container := ""
	for _, p := range pods {
		if c := of(p.Pod); c != "" {
			if owner != nil {
				return nil, ""
			}
			owner, container = p.Pod, c
		}
	}
	return owner, container
}

// onlySick names the one container of a pod that is sick, or its only one.
func onlySick(p *evidence.Pod) string {
	name, n := "", 0
	for i := range p.Containers {
		if c := p.Containers[i].Name; isSick(p, c) {
			name = c
			n++
		}
	}
	switch {
	case n == 1:
		return name
	case n == 0 && len(p.Containers) == 1:
		return p.Containers[0].Name
	}
	return ""
}

func isSick(p *evidence.Pod, container string) bool {
	for _, v := range triage.Pod(p, triage.At(p.Newest())) {
		if v.Container == container {
			return true
		}
	}
	return false
}

// unseen makes a pod of which nothing but a log is known. Who hands in a log alone says with it that its program
// crashes; that stays an assumption, which no verdict counts as evidence.
func (b *builder) unseen(l *logFile, pods []pod) (*evidence.Pod, string, bool) {
	if l.loose {
		l.pod, l.namespace = "", ""
	}
	l.namespace = cmp.Or(l.namespace, b.o.Namespace)
	named := l.pod != "" && dnsName.MatchString(l.pod) && dnsName.MatchString(l.container)
	if !named && (len(pods) > 0 || len(b.objects) > 0 || len(b.events)+len(b.ages) > 0) {
		return nil, "", false
	}
	name, container := l.pod, l.container
	if !named {
		name, container = evidence.Unnamed, evidence.Unnamed
		if dnsName.MatchString(l.container) {
			container = l.container
		}
	}
	raw := evidence.Raw{"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": name, "namespace": l.namespace, "annotations": map[string]any{evidence.AssumedAnnotation + container: "crash-loop"}},
		"status":   map[string]any{"containerStatuses": []any{map[string]any{"name": container}}}}
	if l.namespace == "" {
		delete(raw["metadata"].(map[string]any), "namespace")
	}
	b.keep(evidence.NewObject(raw, "v1", "Pod", "file"), 0)
	b.gap(evidence.Gap{What: "status of pod " + name, Source: evidence.Kubelet, Reason: evidence.NotAsked, Detail: "only its log was given, so that it crash-loops is an assumption",
		Close: "kubectl get pod " + evidence.Fill(name, "POD") + " -n " + evidence.Fill(l.namespace, "NAMESPACE") + " -o json"})
	p, err := evidence.PodFromObject(b.objects[(evidence.Object{Kind: "Pod", Namespace: l.namespace, Name: name}).Key()].Object)
	if err != nil {
		return nil, "", false
	}
	return p, container, named
}

var dnsName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
