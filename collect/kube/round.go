package kube

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/crashproof-dev/crashproof/evidence"
)

// round is the state of one round: the snapshot that it fills, and what its parallel steps share.
type round struct {
	*Collector
	ctx    context.Context
	cancel context.CancelCauseFunc
	outer  context.Context // the caller's, to tell its cancellation from ours

	mu sync.Mutex // guards s and have
	s  *evidence.Snapshot
	// have indexes the objects of the snapshot by key.
	have map[string]evidence.Object

	target   *target
	resolved chan struct{} // closed once target is known
	reading  chan struct{} // held during a log read
	pods     *podPass
	nodes    map[string][]byte // the nodes' own protobuf, by name
}

func (c *Collector) newRound(ctx context.Context, s *evidence.Snapshot) *round {
	inner, cancel := context.WithCancelCause(ctx)
	r := &round{Collector: c, ctx: inner, cancel: cancel, outer: ctx, s: s, have: map[string]evidence.Object{},
		resolved: make(chan struct{}), reading: make(chan struct{}, inFlight), nodes: map[string][]byte{}}
	for _, o := range s.Objects {
		r.have[o.Key()] = o
	}
	return r
}

// base reads everything that needs nothing else to be known first.
func (r *round) base() {
	steps := []step{
		{"the cluster's identity", r.identify},
		{"the server's version", r.version},
		{"nodes", r.listNodes},
		{"pods", r.listPods},
	}
	if r.forTarget() {
		steps = append(steps, step{r.opts.Target.Kind + "/" + r.opts.Target.Name, r.resolveTarget}, step{"events", r.listEvents}, step{"usage", r.usageOfTarget})
		if r.namespace() != "default" {
			steps = append(steps, step{"events about nodes", r.listNodeEvents})
		}
	} else {
		close(r.resolved)
		if ns := r.within(); ns != "" {
			steps = append(steps, step{"events", r.listEvents})
			if ns != "default" {
				steps = append(steps, step{"events about nodes", r.listNodeEvents})
			}
		}
	}
	r.parallel(steps)
}

// deepen reads what the sick pods call for.
func (r *round) deepen() {
	if r.ctx.Err() != nil || r.pods == nil {
		return
	}
	if r.forTarget() && r.target.guessed {
		// which pods belong to a controller of an unknown kind is known only after their owners were read
		r.readOwners()
		r.pods.confirm(r)
	}
	r.pods.choose(r)
	steps := []step{{"logs", r.readLogs}}
	if !r.target.isGuessed() {
		steps = append(steps, step{"owners", r.readOwners})
	}
	if !r.forTarget() {
		steps = append(steps, step{"usage", r.usageOfSampled})
		if r.within() == "" {
			steps = append(steps, step{"events", r.listEvents})
		}
	}
	r.parallel(steps)
}

// finish brings the snapshot into its final form.
func (r *round) finish() {
	if r.pods != nil {
		r.keepPods()
		r.keepNodes()
	}
	r.nameWorkloads()
	if err := r.outer.Err(); err != nil {
		r.s.AddGap(evidence.Gap{What: "the rest of the collection", Source: evidence.Spec, Reason: evidence.NotAsked,
			Detail: "the collection was stopped: " + err.Error(), Close: "run it again with more time (--request-timeout)"})
	}
	slices.Sort(r.s.EventsListed) // the lists came in any order
	r.s.Calls, r.s.LogReads = r.meter.counts()
	r.s.Sort()
}

// step is one piece of a round's work.
type step struct {
	what string
	do   func()
}

func (r *round) parallel(steps []step) {
	r.progress.add(len(steps))
	var wg sync.WaitGroup
	for _, st := range steps {
		wg.Go(func() {
			st.do()
			r.progress.did(st.what)
		})
	}
	wg.Wait()
}

// abort ends the round with an error; the first one stays.
func (r *round) abort(err *Error) { r.cancel(err) }

// fatal returns the error that ended the round.
func (r *round) fatal() error {
	if e, ok := errors.AsType[*Error](context.Cause(r.ctx)); ok {
		return e
	}
	return nil
}

func (r *round) gap(g evidence.Gap) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.s.AddGap(g)
}

// keep adds an object to the snapshot, once.
func (r *round) keep(o evidence.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.have[o.Key()]; ok {
		return
	}
	r.have[o.Key()] = o
	r.s.Objects = append(r.s.Objects, o)
}

// object finds a kept object.
func (r *round) object(kind, namespace, name string) (evidence.Object, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o, ok := r.have[evidence.Object{Kind: kind, Namespace: namespace, Name: name}.Key()]
	return o, ok
}
