package kube

import (
	"cmp"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// groupKey is what pods have in common that are sick in the same way.
type groupKey struct {
	namespace, kind, workload, revision, container, symptom string
}

func (k groupKey) compare(o groupKey) int {
	return cmp.Or(cmp.Compare(k.namespace, o.namespace), cmp.Compare(k.kind, o.kind), cmp.Compare(k.workload, o.workload),
		cmp.Compare(k.revision, o.revision), cmp.Compare(k.container, o.container), cmp.Compare(k.symptom, o.symptom))
}

// group counts its pods and keeps the best few of them whole.
type group struct {
	key  groupKey
	of   int
	best []*sample // best first, at most the number to be read
}

// add counts a pod and keeps it if it is among the k best.
func (g *group) add(s *sample, k int) {
	g.of++
	i, _ := slices.BinarySearchFunc(g.best, s, (*sample).compare)
	if i >= k {
		return
	}
	g.best = slices.Insert(g.best, i, s)
	if len(g.best) > k {
		g.best[k] = nil
		g.best = g.best[:k]
	}
}

// sample is a pod that may be read in depth.
type sample struct {
	pod *corev1.Pod
	p   *evidence.Pod
	// sick are the containers whose logs matter.
	sick []triage.Verdict
	// fresh is better the lower it is: how surely the log of a dead run can be had.
	fresh int
	last  time.Time // of the last bad end
	first bool      // the first of a group is read more thoroughly
	gone  bool      // it vanished while it was read
	logs  []*logRead
}

func newSample(pod *corev1.Pod, p *evidence.Pod, verdicts []triage.Verdict) *sample {
	s := &sample{pod: pod, p: p, sick: verdicts, fresh: 3}
	for _, v := range verdicts {
		if v.Last.After(s.last) {
			s.last = v.Last
		}
		if c := p.Container(v.Container); c != nil {
			s.fresh = min(s.fresh, freshness(c))
		}
	}
	if len(verdicts) == 0 && p.Conditions[corev1.PodReady].Status == corev1.ConditionTrue {
		s.fresh = 0 // of the healthy ones, a ready one is the better sibling
	}
	return s
}

// freshness prefers pods that are dead at this moment: their log requests answer with the dead run.
func freshness(c *evidence.Container) int {
	switch {
	case c.State.Kind == evidence.Terminated && c.State.ContainerID != "":
		return 0
	case c.State.Kind == evidence.Waiting && c.Last.Kind == evidence.Terminated && c.Last.ContainerID != "":
		return 0
	case c.Last.Kind == evidence.Terminated:
		return 1
	}
	return 2
}

// compare orders samples, best first. The order is total: which pods are read must not depend on the order in which
// they were listed.
func (s *sample) compare(o *sample) int {
	return cmp.Or(cmp.Compare(s.fresh, o.fresh), o.last.Compare(s.last), cmp.Compare(s.pod.Namespace, o.pod.Namespace),
		cmp.Compare(s.pod.Name, o.pod.Name), cmp.Compare(s.pod.UID, o.pod.UID))
}

func (s *sample) owner() *metav1.OwnerReference { return metav1.GetControllerOf(s.pod) }

func (s *sample) ref() evidence.Ref { return s.p.Ref }

// choose decides which pods' logs are read: the best of every group first, then the second best, and so on, larger
// groups first, up to the bound of a scan.
func (p *podPass) choose(r *round) {
	groups := p.ordered()
	limit := scanLogPods
	if r.forTarget() {
		limit = int(^uint(0) >> 1)
	}
	chosen := map[*sample]bool{}
	for i := range r.opts.PerGroup {
		for _, g := range groups {
			if i >= len(g.best) || len(chosen) >= limit {
				continue
			}
			s := g.best[i]
			s.first = s.first || i == 0
			if !chosen[s] {
				chosen[s] = true
				p.sampled = append(p.sampled, s)
			}
		}
	}
	unread := 0
	for _, g := range groups {
		n := 0
		for _, s := range g.best {
			if chosen[s] {
				n++
			}
		}
		if n == 0 {
			unread++
		}
		r.s.Samples = append(r.s.Samples, evidence.Sample{Workload: g.key.kind + "/" + g.key.namespace + "/" + g.key.workload,
			Revision: g.key.revision, Container: g.key.container, Symptom: g.key.symptom, Read: n, Of: g.of})
	}
	if unread > 0 {
		r.gap(evidence.Gap{What: "logs of " + plural(unread, "group") + " of sick pods", Source: evidence.Process, Reason: evidence.NotAsked,
			Detail: "one scan reads the logs of at most " + plural(scanLogPods, "pod"), Close: "diagnose these workloads one by one, or narrow the scan with -n or -l"})
	}
}

// ordered lists the groups, larger ones first.
func (p *podPass) ordered() []*group {
	out := make([]*group, 0, len(p.groups))
	for _, g := range p.groups {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b *group) int { return cmp.Or(cmp.Compare(b.of, a.of), a.key.compare(b.key)) })
	return out
}

// kept lists every pod that is kept whole, each once.
func (p *podPass) kept() []*sample {
	seen := map[*sample]bool{}
	var out []*sample
	add := func(g *group) {
		for _, s := range g.best {
			if !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	for _, g := range p.groups {
		add(g)
	}
	for _, g := range p.well {
		add(g)
	}
	slices.SortFunc(out, (*sample).compare)
	return out
}
