package kube

import (
	"fmt"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// keepPods puts the pods that were kept whole into the snapshot.
func (r *round) keepPods() {
	for _, s := range r.pods.kept() {
		raw, err := evidence.ToRaw(s.pod)
		if err != nil {
			r.gap(evidence.Gap{What: "pod " + s.pod.Namespace + "/" + s.pod.Name, About: s.ref(), Source: evidence.Kubelet, Reason: evidence.Unavailable, Detail: trim(err)})
			continue
		}
		r.keep(object(raw, resPods))
		for _, l := range s.logs {
			if l.keep {
				r.s.Logs = append(r.s.Logs, l.log)
			}
		}
	}
}

// nameWorkloads replaces the guesses in rows and samples by what the owners themselves say.
func (r *round) nameWorkloads() {
	tops := map[evidence.Ref]evidence.Ref{}
	guess := map[string]string{} // what a sample's workload was called, and is
	for i := range r.s.Population.Rows {
		row := &r.s.Population.Rows[i]
		if row.OwnerKind == "" {
			continue
		}
		owner := evidence.Ref{Kind: row.OwnerKind, Namespace: row.Namespace, Name: row.Owner}
		top, ok := tops[owner]
		if !ok {
			top = r.top(owner)
			tops[owner] = top
		}
		if top.Kind == "" || (top.Kind == row.WorkloadKind && top.Name == row.Workload) {
			continue
		}
		guess[row.WorkloadKind+"/"+row.Namespace+"/"+row.Workload] = top.Kind + "/" + row.Namespace + "/" + top.Name
		row.WorkloadKind, row.Workload = top.Kind, strings.Clone(top.Name)
	}
	for i := range r.s.Samples {
		if w, ok := guess[r.s.Samples[i].Workload]; ok {
			r.s.Samples[i].Workload = w
		}
	}
}

// top follows owners as [evidence.Snapshot.Workload] does; it is empty where the direct owner was not read.
func (r *round) top(owner evidence.Ref) evidence.Ref {
	o, ok := r.object(owner.Kind, owner.Namespace, owner.Name)
	if !ok {
		return evidence.Ref{}
	}
	for range maxOwners {
		next, ok := o.ControllerOf()
		if !ok {
			return o.Ref()
		}
		above, ok := r.object(next.Kind, owner.Namespace, next.Name)
		if !ok {
			return next
		}
		o = above
	}
	return o.Ref()
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
