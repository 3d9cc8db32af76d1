package kube

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/crashproof-dev/crashproof/evidence"
)

// logRead is one log request and what became of it.
type logRead struct {
	ask  ask
	log  evidence.Log
	keep bool
	// refused says why there is no text. It counts only once it is clear that the container did not change meanwhile.
	refused *evidence.Gap
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
	l.keep, l.refused = false, nil
	r.reading <- struct{}{} // the reads that wait here profit from what the first ones are told
	defer func() { <-r.reading }()
	if detail, denied := r.deniedLogs.Load(s.pod.Namespace); denied {
		l.refused = s.logGap(l.ask, evidence.Forbidden, detail.(string), grant("get", resPodLogs, s.pod.Namespace))
		return
	}
	t, err := r.readLog(r.ctx, s.pod.Namespace, s.pod.Name, l.ask)
	if err != nil {
		l.refused = r.logRefused(s, l.ask, err)
		return
	}
	if t.excuse != "" {
		l.refused = s.logGap(l.ask, evidence.Expired, t.excuse, "look in a log store that outlives the container")
	}
	if t.broken != nil {
		l.refused = s.logGap(l.ask, evidence.Truncated, t.broken.Error(), "run it again")
	}
	if len(t.b) == 0 && l.refused != nil {
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

func (s *sample) logGap(a ask, reason evidence.GapReason, detail, closed string) *evidence.Gap {
	which := "current"
	if a.previous {
		which = "previous"
	}
	return &evidence.Gap{What: which + " log of container " + a.container, About: s.at(a.container), Source: evidence.Process,
		Reason: reason, Detail: detail, Close: closed}
}

// kubeletWay is what to look at where a kubelet does not answer the API server.
func (s *sample) kubeletWay() string {
	return "check the node " + s.pod.Spec.NodeName + " and the API server's way to its kubelet (port 10250)"
}

// logRefused sorts the answers to a log request that failed.
func (r *round) logRefused(s *sample, a ask, err error) *evidence.Gap {
	if e := r.ends(err); e != nil {
		r.abort(e)
		return nil
	}
	detail := trim(err)
	switch code := status(err); {
	case r.ctx.Err() != nil:
		return s.logGap(a, evidence.NotAsked, "the collection was stopped before it was read", "run it again with more time (--request-timeout)")
	case errors.Is(err, context.DeadlineExceeded):
		return s.logGap(a, evidence.Unavailable, fmt.Sprintf("no answer within %s", logPatience), s.kubeletWay())
	case code == http.StatusForbidden && strings.Contains(detail, "resource=nodes"):
		// the kubelet refuses the API server, not the API server the user (pkg/kubelet/server/server.go, InstallAuthFilter)
		return s.logGap(a, evidence.Unavailable, detail, "let the API server's kubelet client read logs (ClusterRole system:kubelet-api-admin)")
	case code == http.StatusForbidden:
		r.deniedLogs.Store(s.pod.Namespace, detail)
		return s.logGap(a, evidence.Forbidden, detail, grant("get", resPodLogs, s.pod.Namespace))
	case code == http.StatusNotFound:
		return s.logGap(a, evidence.NotFound, "the pod is gone: "+detail, "look in a log store that outlives the pod")
	case isBadRequest(err):
		return s.logGap(a, evidence.NotFound, detail, "run it again: the container changed while it was looked at")
	}
	return s.logGap(a, evidence.Unavailable, detail, s.kubeletWay())
}
