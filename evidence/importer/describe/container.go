package describe

import (
	"regexp"
	"strings"
)

var containerName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?:$`)

// containers reads a list of containers (describeContainers). Names stand at indent 2, in a pod template at 3; their
// fields at 4 in both. status is nil for a template.
func (b *block) containers(s section, indent int, specList, statusList string, spec, status map[string]any) {
	var starts []int // lines of names
	for i := s.from; i < s.to; {
		l := b.at(i)
		if l.n == indent && containerName.MatchString(l.s) {
			starts = append(starts, i)
		}
		if end, ok := b.raw[i]; ok {
			i = end
			continue
		}
		i++
	}
	if specList == "" || s.val == "<none>" {
		return
	}
	read := func(name string, from, to int, whole bool) {
		c := b.container(name, from, to, whole)
		if len(c.spec) == 0 && len(c.status) == 0 {
			return
		}
		appendTo(spec, specList, c.spec)
		if status != nil && len(c.status) > 0 {
			if name != "" {
				c.status["name"] = name
			}
			appendTo(status, statusList, c.status)
		}
		c.info.List = specList
		b.obj.Containers = append(b.obj.Containers, c.info)
	}
	first := s.to
	if len(starts) > 0 {
		first = starts[0]
	}
	if first > s.from {
		read("", s.from, first, false) // its name was cut off
	}
	for k, at := range starts {
		b.use(at)
		to := s.to
		if k+1 < len(starts) {
			to = starts[k+1]
		}
		read(strings.TrimSuffix(b.at(at).s, ":"), at+1, to, true)
	}
}

func appendTo(m map[string]any, field string, v map[string]any) {
	l, _ := m[field].([]any)
	m[field] = append(l, v)
}

// described is a container as it was shown.
type described struct {
	spec, status map[string]any
	info         Container
}

// container reads one container from the lines of its fields.
func (b *block) container(name string, from, to int, whole bool) described {
	c := described{spec: map[string]any{}, status: map[string]any{}, info: Container{Name: name}}
	if name != "" {
		c.spec["name"] = name
	}
	seen := map[string]bool{}
	fields := b.group(from, to, 4)
	if name == "" && len(fields) > 0 && fields[0].line > from || name == "" && len(fields) == 0 {
		b.stateRest(from, to, fields, &c)
	}
	for _, f := range fields {
		if b.containerField(f, &c) {
			b.use(f.line)
			seen[f.key] = true
		}
	}
	shownStatus := seen["State"] && seen["Ready"] && seen["Restart Count"]
	if _, ok := c.status["lastState"]; !ok && shownStatus {
		c.status["lastState"] = map[string]any{} // describeContainerState prints it where there is one
	}
	c.info.Status = shownStatus
	// The fields come in one order, Mounts (and Devices) last; whether the last line of a cut text is whole is not known.
	c.info.Complete = whole && seen["Image"] && (seen["Environment"] || seen["Environment Variables"]) && seen["Mounts"] &&
		shownStatus == (seen["State"] || seen["Container ID"]) && (to < len(b.lines) && !b.at(to).out)
	return c
}

func (b *block) containerField(f section, c *described) bool {
	switch f.key {
	case "Container ID":
		c.status["containerID"] = f.val
	case "Image":
		c.spec["image"] = f.val
	case "Image ID":
		c.status["imageID"] = f.val
	case "Port", "Ports", "Host Port", "Host Ports":
		return ports(f, c.spec)
	case "SeccompProfile":
		put(c.spec, f.val, "securityContext", "seccompProfile", "type")
		for _, sub := range b.group(f.from, f.to, 6) {
			if sub.key == "LocalhostProfile" {
				put(c.spec, sub.val, "securityContext", "seccompProfile", "localhostProfile")
				b.use(sub.line)
			}
		}
	case "Command":
		c.spec["command"] = b.command(f, nil)
	case "Args":
		before, _ := c.spec["command"].([]any)
		c.spec["args"] = b.command(f, before)
	case "State":
		c.status["state"] = b.state(f)
	case "Last State":
		c.status["lastState"] = b.state(f)
	case "Ready":
		v, ok := boolean(f.val)
		if ok {
			c.status["ready"] = v
		}
		return ok
	case "Restart Count":
		n, ok := number(f.val)
		if ok {
			c.status["restartCount"] = n
		}
		return ok
	case "Limits", "Requests":
		put(c.spec, b.quantities(f, 6), "resources", strings.ToLower(f.key))
	case "Liveness", "Readiness", "Startup":
		p, ok := probe(f.val)
		if ok {
			c.spec[strings.ToLower(f.key)+"Probe"] = p
		}
		return ok
	case "Environment Variables from":
		c.spec["envFrom"] = b.envFrom(f)
	case "Environment", "Environment Variables":
		c.spec["env"] = b.env(f)
	case "Mounts", "Volume Mounts":
		c.spec["volumeMounts"] = b.mounts(f)
	case "Devices":
		c.spec["volumeDevices"] = b.devices(f)
	case "QoS Tier": // up to 1.4, per resource: computed
		for _, l := range b.body(f) {
			b.use(l.i)
		}
	default:
		return false
	}
	return true
}

// stateRest reads a state whose first line was cut off: the lines before the first field.
func (b *block) stateRest(from, to int, fields []section, c *described) {
	if len(fields) > 0 {
		to = fields[0].line
	}
	st := map[string]any{}
	b.stateFields(from, to, st, 0)
	if _, ok := st["exitCode"]; !ok {
		return
	}
	// What follows tells which state it was: the last one stands between the present one and Ready.
	if len(fields) > 0 && fields[0].key == "Last State" {
		c.status["state"] = map[string]any{"terminated": st}
	} else if len(fields) > 0 && fields[0].key == "Ready" {
		c.status["lastState"] = map[string]any{"terminated": st}
	}
}

var stateKinds = map[string]string{"Waiting": "waiting", "Running": "running", "Terminated": "terminated"}

// state reads what describeStatus prints. A state with nothing in it is printed as Waiting.
func (b *block) state(f section) map[string]any {
	kind, ok := stateKinds[f.val]
	if !ok {
		return map[string]any{}
	}
	st := map[string]any{}
	b.stateFields(f.from, f.to, st, f.col)
	return map[string]any{kind: st}
}

func (b *block) stateFields(from, to int, st map[string]any, col int) {
	for _, s := range b.group(from, to, 6) {
		switch s.key {
		case "Reason":
			st["reason"] = s.val
		case "Message":
			// the state's name stands in the same column: tabwriter aligns neighbours
			s.val = valueAt(b.at(s.line), col)
			st["message"] = b.text(s)
		case "Exit Code", "Signal":
			if n, ok := number(s.val); ok {
				st[map[string]string{"Exit Code": "exitCode", "Signal": "signal"}[s.key]] = n
			}
		case "Started", "Finished":
			if t, ok := timestamp(s.val); ok {
				st[strings.ToLower(s.key)+"At"] = t
			}
		default:
			continue
		}
		b.use(s.line)
	}
}

var port = regexp.MustCompile(`^(\d+)(?:/([A-Z]+))?(?: \((\S+)\))?$`)

// ports reads "8080/TCP (http), 9090/TCP"; host ports are listed in the same order, 0 where there is none.
func ports(f section, spec map[string]any) bool {
	host := strings.HasPrefix(f.key, "Host")
	have, _ := spec["ports"].([]any)
	if isNone(f.val) {
		if !host {
			spec["ports"] = []any{}
		}
		return true
	}
	var out []any
	for i, p := range strings.Split(f.val, ", ") {
		m := port.FindStringSubmatch(p)
		if m == nil {
			return false
		}
		n, _ := number(m[1])
		if host {
			if i < len(have) && n != 0 {
				have[i].(map[string]any)["hostPort"] = n
			}
			continue
		}
		e := map[string]any{"containerPort": n}
		if m[2] != "" {
			e["protocol"] = m[2]
		}
		if m[3] != "" {
			e["name"] = m[3]
		}
		out = append(out, e)
	}
	if !host {
		spec["ports"] = out
	}
	return true
}
