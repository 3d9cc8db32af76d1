package table

import (
	"regexp"
	"strings"
)

// column is a title with the rune offset at which it stands.
type column struct {
	title string
	at    int
}

// pairs are the titles of two words.
var pairs = map[string]bool{"LAST SEEN": true, "FIRST SEEN": true, "ACCESS MODES": true, "NODE SELECTOR": true,
	"NOMINATED NODE": true, "READINESS GATES": true, "LAST SCHEDULE": true, "RECLAIM POLICY": true, "DEFAULT BACKEND": true}

var (
	word  = regexp.MustCompile(`\S+`)
	title = regexp.MustCompile(`^%?[A-Z][A-Z0-9()/._:-]*$`)
	// k9s marks the column that it sorts by
	sorted = strings.NewReplacer("↑", " ", "↓", " ")
)

// readHeader reads titles; a header begins with one of a few and has at least two.
func readHeader(s string) []column {
	s = sorted.Replace(s)
	first := strings.TrimLeft(s, " ")
	if !strings.HasPrefix(first, "NAME") && !strings.HasPrefix(first, "LAST") {
		return nil
	}
	var out []column
	for _, m := range word.FindAllStringIndex(s, -1) {
		w := s[m[0]:m[1]]
		if !title.MatchString(w) {
			return nil
		}
		if n := len(out); n > 0 && pairs[out[n-1].title+" "+w] && m[0] == out[n-1].at+len(out[n-1].title)+1 {
			out[n-1].title += " " + w
			continue
		}
		out = append(out, column{w, m[0]})
	}
	switch {
	case len(out) < 2, out[0].title == "NAMESPACE" && len(out) < 3:
		return nil
	case out[0].title == "NAME", out[0].title == "NAMESPACE", out[0].title == "LAST SEEN", out[0].title == "LASTSEEN":
		return out
	}
	return nil
}

// kindOf tells the kind from the titles that only its printer has.
func kindOf(cols []column) string {
	has := map[string]bool{}
	for _, c := range cols {
		has[c.title] = true
	}
	all := func(titles ...string) bool {
		for _, t := range titles {
			if !has[t] {
				return false
			}
		}
		return true
	}
	switch {
	case all("REASON", "MESSAGE"):
		return "Event"
	case all("READY", "STATUS", "RESTARTS"):
		return "Pod"
	case all("STATUS", "ROLES", "VERSION"), all("STATUS", "AGE", "VERSION"):
		return "Node"
	case all("DESIRED", "CURRENT", "NODE SELECTOR"), all("DESIRED", "NODE-SELECTOR"):
		return "DaemonSet"
	case all("UP-TO-DATE", "AVAILABLE"):
		return "Deployment"
	case all("DESIRED", "CURRENT", "READY"):
		return "ReplicaSet"
	case all("COMPLETIONS"), all("DESIRED", "SUCCESSFUL"):
		return "Job"
	case all("SCHEDULE", "SUSPEND"):
		return "CronJob"
	case all("REFERENCE", "MINPODS"):
		return "HorizontalPodAutoscaler"
	case all("CAPACITY", "CLAIM"):
		return "PersistentVolume"
	case all("VOLUME", "CAPACITY"):
		return "PersistentVolumeClaim"
	case all("CLUSTER-IP"):
		return "Service"
	case all("HOSTS", "ADDRESS"):
		return "Ingress"
	case all("NAME", "READY", "AGE"):
		return "StatefulSet"
	case all("NAME", "ENDPOINTS"):
		return "Endpoints"
	}
	return ""
}

// kindOfPrefix tells the kind from a name such as deployment.apps/api.
var kindOfPrefix = map[string]string{"pod": "Pod", "node": "Node", "service": "Service", "deployment": "Deployment", "replicaset": "ReplicaSet",
	"statefulset": "StatefulSet", "daemonset": "DaemonSet", "job": "Job", "cronjob": "CronJob", "event": "Event", "persistentvolumeclaim": "PersistentVolumeClaim",
	"persistentvolume": "PersistentVolume", "configmap": "ConfigMap", "endpoints": "Endpoints", "ingress": "Ingress", "namespace": "Namespace", "serviceaccount": "ServiceAccount",
	"horizontalpodautoscaler": "HorizontalPodAutoscaler", "replicationcontroller": "ReplicationController", "networkpolicy": "NetworkPolicy"}
