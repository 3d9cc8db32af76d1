package importer

import (
	"cmp"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer/age"
	"github.com/crashproof-dev/crashproof/evidence/importer/describe"
)

// kubectlText reads what `kubectl describe` and `kubectl get` printed.
func (b *builder) kubectlText(data []byte) []span {
	above := b.commands(data)
	var out []span
	take := func(o *describe.Object) {
		b.described(o, above.of(o.Start, out))
		out = append(out, span{o.Start, o.End})
	}
	for _, o := range describe.Parse(data) {
		take(&o)
	}
	for _, o := range describe.EventRows(data) {
		if covered(out, o.Start) == o.Start {
			take(&o)
		}
	}
	return append(out, b.tables(data, out, above)...)
}

// placed is a command line and where it ends.
type placed struct {
	command
	end int
}

type commandList []placed

// commands finds the command lines of a text.
func (b *builder) commands(data []byte) commandList {
	var out commandList
	for start := 0; start < len(data); {
		end := lineEnd(data, start)
		if cmd, ok := commandOf(strings.TrimSpace(string(data[start:end]))); ok {
			out = append(out, placed{cmd, end})
			if cmd.pod != "" {
				b.told = append(b.told, cmd.logName)
			}
		}
		start = end
	}
	return out
}

// of returns the command that printed what begins at an offset: the last one above it, unless it printed something else.
func (l commandList) of(at int, taken []span) command {
	var out placed
	for _, c := range l {
		if c.end <= at {
			out = c
		}
	}
	for _, s := range taken {
		if s.start >= out.end && s.start < at {
			return command{}
		}
	}
	return out.command
}

// described takes one object of a describe text. The name of a block whose start was cut off is on the command line above
// it, or in its own events; else it is of a pod without a name.
func (b *builder) described(o *describe.Object, cmd command) {
	raw := o.Raw
	if len(raw) == 0 {
		raw = evidence.Raw{}
	}
	kind, name, ns := o.Kind, raw.Str("metadata", "name"), raw.Str("metadata", "namespace")
	if kind == "" && len(o.Events) > 0 {
		kind = cmp.Or(reporters[o.Events[0].From], "Pod")
		if kind != "Pod" {
			b.reported(kind, o, cmd)
			return
		}
	}
	if name == "" {
		if kind != "Pod" {
			return
		}
		ns, name = ownName(o.Events)
		if name == "" && cmd.pod != "" && !cmd.prints() {
			ns, name = cmp.Or(cmd.namespace, b.namespace), cmd.pod
		}
		name = cmp.Or(name, evidence.Unnamed)
		meta, _ := raw["metadata"].(map[string]any)
		if meta == nil {
			meta = map[string]any{}
			raw["metadata"] = meta
		}
		meta["name"] = name
		if ns != "" {
			meta["namespace"] = ns
		}
	}
	if kind == "Pod" {
		annotate(raw, o)
		unnamedContainers(raw)
		b.dateByAge(raw, o)
	}
	if kind != "" && (o.Kind != "" || o.EventsShown) {
		b.keep(evidence.NewObject(raw, "", kind, "describe"), fromDescribe)
	}
	about := evidence.Ref{Kind: kind, Namespace: ns, Name: name}
	for _, e := range o.Events {
		b.used++
		ev := agedEvent{first: ago(e.First), last: ago(e.Last), Event: evidence.Event{Namespace: ns, About: about, Container: evidence.ContainerOfFieldPath(e.Container),
			Type: e.Type, Reason: e.Reason, Message: e.Message, Component: e.From, Count: e.Count}}
		ev.About.Path = e.Container
		b.ages = append(b.ages, ev)
	}
}

// reporters are the controllers of which the events under an object tell its kind.
var reporters = map[string]string{"replicaset-controller": "ReplicaSet", "daemonset-controller": "DaemonSet", "statefulset-controller": "StatefulSet", "job-controller": "Job"}

// reported keeps the events of a controller whose object was cut off. Its name is on the command line above.
func (b *builder) reported(kind string, o *describe.Object, cmd command) {
	if cmd.object == "" {
		return
	}
	ns := cmp.Or(cmd.namespace, b.namespace)
	for _, e := range o.Events {
		b.used++
		b.ages = append(b.ages, agedEvent{first: ago(e.First), last: ago(e.Last), Event: evidence.Event{Namespace: ns, About: evidence.Ref{Kind: kind, Namespace: ns, Name: cmd.object},
			Type: e.Type, Reason: e.Reason, Message: e.Message, Component: e.From, Count: e.Count}})
	}
}

// ownName is the pod that the words of its events name.
func ownName(events []describe.Event) (ns, name string) {
	for _, e := range events {
		if ns, name := podIn(e.Message); name != "" {
			return ns, name
		}
	}
	return "", ""
}

// unnamedContainers gives those containers a name whose own was cut off.
func unnamedContainers(raw evidence.Raw) {
	for _, path := range [][]string{{"spec", "containers"}, {"status", "containerStatuses"}} {
		for _, c := range raw.List(path...) {
			if c.Str("name") == "" {
				c["name"] = evidence.Unnamed
			}
		}
	}
}

func ago(a age.Age) time.Duration {
	if !a.Known {
		return -1
	}
	return a.D
}

// annotate marks the containers whose spec was shown whole.
func annotate(raw evidence.Raw, o *describe.Object) {
	meta, _ := raw["metadata"].(map[string]any)
	notes, _ := meta["annotations"].(map[string]any)
	if notes == nil {
		notes = map[string]any{}
		meta["annotations"] = notes
	}
	for _, c := range o.Containers {
		if c.Complete {
			notes[evidence.DescribedAnnotation+c.Name] = "true"
		}
	}
	if len(notes) == 0 {
		delete(meta, "annotations")
	}
}

// dateByAge finds the moment at which a text was printed: a pod is scheduled and taken up by its kubelet (Start Time)
// within the same second or two, so the age of its Scheduled event dates the text; so does the age of the Started event
// that belongs to a running container's start.
func (b *builder) dateByAge(raw evidence.Raw, o *describe.Object) {
	started := func(s string) (time.Time, bool) {
		t, err := time.Parse(time.RFC3339, s)
		return t, err == nil
	}
	for _, e := range o.Events {
		if !e.Last.Known || !e.First.Known {
			continue
		}
		switch e.Reason {
		case "Scheduled":
			if t, ok := started(raw.Str("status", "startTime")); ok {
				b.saw(t.Add(e.First.D))
				b.dated = true
			}
		case "Started":
			for _, c := range raw.List("status", "containerStatuses") {
				if t, ok := started(c.Str("state", "running", "startedAt")); ok && e.Container == "spec.containers{"+c.Str("name")+"}" {
					b.saw(t.Add(e.Last.D))
					b.dated = true
				}
			}
		}
	}
}
