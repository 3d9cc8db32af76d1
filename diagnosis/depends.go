package diagnosis

import (
	"regexp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// wanted are the hosts that the pods of a case need as far as can be observed, and the Services that some of them are: the one
// that its log could not use; where the log names none, those that its settings name.
func (in *input) wanted(v *judged) (services []evidence.Object, others []string) {
	ns := v.c.workload.Namespace
	p := v.c.first().pod
	hosts := []string{v.target}
	if v.target == "" {
		hosts = nil
		for _, u := range evidence.Uses(p) {
			if host, ok := strings.CutPrefix(u, "Host/"); ok {
				hosts = append(hosts, host)
			}
		}
	}
	for _, host := range hosts {
		svc, ok := v.c.serviceOf(ns, host, hostOf(host))
		switch {
		case !ok:
			others = append(others, host)
		case !selects(svc, p.Labels):
			services = append(services, svc)
		}
	}
	return services, others
}

// downBehind finds the one sick workload behind the Services that a case's settings name and that nobody answers for; -1
// where there is none, or more than one.
func (in *input) downBehind(list []judged, i int) int {
	v, found := &list[i], -1
	services, others := in.wanted(v)
	if len(others) > 0 {
		return -1 // it may be one of those
	}
	for _, svc := range services {
		if n, known := v.c.readyEndpoints(svc); !known {
			return -1
		} else if n > 0 {
			continue
		}
		for k := range list {
			o := &list[k]
			pod := o.c.first().pod
			if k == i || o.f.State != "active" || o.c.workload == v.c.workload || svc.Namespace != pod.Ref.Namespace || !selects(svc, pod.Labels) {
				continue
			}
			if found >= 0 && list[found].c.workload != o.c.workload {
				return -1
			}
			if found < 0 {
				found = k
			}
		}
	}
	return found
}

// calledWebhook is how the API server names the webhook that it could not ask (apiserver, admission/plugin/webhook).
var calledWebhook = regexp.MustCompile(`failed calling webhook "[^"]+":.*https://([a-z0-9-]+)\.([a-z0-9-]+)\.svc\b`)

// unasked hangs workloads whose pods are refused because a webhook does not answer under the sick workload that serves it;
// what is left are those for which there is none.
func (in *input) unasked(findings, refused []Finding) []Finding {
	var left []Finding
	for i := range refused {
		v := &refused[i]
		at := -1
		for _, e := range v.Evidence {
			m := calledWebhook.FindStringSubmatch(e.Text)
			if m == nil || at >= 0 || strings.Contains(e.Text, "x509") {
				continue
			}
			at = slices.IndexFunc(findings, func(f Finding) bool {
				return f.State == "active" && in.behind(f.Workload, m[2], m[1])
			})
		}
		if at < 0 {
			left = append(left, *v)
			continue
		}
		findings[at].suffers(v, "an admission webhook")
	}
	return left
}

// behind tells whether a workload's pods are those of a Service: by its selector, or where the Service was not read by its
// name.
func (in *input) behind(w Workload, namespace, service string) bool {
	if w.Namespace != namespace {
		return false
	}
	svc, ok := in.s.Object("Service", namespace, service)
	if !ok {
		return w.Name == service
	}
	o, ok := in.s.Object(w.Kind, w.Namespace, w.Name)
	return ok && selects(svc, templateLabels(o))
}

// unresolvable tells whether a name cannot be resolved because a workload is down: only a headless Service without ready
// pods has no address (dns specification of Kubernetes, 2.4), and the answer is then that there is no such name.
func unresolvable(v *judged, svc evidence.Object) bool {
	return noSuchName(v.attrs["error"]+" "+firstQuote(&v.f)) && svc.Raw.Str("spec", "clusterIP") == "None"
}

// noSuchName tells a name server's answer that there is no such name from none at all: EAI_NONAME, in the words of resolvers.
func noSuchName(said string) bool {
	said = strings.ToLower(said)
	return slices.ContainsFunc([]string{"nxdomain", "no such host", "name or service not known", "nodename nor servname", "enotfound", "non-existing domain", "name does not resolve", "host not found"},
		func(w string) bool { return strings.Contains(said, w) })
}

// firstQuote is the text of the best evidence for a finding's answer.
func firstQuote(f *Finding) string {
	e, _ := f.best()
	return e.Text
}
