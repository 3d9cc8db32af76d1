package change

import (
	"cmp"
	"slices"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Kind is what kind of change it is.
type Kind string

// The kinds.
const (
	Rollout Kind = "rollout" // another template of a workload
	Created Kind = "created" // an object that was not there before
	Edited  Kind = "edited"  // an object whose content changed
	Scaled  Kind = "scaled"
	Started Kind = "started" // a run of a Job
	Node    Kind = "node"
	Cloud   Kind = "cloud" // something on the cloud's side
)

// Change is something that became different at a time.
type Change struct {
	Time time.Time
	// PlusMinus is the uncertainty of Time: API times have whole seconds.
	PlusMinus time.Duration
	Kind      Kind
	Object    evidence.Ref
	// Revision is the revision that a rollout brought, and Before the one that it replaced.
	Revision, Before string
	// Items are what became different, in words, each with the aspect that it touches (playbook.Aspects).
	Items []Item
	// By is the field manager, such as kubectl-edit, helm or argocd-controller; empty where it is not known.
	By string
	// Owner keeps the object as it is: what tool will undo a change that is made by hand. See [Keeper].
	Owner string
	Ref   string
}

// Item is one difference.
type Item struct {
	Aspect string
	Text   string
}

// Text says the change in words, with at most so many of its items.
func (c *Change) Text(items int) string {
	s := map[Kind]string{Rollout: "rollout of ", Created: "creation of ", Edited: "edit of ", Scaled: "scaling of ", Started: "start of ", Node: "", Cloud: ""}[c.Kind] + name(c.Object)
	if c.Revision != "" {
		s += " to revision " + c.Revision
	}
	for i, it := range c.Items {
		if i == items {
			s += " and more"
			break
		}
		s += map[bool]string{true: ": ", false: "; "}[i == 0] + it.Text
	}
	if c.By != "" {
		s += " (by " + c.By + ")"
	}
	return s
}

func name(r evidence.Ref) string {
	if r.Namespace == "" {
		return r.Kind + " " + r.Name
	}
	return r.Kind + " " + r.Namespace + "/" + r.Name
}

// All lists the changes of which a snapshot knows, in the order of time.
func All(s *evidence.Snapshot) []Change {
	var out []Change
	for _, o := range s.Objects {
		switch o.Kind {
		case "Deployment", "StatefulSet", "DaemonSet":
			out = append(out, rollouts(s, o)...)
		case "ConfigMap", "NetworkPolicy", "Service", "ResourceQuota", "LimitRange", "ServiceAccount", "Ingress", "PersistentVolumeClaim",
			"Role", "RoleBinding", "HorizontalPodAutoscaler", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
			out = append(out, object(o)...)
		}
	}
	out = append(out, scalings(s)...)
	out = append(out, runs(s)...)
	out = append(out, nodes(s)...)
	out = append(out, clouds(s)...)
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Object.String(), b.Object.String()), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Ref, b.Ref))
	})
	return out
}

// aspectOf is what a change of an object is about.
var aspectOf = map[string]string{"ConfigMap": "config", "NetworkPolicy": "network", "Service": "network", "Ingress": "network", "ResourceQuota": "quota", "LimitRange": "quota",
	"ServiceAccount": "identity", "PersistentVolumeClaim": "volumes", "Role": "identity", "RoleBinding": "identity", "HorizontalPodAutoscaler": "load",
	"MutatingWebhookConfiguration": "admission", "ValidatingWebhookConfiguration": "admission"}

// settle is how long after its creation an object is still being made, by one tool after the other.
const settle = 2 * time.Second

// object tells of the creation of an object, and of the last edit of its content by each manager.
func object(o evidence.Object) []Change {
	made := stamp(o.Raw.Str("metadata", "creationTimestamp"))
	aspect := aspectOf[o.Kind]
	var out []Change
	if !made.IsZero() {
		out = append(out, Change{Time: made, PlusMinus: time.Second, Kind: Created, Object: o.Ref(), Owner: Keeper(o), Ref: o.Ref().At("metadata.creationTimestamp").String(), Items: []Item{{aspect, "it was not there before"}}})
	}
	for _, e := range edits(o) {
		if e.at.Sub(made) > settle || made.IsZero() {
			out = append(out, Change{Time: e.at, PlusMinus: time.Second, Kind: Edited, Object: o.Ref(), Owner: Keeper(o), By: e.manager, Ref: o.Ref().At("metadata.managedFields").String(),
				Items: []Item{{aspect, e.what}}})
		}
	}
	return out
}

func stamp(s string) time.Time {
	t, _ := time.Parse(time.RFC3339, s)
	return t.UTC()
}

// Keeper names the tool that keeps an object as it is, from the labels and annotations that the tools set; "" where there
// is none.
func Keeper(o evidence.Object) string {
	label := func(k string) string { return o.Raw.Str("metadata", "labels", k) }
	note := func(k string) string { return o.Raw.Str("metadata", "annotations", k) }
	switch {
	case label("addonmanager.kubernetes.io/mode") == "Reconcile", label("kubernetes.azure.com/managedby") == "aks":
		return "the AKS add-on manager"
	case note("argocd.argoproj.io/tracking-id") != "", label("argocd.argoproj.io/instance") != "":
		return "Argo CD" + of(cmp.Or(label("argocd.argoproj.io/instance"), before(note("argocd.argoproj.io/tracking-id"), ":")))
	case label("helm.toolkit.fluxcd.io/name") != "":
		return "Flux, HelmRelease" + of(label("helm.toolkit.fluxcd.io/namespace")+"/"+label("helm.toolkit.fluxcd.io/name"))
	case label("kustomize.toolkit.fluxcd.io/name") != "":
		return "Flux, Kustomization" + of(label("kustomize.toolkit.fluxcd.io/namespace")+"/"+label("kustomize.toolkit.fluxcd.io/name"))
	case note("meta.helm.sh/release-name") != "":
		return "Helm" + of(note("meta.helm.sh/release-namespace")+"/"+note("meta.helm.sh/release-name"))
	case label("app.kubernetes.io/managed-by") == "Helm":
		return "Helm" + of(label("release"))
	case label("olm.owner") != "":
		return "the Operator Lifecycle Manager" + of(label("olm.owner"))
	}
	if owner, ok := o.ControllerOf(); ok {
		return owner.Kind + " " + owner.Name
	}
	return ""
}

func of(s string) string {
	if s == "" || s == "/" {
		return ""
	}
	return " (" + s + ")"
}

func before(s, sep string) string {
	for i := range s {
		if s[i:i+1] == sep {
			return s[:i]
		}
	}
	return s
}
