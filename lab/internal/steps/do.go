package steps

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/lab/internal/registry"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

func (s *Stage) do(ctx context.Context, step scenario.Step) error {
	switch {
	case step.Apply != "":
		return s.apply(ctx, step.Apply)
	case step.Wait != nil:
		return s.wait(ctx, *step.Wait)
	case step.Sleep != 0:
		s.Say("sleep %s", time.Duration(step.Sleep))
		return sleep(ctx, time.Duration(step.Sleep))
	case step.Delete != "":
		s.Say("delete %s", step.Delete)
		return s.Objects.Delete(ctx, s.Scenario.Namespace, step.Delete)
	case step.Scale != nil:
		s.Say("scale %s to %d", step.Scale.Object, step.Scale.Replicas)
		return s.Objects.Scale(ctx, s.Scenario.Namespace, step.Scale.Object, step.Scale.Replicas)
	case step.Fault != nil:
		s.Say("%s on %s", step.Fault.Action, step.Fault.Node)
		s.nodes[step.Fault.Node] = true
		return s.Lab.Fault(ctx, step.Fault.Node, step.Fault.Action)
	case step.Registry != nil:
		s.Say("the registry answers %s for %s", step.Registry.Answer, step.Registry.Repository)
		s.repositories[step.Registry.Repository] = true
		return s.Lab.Registry().Set(ctx, step.Registry.Repository, registry.Answer(step.Registry.Answer))
	case step.ExpireEvents != nil:
		return s.expireEvents(ctx)
	}
	return nil
}

func (s *Stage) apply(ctx context.Context, file string) error {
	s.Say("apply %s", file)
	manifest, err := s.Scenario.Read(file)
	if err != nil {
		return err
	}
	global, err := s.Objects.Apply(ctx, s.Scenario.Namespace, manifest)
	s.global = append(s.global, global...)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// expireEvents waits longer than events live; how long that is depends on the profile.
func (s *Stage) expireEvents(ctx context.Context) error {
	s.Say("wait until no event is left")
	return poll(ctx, 4*time.Hour, "the events of the namespace to expire", func(ctx context.Context) (bool, string, error) {
		list, err := s.Clients.CoreV1().Events(s.Scenario.Namespace).List(ctx, metav1.ListOptions{})
		if err != nil {
			return false, err.Error(), nil
		}
		return len(list.Items) == 0, fmt.Sprintf("%d are left", len(list.Items)), nil
	})
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// poll asks twice a second until check says yes or fails. What check saw last is part of the error.
func poll(ctx context.Context, limit time.Duration, what string, check func(context.Context) (bool, string, error)) error {
	deadline := time.Now().Add(limit)
	for {
		ok, saw, err := check(ctx)
		if ok || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("waiting for %s: not within %s; last seen: %s", what, limit, saw)
		}
		if err := sleep(ctx, 500*time.Millisecond); err != nil {
			return err
		}
	}
}
