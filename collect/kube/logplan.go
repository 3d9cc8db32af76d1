package kube

import (
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// ask is one log request, and the run that it is expected to answer with.
type ask struct {
	container string
	previous  bool
	run       evidence.State // ContainerID, start and finish of the run
}

// neverStarted: the runtime created the container and could not start its process, so there is no output
// (containerd's and CRI-O's start failures as the kubelet writes them: kuberuntime_container.go, toKubeContainerStatus).
func neverStarted(s evidence.State) bool {
	return s.Kind == evidence.Terminated && (s.Reason == "StartError" || s.Reason == "ContainerCannotRun")
}

// asks lists the log requests for one container, each run at most once. thorough adds the run before the last one.
func asks(c *evidence.Container, thorough bool) []ask {
	var out []ask
	add := func(previous bool) {
		run, ok := c.LogRun(previous)
		if !ok || neverStarted(run) || run.Synthetic() {
			return
		}
		for _, a := range out {
			if a.run.ContainerID == run.ContainerID {
				return
			}
		}
		out = append(out, ask{container: c.Name, previous: previous, run: run})
	}
	switch c.State.Kind {
	case evidence.Terminated:
		add(false)
		if thorough {
			add(true)
		}
	case evidence.Running:
		add(true)
		add(false)
	default:
		add(true) // plain answers with the same run
	}
	return out
}

// wanted lists the log requests for a sick pod: its sick containers, and where the pod is sick as a whole, those of
// its containers that ended badly. A pod on a lost node has no kubelet that could answer.
func (s *sample) wanted() []ask {
	var out []ask
	names := map[string]bool{}
	for _, v := range s.sick {
		switch {
		case v.Symptom == triage.NodeLost:
			return nil
		case v.Container != "":
			names[v.Container] = true
		case v.Symptom == triage.Replaced:
			for i := range s.p.Containers {
				if c := &s.p.Containers[i]; c.State.Kind == evidence.Terminated && !evidence.Is(c.State.ExitCode, 0) {
					names[c.Name] = true
				}
			}
		}
	}
	for i := range s.p.Containers {
		if c := &s.p.Containers[i]; names[c.Name] {
			out = append(out, asks(c, s.first)...)
		}
	}
	return out
}

// lost lists the sick containers whose last run the kubelet only made up: there is no log of it.
func (s *sample) lost() []string {
	var out []string
	for _, v := range s.sick {
		if c := s.p.Container(v.Container); c != nil && (c.Last.Synthetic() || c.State.Synthetic()) {
			out = append(out, c.Name)
		}
	}
	return out
}
