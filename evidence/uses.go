package evidence

import (
	"hash/maphash"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// rootCA is the ConfigMap that every pod mounts with its service account's token (KEP-1205); it tells no pod from another.
const rootCA = "kube-root-ca.crt"

// Uses lists what a pod refers to and may share with others, as Kind/name, sorted: ConfigMap, Secret,
// PersistentVolumeClaim, ServiceAccount, PriorityClass, RuntimeClass and StorageDriver (inline CSI volumes); Image with
// the reference of each container, init containers and sidecars included; Digest where the runtime has resolved it; Host
// with the names that the environment gives for what the pod connects to, as NAME.NAMESPACE inside the cluster. The names of
// Secrets come from the pod's spec: no Secret is read.
func Uses(p *Pod) []string {
	u := uses{}
	u.volumes(p.Spec.Volumes)
	for i := range p.Containers {
		c := &p.Containers[i]
		u.add("Image", c.Image)
		if _, digest, ok := strings.Cut(c.ImageID, "@"); ok {
			u.add("Digest", repository(c.Image)+"@"+digest)
		}
		if c.Spec != nil {
			u.env(c.Spec)
			u.hosts(c.Spec, p.Ref.Namespace)
		}
	}
	for _, s := range p.Spec.ImagePullSecrets {
		u.add("Secret", s.Name)
	}
	if sa := p.Spec.ServiceAccountName; sa != "default" { // which is all who did not ask for one
		u.add("ServiceAccount", sa)
	}
	u.add("PriorityClass", p.Spec.PriorityClassName)
	if p.Spec.RuntimeClassName != nil {
		u.add("RuntimeClass", *p.Spec.RuntimeClassName)
	}
	slices.Sort(u)
	return slices.Compact(u)
}

type uses []string

func (u *uses) add(kind, name string) {
	if name != "" {
		*u = append(*u, kind+"/"+name)
	}
}

func (u *uses) volumes(list []corev1.Volume) {
	for i := range list {
		v := &list[i]
		switch {
		case v.ConfigMap != nil:
			u.add("ConfigMap", v.ConfigMap.Name)
		case v.Secret != nil:
			u.add("Secret", v.Secret.SecretName)
		case v.PersistentVolumeClaim != nil:
			u.add("PersistentVolumeClaim", v.PersistentVolumeClaim.ClaimName)
		case v.CSI != nil:
			u.add("StorageDriver", v.CSI.Driver)
			if class := v.CSI.VolumeAttributes["secretProviderClass"]; class != "" {
				u.add("SecretProviderClass", class)
			}
		case v.Projected != nil:
			for _, s := range v.Projected.Sources {
				if s.ConfigMap != nil && s.ConfigMap.Name != rootCA {
					u.add("ConfigMap", s.ConfigMap.Name)
				}
				if s.Secret != nil {
					u.add("Secret", s.Secret.Name)
				}
			}
		}
	}
}

func (u *uses) env(c *corev1.Container) {
	for i := range c.EnvFrom {
		if r := c.EnvFrom[i].ConfigMapRef; r != nil {
			u.add("ConfigMap", r.Name)
		}
		if r := c.EnvFrom[i].SecretRef; r != nil {
			u.add("Secret", r.Name)
		}
	}
	for i := range c.Env {
		from := c.Env[i].ValueFrom
		if from == nil {
			continue
		}
		if r := from.ConfigMapKeyRef; r != nil {
			u.add("ConfigMap", r.Name)
		}
		if r := from.SecretKeyRef; r != nil {
			u.add("Secret", r.Name)
		}
	}
}

// mostHosts is how many hosts of a container are kept.
const mostHosts = 12

// hosts reads from a container's environment what it connects to: URLs, host:port, and names in variables that say so.
func (u *uses) hosts(c *corev1.Container, namespace string) {
	n := 0
	for i := range c.Env {
		v := c.Env[i].Value
		if noHost(c.Env[i].Name) {
			continue
		}
		if len(v) < 2 || len(v) > 512 || strings.IndexByte(v, ' ') >= 0 || strings.IndexByte(v, '.') < 0 && strings.IndexByte(v, ':') < 0 && !forAddress(c.Env[i].Name) {
			continue
		}
		for part := range strings.SplitSeq(v, ",") {
			host, port, scheme := address(part)
			if host == "" || !scheme && !port && !forAddress(c.Env[i].Name) || n == mostHosts {
				continue
			}
			u.add("Host", inCluster(host, namespace))
			n++
		}
	}
}

// address takes the host out of [scheme://][user@]host[:port][/path].
func address(s string) (host string, port, scheme bool) {
	s = strings.TrimSpace(s)
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s, scheme = rest, true
	}
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		if !scheme {
			return "", false, false // a path
		}
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = s[i+1:]
	}
	if name, number, ok := strings.Cut(s, ":"); ok {
		if number == "" || strings.Trim(number, "0123456789") != "" {
			return "", false, false
		}
		s, port = name, true
	}
	letters := false
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z':
			letters = true
		case '0' <= c && c <= '9', c == '.', c == '-':
		default:
			return "", false, false
		}
	}
	if !letters || s == "localhost" || s == "true" || s == "false" || strings.Trim(s, ".-") != s {
		return "", false, false
	}
	return s, port, scheme
}

// forAddress tells whether a variable's name says, at its end, that it holds an address.
func forAddress(variable string) bool {
	for _, word := range []string{"HOST", "HOSTS", "HOSTNAME", "ADDR", "ADDRESS", "SERVER", "SERVERS", "ENDPOINT", "URL", "URI", "BROKER", "BROKERS", "UPSTREAM"} {
		if n := len(variable) - len(word); n >= 0 && strings.EqualFold(variable[n:], word) {
			return true
		}
	}
	return false
}

// noHost tells variables that may hold a secret, whatever else their name says, and those of telemetry, without which programs
// live.
func noHost(variable string) bool {
	for i := range len(variable) {
		for _, word := range noHostWords[variable[i]&^0x20] {
			if len(variable)-i >= len(word) && strings.EqualFold(variable[i:i+len(word)], word) {
				return true
			}
		}
	}
	return false
}

// noHostWords are by their first letters.
var noHostWords = [256][]string{'P': {"PASS", "PWD", "PRIVATE"}, 'S': {"SECRET", "SENTRY", "STATSD", "SAS_", "SIGNATURE"}, 'T': {"TOKEN", "TRACING", "TELEMETRY"}, 'K': {"KEY"}, 'C': {"CRED"}, 'A': {"AUTH_", "APM_"},
	'O': {"OTEL", "OTLP"}, 'J': {"JAEGER"}, 'Z': {"ZIPKIN"}, 'D': {"DD_", "DATADOG"}, 'M': {"METRICS"}}

// inCluster shortens the name of a Service to NAME.NAMESPACE and leaves others as they are.
func inCluster(host, namespace string) string {
	if name, _, ok := strings.Cut(host, ".svc"); ok && strings.Count(name, ".") >= 1 {
		return name
	}
	if !strings.Contains(host, ".") {
		return host + "." + namespace
	}
	return host
}

// repository is an image's reference without tag and digest.
func repository(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	return image
}

// seed makes the hashes of one process agree with each other.
var seed = maphash.MakeSeed()

// internList shares one list among all rows that have the same; its strings are interned too.
func (p *Population) internList(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	var h maphash.Hash
	h.SetSeed(seed)
	for _, s := range list {
		_, _ = h.WriteString(s)
		_ = h.WriteByte(0)
	}
	if p.lists == nil {
		p.lists = map[uint64][][]string{}
	}
	sum := h.Sum64()
	for _, have := range p.lists[sum] {
		if slices.Equal(have, list) {
			return have
		}
	}
	own := make([]string, len(list))
	for i, s := range list {
		own[i] = p.intern(s)
	}
	p.lists[sum] = append(p.lists[sum], own)
	return own
}
