package kube

import (
	"runtime"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

func cores() int { return runtime.GOMAXPROCS(0) }

// recentRestart is how long ago an incident that is over may be for a scan to read it in depth. Events, which tell
// most about it, live for an hour by default (kube-apiserver --event-ttl).
const recentRestart = time.Hour

// sort puts one pod into the population, and keeps the whole of it only where it may be read in depth.
func (p *podPass) sort(pod *corev1.Pod) {
	ep := evidence.PodFromAPI(pod)
	row, verdicts := triage.Row(ep, triage.At(p.r.clock()))
	mine, sibling := p.concerns(pod, ep)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.population.Add(row)
	if mine {
		p.group(pod, ep, row, verdicts)
	}
	if sibling && len(verdicts) == 0 {
		p.healthy(pod, ep, row)
	}
}

// concerns tells whether a sick pod is to be read in depth, and whether a healthy one is.
func (p *podPass) concerns(pod *corev1.Pod, ep *evidence.Pod) (mine, sibling bool) {
	if !p.r.selector.Matches(labels.Set(pod.Labels)) {
		return false, false
	}
	if p.r.forTarget() {
		t := p.r.target
		if t == nil || pod.Namespace != p.r.namespace() {
			return false, false
		}
		return t.owns(pod, ep), t.sibling(pod, ep)
	}
	ns := p.r.within()
	return ns == "" || ns == pod.Namespace, false
}

// group sorts a sick pod into the group of each of its verdicts.
func (p *podPass) group(pod *corev1.Pod, ep *evidence.Pod, row evidence.Row, verdicts []triage.Verdict) {
	var s *sample
	for _, v := range verdicts {
		if v.Symptom == triage.Restarted && !p.r.forTarget() && p.r.clock().Sub(v.Last) > recentRestart {
			continue
		}
		if s == nil {
			s = newSample(pod, ep, verdicts)
		}
		k := groupKey{namespace: row.Namespace, kind: row.WorkloadKind, workload: row.Workload, revision: row.Revision, container: v.Container, symptom: string(v.Symptom)}
		g := p.groups[k]
		if g == nil {
			g = &group{key: k}
			p.groups[k] = g
		}
		g.add(s, p.r.opts.PerGroup)
	}
}

// take sorts a pod of a plan's workload; its name may be the workload's, its controller's or the pod's own.
func (p *podPass) take(item []byte, form encoding, name string) bool {
	pod, err := decode[corev1.Pod](item, form)
	if err != nil {
		return false
	}
	pod.ManagedFields = nil
	ep := evidence.PodFromAPI(pod)
	row, verdicts := triage.Row(ep, triage.At(p.r.clock()))
	if name != "" && name != row.Workload && name != row.Owner && name != row.Pod {
		return false
	}
	p.population.Add(row)
	if len(verdicts) == 0 {
		p.healthy(pod, ep, row)
		return true
	}
	p.group(pod, ep, row, verdicts)
	return true
}

func (p *podPass) healthy(pod *corev1.Pod, ep *evidence.Pod, row evidence.Row) {
	k := row.Workload + "@" + row.Revision
	g := p.well[k]
	if g == nil {
		g = &group{}
		p.well[k] = g
	}
	g.add(newSample(pod, ep, nil), p.r.opts.PerGroup)
}
