package change

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Templates says in words what differs between two pod templates, what most often breaks programs first.
func Templates(from, to *corev1.PodTemplateSpec) []Item {
	d := &differ{}
	d.containers(from.Spec.InitContainers, to.Spec.InitContainers, "init container ")
	d.containers(from.Spec.Containers, to.Spec.Containers, "")
	d.fields("volumes", "volume ", named(from.Spec.Volumes, func(v corev1.Volume) string { return v.Name }), named(to.Spec.Volumes, func(v corev1.Volume) string { return v.Name }))
	for _, f := range []struct {
		aspect, what string
		from, to     any
	}{
		{"identity", "serviceAccountName", from.Spec.ServiceAccountName, to.Spec.ServiceAccountName},
		{"identity", "imagePullSecrets", from.Spec.ImagePullSecrets, to.Spec.ImagePullSecrets},
		{"security", "securityContext", from.Spec.SecurityContext, to.Spec.SecurityContext},
		{"placement", "nodeSelector", from.Spec.NodeSelector, to.Spec.NodeSelector},
		{"placement", "affinity", from.Spec.Affinity, to.Spec.Affinity},
		{"placement", "tolerations", from.Spec.Tolerations, to.Spec.Tolerations},
		{"placement", "topologySpreadConstraints", from.Spec.TopologySpreadConstraints, to.Spec.TopologySpreadConstraints},
		{"placement", "priorityClassName", from.Spec.PriorityClassName, to.Spec.PriorityClassName},
		{"placement", "runtimeClassName", from.Spec.RuntimeClassName, to.Spec.RuntimeClassName},
		{"network", "hostNetwork", from.Spec.HostNetwork, to.Spec.HostNetwork},
		{"network", "dnsPolicy", from.Spec.DNSPolicy, to.Spec.DNSPolicy},
		{"network", "dnsConfig", from.Spec.DNSConfig, to.Spec.DNSConfig},
		{"network", "hostAliases", from.Spec.HostAliases, to.Spec.HostAliases},
		{"lifecycle", "terminationGracePeriodSeconds", from.Spec.TerminationGracePeriodSeconds, to.Spec.TerminationGracePeriodSeconds},
		{"lifecycle", "shareProcessNamespace", from.Spec.ShareProcessNamespace, to.Spec.ShareProcessNamespace},
		{"lifecycle", "enableServiceLinks", from.Spec.EnableServiceLinks, to.Spec.EnableServiceLinks},
	} {
		d.fields(f.aspect, f.what, flat(f.from), flat(f.to))
	}
	d.notes(from.Annotations, to.Annotations)
	return d.items
}

type differ struct{ items []Item }

func (d *differ) add(aspect, format string, args ...any) {
	d.items = append(d.items, Item{aspect, fmt.Sprintf(format, args...)})
}

func (d *differ) containers(from, to []corev1.Container, role string) {
	old := map[string]*corev1.Container{}
	for i := range from {
		old[from[i].Name] = &from[i]
	}
	for i := range to {
		c := &to[i]
		before, ok := old[c.Name]
		if !ok {
			d.add("lifecycle", "%scontainer %s (%s) is new", role, c.Name, c.Image)
			continue
		}
		delete(old, c.Name)
		d.container(before, c)
	}
	for _, n := range slices.Sorted(maps.Keys(old)) {
		d.add("lifecycle", "%scontainer %s is gone", role, n)
	}
}

func (d *differ) container(from, to *corev1.Container) {
	n := to.Name
	if from.Image != to.Image {
		d.add("image", "image of %s: %s → %s", n, from.Image, to.Image)
	}
	if !slices.Equal(from.Command, to.Command) {
		d.add("command", "command of %s: %s → %s", n, line(from.Command), line(to.Command))
	}
	if !slices.Equal(from.Args, to.Args) {
		d.add("command", "args of %s: %s → %s", n, line(from.Args), line(to.Args))
	}
	if from.WorkingDir != to.WorkingDir {
		d.add("command", "workingDir of %s: %s → %s", n, quote(from.WorkingDir), quote(to.WorkingDir))
	}
	d.env(n, from.Env, to.Env)
	d.fields("env", "envFrom of "+n, flat(from.EnvFrom), flat(to.EnvFrom))
	d.fields("resources", "resources of "+n, flat(from.Resources), flat(to.Resources))
	d.fields("probes", "startupProbe of "+n, flat(from.StartupProbe), flat(to.StartupProbe))
	d.fields("probes", "livenessProbe of "+n, flat(from.LivenessProbe), flat(to.LivenessProbe))
	d.fields("probes", "readinessProbe of "+n, flat(from.ReadinessProbe), flat(to.ReadinessProbe))
	d.fields("ports", "ports of "+n, flat(from.Ports), flat(to.Ports))
	mount := func(m corev1.VolumeMount) string { return m.MountPath }
	d.fields("volumes", "mount of "+n+" at ", named(from.VolumeMounts, mount), named(to.VolumeMounts, mount))
	d.fields("security", "securityContext of "+n, flat(from.SecurityContext), flat(to.SecurityContext))
	d.fields("lifecycle", "lifecycle of "+n, flat(from.Lifecycle), flat(to.Lifecycle))
	d.fields("image", "imagePullPolicy of "+n, flat(string(from.ImagePullPolicy)), flat(string(to.ImagePullPolicy)))
	d.fields("lifecycle", "restartPolicy of "+n, flat(from.RestartPolicy), flat(to.RestartPolicy))
}

func (d *differ) env(container string, from, to []corev1.EnvVar) {
	old := map[string]string{}
	for i := range from {
		old[from[i].Name] = value(&from[i])
	}
	for i := range to {
		v := &to[i]
		before, ok := old[v.Name]
		switch {
		case !ok:
			d.add("env", "env %s of %s is new: %s", v.Name, container, value(v))
		case before != value(v):
			d.add("env", "env %s of %s: %s → %s", v.Name, container, before, value(v))
		}
		delete(old, v.Name)
	}
	for _, n := range slices.Sorted(maps.Keys(old)) {
		d.add("env", "env %s of %s is gone (it was %s)", n, container, old[n])
	}
}

// value is what a variable is set to, or where it is taken from.
func value(v *corev1.EnvVar) string {
	from := v.ValueFrom
	switch {
	case from == nil:
		return quote(v.Value)
	case from.SecretKeyRef != nil:
		return "key " + from.SecretKeyRef.Key + " of Secret " + from.SecretKeyRef.Name
	case from.ConfigMapKeyRef != nil:
		return "key " + from.ConfigMapKeyRef.Key + " of ConfigMap " + from.ConfigMapKeyRef.Name
	case from.FieldRef != nil:
		return "field " + from.FieldRef.FieldPath
	case from.ResourceFieldRef != nil:
		return "resource " + from.ResourceFieldRef.Resource
	}
	return "something else"
}

// fields compares flat values by their paths; of many differences the first few are told.
func (d *differ) fields(aspect, what string, from, to map[string]string) {
	const most = 4
	n := 0
	for _, p := range slices.Sorted(maps.Keys(union(from, to))) {
		a, b := from[p], to[p]
		if a == b {
			continue
		}
		if n++; n > most {
			continue
		}
		path := what
		if p != "" {
			path += map[bool]string{true: "", false: " "}[strings.HasSuffix(what, " ")] + p
		}
		aspect := aspect
		if both := a + " " + b; aspect == "volumes" && strings.Contains(both, "configMap.name") {
			aspect = "config"
		} else if aspect == "volumes" && strings.Contains(both, "secretName") {
			aspect = "secret"
		}
		switch {
		case a == "":
			d.add(aspect, "%s is new: %s", path, b)
		case b == "":
			d.add(aspect, "%s is gone (it was %s)", path, a)
		default:
			d.add(aspect, "%s: %s → %s", path, a, b)
		}
	}
	if n > most {
		d.add(aspect, "%d more of %s", n-most, strings.TrimSpace(what))
	}
}

// restarted is what `kubectl rollout restart` sets.
const restarted = "kubectl.kubernetes.io/restartedAt"

// digest is a value that stands for a content.
var digest = regexp.MustCompile(`^[0-9a-f]{6,}$`)

// notes reads the template's annotations: a checksum of configuration says that the configuration changed.
func (d *differ) notes(from, to map[string]string) {
	for _, k := range slices.Sorted(maps.Keys(union(from, to))) {
		if from[k] == to[k] {
			continue
		}
		switch lower := strings.ToLower(k); {
		case k == restarted:
			d.add("", "nothing but a restart (%s)", to[k])
		case strings.Contains(lower, "secret"):
			d.add("secret", "annotation %s changed: the content of a Secret did", k)
		case strings.Contains(lower, "checksum"), strings.Contains(lower, "config"), strings.Contains(lower, "hash"), strings.Contains(lower, "setting"), digest.MatchString(to[k]):
			d.add("config", "annotation %s changed: the content of a configuration did", k)
		default:
			d.add("", "annotation %s: %s → %s", k, quote(from[k]), quote(to[k]))
		}
	}
}

func union(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, b)
	return out
}

// flat turns a typed value into its leaves, by their JSON paths; "" is the path of a value that is none of its own.
func flat(v any) map[string]string {
	raw, err := evidence.ToRaw(map[string]any{"v": v})
	if err != nil {
		return nil
	}
	out := map[string]string{}
	walk(raw["v"], "", out)
	return out
}

func walk(v any, path string, out map[string]string) {
	switch x := v.(type) {
	case nil:
	case map[string]any:
		for k, y := range x {
			walk(y, strings.TrimPrefix(path+"."+k, "."), out)
		}
	case []any:
		for i, y := range x {
			walk(y, fmt.Sprintf("%s[%d]", path, i), out)
		}
	case string:
		if x != "" {
			out[path] = x
		}
	default:
		out[path] = fmt.Sprint(x)
	}
}

// named flattens a list whose items have names, each to one text.
func named[T any](list []T, nameOf func(T) string) map[string]string {
	out := map[string]string{}
	for _, it := range list {
		leaves := flat(it)
		var parts []string
		for _, p := range slices.Sorted(maps.Keys(leaves)) {
			if p == "name" && leaves[p] == nameOf(it) || strings.HasSuffix(p, "defaultMode") {
				continue
			}
			parts = append(parts, p+" "+leaves[p])
		}
		text := cmp.Or(strings.Join(parts, ", "), "there")
		if len(text) > 160 {
			text = text[:160] + "…"
		}
		out[nameOf(it)] = text
	}
	return out
}

func line(words []string) string {
	if len(words) == 0 {
		return "that of the image"
	}
	s := strings.Join(words, " ")
	if len(s) > 160 {
		s = s[:160] + "…"
	}
	return quote(s)
}

func quote(s string) string {
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	return fmt.Sprintf("%q", s)
}
