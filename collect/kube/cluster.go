package kube

import (
	"encoding/json"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// identify reads the UID of kube-system, the usual stand-in for a cluster's identity.
func (r *round) identify() {
	o, err := r.get(r.ctx, resNamespaces, "", metav1.NamespaceSystem, asMetadata)
	if err != nil {
		r.missedOrEnd(err, missed("the cluster's identity (the UID of namespace kube-system)", evidence.Spec, "get", resNamespaces, "", err))
		return
	}
	r.s.Cluster.UID = o.UID
}

// version asks the server for its version, which every authenticated user may do (system:public-info-viewer).
func (r *round) version() {
	b, err := r.raw(r.ctx, "/version", asJSON)
	var v struct{ GitVersion string }
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil {
		if e := r.ends(err); e != nil {
			r.abort(e)
			return
		}
		r.gap(missed("the API server's version", evidence.Spec, "get", resource{name: "the path /version", clusterWide: true}, "", err))
		return
	}
	r.s.Cluster.Version = v.GitVersion
}

// listNodes makes a row of every node, and remembers each in its encoded form until it is known which ones matter.
func (r *round) listNodes() {
	err := r.list(r.ctx, resNodes.path("", ""), asProtobuf, cached(), func(item []byte, form encoding) error {
		n, err := decode[corev1.Node](item, form)
		if err != nil {
			return err
		}
		r.s.Population.Nodes = append(r.s.Population.Nodes, evidence.NodeRowFromAPI(n))
		n.ManagedFields, n.Status.Images = nil, nil // the larger part of a node, and no evidence
		b, err := n.Marshal()
		r.nodes[n.Name] = b
		return err
	})
	if err != nil {
		r.missedOrEnd(err, missed("nodes", evidence.Node, "list", resNodes, "", err))
	}
	for _, n := range r.s.Population.Nodes {
		if p := evidence.ProviderOf(n.ProviderID); p != "" {
			r.s.Cluster.Provider = p
			break
		}
	}
}

// keepNodes puts the nodes that host kept pods into the snapshot.
func (r *round) keepNodes() {
	for _, s := range r.pods.kept() {
		name := s.pod.Spec.NodeName
		b, ok := r.nodes[name]
		if !ok {
			continue
		}
		delete(r.nodes, name)
		n, err := decode[corev1.Node](b, inProtobuf)
		if err != nil {
			continue // it was encoded by ourselves
		}
		if raw, err := evidence.ToRaw(n); err == nil {
			r.keep(object(raw, resNodes))
		}
	}
}
