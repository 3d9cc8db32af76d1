package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// maxDepth bounds how deep documents may nest; the API's own objects stay below 40.
const maxDepth = 200

// json reads JSON documents one after another. Of a list each item is decoded by itself, so that a list of a hundred
// thousand pods is never in memory as a whole, and half a list gives half of its items.
func (b *builder) json(name string, r io.Reader) {
	d := json.NewDecoder(&deep{r: r})
	before := b.used
	defer func() {
		if b.used == before {
			b.useless = "it is JSON without objects of Kubernetes"
		}
	}()
	for {
		err := b.jsonValue(name, d)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			b.lastBroken = fmt.Errorf("its JSON breaks off after %d bytes: %w", d.InputOffset(), err)
			b.gap(evidence.Gap{What: "the rest of " + b.called(name), Source: evidence.Spec, Reason: evidence.Truncated,
				Detail: b.lastBroken.Error(), Close: "copy or collect it again"})
			return
		}
	}
}

// jsonValue reads one document.
func (b *builder) jsonValue(name string, d *json.Decoder) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch t {
	case json.Delim('['):
		return b.jsonItems(d, "")
	case json.Delim('{'):
		return b.jsonObject(name, d)
	}
	return nil
}

// jsonItems reads the items of a list, up to its end.
func (b *builder) jsonItems(d *json.Decoder, kind string) error {
	for d.More() {
		var item map[string]any
		if err := d.Decode(&item); err != nil {
			var mismatch *json.UnmarshalTypeError
			if errors.As(err, &mismatch) {
				continue // a number or a string among objects
			}
			return err
		}
		b.document(item, kind)
	}
	_, err := d.Token()
	return err
}

// jsonObject reads an object key by key, and its "items" item by item.
func (b *builder) jsonObject(name string, d *json.Decoder) error {
	raw := evidence.Raw{}
	items := false
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		k, _ := key.(string)
		if k == "items" {
			var isList bool
			if isList, err = b.jsonList(name, d, raw); err != nil {
				return err
			}
			items = items || isList
			continue
		}
		var v any
		if err := d.Decode(&v); err != nil {
			return err
		}
		if _, twice := raw[k]; twice {
			b.contradiction(name, "the key "+k+" is in one object twice")
		}
		raw[k] = v
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if items {
		b.used++
		return nil
	}
	b.document(raw, "")
	return nil
}

// jsonList reads the value of the key "items". In the API's answers kind comes first; where it comes last, items name
// their kind themselves or show it by their shape.
func (b *builder) jsonList(name string, d *json.Decoder, list evidence.Raw) (bool, error) {
	t, err := d.Token()
	if err != nil || t != json.Delim('[') {
		return t == nil, err // null is an empty list
	}
	return true, b.jsonItems(d, itemKind(list.Str("kind"), name))
}

// itemKind is what the items of a list are, from the list's kind or, in support bundles, from the file's path.
func itemKind(list, name string) string {
	if k, ok := strings.CutSuffix(list, "List"); ok && k != "" {
		return k
	}
	return kindOfPath(name)
}

// kindsOfPath are the names that dumps give to files and folders, by the kind of their objects.
var kindsOfPath = map[string]string{"pods": "Pod", "pod": "Pod", "events": "Event", "nodes": "Node", "deployments": "Deployment", "replicasets": "ReplicaSet",
	"replica-sets": "ReplicaSet", "statefulsets": "StatefulSet", "daemonsets": "DaemonSet", "jobs": "Job", "cronjobs": "CronJob", "services": "Service",
	"endpoints": "Endpoints", "endpointslices": "EndpointSlice", "pvcs": "PersistentVolumeClaim", "pvs": "PersistentVolume", "configmaps": "ConfigMap",
	"replication-controllers": "ReplicationController", "namespaces": "Namespace", "limitranges": "LimitRange", "resource-quota": "ResourceQuota", "resource-quotas": "ResourceQuota",
	"network-policy": "NetworkPolicy", "networkpolicies": "NetworkPolicy", "storage-classes": "StorageClass", "serviceaccounts": "ServiceAccount", "leases": "Lease",
	"ingress": "Ingress", "pod-disruption-budgets": "PodDisruptionBudget", "secrets": "Secret"}

// kindOfPath guesses from pods/shop.json, shop/pods.json and nodes.json.
func kindOfPath(name string) string {
	base := strings.ToLower(path.Base(name))
	base, _, _ = strings.Cut(base, ".")
	if k := kindsOfPath[base]; k != "" {
		return k
	}
	return kindsOfPath[strings.ToLower(path.Base(path.Dir(name)))]
}

// deep refuses documents that nest too deep for a reader that calls itself.
type deep struct {
	r       io.Reader
	level   int
	quoted  bool
	escaped bool
}

var errDeep = errors.New("it nests deeper than 200 levels")

// Read implements [io.Reader].
func (d *deep) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	for _, c := range p[:n] {
		switch {
		case d.escaped:
			d.escaped = false
		case d.quoted:
			d.escaped, d.quoted = c == '\\', c != '"'
		case c == '"':
			d.quoted = true
		case c == '{' || c == '[':
			if d.level++; d.level > maxDepth {
				return 0, errDeep
			}
		case c == '}' || c == ']':
			d.level--
		}
	}
	return n, err
}
