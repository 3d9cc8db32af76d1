package kube

import (
	"fmt"
	"net/url"
	"slices"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// listPods makes the one pass over the pods. Scope needs all of them; where the whole cluster may not be listed, one
// namespace has to do, and the gap says what cannot be told then.
func (r *round) listPods() {
	err := r.passOver("")
	if err == nil {
		r.s.Population.Complete = true
		return
	}
	if e := r.ends(err); e != nil {
		r.abort(e)
		return
	}
	if apierrors.IsForbidden(err) {
		r.listPodsOfNamespace(err)
		return
	}
	r.brokenList("", err)
}

func (r *round) listPodsOfNamespace(wide error) {
	ns := r.opts.Namespace
	if r.forTarget() {
		ns = r.namespace()
	}
	if ns == "" {
		r.abort(&Error{Reason: PodsHidden, Err: wide, Sentence: "pods cannot be listed in the whole cluster (" + trim(wide) +
			"); grant list on pods in the whole cluster, or name one namespace with -n"})
		return
	}
	r.gap(evidence.Gap{What: evidence.PodsOutside + ns, Source: evidence.Kubelet, Reason: evidence.Forbidden, Detail: trim(wide) +
		"; whether the failure reaches beyond the namespace (a node, a zone, the cluster) cannot be told", Close: grant("list", resPods, "")})
	err := r.passOver(ns)
	switch {
	case err == nil:
	case apierrors.IsForbidden(err):
		r.abort(&Error{Reason: PodsHidden, Err: err, Sentence: fmt.Sprintf(
			"pods cannot be listed, neither in the whole cluster nor in namespace %s (%s); grant get,list on pods in namespace %s", ns, trim(err), ns)})
	default:
		if e := r.ends(err); e != nil {
			r.abort(e)
			return
		}
		r.brokenList(ns, err)
	}
}

// brokenList keeps what was read of a list that broke off, and says so. Without a single pod there is nothing to go
// on with, and "no pod is sick" must not be the answer.
func (r *round) brokenList(ns string, err error) {
	if r.outer.Err() != nil {
		return // finish says so
	}
	if len(r.s.Population.Rows) == 0 {
		r.abort(&Error{Reason: PodsHidden, Err: err, Sentence: "pods could not be listed: " + trim(err) + "; run it again, or look at the API server's health (kubectl get --raw /readyz?verbose)"})
		return
	}
	g := missed(fmt.Sprintf("pods beyond the first %d", len(r.s.Population.Rows)), evidence.Kubelet, "list", resPods, ns, err)
	g.Reason = evidence.Truncated
	r.gap(g)
}

// passOver lists pods, of one namespace or of all, twice where the first list breaks off.
func (r *round) passOver(ns string) error {
	var err error
	for _, q := range []url.Values{cached(), nil} {
		pass := newPodPass(r)
		err = r.list(r.ctx, resPods.path(ns, ""), asProtobuf, q, pass.item)
		if e := pass.close(); err == nil {
			err = e
		}
		if len(pass.population.Rows) > 0 || err == nil {
			r.pods, r.s.Population.Rows = pass, pass.population.Rows
		}
		if err == nil || reasonOf(err) != evidence.Truncated {
			return err
		}
	}
	return err
}

// podPass decodes pods on several cores and sorts each into the population and, where it is sick, into its groups.
type podPass struct {
	r       *round
	batch   *podBatch
	batches chan *podBatch
	free    sync.Pool
	workers sync.WaitGroup

	mu         sync.Mutex
	err        error
	population evidence.Population
	groups     map[groupKey]*group
	well       map[string]*group // healthy pods of the target, by revision
	sampled    []*sample         // what choose picked, in order
}

// podBatch is some encoded pods in one buffer.
type podBatch struct {
	buf  []byte
	ends []int
	form encoding
}

const batchBytes = 256 << 10

func newPodPass(r *round) *podPass {
	p := emptyPass(r)
	p.batches = make(chan *podBatch, 4)
	p.free.New = func() any { return &podBatch{buf: make([]byte, 0, batchBytes+batchBytes/4)} }
	p.batch = p.free.Get().(*podBatch)
	for range min(4, max(2, cores())) {
		p.workers.Go(p.work)
	}
	return p
}

func emptyPass(r *round) *podPass {
	return &podPass{r: r, groups: map[groupKey]*group{}, well: map[string]*group{}}
}

// item takes one encoded pod of the list.
func (p *podPass) item(item []byte, form encoding) error {
	b := p.batch
	b.form = form
	if form == inProtobuf {
		b.buf = withoutManagedFields(b.buf, item)
	} else {
		b.buf = append(b.buf, item...)
	}
	b.ends = append(b.ends, len(b.buf))
	if len(b.buf) >= batchBytes {
		p.flush()
	}
	return nil
}

func (p *podPass) flush() {
	p.batches <- p.batch
	p.batch = p.free.Get().(*podBatch)
	p.batch.buf, p.batch.ends = p.batch.buf[:0], p.batch.ends[:0]
}

// close waits until every pod is sorted in.
func (p *podPass) close() error {
	p.flush()
	close(p.batches)
	p.workers.Wait()
	p.population.Rows = slices.Clip(p.population.Rows)
	return p.err
}

func (p *podPass) work() {
	select {
	case <-p.r.resolved: // whose pods count is known only then
	case <-p.r.ctx.Done():
	}
	for b := range p.batches {
		start := 0
		for _, end := range b.ends {
			pod, err := decode[corev1.Pod](b.buf[start:end], b.form)
			start = end
			if err != nil {
				p.fail(err)
				continue
			}
			pod.ManagedFields = nil // of pods nobody edits, and the largest part of them
			p.sort(pod)
		}
		p.free.Put(b)
	}
}

func (p *podPass) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = fmt.Errorf("%w: a pod could not be decoded: %s", errTruncated, trim(err))
	}
}
