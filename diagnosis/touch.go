package diagnosis

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
)

// touch is how closely a change is about what the sick pods are made of, use or run on; 0 where it is not.
func (e *effect) touch(c *change.Change) float64 {
	w, o := e.f.Workload, c.Object
	switch o.Kind {
	case "Node":
		return e.touchNode(c)
	case w.Kind:
		if o.Namespace == w.Namespace && o.Name == w.Name {
			return e.touchOwn(c)
		}
	}
	switch {
	case c.Kind == change.Cloud:
		return e.touchCloud(c)
	case c.Kind == change.Started || c.Kind == change.Created && (o.Kind == "Deployment" || o.Kind == "StatefulSet" || o.Kind == "DaemonSet"):
		return e.touchLoad(c)
	case c.Kind == change.Rollout, c.Kind == change.Scaled:
		return e.touchOther(c)
	case strings.HasSuffix(o.Kind, "WebhookConfiguration"):
		if slices.Contains(e.aspects, "admission") && slices.ContainsFunc(e.f.Evidence, func(x Evidence) bool { return e.asks(o, x.Text) }) {
			return 0.9
		}
		return 0
	}
	if o.Namespace != w.Namespace {
		return 0
	}
	switch o.Kind {
	case "ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim":
		if slices.Contains(e.uses, o.Kind+"/"+o.Name) {
			if e.withOthers() && e.f.Scope.Level == ScopeReference && e.f.Scope.Subject != o.Kind+"/"+o.Namespace+"/"+o.Name {
				return 0.2 // what they share is something else
			}
			return map[change.Kind]float64{change.Edited: 0.9, change.Created: 0.2}[c.Kind]
		}
	case "NetworkPolicy":
		if obj, ok := e.s.Object(o.Kind, o.Namespace, o.Name); ok && forEgress(obj) && covers(obj, e.labels) {
			return 0.8
		}
	case "Service":
		if e.f.Cause == "config.service-env-collision" {
			prefix := strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_")) + "_" // kubelet, pkg/kubelet/envvars/envvars.go
			obj, _ := e.s.Object(o.Kind, o.Namespace, o.Name)
			if ip := obj.Raw.Str("spec", "clusterIP"); ip != "" && ip == e.target || slices.ContainsFunc(e.parameters, func(p string) bool { return strings.HasPrefix(p, prefix) }) {
				return 0.9
			}
		}
		if e.means(o.Namespace, o.Name) {
			return map[change.Kind]float64{change.Edited: 0.9, change.Created: 0.2}[c.Kind]
		}
	case "Role", "RoleBinding":
		if slices.Contains(e.aspects, "identity") {
			return e.touchRights(c)
		}
	case "HorizontalPodAutoscaler":
		if obj, ok := e.s.Object(o.Kind, o.Namespace, o.Name); ok && slices.Contains(e.aspects, "load") && obj.Raw.Str("spec", "scaleTargetRef", "kind") == w.Kind && obj.Raw.Str("spec", "scaleTargetRef", "name") == w.Name {
			return map[change.Kind]float64{change.Edited: 0.8, change.Created: 0.5}[c.Kind]
		}
	case "ResourceQuota", "LimitRange":
		if slices.Contains(e.aspects, "quota") {
			return 0.7
		}
	}
	return 0
}

// touchRights: a Role counts for the accounts that a RoleBinding of the namespace gives it to, a RoleBinding for its subjects.
// That one was made is no change to those who had no rights before.
func (e *effect) touchRights(c *change.Change) float64 {
	if c.Kind != change.Edited {
		return 0.2
	}
	for _, b := range e.s.OfKind("RoleBinding", c.Object.Namespace) {
		mine := c.Object.Kind == "RoleBinding" && b.Name == c.Object.Name || c.Object.Kind == "Role" && b.Raw.Str("roleRef", "kind") == "Role" && b.Raw.Str("roleRef", "name") == c.Object.Name
		for _, s := range b.Raw.List("subjects") {
			if mine && s.Str("kind") == "ServiceAccount" && slices.Contains(e.uses, "ServiceAccount/"+s.Str("name")) {
				return 0.9
			}
		}
	}
	if len(e.s.OfKind("RoleBinding", c.Object.Namespace)) == 0 {
		return 0.5 // who has it is not known
	}
	return 0
}

// touchLoad: what started to work counts for what it uses, where load can bring the cause about: its settings name the sick
// workload's Service; or it is on the node whose memory ran out.
func (e *effect) touchLoad(c *change.Change) float64 {
	if !slices.Contains(e.aspects, "load") || c.Object.Kind == e.f.Workload.Kind && c.Object.Name == e.f.Workload.Name {
		return 0
	}
	w, much := e.f.Workload, 0.8
	if c.Object.Kind == "CronJob" {
		much = 0.2 // it ran before, and all was well
	}
	names := []string{"Host/" + w.Name + "." + w.Namespace}
	for _, svc := range e.s.OfKind("Service", w.Namespace) {
		if selects(svc, e.labels) {
			names = append(names, "Host/"+svc.Name+"."+svc.Namespace)
		}
	}
	for _, r := range e.byWorkload().of(evidence.Ref{Kind: c.Object.Kind, Namespace: c.Object.Namespace, Name: c.Object.Name}) {
		if slices.ContainsFunc(names, func(n string) bool { return slices.Contains(r.Uses, n) }) {
			return much
		}
		if e.f.Cause == "memory.node" && slices.Contains(e.nodes, r.Node) && c.Kind == change.Started {
			return min(much, 0.5)
		}
	}
	return 0
}

// asks tells whether a message is about a webhook of a configuration.
func (e *effect) asks(o evidence.Ref, message string) bool {
	obj, ok := e.s.Object(o.Kind, o.Namespace, o.Name)
	return ok && slices.ContainsFunc(obj.Raw.List("webhooks"), func(h evidence.Raw) bool { return strings.Contains(message, `"`+h.Str("name")+`"`) })
}

// touchOwn: the workload's own rollout counts for the pods of its revision. That it was made broken is no change.
func (e *effect) touchOwn(c *change.Change) float64 {
	w := e.f.Workload
	switch {
	case c.Kind == change.Created, c.Kind == change.Started, c.Kind == change.Rollout && c.Revision != "" && w.Revision != "" && c.Revision != w.Revision:
		return 0
	case c.Kind == change.Scaled:
		return 0.5
	case c.Kind != change.Rollout:
		return 0.6
	}
	if e.withOthers() {
		return 0.2
	}
	for _, r := range e.sick { // its pods come after it; and the revision before was no better
		if r.Revision == c.Revision && c.Revision != "" && c.Time.After(r.Created.Add(slack)) && !r.Created.IsZero() {
			return 0
		}
		if c.Before != "" && r.Revision == c.Before {
			return 0.2
		}
	}
	return 1
}

// withOthers: several workloads are sick for what they share, and that is no image: what each of them changed for itself is
// not why.
func (e *effect) withOthers() bool {
	switch e.f.Scope.Level {
	case ScopeNode, ScopeNodePool, ScopeZone, ScopeNamespace, ScopeReference, ScopeCluster:
		return e.f.Scope.Chance != nil
	}
	return false
}

// touchNode: what happened to a node counts where it is the node's trouble, or where all that is sick is there. That a node
// came explains little: pods ran there well since, or were made for it.
func (e *effect) touchNode(c *change.Change) float64 {
	of := ofNodeLevel(e.f.Scope.Level) || e.f.Workload.Kind == "Node" && e.f.Workload.Name == c.Object.Name
	switch {
	case e.f.Workload.Kind == "Node" && strings.HasPrefix(c.Items[0].Text, "Ready became"):
		return 0.2 // that is what is to be explained
	case !slices.Contains(e.nodes, c.Object.Name) && e.f.Workload.Name != c.Object.Name:
		return 0
	case slices.ContainsFunc(c.Items, func(i change.Item) bool { return coming.MatchString(i.Text) }):
		if of {
			return 0.2
		}
		return 0
	case of:
		return 0.9
	case e.f.Family == "node" || e.f.Cause == "memory.node":
		return 0.8
	}
	return 0.1
}

var coming = regexp.MustCompile(`^(?:it joined|RegisteredNode|Starting|NodeReady|NodeSchedulable|it is ready)\b`)

// touchOther: a rollout or the scaling of another workload counts where that is what could not be used.
func (e *effect) touchOther(c *change.Change) float64 {
	if e.target == "" || !slices.Contains(e.aspects, "dependency") {
		return 0
	}
	if e.means(c.Object.Namespace, c.Object.Name) {
		return 0.8
	}
	for _, svc := range e.s.OfKind("Service", c.Object.Namespace) {
		if !e.means(svc.Namespace, svc.Name) {
			continue
		}
		if o, ok := e.s.Object(c.Object.Kind, c.Object.Namespace, c.Object.Name); ok && selects(svc, templateLabels(o)) {
			return 0.8
		}
	}
	return 0
}

func templateLabels(o evidence.Object) map[string]string {
	out := map[string]string{}
	for k, v := range o.Raw.Map("spec", "template", "metadata", "labels") {
		out[k] = fmt.Sprint(v)
	}
	return out
}

// forEgress tells whether a network policy is about what its pods send (networking/v1, PolicyTypes and its default).
func forEgress(policy evidence.Object) bool {
	types, _ := policy.Raw.Get("spec", "policyTypes")
	list, ok := types.([]any)
	return ok && slices.Contains(list, any("Egress")) || !ok && len(policy.Raw.List("spec", "egress")) > 0
}

// covers tells whether a network policy applies to pods with these labels.
func covers(policy evidence.Object, with map[string]string) bool {
	var chosen metav1.LabelSelector
	if policy.Raw.Into(&chosen, "spec", "podSelector") != nil {
		return false
	}
	selector, err := metav1.LabelSelectorAsSelector(&chosen)
	return err == nil && selector.Matches(labels.Set(with))
}

// means tells whether the target's host is the Service of this name: NAME, NAME.NAMESPACE or NAME.NAMESPACE.svc and what
// follows. Any other name lies outside.
func (e *effect) means(namespace, name string) bool {
	parts := strings.Split(e.target, ".")
	switch {
	case len(parts) == 1:
		return parts[0] == name && namespace == e.f.Workload.Namespace
	case len(parts) == 2 || parts[2] == "svc":
		return parts[0] == name && parts[1] == namespace
	}
	return false
}
