package change

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// version is one template of a workload.
type version struct {
	o        evidence.Object
	number   int
	hash     string
	at       time.Time
	template corev1.PodTemplateSpec
}

// The annotations of Deployments' ReplicaSets (pkg/controller/deployment/util): the number of the revision, and the numbers
// that the same template had before it was rolled back to.
const (
	revisionNumber  = "deployment.kubernetes.io/revision"
	revisionHistory = "deployment.kubernetes.io/revision-history"
)

// versions lists what is left of a workload's templates, oldest first.
func versions(s *evidence.Snapshot, w evidence.Object) []version {
	kind, path := "ControllerRevision", []string{"data", "spec", "template"}
	if w.Kind == "Deployment" {
		kind, path = "ReplicaSet", []string{"spec", "template"}
	}
	var out []version
	for _, o := range s.OfKind(kind, w.Namespace) {
		owner, ok := o.ControllerOf()
		if !ok || owner.Kind != w.Kind || owner.Name != w.Name || !o.Raw.Has(path...) {
			continue
		}
		v := version{o: o, at: stamp(o.Raw.Str("metadata", "creationTimestamp"))}
		if o.Raw.Into(&v.template, path...) != nil {
			continue
		}
		if kind == "ReplicaSet" {
			v.number, _ = strconv.Atoi(o.Raw.Str("metadata", "annotations", revisionNumber))
			v.hash = o.Label("pod-template-hash")
			if o.Raw.Str("metadata", "annotations", revisionHistory) != "" {
				v.at = broughtBack(s, w, o)
			}
		} else {
			n, _ := o.Raw.Get("revision")
			f, _ := n.(float64)
			v.number, v.hash = int(f), cmp.Or(o.Label("controller-revision-hash"), o.Name)
		}
		delete(v.template.Labels, "pod-template-hash")
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b version) int { return cmp.Or(cmp.Compare(a.number, b.number), a.at.Compare(b.at)) })
	for i := 1; i < len(out); i++ { // a ControllerRevision that came back keeps the time at which it was made first
		if kind == "ControllerRevision" && out[i].at.Before(out[i-1].at) {
			out[i].at = time.Time{}
		}
	}
	return out
}

// broughtBack is when a former template came back: its ReplicaSet is older. The event of its scaling tells, or the
// Deployment's own condition.
func broughtBack(s *evidence.Snapshot, w, rs evidence.Object) time.Time {
	for _, e := range slices.Backward(s.EventsAbout(w.Ref())) {
		if e.Reason == "ScalingReplicaSet" && strings.Contains(e.Message, "Scaled up replica set "+rs.Name+" from 0 ") {
			return e.Last
		}
	}
	for _, c := range w.Raw.List("status", "conditions") {
		if c.Str("type") == "Progressing" && strings.Contains(c.Str("message"), rs.Name) {
			return stamp(c.Str("lastUpdateTime"))
		}
	}
	return time.Time{}
}

// rollouts tells how each template that is left differs from the one before, and that of which no predecessor is left by
// the fields that were set last.
func rollouts(s *evidence.Snapshot, w evidence.Object) []Change {
	list := versions(s, w)
	var out []Change
	for i, v := range list {
		c := Change{Time: v.at, PlusMinus: time.Second, Kind: Rollout, Object: w.Ref(), Revision: v.hash, Owner: Keeper(w), Ref: v.o.Ref().String()}
		if last := i == len(list)-1; last {
			c.By = managerOf(w, v.at)
		}
		if i > 0 {
			c.Before = list[i-1].hash
			c.Items = Templates(&list[i-1].template, &v.template)
			if i == len(list)-1 {
				c.Items = append(c.Items, drift(w)...)
			}
		} else if v.number <= 1 {
			c.Kind = Created
		} else if c.Items = touched(w); len(c.Items) == 0 || len(list) > 1 {
			continue // there was another before, and nothing tells what
		}
		if !c.Time.IsZero() {
			out = append(out, c)
		}
	}
	if made := stamp(w.Raw.Str("metadata", "creationTimestamp")); len(list) == 0 && !made.IsZero() {
		out = append(out, Change{Time: made, PlusMinus: time.Second, Kind: Created, Object: w.Ref(), Owner: Keeper(w), Ref: w.Ref().At("metadata.creationTimestamp").String()})
		for _, e := range edits(w) {
			if items := itemsOf(e.paths); len(items) > 0 && e.at.Sub(made) > settle {
				out = append(out, Change{Time: e.at, PlusMinus: time.Second, Kind: Edited, Object: w.Ref(), Owner: Keeper(w), By: e.manager, Items: items, Ref: w.Ref().At("metadata.managedFields").String()})
			}
		}
	}
	return out
}

// managerOf is who set fields of the template at about that time.
func managerOf(w evidence.Object, at time.Time) string {
	for _, e := range edits(w) {
		if d := at.Sub(e.at); d > -settle && d < settle && len(itemsOf(e.paths)) > 0 {
			return e.manager
		}
	}
	return ""
}

// touched are the fields of the template that were set last.
func touched(w evidence.Object) []Item {
	list := edits(w)
	for _, e := range slices.Backward(list) {
		if items := itemsOf(e.paths); len(items) > 0 {
			return items
		}
	}
	return nil
}

// fieldAspects are the fields of a pod template by the aspect that they belong to.
var fieldAspects = map[string]string{"image": "image", "command": "command", "args": "command", "env": "env", "envFrom": "env", "resources": "resources",
	"livenessProbe": "probes", "readinessProbe": "probes", "startupProbe": "probes", "ports": "ports", "volumes": "volumes", "volumeMounts": "volumes",
	"securityContext": "security", "serviceAccountName": "identity", "serviceAccount": "identity", "imagePullSecrets": "identity", "nodeSelector": "placement", "affinity": "placement",
	"tolerations": "placement", "lifecycle": "lifecycle", "initContainers": "lifecycle", "dnsPolicy": "network", "dnsConfig": "network", "hostNetwork": "network"}

// itemsOf reads which parts of a template a manager's fields are in. It set them then or before: more is not kept.
func itemsOf(paths [][]string) []Item {
	by := map[string][]string{}
	for _, p := range paths {
		if len(p) < 3 || p[0] != "spec" || p[1] != "template" {
			continue
		}
		for _, field := range p[2:] {
			if aspect, ok := fieldAspects[field]; ok {
				if !slices.Contains(by[aspect], field) {
					by[aspect] = append(by[aspect], field)
				}
				break
			}
		}
	}
	var out []Item
	for aspect, fields := range by {
		out = append(out, Item{aspect, "the same edit set " + strings.Join(fields, ", ") + ", then or before"})
	}
	slices.SortFunc(out, func(a, b Item) int { return cmp.Compare(a.Text, b.Text) })
	return out
}
