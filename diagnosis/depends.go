package diagnosis

import (
	"regexp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// wanted are the Services that the pods of a case need, as far as can be observed: the one that its log could not use;
// where the log names none, those that its containers' environment, command and arguments name.
func (in *input) wanted(v *judged) []evidence.Object {
	ns := v.c.workload.Namespace
	if v.target != "" {
		if svc, ok := v.c.serviceOf(ns, v.target, ""); ok {
			return []evidence.Object{svc}
		}
		return nil
	}
	var out []evidence.Object
	p := v.c.first().pod
	for i := range p.Containers {
		c := p.Containers[i].Spec
		if c == nil {
			continue
		}
		words := slices.Concat(c.Command, c.Args)
		for j := range c.Env {
			words = append(words, c.Env[j].Value)
		}
		for _, w := range words {
			for _, host := range hostsIn(w) {
				svc, ok := v.c.serviceOf(ns, host, host)
				if ok && !selects(svc, p.Labels) && !slices.ContainsFunc(out, func(o evidence.Object) bool { return o.Ref() == svc.Ref() }) {
					out = append(out, svc)
				}
			}
		}
	}
	return out
}

// hostLike is a word that can be a host, with what may stand before and after it in an address.
var hostLike = regexp.MustCompile(`^(?:[a-zA-Z][a-zA-Z0-9+.-]*://)?(?:[^/@\s]*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d+)?(?:[/?].*)?$`)

// hostsIn lists what may be host names in a setting: host, host:port, URLs, and lists of those.
func hostsIn(setting string) []string {
	if len(setting) > 2000 {
		return nil
	}
	var out []string
	for _, word := range strings.FieldsFunc(setting, func(r rune) bool { return strings.ContainsRune(", ;|=\"'\t\n", r) }) {
		if m := hostLike.FindStringSubmatch(strings.TrimLeft(word, "-")); m != nil && strings.Trim(m[1], "0123456789.") != "" {
			out = append(out, m[1])
		}
	}
	return out
}

// downBehind finds the one sick workload behind the Services that a case's settings name and that nobody answers for; -1
// where there is none, or more than one.
func (in *input) downBehind(list []judged, i int) int {
	v, found := &list[i], -1
	for _, svc := range in.wanted(v) {
		if n, known := v.c.readyEndpoints(svc); !known || n > 0 {
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
			if m == nil {
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
// pods has no address (dns specification of Kubernetes, 2.4), and the answer is then that there is no such name. What gets no
// answer at all suffers from the name server.
func unresolvable(v *judged, svc evidence.Object) bool {
	said := strings.ToLower(v.attrs["error"] + " " + firstQuote(&v.f))
	no := strings.Contains(said, "nxdomain") || strings.Contains(said, "no such host") || strings.Contains(said, "not known") || strings.Contains(said, "enotfound") || strings.Contains(said, "not found")
	return no && svc.Raw.Str("spec", "clusterIP") == "None"
}

// firstQuote is the text of the best evidence for a finding's answer.
func firstQuote(f *Finding) string {
	if len(f.Hypotheses) == 0 || len(f.Hypotheses[0].For) == 0 {
		return ""
	}
	if i := slices.IndexFunc(f.Evidence, func(e Evidence) bool { return e.ID == f.Hypotheses[0].For[0] }); i >= 0 {
		return f.Evidence[i].Text
	}
	return ""
}
