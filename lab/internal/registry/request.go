package registry

import (
	"net"
	"strings"
)

// request is a parsed path of the distribution API: /v2/<repository>/<kind>/<reference>.
type request struct{ repository, kind, reference string }

func parse(path string) (request, bool) {
	rest, ok := strings.CutPrefix(path, "/v2/")
	if !ok {
		return request{}, false
	}
	for _, kind := range []string{"manifests", "blobs"} {
		if i := strings.LastIndex(rest, "/"+kind+"/"); i > 0 {
			return request{rest[:i], kind, rest[i+len(kind)+2:]}, true
		}
	}
	return request{}, false
}

// hostOf is the registry's name as it stands in image references: Docker Hub's
// API answers under another name than its images carry.
func hostOf(hostport string) string {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	if host == "registry-1.docker.io" {
		return "docker.io"
	}
	return host
}
