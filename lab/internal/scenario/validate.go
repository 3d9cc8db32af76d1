package scenario

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/fleet"
	"github.com/crashproof-dev/crashproof/lab/internal/registry"
)

var (
	families = []string{"startup-drift", "application", "oom", "liveness", "config", "node", "capacity", "none"}
	sources  = []string{"process", "runtime", "kubelet", "controller", "scheduler", "spec", "metrics", "registry", "node", "cloud"}
	verdicts = []string{"proven", "likely", "ambiguous", "unexplained"}
	states   = []string{"", "active", "recovered"}
)

func oneOf(what, value string, valid []string) error {
	if slices.Contains(valid, value) {
		return nil
	}
	return fmt.Errorf("%s %q: use one of %s", what, value, strings.Join(valid, ", "))
}

func (s *Scenario) validate() error {
	var problems []error
	add := func(err error) { problems = append(problems, err) }
	for what, value := range map[string]string{"title": s.Title, "conclusion": s.Conclusion, "namespace": s.Namespace} {
		if value == "" && (what != "namespace" || s.Profile != ProfileAPI) {
			add(fmt.Errorf("it has no %s", what))
		}
	}
	add(oneOf("family", s.Family, families))
	if _, err := cluster.ParseProfile(s.Profile); err != nil && s.Profile != ProfileAPI {
		add(err)
	}
	if fleets := slices.ContainsFunc(s.Steps, func(x Step) bool { return x.Fleet != "" }); fleets != (s.Profile == ProfileAPI) || fleets && len(s.Steps) != 1 {
		add(fmt.Errorf("a population is the only step of a scenario of profile %s, which takes no other", ProfileAPI))
	}
	if s.Target != "" {
		add(object(s.Target))
	}
	if len(s.Steps) == 0 {
		add(errors.New("it has no steps"))
	}
	for i, step := range s.Steps {
		if err := s.validateStep(step); err != nil {
			add(fmt.Errorf("step %d: %w", i+1, err))
		}
	}
	add(s.Expect.validate())
	add(s.validateAzure())
	return errors.Join(problems...)
}

func (s *Scenario) validateStep(step Step) error {
	switch {
	case step.actions() != 1:
		return fmt.Errorf("it does %d things; give it exactly one", step.actions())
	case step.Apply != "":
		if _, err := os.Stat(filepath.Join(s.Dir, step.Apply)); err != nil {
			return fmt.Errorf("apply: there is no file %s", step.Apply)
		}
	case step.Fleet != "":
		data, err := s.Read(step.Fleet)
		if err == nil {
			_, err = fleet.Parse(data)
		}
		return err
	case step.Wait != nil:
		return step.Wait.validate()
	case step.Delete != "":
		return object(step.Delete)
	case step.Scale != nil:
		return object(step.Scale.Object)
	case step.Fault != nil:
		if step.Fault.Node == "" {
			return errors.New("fault: it names no node")
		}
		return cluster.CheckFault(step.Fault.Action)
	case step.Registry != nil:
		return registry.Check(step.Registry.Repository, registry.Answer(step.Registry.Answer))
	}
	return nil
}

func (s Step) actions() int {
	n := 0
	for _, set := range []bool{
		s.Apply != "", s.Wait != nil, s.Sleep != 0, s.Delete != "", s.Scale != nil, s.Fault != nil, s.Registry != nil, s.ExpireEvents != nil, s.Fleet != "",
	} {
		if set {
			n++
		}
	}
	return n
}

func (w Wait) validate() error {
	needs := map[string][]string{
		Ready: {"object"}, Restarts: {"object", "count"}, Waiting: {"object", "reason"}, Event: {"object", "reason"},
		Phase: {"object", "phase"}, NodeNotReady: {"node"}, NodeReady: {"node"},
	}
	given := map[string]bool{"object": w.Object != "", "count": w.Count > 0, "reason": w.Reason != "", "phase": w.Phase != "", "node": w.Node != ""}
	wanted, ok := needs[w.For]
	if !ok {
		return fmt.Errorf("wait for %q: use one of ready, restarts, waiting, event, phase, node-not-ready, node-ready", w.For)
	}
	for field, have := range given {
		if want := slices.Contains(wanted, field); want != have {
			return fmt.Errorf("wait for %s: it takes %s; %s is %s", w.For, strings.Join(wanted, " and "), field, map[bool]string{true: "missing", false: "too much"}[want])
		}
	}
	if w.Object != "" {
		return object(w.Object)
	}
	return nil
}

func object(text string) error {
	kind, name, ok := strings.Cut(text, "/")
	if !ok || kind == "" || name == "" {
		return fmt.Errorf("object %q: write it as Kind/name", text)
	}
	return nil
}

func (e Expect) validate() error {
	var problems []error
	for _, v := range e.Verdict {
		problems = append(problems, oneOf("expect: verdict", v, verdicts))
	}
	problems = append(problems, oneOf("expect: state", e.State, states))
	if e.Workload != "" {
		problems = append(problems, object(e.Workload))
	}
	for _, p := range append([]Place{{Subject: e.Subject}}, e.Scopes...) {
		if _, err := regexp.Compile(p.Subject); err != nil {
			problems = append(problems, fmt.Errorf("expect: subject: %w", err))
		}
	}
	for _, g := range e.Gaps {
		if _, err := regexp.Compile(g); err != nil {
			problems = append(problems, fmt.Errorf("expect: gaps: %w", err))
		}
	}
	for _, ev := range e.Evidence {
		problems = append(problems, oneOf("expect: source of evidence", ev.Source, sources))
		if _, err := regexp.Compile(ev.Match); err != nil {
			problems = append(problems, fmt.Errorf("expect: evidence: %w", err))
		}
	}
	if e.WithoutAzure != nil {
		without, err := e.Without()
		if err == nil {
			err = without.validate()
		}
		problems = append(problems, err)
	}
	if e.Finding && len(e.Cause) == 0 {
		problems = append(problems, errors.New(`expect: a finding needs a cause; "" stands for none`))
	}
	return errors.Join(problems...)
}
