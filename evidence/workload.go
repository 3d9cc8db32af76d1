package evidence

import (
	"regexp"
	"strconv"
	"strings"
)

// GuessWorkload names the workload that a pod belongs to from the pod alone. A ReplicaSet made by a Deployment is
// named <deployment>-<pod-template-hash> (pkg/controller/deployment/sync.go, getNewReplicaSet) and its pods carry that
// hash as a label; a CronJob's Job is named <cronjob>-<scheduled minute> (pkg/controller/cronjob/utils.go, getJobName).
// Both are conventions that the owner's own ownerReferences confirm or correct ([Snapshot.Workload]).
func GuessWorkload(p *Pod) (kind, name string) {
	owner, ok := p.Owner.Get()
	if !ok {
		return guessByName(p)
	}
	if owner.Kind == "" {
		return "Pod", p.Ref.Name
	}
	if hash := p.Labels["pod-template-hash"]; owner.Kind == "ReplicaSet" && hash != "" {
		if base, cut := strings.CutSuffix(owner.Name, "-"+hash); cut && base != "" {
			return "Deployment", base
		}
	} else if m := setOfDeployment.FindStringSubmatch(owner.Name); owner.Kind == "ReplicaSet" && m != nil && p.Annotations[HistoryAnnotation] != "" {
		return "Deployment", m[1] // a history may lack labels
	}
	if owner.Kind == "Job" {
		if i := strings.LastIndexByte(owner.Name, '-'); i > 0 && scheduledMinute(owner.Name[i+1:]) {
			return "CronJob", owner.Name[:i]
		}
	}
	if owner.Kind == "Node" { // a static pod's mirror
		return "Pod", p.Ref.Name
	}
	return owner.Kind, owner.Name
}

// guessByName reads the name of a pod whose owners are not known: <deployment>-<pod-template-hash>-<five letters>. The
// hash is said by a label, or told by its alphabet, which has no vowels and no 0, 1 and 3
// (k8s.io/apimachinery/pkg/util/rand, SafeEncodeString).
func guessByName(p *Pod) (kind, name string) {
	if hash := p.Labels["pod-template-hash"]; hash != "" {
		if i := strings.LastIndex(p.Ref.Name, "-"+hash+"-"); i > 0 {
			return "Deployment", p.Ref.Name[:i]
		}
	}
	if m := madeByDeployment.FindStringSubmatch(p.Ref.Name); m != nil {
		return "Deployment", m[1]
	}
	return "Pod", p.Ref.Name
}

var madeByDeployment = regexp.MustCompile(`^(.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$`)

var setOfDeployment = regexp.MustCompile(`^(.+)-[bcdfghjklmnpqrstvwxz2456789]{6,10}$`)

// scheduledMinute: minutes since 1970, of the years 2017 to 2046; a date such as 20261122 is none.
func scheduledMinute(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 25_000_000 && n < 40_000_000
}

// Workload follows the owners of a pod as far as the snapshot's objects go, and falls back to [GuessWorkload].
func (s *Snapshot) Workload(p *Pod) Ref {
	owner, ok := p.Owner.Get()
	if !ok {
		kind, name := GuessWorkload(p)
		return Ref{Kind: kind, Namespace: p.Ref.Namespace, Name: name}
	}
	if owner.Kind == "" || owner.Kind == "Node" {
		return Ref{Kind: "Pod", Namespace: p.Ref.Namespace, Name: p.Ref.Name, UID: p.Ref.UID}
	}
	top, found := owner, false
	for range 5 { // Pod → ReplicaSet → Deployment → an operator's object …
		o, ok := s.Object(top.Kind, p.Ref.Namespace, top.Name)
		if !ok {
			break
		}
		found = true
		next, ok := o.ControllerOf()
		if !ok {
			return o.Ref()
		}
		top = next
	}
	if found {
		return top
	}
	kind, name := GuessWorkload(p)
	return Ref{Kind: kind, Namespace: p.Ref.Namespace, Name: name}
}
