package kube

import (
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/crashproof-dev/crashproof/evidence"
)

// verify reads the statuses again. A log whose run is the same before and after belongs to that run; another is
// read once more, and left out if its run still cannot be told.
func (r *round) verify(samples []*sample) {
	var read []*sample
	for _, s := range samples {
		if s.open() {
			read = append(read, s)
		}
	}
	after := r.statuses(read)
	var wg sync.WaitGroup
	for _, s := range read {
		wg.Go(func() {
			if pod := after(s); pod != nil {
				r.settle(s, pod)
			}
		})
	}
	wg.Wait()
	for _, s := range samples {
		for _, l := range s.logs {
			if l.refused != nil {
				r.gap(*l.refused)
			}
		}
	}
}

// open reports whether a log's run is still to be confirmed, or its absence to be explained.
func (s *sample) open() bool {
	return slices.ContainsFunc(s.logs, func(l *logRead) bool { return l.keep || l.changed() })
}

// changed tells the refusals that a restart in between may explain: the kubelet removed the container, or has no
// such run any more.
func (l *logRead) changed() bool {
	return l.refused != nil && (l.refused.Reason == evidence.Expired || l.refused.Reason == evidence.NotFound)
}

// settle compares a pod's logs with its status after the reads.
func (r *round) settle(s *sample, pod *corev1.Pod) {
	stale := s.mismatched(pod)
	for range s.patience(r.clock()) {
		if len(stale) > 0 || s.overtaken() == nil {
			break
		}
		if pod = r.laterPod(s, pod); pod == nil {
			return
		}
		stale = s.mismatched(pod)
	}
	s.adopt(pod)
	if len(stale) == 0 {
		return
	}
	for _, l := range stale {
		r.readAgain(s, l)
	}
	again, err := r.freshPod(s.pod.Namespace, s.pod.Name)
	if err != nil {
		r.vanished(s, err)
		return
	}
	for _, l := range s.mismatched(again) {
		if l.keep {
			l.keep = false
			l.refused = s.logGap(l.ask, evidence.Mismatched, "the container restarted during each of two reads, so the log's run cannot be told", "run it again")
		}
	}
	s.adopt(again)
}

// overtaken: a kubelet keeps one dead container per name (pkg/kubelet/container/container_gc.go, MaxPerPodContainer). It
// removes the one before as soon as it notices the next end, while the status has yet to tell, and in its sweep every
// minute even sooner: a container that is created and not yet started counts as the newest dead one there
// (kuberuntime_gc.go, evictableContainers skips what is running). So where the previous log is gone and the status shows
// a running container, its own end is worth waiting for.
func (s *sample) overtaken() *evidence.Container {
	for _, l := range s.logs {
		c := s.p.Container(l.ask.container)
		if !l.keep && l.ask.previous && l.refused != nil && l.refused.Reason == evidence.Expired && c != nil && c.State.Kind == evidence.Running {
			return c
		}
	}
	return nil
}

// The least and the most seconds to wait for the end of a run whose predecessor's log is gone.
const (
	leastWait = 2
	mostWait  = 15
)

// patience is how often, a status lag apart, to look for the end of the present run: half as long again as the run
// before lived.
func (s *sample) patience(now time.Time) int {
	c := s.overtaken()
	if c == nil || c.Last.StartedAt.IsZero() || c.State.StartedAt.IsZero() {
		return leastWait
	}
	life := c.Last.FinishedAt.Sub(c.Last.StartedAt)
	due := c.State.StartedAt.Add(life + life/2 + 2*time.Second).Sub(now)
	if due > mostWait*time.Second { // it lives too long to wait for
		return leastWait
	}
	return max(leastWait, int(due.Seconds())+1)
}

// laterPod reads a pod's status after the time that a kubelet takes to report; without a pod it is gone.
func (r *round) laterPod(s *sample, last *corev1.Pod) *corev1.Pod {
	select {
	case <-r.ctx.Done():
		return last
	case <-time.After(r.statusLag):
	}
	pod, err := r.freshPod(s.pod.Namespace, s.pod.Name)
	if err != nil {
		r.vanished(s, err)
		return nil
	}
	return pod
}

// readAgain reads a log once more, now expecting the run that the newer status shows.
func (r *round) readAgain(s *sample, l *logRead) {
	l.keep = false
	var run evidence.State
	c := s.p.Container(l.ask.container)
	if c != nil {
		run, _ = c.LogRun(l.ask.previous)
	}
	if run.ContainerID == "" {
		l.refused = s.logGap(l.ask, evidence.Mismatched, "the container restarted while its log was read", "run it again")
		return
	}
	for _, other := range s.logs {
		if other != l && other.keep && other.ask.container == l.ask.container && other.ask.run.ContainerID == run.ContainerID {
			l.refused = nil
			return // that run's log is there already
		}
	}
	l.ask.run = run
	r.readOne(s, l)
}

// mismatched marks the logs whose run is the same in the given status as sure, and returns the others, as well as
// the refusals that a restart explains.
func (s *sample) mismatched(pod *corev1.Pod) []*logRead {
	now := evidence.PodFromAPI(pod)
	var out []*logRead
	for _, l := range s.logs {
		if !l.keep && !l.changed() {
			continue
		}
		var run evidence.State
		if c := now.Container(l.ask.container); c != nil && now.Ref.UID == s.p.Ref.UID {
			run, _ = c.LogRun(l.ask.previous)
		}
		same := run.ContainerID == l.ask.run.ContainerID
		l.log.Sure = l.keep && same && l.fits()
		if !same || l.keep && !l.log.Sure {
			out = append(out, l)
		}
	}
	return out
}

// clockSlack is how far a log's times may lie outside of its run's: the status has whole seconds, and the runtime
// writes down start and end when it notices them.
const clockSlack = 5 * time.Second

// fits tells whether a log's times can be of its run; both are of the same node's clock. It catches the case that the
// kubelet already knew of a restart that the API did not show yet.
func (l *logRead) fits() bool {
	var first, last time.Time
	for line := range l.log.Lines() {
		if line.Time.IsZero() {
			continue
		}
		if first.IsZero() {
			first = line.Time
		}
		last = line.Time
	}
	if first.IsZero() {
		return true
	}
	run := l.ask.run
	early := !run.StartedAt.IsZero() && first.Before(run.StartedAt.Add(-clockSlack))
	late := !run.FinishedAt.IsZero() && last.After(run.FinishedAt.Add(clockSlack))
	return !early && !late
}

// adopt makes the newer status the pod's, unless it is another pod of the same name.
func (s *sample) adopt(pod *corev1.Pod) {
	if pod.UID == s.pod.UID {
		pod.ManagedFields = nil
		s.pod, s.p = pod, evidence.PodFromAPI(pod)
	}
}

// vanished: the pod could not be read again, so which run its logs belong to stays open.
func (r *round) vanished(s *sample, err error) {
	if e := r.ends(err); e != nil {
		r.abort(e)
		return
	}
	for _, l := range s.logs {
		l.log.Sure = false
	}
	g := missed("status of the pod after its logs were read", evidence.Kubelet, "get", resPods, s.pod.Namespace, err)
	if s.gone = apierrors.IsNotFound(err); s.gone {
		g.Detail = "the pod disappeared while it was read"
	}
	g.About = s.ref()
	r.gap(g)
}
