package kube

import (
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// freshPod reads a pod as it is now, not from the watch cache.
func (r *round) freshPod(ns, name string) (*corev1.Pod, error) {
	b, err := r.raw(r.ctx, resPods.path(ns, name), asJSON)
	if err != nil {
		return nil, err
	}
	return decode[corev1.Pod](b, inJSON)
}

// statuses reads the pods again, before anything else is concluded: one by one, or with one list where that would
// exceed the budget of a workload.
func (r *round) statuses(samples []*sample) func(*sample) *corev1.Pod {
	calls, logs := r.meter.counts()
	if r.target != nil && r.target.selector != nil && calls-logs+len(samples) > callBudget {
		return r.statusesByList(samples)
	}
	var mu sync.Mutex
	found := map[*sample]*corev1.Pod{}
	var wg sync.WaitGroup
	for _, s := range samples {
		wg.Go(func() {
			pod, err := r.freshPod(s.pod.Namespace, s.pod.Name)
			if err != nil {
				r.vanished(s, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			found[s] = pod
		})
	}
	wg.Wait()
	return func(s *sample) *corev1.Pod { return found[s] }
}

func (r *round) statusesByList(samples []*sample) func(*sample) *corev1.Pod {
	byName := map[string]*corev1.Pod{}
	for _, s := range samples {
		byName[s.pod.Name] = nil
	}
	q := map[string][]string{"labelSelector": {r.target.selector.String()}}
	err := r.list(r.ctx, resPods.path(r.namespace(), ""), asProtobuf, q, func(item []byte, form encoding) error {
		pod, err := decode[corev1.Pod](item, form)
		if err != nil {
			return err
		}
		if _, ok := byName[pod.Name]; ok {
			byName[pod.Name] = pod
		}
		return nil
	})
	for _, s := range samples {
		if byName[s.pod.Name] == nil {
			why := err
			if why == nil {
				why = apierrors.NewNotFound(corev1.Resource("pods"), s.pod.Name)
			}
			r.vanished(s, why)
		}
	}
	return func(s *sample) *corev1.Pod { return byName[s.pod.Name] }
}
