package diagnosis

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

func created(o evidence.Object) time.Time {
	t, _ := time.Parse(time.RFC3339, o.Raw.Str("metadata", "creationTimestamp"))
	return t.UTC()
}

// attrs are the values that headlines, remedies and checks may use: those of the answer's facts, the surest first,
// then of the case.
func (c *sickCase) attrs(j judgement) map[string]string {
	m := c.first()
	out := map[string]string{}
	put := func(k, v string) {
		if v != "" && out[k] == "" {
			out[k] = v
		}
	}
	for _, f := range j.top.fors {
		for k, v := range f.attrs {
			put(k, v)
		}
	}
	if j.top.cause.ID == unexplainedExit || strings.HasPrefix(j.top.cause.ID, "probe.") || j.top.cause.Family == "oom" {
		for _, f := range c.facts {
			for _, k := range []string{"code", "limit", "probe", "budget", "endpoint"} {
				put(k, f.attrs[k])
			}
		}
	}
	put("namespace", m.pod.Ref.Namespace)
	put("pod", m.pod.Ref.Name)
	put("container", m.verdict.Container)
	put("node", m.pod.Node.Or(""))
	if m.c != nil {
		put("image", m.c.Image)
	}
	if out["target"] != "" && out["port"] != "" && !strings.Contains(out["target"], ":") {
		out["target"] += ":" + out["port"]
	}
	put("host", out["target"])
	return out
}

// say expands a template of the playbook; a missing attribute is empty.
func say(text string, attrs map[string]string) string {
	t, err := template.New("").Option("missingkey=zero").Parse(text)
	if err != nil {
		return text
	}
	var b strings.Builder
	if err := t.Execute(&b, attrs); err != nil {
		return text
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (c *sickCase) headline(j judgement, cause string, attrs map[string]string) string {
	who := strings.Replace(c.workload.String(), "/", " ", 1)
	if c.container != "" && c.container != evidence.Unnamed {
		who += ", container " + c.container
	}
	if cause == "" {
		return who + ": " + string(c.symptom) + "; the evidence does not say why"
	}
	s := who + ": " + say(j.top.cause.Says, attrs)
	switch j.verdict {
	case Likely:
		s += " (likely)"
	case Ambiguous:
		s += " (or one of: " + strings.Join(j.open, ", ") + ")"
	}
	return s
}

// chain tells the layers from what people see down to the cause.
func (c *sickCase) chain(j judgement, f Finding, attrs map[string]string) []string {
	out := []string{c.symptomText()}
	if h := j.hypothesis(j.mechanism); h.cause != nil && h.cause.ID != j.top.cause.ID {
		a := map[string]string{}
		for k, v := range attrs {
			a[k] = v
		}
		for _, x := range h.fors {
			for k, v := range x.attrs {
				a[k] = v
			}
		}
		out = append(out, "because "+say(h.cause.Says, a))
	} else if e, ok := c.endFact(); ok && j.top.cause.ID != unexplainedExit {
		out = append(out, e.text)
	}
	if f.Cause != "" {
		out = append(out, "because "+say(j.top.cause.Says, attrs))
	}
	return out
}

func (c *sickCase) endFact() (fact, bool) {
	for _, f := range c.facts {
		if strings.HasPrefix(f.id, "end.") || f.id == "start.failed" {
			return f, true
		}
	}
	return fact{}, false
}

func (c *sickCase) symptomText() string {
	n, of := len(c.members), c.sampled().Of
	text := fmt.Sprintf("%s: %s", c.symptom, c.first().verdict.Why)
	if of > n {
		text += fmt.Sprintf(" (%d of %d such pods were read)", n, of)
	}
	return text
}

// checks names what would move the verdict: gaps that can be closed, then what the playbook knows.
func (c *sickCase) checks(j judgement, attrs map[string]string) []Check {
	var out []Check
	if j.verdict == Proven {
		return out
	}
	known := maps.Clone(attrs)
	for _, k := range []string{"namespace", "pod", "container", "node", "object", "user", "verb", "resource"} {
		known[k] = evidence.Fill(attrs[k], strings.ToUpper(k))
	}
	for _, k := range j.top.cause.Checks {
		out = append(out, Check{Why: k.Why, Command: say(k.Command, known)})
	}
	m := c.first()
	if m.c != nil && m.log == nil && m.dead.Kind == evidence.Terminated && !c.facts.has("start.failed") {
		out = append(out, Check{Why: "the log of the run that ended was not read",
			Command: fmt.Sprintf("kubectl logs %s -n %s -c %s --previous --tail=-1", known["pod"], known["namespace"], evidence.Fill(m.c.Name, "CONTAINER"))})
	}
	if !c.s.ListedEvents(m.pod.Ref.Namespace) {
		out = append(out, Check{Why: "events were not read", Command: fmt.Sprintf("kubectl get events -n %s --field-selector involvedObject.name=%s", known["namespace"], known["pod"])})
	}
	if _, read := c.s.CloudRead(); !read && c.s.Cluster.Provider == "aks" && c.withCloud(j.top.cause.ID) && !historical(m.pod) {
		out = append(out, Check{Why: "what Azure says of it: machines, subnets, rules, rights, and what changed there", Command: fmt.Sprintf("crashproof diagnose pod/%s -n %s --azure=on", known["pod"], known["namespace"])})
	}
	return uniqueChecks(out)
}

// uniqueChecks keeps each command once.
func uniqueChecks(list []Check) []Check {
	var out []Check
	for _, k := range list {
		if !slices.ContainsFunc(out, func(o Check) bool { return o.Command == k.Command }) {
			out = append(out, k)
		}
	}
	return out
}

func (c *sickCase) remedies(j judgement, ev cited, attrs map[string]string) []Remedy {
	var out []Remedy
	if j.verdict == Unexplained {
		return out
	}
	target := c.workload.String()
	for _, r := range j.top.cause.Remedies {
		p := map[string]string{}
		for _, k := range []string{"container", "image", "file", "variable", "object", "key", "target", "host", "service", "user", "limit", "port", "flag", "endpoint", "serves", "setting", "pool", "subnet", "registry", "rule", "group", "cluster", "resourceGroup"} {
			if attrs[k] != "" {
				p[k] = attrs[k]
			}
		}
		out = append(out, Remedy{ID: r.ID, Action: r.Action, Target: target, Text: say(r.Text, attrs), Parameters: p, Evidence: ev.ids(j.top.fors)})
	}
	return out
}
