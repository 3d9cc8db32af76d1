package diagnosis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Step is one question of the way from a symptom to its cause, with the answer that the evidence gave.
type Step struct {
	// ID is reproduce, isolate, check, validate or fix.
	ID       string `json:"id"`
	Question string `json:"question"`
	Answer   string `json:"answer"`
	// Then is what followed from it.
	Then string `json:"then"`
	// Checks are what was looked at on this branch, with what came out.
	Checks []Checked `json:"checks,omitempty"`
}

// Checked is one thing that a branch looks at.
type Checked struct {
	What string `json:"what"`
	// Status is supported, refuted or untested.
	Status Status `json:"status"`
	Text   string `json:"text"`
}

// branches are what each branch looks at: a name, and the areas of causes that belong to it.
var branches = map[string][]struct {
	what  string
	areas []string
}{
	"workload": {
		{"image and entrypoint", []string{"image", "entrypoint"}},
		{"configuration and access", []string{"config", "access", "security", "storage"}},
		{"probes and lifecycle", []string{"probe", "lifecycle"}},
		{"memory", []string{"memory"}},
		{"the program itself", []string{"app"}},
		{"what it depends on", []string{"dependency", "network"}},
		{"where it runs", []string{"node", "scheduling"}},
	},
	"nodes": {
		{"the node's health", []string{"node", "memory.node"}},
		{"room for pods", []string{"scheduling"}},
		{"network and subnet", []string{"network", "dependency"}},
		{"images on the node", []string{"image"}},
		{"volumes on the node", []string{"storage"}},
		{"the workloads themselves", []string{"entrypoint", "config", "access", "security", "probe", "lifecycle", "memory", "app"}},
	},
}

// walk writes the way that the diagnosis of a finding took.
func (in *input) walk(f *Finding) {
	now := Step{ID: "reproduce", Question: "Can it be seen now?", Answer: fmt.Sprintf("yes: %s", sickNow(f)), Then: "the current state, events and logs are read"}
	switch {
	case f.State == "recovered":
		now.Answer, now.Then = "no: "+sickNow(f), "the last states, events and the history of rollouts are read"
	case len(f.Containers) == 0:
		now.Then = "what controllers and nodes say is read"
	}
	branch := "workload"
	where := Step{ID: "isolate", Question: "One workload, or what it shares with others?", Answer: string(f.Scope.Level) + ": " + f.Scope.Statement, Then: "image, probes, configuration, and what it depends on are checked"}
	switch f.Scope.Level {
	case ScopeNode, ScopeNodePool, ScopeZone, ScopeCluster:
		branch, where.Then = "nodes", "nodes, capacity and network are checked first"
	case ScopeNamespace, ScopeReference, ScopeContainerImage:
		where.Then = "what they share is checked first"
	case ScopeUndetermined:
		where.Then = "both branches stay open"
	}
	look := Step{ID: "check", Question: "What do the checks of this branch say?", Checks: in.branch(f, branch)}
	var open, found []string
	for _, c := range look.Checks {
		switch c.Status {
		case Supported:
			found = append(found, c.What)
		case Untested:
			open = append(open, c.What)
		}
	}
	look.Answer = "nothing speaks for any of them"
	if len(found) > 0 {
		look.Answer = strings.Join(found, ", ")
	}
	look.Then = "all others are ruled out or were not called into question"
	if len(open) > 0 {
		look.Then = "open: " + strings.Join(open, ", ")
	}
	f.Path = []Step{now, where, look, in.validated(f), fixing(f)}
}

func sickNow(f *Finding) string {
	if len(f.Containers) == 0 {
		return f.Symptom
	}
	c := f.Containers[0]
	s := fmt.Sprintf("container %s of pod %s is %s", c.Container, c.Pod, c.State)
	if c.Container == "" {
		s = fmt.Sprintf("pod %s is %s", c.Pod, c.State)
	}
	if n := len(f.Containers) - 1; n > 0 {
		s += fmt.Sprintf(", and %d more", n)
	}
	return s
}

// branch sums up the ledger by what a person would look at.
func (in *input) branch(f *Finding, name string) []Checked {
	var out []Checked
	for _, b := range branches[name] {
		c := Checked{What: b.what}
		refuted, untested := 0, []string{}
		for _, h := range f.Hypotheses {
			area, _, _ := strings.Cut(h.Cause, ".")
			if !slices.Contains(b.areas, area) && !slices.Contains(b.areas, h.Cause) || h.Cause == unexplainedExit {
				continue
			}
			switch h.Status {
			case Supported:
				if c.Status != Supported {
					c.Status, c.Text = Supported, h.Cause+": "+h.Why
				}
			case Untested:
				untested = append(untested, h.Cause)
			case Refuted:
				refuted++
			}
		}
		switch {
		case c.Status == Supported:
		case len(untested) > 0:
			c.Status, c.Text = Untested, strings.Join(untested, ", ")
		case refuted > 0:
			c.Status, c.Text = Refuted, plural(refuted, "hypothesis")+" refuted"
			if refuted > 1 {
				c.Text = fmt.Sprintf("%d hypotheses refuted", refuted)
			}
		default:
			continue
		}
		out = append(out, c)
	}
	if name == "nodes" {
		out = append([]Checked{in.nodesSay(f)}, out...)
	}
	return out
}

// nodesSay is what the nodes themselves report.
func (in *input) nodesSay(f *Finding) Checked {
	of, ready, pressed := 0, 0, 0
	kind, name, _ := strings.Cut(f.Scope.Subject, "/")
	for i := range in.s.Population.Nodes {
		n := &in.s.Population.Nodes[i]
		if kind == "Node" && n.Name != name || kind == "NodePool" && n.Pool != name || kind == "Zone" && n.Zone != name {
			continue
		}
		of++
		if n.Ready == "True" {
			ready++
		}
		if len(n.Pressure) > 0 {
			pressed++
		}
	}
	c := Checked{What: "the nodes' conditions", Status: Refuted, Text: fmt.Sprintf("%d of %s Ready, %d under pressure", ready, plural(of, "node"), pressed)}
	if ready < of || pressed > 0 {
		c.Status = Supported
	}
	if of == 0 {
		c.Status, c.Text = Untested, "no node was read"
	}
	return c
}

// validated: whose words speak for the answer, and whose are missing.
func (in *input) validated(f *Finding) Step {
	s := Step{ID: "validate", Question: "Do independent producers say the same?"}
	var producers []string
	if len(f.Hypotheses) > 0 {
		for _, id := range f.Hypotheses[0].For {
			for _, e := range f.Evidence {
				if p := string(e.Source); e.ID == id && !slices.Contains(producers, p) {
					producers = append(producers, p)
				}
			}
		}
	}
	slices.Sort(producers)
	switch len(producers) {
	case 0:
		s.Answer = "no producer speaks for it"
	case 1:
		s.Answer = "one does: " + producers[0]
	default:
		s.Answer = fmt.Sprintf("%d do: %s", len(producers), strings.Join(producers, ", "))
	}
	s.Then = "the verdict is " + string(f.Verdict)
	var missing []string
	for _, h := range f.Hypotheses {
		for _, m := range h.Untested {
			if p := string(m.Source); !slices.Contains(missing, p) && m.Source != evidence.Producer("") {
				missing = append(missing, p)
			}
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		s.Then += "; not heard: " + strings.Join(missing, ", ")
	}
	return s
}

// fixing: what to do, and how it is seen to hold.
func fixing(f *Finding) Step {
	s := Step{ID: "fix", Question: "What mends it?", Answer: "nothing that could be named", Then: "the next checks come first"}
	if len(f.Remedies) > 0 {
		s.Answer = f.Remedies[0].Text
		s.Then = "it holds when restarts stop and pods stay ready for longer than they used to live"
	}
	if f.Trigger != nil && f.Trigger.KeptBy != "" {
		s.Then += "; " + f.Trigger.KeptBy + " would undo a patch by hand"
	}
	return s
}
