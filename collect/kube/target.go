package kube

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crashproof-dev/crashproof/evidence"
)

// target is the workload that was asked for, and what tells its pods from others.
type target struct {
	res      resource
	name     string
	uid      types.UID
	selector labels.Selector    // of spec.selector; nil where there is none
	owners   map[types.UID]bool // the direct controllers of its pods
	podOwner types.UID          // for a pod: its controller, whose other pods are siblings
	// guessed is true for kinds that crashproof knows nothing about: then pods are candidates until their owners
	// were read.
	guessed bool
}

func (t *target) isGuessed() bool { return t != nil && t.guessed }

// owns reports whether a pod belongs to the target.
func (t *target) owns(pod *corev1.Pod, p *evidence.Pod) bool {
	if t.res.kind == "Pod" {
		return pod.Name == t.name
	}
	owner := metav1.GetControllerOf(pod)
	if owner != nil && (t.owners[owner.UID] || owner.UID == t.uid) {
		return true
	}
	if t.guessed {
		return owner != nil && strings.HasPrefix(owner.Name, t.name) || t.selector != nil && t.selector.Matches(labels.Set(pod.Labels))
	}
	// A ReplicaSet or Job that is younger than the list of them, or that could not be listed.
	kind, name := evidence.GuessWorkload(p)
	return kind == t.res.kind && name == t.name
}

// sibling reports whether a healthy pod tells something about the target: one of its own, or for a pod another of
// the same controller.
func (t *target) sibling(pod *corev1.Pod, p *evidence.Pod) bool {
	if t.res.kind != "Pod" {
		return t.owns(pod, p)
	}
	owner := metav1.GetControllerOf(pod)
	return pod.Name == t.name || owner != nil && t.podOwner != "" && owner.UID == t.podOwner
}

// resolveTarget finds the workload and the controllers below it.
func (r *round) resolveTarget() {
	defer close(r.resolved)
	res, err := r.kinds.byName(r.opts.Target.Kind)
	if err != nil {
		r.noSuchKind(err)
		return
	}
	r.target = &target{res: res, name: r.opts.Target.Name, owners: map[types.UID]bool{}}
	r.mu.Lock()
	r.s.Target.Kind = res.kind
	if res.clusterWide {
		r.s.Target.Namespace = ""
	}
	r.mu.Unlock()
	obj, err := r.get(r.ctx, res, r.namespace(), r.target.name, asJSON)
	switch {
	case apierrors.IsNotFound(err):
		r.missing(res, err)
		return
	case err != nil:
		if e := r.ends(err); e != nil {
			r.abort(e)
			return
		}
		r.gap(missed(res.kind+" "+r.namespace()+"/"+r.target.name, evidence.Spec, "get", res, r.namespace(), err))
	default:
		r.describe(obj)
	}
	r.lower()
}

// describe reads from the target's object what tells its pods apart.
func (r *round) describe(obj evidence.Object) {
	if r.target.res.kind == "Pod" {
		if owner, ok := obj.ControllerOf(); ok {
			r.target.podOwner = types.UID(owner.UID)
		}
		return // its pod is kept in the form that the list of pods gives
	}
	r.keep(obj)
	r.target.uid = types.UID(obj.UID)
	r.target.selector = selectorOf(obj.Raw)
}

// selectorOf reads spec.selector, in the form of a label selector or, for ReplicationControllers, of a plain map.
func selectorOf(raw evidence.Raw) labels.Selector {
	spec := raw.Map("spec", "selector")
	if spec == nil {
		return nil
	}
	var ls metav1.LabelSelector
	if spec.Has("matchLabels") || spec.Has("matchExpressions") {
		if raw.Into(&ls, "spec", "selector") != nil {
			return nil
		}
	} else if raw.Into(&ls.MatchLabels, "spec", "selector") != nil {
		return nil
	}
	sel, err := metav1.LabelSelectorAsSelector(&ls)
	if err != nil || sel.Empty() {
		return nil
	}
	return sel
}

// lower lists the controllers between the target and its pods: all of a Deployment's ReplicaSets, so that every
// revision's template is there, and all of a CronJob's Jobs.
func (r *round) lower() {
	switch r.target.res.kind {
	case "Deployment":
		r.listLower(resReplicaSets, r.target.selector)
	case "CronJob":
		r.listLower(resJobs, nil) // a Job's labels come from the template and need not be there
	case "Pod", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "Job":
	default:
		r.target.guessed = true
	}
}

func (r *round) listLower(res resource, sel labels.Selector) {
	q := cached()
	if sel != nil {
		q.Set("labelSelector", sel.String())
	}
	err := r.list(r.ctx, res.path(r.namespace(), ""), asJSON, q, func(item []byte, _ encoding) error {
		var raw evidence.Raw
		if err := json.Unmarshal(item, &raw); err != nil {
			return err
		}
		obj := object(raw, res)
		owner, ok := obj.ControllerOf()
		if ok && owner.Kind == r.target.res.kind && owner.Name == r.target.name && (r.target.uid == "" || owner.UID == string(r.target.uid)) {
			r.target.owners[types.UID(obj.UID)] = true
			r.keep(obj)
		}
		return nil
	})
	if err != nil {
		r.missedOrEnd(err, missed(res.name+" in namespace "+r.namespace(), evidence.Spec, "list", res, r.namespace(), err))
	}
}

// missedOrEnd keeps a gap, or ends the round where nothing else could be read either.
func (r *round) missedOrEnd(err error, g evidence.Gap) {
	if e := r.ends(err); e != nil {
		r.abort(e)
		return
	}
	r.gap(g)
}

func (r *round) noSuchKind(err error) {
	if e := r.ends(err); e != nil {
		r.abort(e)
		return
	}
	var unknown noKind
	switch kind := r.opts.Target.Kind; {
	case errors.Is(err, errSecrets):
		r.abort(&Error{Reason: UnknownKind, Err: err, Sentence: "crashproof never reads Secrets; name the workload that uses it, such as deployment/NAME"})
	case errors.As(err, &unknown):
		r.abort(&Error{Reason: UnknownKind, Err: err, Sentence: fmt.Sprintf(
			"the server has no kind or resource %q; name a workload as TYPE/NAME with one of deployment, statefulset, daemonset, job, cronjob, pod or a type of kubectl api-resources", kind)})
	case r.ctx.Err() != nil:
	default:
		r.abort(&Error{Reason: UnknownKind, Err: err, Sentence: fmt.Sprintf("whether the server has a kind %q could not be found out (%s)", kind, trim(err))})
	}
}

// missing ends the round because the target does not exist, and looks whether another namespace has it.
func (r *round) missing(res resource, cause error) {
	what := strings.ToLower(res.kind) + "/" + r.target.name
	e := &Error{Reason: TargetMissing, Err: cause}
	switch elsewhere := r.elsewhere(res); {
	case res.clusterWide:
		e.Sentence = "there is no " + what + " in the cluster; check the name"
	case len(elsewhere) > 0:
		e.Sentence = fmt.Sprintf("there is no %s in namespace %s, but there is one in namespace %s; add -n %s", what, r.namespace(), strings.Join(elsewhere, ", "), elsewhere[0])
	default:
		e.Sentence = fmt.Sprintf("there is no %s in namespace %s; check the name and the namespace (kubectl get %s -A)", what, r.namespace(), res.name)
	}
	r.abort(e)
}

func (r *round) elsewhere(res resource) []string {
	if res.clusterWide {
		return nil
	}
	var out []string
	q := url.Values{"fieldSelector": {"metadata.name=" + r.target.name}}
	_ = r.list(r.ctx, res.path("", ""), asJSON, q, func(item []byte, _ encoding) error {
		var o struct{ Metadata metav1.ObjectMeta }
		if json.Unmarshal(item, &o) == nil && o.Metadata.Name == r.target.name && o.Metadata.Namespace != r.namespace() {
			out = append(out, o.Metadata.Namespace)
		}
		return nil
	})
	return out
}
