package kube

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
)

// kinds finds resources. The common ones are in a table; the server is asked, once, only for others.
type kinds struct {
	client discovery.DiscoveryInterface
	mu     sync.Mutex
	served []served
}

// served is one resource of the server's discovery, preferred versions first.
type served struct {
	resource
	singular string
	short    []string
}

func newKinds(c rest.Interface) *kinds { return &kinds{client: discovery.NewDiscoveryClient(c)} }

// noKind says that the server does not serve what was asked for.
type noKind string

func (k noKind) Error() string { return "the server has no kind or resource " + quote(string(k)) }

// byName resolves what people type: kind, resource, singular or short name, with or without group.
func (k *kinds) byName(name string) (resource, error) {
	if res, ok := knownByName(name); ok {
		return res, nil
	}
	word, group, _ := strings.Cut(strings.ToLower(name), ".")
	return k.find(name, func(s served) bool {
		return (group == "" || group == s.group || group == s.version+"."+s.group) &&
			(word == s.name || word == strings.ToLower(s.kind) || word == s.singular || slices.Contains(s.short, word))
	})
}

// byKind resolves an owner reference.
func (k *kinds) byKind(apiVersion, kind string) (resource, error) {
	if res, ok := knownByKind(apiVersion, kind); ok {
		return res, nil
	}
	group, _, ok := strings.Cut(apiVersion, "/")
	if !ok {
		group = ""
	}
	return k.find(kind+" in "+apiVersion, func(s served) bool { return s.kind == kind && s.group == group })
}

func (k *kinds) find(name string, match func(served) bool) (resource, error) {
	all, err := k.discover()
	if err != nil {
		return resource{}, err
	}
	for _, s := range all {
		if match(s) {
			if s.group == "" && s.name == "secrets" {
				return resource{}, errSecrets
			}
			return s.resource, nil
		}
	}
	return resource{}, noKind(name)
}

func (k *kinds) discover() ([]served, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.served != nil {
		return k.served, nil
	}
	groups, err := restmapper.GetAPIGroupResources(k.client)
	if err != nil {
		return nil, fmt.Errorf("asking the server for its kinds: %w", err)
	}
	for _, g := range groups {
		k.served = append(k.served, flatten(g)...)
	}
	return k.served, nil
}

func flatten(g *restmapper.APIGroupResources) []served {
	versions := []string{g.Group.PreferredVersion.Version}
	for _, v := range g.Group.Versions {
		if v.Version != versions[0] {
			versions = append(versions, v.Version)
		}
	}
	var out []served
	for _, v := range versions {
		for _, r := range g.VersionedResources[v] {
			if !strings.Contains(r.Name, "/") { // subresources
				out = append(out, servedFrom(g.Group.Name, v, r))
			}
		}
	}
	return out
}

func servedFrom(group, version string, r metav1.APIResource) served {
	return served{resource: resource{group: group, version: version, name: r.Name, kind: r.Kind, clusterWide: !r.Namespaced},
		singular: r.SingularName, short: r.ShortNames}
}
