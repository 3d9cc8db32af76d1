package importer

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// snapshot puts together what was read.
func (b *builder) snapshot() (*evidence.Snapshot, error) {
	var own *evidence.Snapshot
	if len(b.bundles) == 0 || len(b.objects) > 0 || len(b.rows) > 0 || len(b.events) > 0 || len(b.logs) > 0 || len(b.ages) > 0 {
		own = b.assemble()
	}
	if len(b.bundles) > 0 {
		return b.join(own)
	}
	return own, nil
}

func (b *builder) assemble() *evidence.Snapshot {
	b.unite()
	b.sketch()
	b.useParts()
	s := &evidence.Snapshot{Cluster: b.cluster, Usage: b.usage}
	pods := b.pods()
	b.placeLogs(s, pods)
	pods = b.pods() // logs may have brought pods of which nothing else is known
	b.anchor(pods)
	s.CapturedAt, s.AtLeast = b.newest, !b.dated
	b.dateEvents()
	s.Events = uniqueEvents(b.events)
	for _, k := range b.order {
		s.Objects = append(s.Objects, b.objects[k].Object)
	}
	b.nodes(s)
	for key, i := range b.rows {
		if b.objects[key] == nil { // else another file shows the pod in trouble
			s.Population.Add(b.population.Rows[i])
		}
	}
	for _, p := range pods {
		row, verdicts := triage.Row(p.Pod, triage.Clock{Now: s.CapturedAt, AtLeast: s.AtLeast})
		if w := s.Workload(p.Pod); w.Kind != "" {
			row.WorkloadKind, row.Workload = w.Kind, w.Name
		}
		s.Population.Add(row)
		b.missing(s, p.Pod, verdicts)
	}
	if ns, ok := b.objects["Namespace//kube-system"]; ok {
		s.Cluster.UID = ns.uid
	}
	s.EventsListed = slices.Sorted(maps.Keys(b.listed))
	s.Gaps = b.gaps
	s.Sort()
	return s
}

// pod is a pod that was read, in the order of its key.
type pod struct {
	*evidence.Pod
	key string
}

func (b *builder) pods() []pod {
	var out []pod
	for _, k := range b.order {
		o := b.objects[k]
		if o.Kind != "Pod" {
			continue
		}
		p, err := evidence.PodFromObject(o.Object)
		if err != nil {
			b.gap(evidence.Gap{What: "pod " + o.Namespace + "/" + o.Name, Source: evidence.Kubelet, Reason: evidence.Unavailable, Detail: firstLineOf(err.Error()), Close: "give the pod as kubectl get pod -o json writes it"})
			delete(b.objects, k)
			continue
		}
		out = append(out, pod{p, k})
	}
	b.order = slices.DeleteFunc(b.order, func(k string) bool { return b.objects[k] == nil })
	slices.SortFunc(out, func(x, y pod) int { return cmp.Compare(x.key, y.key) })
	return out
}

func (b *builder) nodes(s *evidence.Snapshot) {
	for _, k := range b.order {
		o := b.objects[k]
		if o.Kind != "Node" {
			continue
		}
		var n corev1.Node
		if err := o.Raw.Into(&n); err != nil {
			b.gap(evidence.Gap{What: "node " + o.Name, Source: evidence.Node, Reason: evidence.Unavailable, Detail: firstLineOf(err.Error())})
			continue
		}
		row := evidence.NodeRowFromAPI(&n)
		s.Population.Nodes = append(s.Population.Nodes, row)
		if p := evidence.ProviderOf(row.ProviderID); p != "" {
			s.Cluster.Provider = p
		}
		if s.Cluster.Version == "" {
			s.Cluster.Version = row.KubeletVersion
		}
	}
}

// missing names what would tell more about a sick pod and was not given.
func (b *builder) missing(s *evidence.Snapshot, p *evidence.Pod, verdicts []triage.Verdict) {
	for _, v := range verdicts {
		c := p.Container(v.Container)
		if c == nil || v.Symptom == triage.ImagePull || v.Symptom == triage.ConfigFailure || len(p.Dead(c)) == 0 {
			continue
		}
		has := slices.ContainsFunc(s.Logs, func(l evidence.Log) bool {
			return l.Instance.Namespace == p.Ref.Namespace && l.Instance.Pod == p.Ref.Name && l.Instance.Container == c.Name && (l.Previous || c.State.Kind != evidence.Running)
		})
		if !has && !b.gapped(p, c.Name) {
			b.logGap(evidence.Instance{Namespace: p.Ref.Namespace, Pod: p.Ref.Name, Container: c.Name}, true, evidence.NotAsked, "it is not among what was given")
		}
	}
	if len(verdicts) > 0 && !s.ListedEvents(p.Ref.Namespace) && len(s.EventsAbout(p.Ref)) == 0 {
		what := "events"
		if p.Ref.Namespace != "" {
			what += " in namespace " + p.Ref.Namespace
		}
		b.gap(evidence.Gap{What: what, Source: evidence.Kubelet, Reason: evidence.NotAsked, Detail: "they are not among what was given", Close: "kubectl get events -n " + evidence.Fill(p.Ref.Namespace, "NAMESPACE") + " -o json"})
	}
}

func (b *builder) gapped(p *evidence.Pod, container string) bool {
	return slices.ContainsFunc(b.gaps, func(g evidence.Gap) bool {
		return g.Source == evidence.Process && g.About.Name == p.Ref.Name && g.About.Namespace == p.Ref.Namespace && g.About.Path == "status.containers["+container+"]"
	})
}

// anchor moves the moment of capture to where the ages of events put it: a container's last start stands in its status as
// a time and in its Started event as an age. Below ten minutes kubectl writes ages to the second, beyond to the minute
// (k8s.io/apimachinery pkg/util/duration, HumanDuration), rounded down, so that what follows is never too late.
func (b *builder) anchor(pods []pod) {
	for _, e := range b.ages {
		if e.Reason != "Started" || e.last < 0 {
			continue
		}
		name, named := strings.CutPrefix(e.Message, "Started container ")
		for _, p := range pods {
			if p.Ref.Name != e.About.Name || p.Ref.Namespace != e.About.Namespace {
				continue
			}
			c := p.Container(name)
			if !named && len(p.Containers) == 1 {
				c = &p.Containers[0]
			}
			if c == nil {
				continue
			}
			started := c.State.StartedAt
			if c.Last.StartedAt.After(started) {
				started = c.Last.StartedAt
			}
			if !started.IsZero() {
				b.saw(started.Add(e.last))
				b.dated = true
			}
		}
	}
}

// dateEvents turns ages into times, now that the moment of capture is known.
func (b *builder) dateEvents() {
	for _, e := range b.ages {
		if !b.newest.IsZero() {
			if e.last >= 0 {
				e.Last = b.newest.Add(-e.last)
			}
			if e.first >= 0 {
				e.First = b.newest.Add(-e.first)
			}
		}
		b.events = append(b.events, e.Event)
	}
	b.ages = nil
}

// uniqueEvents drops what several files hold twice; of two states of one event the later one stays.
func uniqueEvents(events []evidence.Event) []evidence.Event {
	type key struct{ uid, ns, kind, name, container, reason, message string }
	at := map[key]int{}
	var out []evidence.Event
	for _, e := range events {
		k := key{uid: e.UID}
		if e.UID == "" {
			k = key{ns: e.About.Namespace, kind: e.About.Kind, name: e.About.Name, container: e.Container, reason: e.Reason, message: e.Message}
		}
		i, ok := at[k]
		switch {
		case !ok:
			at[k] = len(out)
			out = append(out, e)
		case e.Last.After(out[i].Last):
			out[i] = e
		}
	}
	return out
}
