package evidence

import "strings"

// hideAbsent makes unknown what Go's zero values made look known: fields of a container's status that the raw
// object does not have.
func hideAbsent(p *Pod, raw Raw) {
	seen := map[string]Raw{}
	for _, list := range []string{"initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"} {
		for _, s := range raw.List("status", list) {
			seen[s.Str("name")] = s
		}
	}
	for i := range p.Containers {
		c := &p.Containers[i]
		s := seen[c.Name]
		if s == nil {
			c.RestartCount, c.Ready = Opt[int]{}, Opt[bool]{}
			c.State, c.Last = State{}, State{}
			continue
		}
		if !s.Has("restartCount") {
			c.RestartCount = Opt[int]{}
		}
		if !s.Has("ready") {
			c.Ready = Opt[bool]{}
		}
		hideState(&c.State, s.Map("state"), s.Has("state"))
		// The API server always sends lastState ({} where there is none); its absence in a foreign object is unknown.
		hideState(&c.Last, s.Map("lastState"), s.Has("lastState"))
	}
}

func hideState(st *State, raw Raw, present bool) {
	if !present {
		*st = State{}
		return
	}
	if st.Kind == Terminated && !raw.Has("terminated", "exitCode") {
		st.ExitCode = Opt[int]{}
	}
}

// hideAnnotated applies the crashproof.dev/unknown.* annotations.
func hideAnnotated(p *Pod) {
	for key, fields := range p.Annotations {
		name, ok := strings.CutPrefix(key, UnknownAnnotation)
		if !ok {
			continue
		}
		c := p.Container(name)
		if c == nil {
			continue
		}
		for _, f := range strings.FieldsFunc(fields, func(r rune) bool { return r == ',' || r == ' ' }) {
			c.hide(f)
		}
	}
}

// hide forgets one field, named by its path in the status with or without the kind of state in between.
func (c *Container) hide(field string) {
	for _, k := range []string{".terminated", ".waiting", ".running"} {
		field = strings.Replace(field, k, "", 1)
	}
	switch field {
	case "restartCount":
		c.RestartCount = Opt[int]{}
	case "ready":
		c.Ready = Opt[bool]{}
	case "started":
		c.Started = Opt[bool]{}
	case "image":
		c.Image = ""
	case "imageID":
		c.ImageID = ""
	case "state":
		c.State = State{}
	case "lastState":
		c.Last = State{}
	default:
		if rest, ok := strings.CutPrefix(field, "lastState."); ok {
			c.Last.hide(rest)
		} else if rest, ok := strings.CutPrefix(field, "state."); ok {
			c.State.hide(rest)
		}
	}
}

func (s *State) hide(field string) {
	switch field {
	case "exitCode":
		s.ExitCode = Opt[int]{}
	case "reason":
		s.Reason = ""
	case "message":
		s.Message = ""
	case "signal":
		s.Signal = 0
	case "startedAt":
		s.StartedAt = State{}.StartedAt
	case "finishedAt":
		s.FinishedAt = State{}.FinishedAt
	case "containerID":
		s.ContainerID = ""
	}
}
