package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/diagnosis"
	"github.com/crashproof-dev/crashproof/evidence"
)

// Narrow keeps the findings of one workload, one pod or one namespace. It is for recorded evidence, which holds more
// than is asked for; the reasoning has seen all of it.
func Narrow(r *Result, t evidence.Target) error {
	t.Kind = Kind(t.Kind)
	about := slices.DeleteFunc(slices.Clone(r.Report.Findings), func(f diagnosis.Finding) bool { return !concerns(&f, t) })
	if t.Kind != "" && len(about) == 0 && !known(r.Snapshot, t) {
		return missing(r.Snapshot, t)
	}
	r.Report.Findings = about
	r.Report.Target = ""
	if t.Name != "" {
		r.Report.Target = t.Kind + "/" + t.Namespace + "/" + t.Name
	}
	r.Report.Scope = diagnosis.Overall(r.Report.Findings, r.Report.Coverage.Pods)
	return nil
}

// concerns reports whether a finding is about the target, or takes it down.
func concerns(f *diagnosis.Finding, t evidence.Target) bool {
	if about(f.Workload, t) || slices.ContainsFunc(f.Victims, func(w diagnosis.Workload) bool { return about(w, t) }) {
		return true
	}
	return t.Kind == "Pod" && (t.Namespace == "" || f.Workload.Namespace == t.Namespace) &&
		slices.ContainsFunc(f.Containers, func(c diagnosis.ContainerFinding) bool { return c.Pod == t.Name })
}

func about(w diagnosis.Workload, t evidence.Target) bool {
	return (t.Namespace == "" || w.Namespace == t.Namespace) &&
		(t.Kind == "" || strings.EqualFold(w.Kind, t.Kind) && w.Name == t.Name)
}

// known reports whether the evidence has the target at all.
func known(s *evidence.Snapshot, t evidence.Target) bool {
	for _, o := range s.Objects {
		if strings.EqualFold(o.Kind, t.Kind) && o.Name == t.Name && (t.Namespace == "" || o.Namespace == t.Namespace) {
			return true
		}
	}
	for i := range s.Population.Rows {
		r := &s.Population.Rows[i]
		if t.Namespace != "" && r.Namespace != t.Namespace {
			continue
		}
		if t.Kind == "Pod" && r.Pod == t.Name || strings.EqualFold(r.WorkloadKind, t.Kind) && r.Workload == t.Name ||
			strings.EqualFold(r.OwnerKind, t.Kind) && r.Owner == t.Name {
			return true
		}
	}
	return false
}

// missing names what was captured in place of the target.
func missing(s *evidence.Snapshot, t evidence.Target) error {
	var sick []string
	for i := range s.Population.Rows {
		r := &s.Population.Rows[i]
		if name := strings.ToLower(r.WorkloadKind) + "/" + r.Workload + " in " + r.Namespace; r.Symptom != "" && !slices.Contains(sick, name) && len(sick) < 5 {
			sick = append(sick, name)
		}
	}
	what := strings.ToLower(t.Kind) + "/" + t.Name
	if t.Namespace != "" {
		what += " in namespace " + t.Namespace
	}
	if len(sick) == 0 {
		return fmt.Errorf("there is no %s in what was captured", what)
	}
	return fmt.Errorf("there is no %s in what was captured; what is sick there: %s", what, strings.Join(sick, ", "))
}

// kinds are the names under which kubectl users know the kinds of workloads.
var kinds = map[string]string{
	"po": "Pod", "pod": "Pod", "deploy": "Deployment", "deployment": "Deployment", "sts": "StatefulSet", "statefulset": "StatefulSet",
	"ds": "DaemonSet", "daemonset": "DaemonSet", "rs": "ReplicaSet", "replicaset": "ReplicaSet", "rc": "ReplicationController",
	"replicationcontroller": "ReplicationController", "job": "Job", "cj": "CronJob", "cronjob": "CronJob", "no": "Node", "node": "Node",
}

// Kind reads deploy, deployments and deployments.apps as Deployment; what is unknown stays as it is.
func Kind(name string) string {
	short, _, _ := strings.Cut(strings.ToLower(name), ".")
	if k, ok := kinds[short]; ok {
		return k
	}
	if k, ok := kinds[strings.TrimSuffix(short, "s")]; ok {
		return k
	}
	return name
}
