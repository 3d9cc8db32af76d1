package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// cluster is an API server with a few objects: all that the commands' own behaviour needs. What collecting does with
// all that real servers answer is tested in collect/kube.
type cluster struct {
	*httptest.Server
	objects map[string][]any // by resource
	status  int              // answered to everything where it is not 0
	hang    chan struct{}    // closed once a request came; the request then hangs
}

type obj = map[string]any

func newCluster(t testing.TB) *cluster {
	c := &cluster{objects: map[string][]any{
		"namespaces":  {obj{"metadata": obj{"name": "kube-system", "uid": "cluster-1"}}},
		"nodes":       {obj{"metadata": obj{"name": "n1"}}},
		"pods":        {pod("shop", "web-1", nil), pod("crash", "api-6d5f-x", crashing())},
		"deployments": {obj{"metadata": obj{"name": "api", "namespace": "crash", "uid": "d1"}, "spec": obj{"selector": obj{"matchLabels": obj{"app": "api"}}}}},
		"replicasets": {obj{"metadata": obj{"name": "api-6d5f", "namespace": "crash", "uid": "r1", "labels": obj{"pod-template-hash": "6d5f"},
			"ownerReferences": []any{obj{"apiVersion": "apps/v1", "kind": "Deployment", "name": "api", "uid": "d1", "controller": true}}}}},
	}}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

func stamp(ago time.Duration) string { return time.Now().Add(-ago).UTC().Format(time.RFC3339) }

// crashing is the status of a container that ended for the fourth time.
func crashing() obj {
	return obj{"name": "api", "image": "api:1", "restartCount": 4, "ready": false, "containerID": "containerd://c4",
		"state": obj{"waiting": obj{"reason": "CrashLoopBackOff", "message": "back-off 1m20s restarting failed container=api"}},
		"lastState": obj{"terminated": obj{"exitCode": 1, "reason": "Error", "containerID": "containerd://c4",
			"startedAt": stamp(70 * time.Second), "finishedAt": stamp(60 * time.Second)}}}
}

func pod(ns, name string, status obj) obj {
	p := obj{"metadata": obj{"name": name, "namespace": ns, "uid": "u-" + name, "creationTimestamp": stamp(10 * time.Minute), "labels": obj{"app": "api"}},
		"spec": obj{"nodeName": "n1", "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
			"containers": []any{obj{"name": "api", "image": "api:1", "terminationMessagePath": "/dev/termination-log", "imagePullPolicy": "Always",
				"env": []any{obj{"name": "DB_PASSWORD", "value": "hunter2hunter2"}}}}}}
	if status == nil {
		status = obj{"name": "api", "image": "api:1", "restartCount": 0, "ready": true, "containerID": "containerd://c0",
			"state": obj{"running": obj{"startedAt": stamp(9 * time.Minute)}}, "lastState": obj{}}
	} else {
		m := p["metadata"].(obj)
		m["labels"] = obj{"app": "api", "pod-template-hash": "6d5f"}
		m["ownerReferences"] = []any{obj{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "api-6d5f", "uid": "r1", "controller": true}}
	}
	p["status"] = obj{"phase": "Running", "startTime": stamp(9 * time.Minute), "containerStatuses": []any{status}}
	return p
}

const crashLog = "starting with hunter2hunter2\nFATAL: password authentication failed for user \"app\"\n"

// ServeHTTP answers lists, single objects and logs.
func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c.hang != nil {
		select {
		case <-c.hang:
		default:
			close(c.hang)
		}
		<-r.Context().Done()
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if c.status != 0 {
		refuse(w, c.status)
		return
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if parts[0] == "version" {
		_ = json.NewEncoder(w).Encode(obj{"gitVersion": "v1.37.2", "major": "1", "minor": "37"})
		return
	}
	parts = parts[min(len(parts), map[string]int{"api": 2, "apis": 3}[parts[0]]):]
	ns := ""
	if len(parts) > 2 && parts[0] == "namespaces" {
		ns, parts = parts[1], parts[2:]
	}
	switch {
	case len(parts) == 0:
		refuse(w, http.StatusNotFound)
	case len(parts) == 3 && parts[2] == "log":
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, crashLog)
	case len(parts) == 2:
		c.one(w, parts[0], ns, parts[1])
	default:
		c.list(w, parts[0], ns, r.URL.Query().Get("fieldSelector"))
	}
}

func (c *cluster) one(w http.ResponseWriter, resource, ns, name string) {
	for _, o := range c.objects[resource] {
		if in(o, ns) && o.(obj)["metadata"].(obj)["name"] == name {
			_ = json.NewEncoder(w).Encode(o)
			return
		}
	}
	refuse(w, http.StatusNotFound)
}

func (c *cluster) list(w http.ResponseWriter, resource, ns, field string) {
	items := []any{}
	for _, o := range c.objects[resource] {
		name := o.(obj)["metadata"].(obj)["name"].(string)
		if in(o, ns) && (!strings.HasPrefix(field, "metadata.name=") || field == "metadata.name="+name) {
			items = append(items, o)
		}
	}
	_ = json.NewEncoder(w).Encode(obj{"kind": "List", "apiVersion": "v1", "metadata": obj{"resourceVersion": "1"}, "items": items})
}

func in(o any, ns string) bool { return ns == "" || o.(obj)["metadata"].(obj)["namespace"] == ns }

func refuse(w http.ResponseWriter, code int) {
	w.WriteHeader(code)
	reason := strings.ReplaceAll(http.StatusText(code), " ", "")
	_ = json.NewEncoder(w).Encode(obj{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": http.StatusText(code)})
}

// kubeconfig writes a kubeconfig with two contexts, the first of which is the cluster.
func kubeconfig(t testing.TB, dir, name, server string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: test
clusters: [{name: c, cluster: {server: %q}}]
users: [{name: u, user: {}}]
contexts:
- {name: test, context: {cluster: c, user: u, namespace: shop}}
- {name: other, context: {cluster: c, user: u}}
`, server)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
