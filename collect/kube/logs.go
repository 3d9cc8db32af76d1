package kube

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/crashproof-dev/crashproof/evidence"
)

// logRead is one log request and what became of it.
type logRead struct {
	ask  ask
	log  evidence.Log
	keep bool
}

// readLogs reads the logs of the chosen pods, then their statuses once more, then once more the logs whose run changed.
func (r *round) readLogs() {
	var wg sync.WaitGroup
	for _, s := range r.pods.sampled {
		r.progress.add(1)
		wg.Go(func() {
			r.readPodLogs(s, s.wanted())
			r.progress.did("logs of " + s.pod.Name)
		})
	}
	wg.Wait()
	r.verify(r.pods.sampled)
}

func (r *round) readPodLogs(s *sample, asks []ask) {
	for _, name := range s.lost() {
		r.gap(evidence.Gap{What: "log of the last run of container " + name, About: s.at(name), Source: evidence.Process, Reason: evidence.Expired,
			Detail: "the kubelet lost that container and made up its end", Close: "look in a log store that outlives the node"})
	}
	s.logs = make([]*logRead, len(asks))
	var wg sync.WaitGroup
	for i, a := range asks {
		s.logs[i] = &logRead{ask: a}
		wg.Go(func() { r.readOne(s, s.logs[i]) })
	}
	wg.Wait()
}

// readOne makes one log request and keeps its text or its gap.
func (r *round) readOne(s *sample, l *logRead) {
	l.keep = false
	if detail, denied := r.deniedLogs.Load(s.pod.Namespace); denied {
		r.gap(s.logGap(l.ask, evidence.Forbidden, detail.(string), grant("get", resPodLogs, s.pod.Namespace)))
		return
	}
	t, err := r.readLog(r.ctx, s.pod.Namespace, s.pod.Name, l.ask)
	if err != nil {
		r.logRefused(s, l.ask, err)
		return
	}
	if t.excuse != "" {
		r.gap(s.logGap(l.ask, evidence.Expired, t.excuse, "look in a log store that outlives the container"))
	}
	if t.broken != nil {
		r.gap(s.logGap(l.ask, evidence.Truncated, t.broken.Error(), "run it again"))
	}
	if len(t.b) == 0 && (t.excuse != "" || t.broken != nil) {
		return
	}
	l.keep = true
	l.log = evidence.Log{Instance: s.instance(l.ask), Previous: l.ask.previous, Timestamps: true,
		Head: t.head, Tail: t.tail, Skip: t.skip, Bytes: len(t.b), Text: t.b}
}

// instance names the run that a request is expected to answer with.
func (s *sample) instance(a ask) evidence.Instance {
	c := s.p.Container(a.container)
	state := c.State
	if a.run.Kind == evidence.Terminated && a.run.ContainerID == c.Last.ContainerID && a.run.ContainerID != c.State.ContainerID {
		state = c.Last
	}
	in := s.p.Instance(c, state)
	in.ContainerID = a.run.ContainerID
	return in
}

func (s *sample) at(container string) evidence.Ref {
	return s.p.Ref.At("status.containers[" + container + "]")
}

func (s *sample) logGap(a ask, reason evidence.GapReason, detail, closed string) evidence.Gap {
	which := "current"
	if a.previous {
		which = "previous"
	}
	return evidence.Gap{What: which + " log of container " + a.container, About: s.at(a.container), Source: evidence.Process,
		Reason: reason, Detail: detail, Close: closed}
}

// logRefused sorts the answers to a log request that failed.
func (r *round) logRefused(s *sample, a ask, err error) {
	if e := r.ends(err); e != nil {
		r.abort(e)
		return
	}
	detail := trim(err)
	switch code := status(err); {
	case r.ctx.Err() != nil:
		r.gap(s.logGap(a, evidence.NotAsked, "the collection was stopped before it was read", "run it again with more time (--request-timeout)"))
	case errors.Is(err, context.DeadlineExceeded):
		r.gap(s.logGap(a, evidence.Unavailable, fmt.Sprintf("no answer within %s", logPatience), "check the node "+s.pod.Spec.NodeName+" and the API server's way to its kubelet (port 10250)"))
	case code == http.StatusForbidden && strings.Contains(detail, "nodes"):
		// the kubelet refuses the API server, not the API server the user
		r.gap(s.logGap(a, evidence.Unavailable, detail, "let the API server read from kubelets (nodes/proxy or nodes/log for its kubelet client)"))
	case code == http.StatusForbidden:
		r.deniedLogs.Store(s.pod.Namespace, detail)
		r.gap(s.logGap(a, evidence.Forbidden, detail, grant("get", resPodLogs, s.pod.Namespace)))
	case code == http.StatusNotFound:
		r.gap(s.logGap(a, evidence.NotFound, "the pod is gone: "+detail, "look in a log store that outlives the pod"))
	case isBadRequest(err):
		r.gap(s.logGap(a, evidence.NotFound, detail, "run it again: the container changed while it was looked at"))
	default:
		r.gap(s.logGap(a, evidence.Unavailable, detail, "check the node "+s.pod.Spec.NodeName+" and the API server's way to its kubelet (port 10250)"))
	}
}

// verify reads the statuses again. A log whose run is the same before and after belongs to that run; another is
// read once more, and left out if its run still cannot be told.
func (r *round) verify(samples []*sample) {
	var read []*sample
	for _, s := range samples {
		if s.hasLogs() {
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
}

func (s *sample) hasLogs() bool {
	for _, l := range s.logs {
		if l.keep {
			return true
		}
	}
	return false
}

// settle compares a pod's logs with its status after the reads.
func (r *round) settle(s *sample, pod *corev1.Pod) {
	stale := s.mismatched(pod)
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
		l.keep = false
		r.gap(s.logGap(l.ask, evidence.Mismatched, "the container restarted during each of two reads, so the log's run cannot be told", "run it again"))
	}
	s.adopt(again)
}

// readAgain reads a log once more, now expecting the run that the newer status shows.
func (r *round) readAgain(s *sample, l *logRead) {
	l.keep = false
	c := s.p.Container(l.ask.container)
	if c == nil {
		return
	}
	run, ok := answersWith(c, l.ask.previous)
	if !ok {
		r.gap(s.logGap(l.ask, evidence.Mismatched, "the container restarted while its log was read", "run it again"))
		return
	}
	for _, other := range s.logs {
		if other != l && other.keep && other.ask.container == l.ask.container && other.ask.run.ContainerID == run.ContainerID {
			return // that run's log is there already
		}
	}
	l.ask.run = run
	r.readOne(s, l)
}

// mismatched marks the logs whose run is the same in the given status as sure, and returns the others.
func (s *sample) mismatched(pod *corev1.Pod) []*logRead {
	now := evidence.PodFromAPI(pod)
	var out []*logRead
	for _, l := range s.logs {
		if !l.keep {
			continue
		}
		c := now.Container(l.ask.container)
		if now.Ref.UID != s.p.Ref.UID || c == nil {
			out = append(out, l)
			continue
		}
		run, ok := answersWith(c, l.ask.previous)
		l.log.Sure = ok && run.ContainerID == l.ask.run.ContainerID && l.fits()
		if !l.log.Sure {
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
	return !(!run.StartedAt.IsZero() && first.Before(run.StartedAt.Add(-clockSlack))) &&
		!(!run.FinishedAt.IsZero() && last.After(run.FinishedAt.Add(clockSlack)))
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
