package importer

import (
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer/age"
	"github.com/crashproof-dev/crashproof/evidence/importer/describe"
)

// kubectlText reads what `kubectl describe` and `kubectl get` printed.
func (b *builder) kubectlText(data []byte) []span {
	var out []span
	for _, o := range describe.Parse(data) {
		out = append(out, span{o.Start, o.End})
		b.described(&o)
	}
	return append(out, b.tables(data, out)...)
}

// described takes one object of a describe text. A block whose start was cut off is of a pod without a name.
func (b *builder) described(o *describe.Object) {
	raw := o.Raw
	if len(raw) == 0 {
		raw = evidence.Raw{}
	}
	kind, name, ns := o.Kind, raw.Str("metadata", "name"), raw.Str("metadata", "namespace")
	if kind == "" && len(o.Events) > 0 {
		kind = "Pod"
	}
	if name == "" {
		if kind != "Pod" {
			return
		}
		name = evidence.Unnamed
		meta, _ := raw["metadata"].(map[string]any)
		if meta == nil {
			meta = map[string]any{}
			raw["metadata"] = meta
		}
		meta["name"] = name
	}
	if kind == "Pod" {
		annotate(raw, o)
		b.dateByAge(raw, o)
	}
	if kind != "" {
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
