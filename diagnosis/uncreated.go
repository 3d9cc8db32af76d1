package diagnosis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/triage"
)

// controllers are the kinds that create pods, and say so where they cannot (reason FailedCreate).
var controllers = []string{"ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController"}

// fresh is how old a controller's complaint may be to tell about now: it repeats it with every attempt, and the back-off
// between attempts ends at about a quarter of an hour (workqueue's rate limiter: 1000 s).
const fresh = 20 * time.Minute

// uncreated reports workloads whose pods the API server refuses: there is no pod that could be sick.
func (in *input) uncreated() []Finding {
	last := map[evidence.Ref]evidence.Event{}
	for _, e := range in.s.Events { // in the order of time
		if e.Reason == "SuccessfulCreate" {
			delete(last, evidence.Ref{Kind: e.About.Kind, Namespace: e.About.Namespace, Name: e.About.Name}) // it works again
		}
		if e.Reason == "FailedCreate" && slices.Contains(controllers, e.About.Kind) && (in.s.CapturedAt.IsZero() || e.Last.IsZero() || in.s.CapturedAt.Sub(e.Last) < fresh) {
			last[evidence.Ref{Kind: e.About.Kind, Namespace: e.About.Namespace, Name: e.About.Name}] = e
		}
	}
	var out []Finding
	for about, e := range last {
		if in.complete(about) {
			continue
		}
		c := &sickCase{input: in}
		c.signatures(playbook.OnEvent, e.Reason, e.Message, fact{producer: e.Producer(), ref: e.Ref().String(), text: e.Reason + ": " + e.Message, time: e.Last, count: max(e.Count, 1)}, nil)
		if len(c.facts) == 0 {
			continue
		}
		cause, ok := in.pb.Cause(c.facts[0].cause)
		w := in.topOf(about)
		if !ok || !in.asked(w) {
			continue
		}
		f := in.toldFinding(cause, Workload{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}, triage.NotCreated, c.facts[0])
		_, pods := in.rowsOf(w, "")
		f.Scope = Scope{Level: ScopeWorkload, Subject: w.String(), Affected: len(pods), Population: len(pods), Confidence: "medium", Statement: fmt.Sprintf("new pods of %s cannot be created", w)}
		if since := e.First; !since.IsZero() {
			f.Onset = &Moment{Time: since, PlusMinus: "1s"}
		}
		in.refusedRevision(&f, about, pods)
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Workload.Namespace, b.Workload.Namespace), cmp.Compare(a.Workload.Name, b.Workload.Name), cmp.Compare(a.Workload.Kind, b.Workload.Kind), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// refusedRevision: it is the new template that is refused, while pods of another one go on.
func (in *input) refusedRevision(f *Finding, about evidence.Ref, pods []evidence.Row) {
	rs, ok := in.s.Object(about.Kind, about.Namespace, about.Name)
	hash := rs.Label("pod-template-hash")
	if !ok || about.Kind != "ReplicaSet" || hash == "" {
		return
	}
	others := 0
	for _, p := range pods {
		if p.Revision == hash {
			return // some could be created
		}
		others++
	}
	if others > 0 {
		f.Workload.Revision = hash
		f.Scope.Level, f.Scope.Subject, f.Scope.Affected = ScopeRevision, f.Scope.Subject+"@"+hash, 0
		f.Scope.Statement = fmt.Sprintf("no pod of revision %s can be created; %s of other revisions are there", hash, plural(others, "pod"))
	}
}

// complete: the controller has all the pods that it wants by now.
func (in *input) complete(r evidence.Ref) bool {
	o, ok := in.s.Object(r.Kind, r.Namespace, r.Name)
	if !ok {
		return false
	}
	want, known := o.Raw.Get("spec", "replicas")
	have, seen := o.Raw.Get("status", "replicas")
	w, isNumber := want.(float64)
	if !known || !isNumber {
		return false
	}
	h, _ := have.(float64)
	return w == 0 || seen && h >= w
}

// topOf follows a controller to its owner.
func (in *input) topOf(r evidence.Ref) evidence.Ref {
	if o, ok := in.s.Object(r.Kind, r.Namespace, r.Name); ok {
		if up, ok := o.ControllerOf(); ok {
			return evidence.Ref{Kind: up.Kind, Namespace: r.Namespace, Name: up.Name}
		}
	} else if base, hash, ok := cutLast(r.Name); ok && r.Kind == "ReplicaSet" && len(hash) >= 6 && strings.Trim(hash, "bcdfghjklmnpqrstvwxz2456789") == "" {
		return evidence.Ref{Kind: "Deployment", Namespace: r.Namespace, Name: base} // by the naming of pkg/controller/deployment/sync.go
	}
	return r
}

func cutLast(name string) (base, last string, ok bool) {
	i := strings.LastIndexByte(name, '-')
	if i <= 0 {
		return "", "", false
	}
	return name[:i], name[i+1:], true
}

// asked tells whether the question concerns a workload.
func (in *input) asked(w evidence.Ref) bool {
	t := in.s.Target
	return (t.Namespace == "" || t.Namespace == w.Namespace) && (t.Name == "" || strings.EqualFold(t.Kind, w.Kind) && t.Name == w.Name)
}
