package image

import (
	"sort"
	"strings"
)

// Named returns the names of the definitions that serve these references.
func Named(definitions map[string]*Definition, refs []string) []string {
	wanted := map[string]bool{}
	for _, ref := range refs {
		wanted[full(ref)] = true
	}
	var names []string
	for name, d := range definitions {
		for _, ref := range d.Refs {
			if wanted[ref] {
				names = append(names, name)
				break
			}
		}
	}
	sort.Strings(names)
	return names
}

// full writes a reference out as containerd does: Docker Hub is the default
// registry, library the default folder there, latest the default tag.
func full(ref string) string {
	ref, _, _ = strings.Cut(ref, "@")
	first, _, hasPath := strings.Cut(ref, "/")
	switch {
	case !hasPath:
		ref = "docker.io/library/" + ref
	case !strings.ContainsAny(first, ".:") && first != "localhost":
		ref = "docker.io/" + ref
	}
	if !strings.Contains(ref[strings.LastIndex(ref, "/"):], ":") {
		ref += ":latest"
	}
	return ref
}
