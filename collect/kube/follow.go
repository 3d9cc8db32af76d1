package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/crashproof-dev/crashproof/evidence"
)

// planned are the resources that a collection plan may ask for, beside pods and logs. Anything else becomes a gap.
var planned = []string{"services", "endpointslices", "networkpolicies", "persistentvolumeclaims", "configmaps",
	"horizontalpodautoscalers", "poddisruptionbudgets", "controllerrevisions", "resourcequotas", "limitranges",
	"serviceaccounts", "deployments", "statefulsets", "daemonsets", "replicasets", "jobs", "cronjobs",
	"roles", "rolebindings", "mutatingwebhookconfigurations", "validatingwebhookconfigurations"}

// planLimit bounds the objects that one item of a plan brings.
const planLimit = 500

// Follow makes the second round: it reads what the plan asks for, and nothing else. Items that were followed before
// are left out. Its error, where there is one, is an [*Error].
func (c *Collector) Follow(ctx context.Context, s *evidence.Snapshot, plan []evidence.Request) error {
	r := c.newRound(ctx, s)
	defer r.cancel(nil)
	close(r.resolved)
	r.pods = emptyPass(r)
	var steps []step
	for _, q := range plan {
		q.Why = "" // the same request for another reason is the same request
		if c.answered[q] {
			continue
		}
		c.answered[q] = true
		steps = append(steps, step{q.What, func() { r.follow(q) }})
	}
	r.parallel(steps)
	if err := r.fatal(); err != nil {
		return err
	}
	if ctx.Err() == nil {
		r.readOwners() // of pods that the plan brought
	}
	r.finish()
	return r.fatal()
}

func (r *round) follow(q evidence.Request) {
	switch {
	case r.ctx.Err() != nil:
	case q.What == "logs":
		r.followLogs(q)
	case q.What == "pods":
		r.followPods(q)
	case slices.Contains(planned, q.What):
		res, _ := knownByName(q.What)
		if q.Name != "" {
			r.followOne(res, q)
		} else {
			r.followAll(res, q)
		}
	case q.What == "secrets":
		r.gap(evidence.Gap{What: q.What + in(q), Source: evidence.Spec, Reason: evidence.NotAsked, Detail: "crashproof never reads Secrets; whether one is missing shows in events and container statuses"})
	default:
		r.gap(evidence.Gap{What: q.What + in(q), Source: evidence.Spec, Reason: evidence.NotAsked,
			Detail: "this collector does not read " + q.What, Close: "look with kubectl get " + q.What + " -n " + q.Namespace})
	}
}

func in(q evidence.Request) string {
	if q.Namespace == "" {
		return ""
	}
	if q.Name != "" {
		return " " + q.Namespace + "/" + q.Name
	}
	return " in namespace " + q.Namespace
}

func (r *round) followOne(res resource, q evidence.Request) {
	accept := asJSON
	if res.name == "configmaps" {
		accept = asMetadata // never their data: that a ConfigMap is there and when it changed is enough
	}
	obj, err := r.get(r.ctx, res, q.Namespace, q.Name, accept)
	if err != nil {
		g := missed(res.kind+in(q), evidence.Spec, "get", res, q.Namespace, err)
		g.About = evidence.Ref{Kind: res.kind, Namespace: q.Namespace, Name: q.Name}
		r.missedOrEnd(err, g)
		return
	}
	r.keep(bare(obj))
}

func (r *round) followAll(res resource, q evidence.Request) {
	accept := asJSON
	if res.name == "configmaps" {
		accept = asMetaList
	}
	n := 0
	err := r.list(r.ctx, res.path(q.Namespace, ""), accept, cached(), func(item []byte, _ encoding) error {
		if n++; n > planLimit {
			return nil
		}
		var raw evidence.Raw
		if err := json.Unmarshal(item, &raw); err != nil {
			return err
		}
		r.keep(bare(object(raw, res)))
		return nil
	})
	if err != nil {
		r.missedOrEnd(err, missed(res.name+in(q), evidence.Spec, "list", res, q.Namespace, err))
	}
	if n > planLimit {
		r.gap(evidence.Gap{What: res.name + in(q), Source: evidence.Spec, Reason: evidence.Truncated, Detail: fmt.Sprintf("%d of %d were kept", planLimit, n)})
	}
}

// bare drops a ConfigMap's data, should a server or proxy have sent it although only metadata was asked for.
func bare(o evidence.Object) evidence.Object {
	if o.Kind == "ConfigMap" {
		delete(o.Raw, "data")
		delete(o.Raw, "binaryData")
	}
	return o
}

// followPods reads another workload's pods: the sickest of each kind, and some healthy ones.
func (r *round) followPods(q evidence.Request) {
	pass := emptyPass(r)
	found := 0
	err := r.list(r.ctx, resPods.path(q.Namespace, ""), asProtobuf, cached(), func(item []byte, form encoding) error {
		if form == inProtobuf {
			item = withoutManagedFields(nil, item)
		}
		if pass.take(item, form, q.Name) {
			found++
		}
		return nil
	})
	if err != nil {
		r.missedOrEnd(err, missed("pods"+in(q), evidence.Dependency, "list", resPods, q.Namespace, err))
		return
	}
	if found == 0 && q.Name != "" {
		r.withoutPods(q)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, g := range pass.groups {
		r.pods.groups[k] = g
	}
	for rev, g := range pass.well {
		r.pods.well[q.Namespace+"/"+q.Name+"/"+rev] = g
	}
}

// withoutPods looks for a workload that has no pod at all: scaled to zero, or not there.
func (r *round) withoutPods(q evidence.Request) {
	var wg sync.WaitGroup
	for _, name := range []string{"deployments", "statefulsets"} {
		wg.Go(func() {
			res, _ := knownByName(name)
			if obj, err := r.get(r.ctx, res, q.Namespace, q.Name, asJSON); err == nil {
				r.keep(obj)
			}
		})
	}
	wg.Wait()
	r.gap(evidence.Gap{What: "pods of " + q.Namespace + "/" + q.Name, About: evidence.Ref{Kind: "Pod", Namespace: q.Namespace, Name: q.Name},
		Source: evidence.Dependency, Reason: evidence.NotFound, Detail: "no pod belongs to a workload of that name"})
}

// followLogs reads one pod's logs, of one container or of all.
func (r *round) followLogs(q evidence.Request) {
	pod, err := r.freshPod(q.Namespace, q.Name)
	if err != nil {
		g := missed("logs of pod "+q.Namespace+"/"+q.Name, evidence.Process, "get", resPods, q.Namespace, err)
		g.About = evidence.Ref{Kind: "Pod", Namespace: q.Namespace, Name: q.Name}
		r.missedOrEnd(err, g)
		return
	}
	pod.ManagedFields = nil
	s := newSample(pod, evidence.PodFromAPI(pod), nil)
	var wanted []ask
	for i := range s.p.Containers {
		if c := &s.p.Containers[i]; q.Container == "" || c.Name == q.Container {
			for _, a := range asks(c, true) {
				if !r.hasLog(s, a) {
					wanted = append(wanted, a)
				}
			}
		}
	}
	r.readPodLogs(s, wanted)
	r.verify([]*sample{s})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pods.well["logs/"+strings.Join([]string{q.Namespace, q.Name, q.Container}, "/")] = &group{best: []*sample{s}}
}

// hasLog reports whether the base round read a run's log already.
func (r *round) hasLog(s *sample, a ask) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.s.Logs, func(l evidence.Log) bool {
		return l.Sure && l.Instance.PodUID == s.p.Ref.UID && l.Instance.Container == a.container && l.Instance.ContainerID == a.run.ContainerID
	})
}
