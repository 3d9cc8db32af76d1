package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes"

	"github.com/crashproof-dev/crashproof/lab/internal/cluster"
	"github.com/crashproof-dev/crashproof/lab/internal/objects"
	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

// Stage is where one scenario is performed: its namespace, and all that has to be undone afterwards.
type Stage struct {
	Lab      *cluster.Lab
	Scenario *scenario.Scenario
	Objects  *objects.Client
	Clients  kubernetes.Interface
	Say      func(format string, args ...any)
	Patience float64 // multiplies the limits of waits

	global       []*unstructured.Unstructured
	nodes        map[string]bool
	repositories map[string]bool
}

// New prepares to perform a scenario.
func New(lab *cluster.Lab, s *scenario.Scenario, say func(string, ...any)) (*Stage, error) {
	config, err := lab.RESTConfig()
	if err != nil {
		return nil, err
	}
	client, err := objects.New(config)
	if err != nil {
		return nil, err
	}
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	return &Stage{
		Lab: lab, Scenario: s, Objects: client, Clients: clients, Say: say, Patience: 1,
		nodes: map[string]bool{}, repositories: map[string]bool{},
	}, nil
}

// Perform makes the namespace and does all steps.
func (s *Stage) Perform(ctx context.Context) error {
	if err := s.makeNamespace(ctx); err != nil {
		return err
	}
	for i, step := range s.Scenario.Steps {
		if err := s.do(ctx, step); err != nil {
			return fmt.Errorf("step %d of %d: %w", i+1, len(s.Scenario.Steps), err)
		}
	}
	return nil
}

func (s *Stage) makeNamespace(ctx context.Context) error {
	if err := s.removeNamespace(ctx); err != nil {
		return err
	}
	namespaces := s.Clients.CoreV1().Namespaces()
	_, err := namespaces.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.Scenario.Namespace}}, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("making namespace %s: %w", s.Scenario.Namespace, err)
	}
	// Pods are refused until the namespace has its default account.
	return poll(ctx, 30*time.Second, "the default service account of namespace "+s.Scenario.Namespace, func(ctx context.Context) (bool, string, error) {
		_, err := s.Clients.CoreV1().ServiceAccounts(s.Scenario.Namespace).Get(ctx, "default", metav1.GetOptions{})
		return err == nil, fmt.Sprint(err), nil
	})
}

func (s *Stage) removeNamespace(ctx context.Context) error {
	namespaces := s.Clients.CoreV1().Namespaces()
	now := int64(0)
	err := namespaces.Delete(ctx, s.Scenario.Namespace, metav1.DeleteOptions{GracePeriodSeconds: &now})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("deleting namespace %s: %w", s.Scenario.Namespace, err)
	}
	// Without patience for programs that ignore SIGTERM.
	_ = s.Clients.CoreV1().Pods(s.Scenario.Namespace).DeleteCollection(ctx, metav1.DeleteOptions{GracePeriodSeconds: ptr(int64(1))}, metav1.ListOptions{})
	return poll(ctx, 2*time.Minute, "namespace "+s.Scenario.Namespace+" to be gone", func(ctx context.Context) (bool, string, error) {
		ns, err := namespaces.Get(ctx, s.Scenario.Namespace, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return true, "", nil
		}
		if err != nil {
			return false, err.Error(), nil
		}
		return false, string(ns.Status.Phase), nil
	})
}

// Undo mends faults, restores the registry and removes what was applied. It
// goes on after an error, so that as much as possible is undone.
func (s *Stage) Undo(ctx context.Context, keepNamespace bool) error {
	var failed []error
	for node := range s.nodes {
		s.Say("mending %s", node)
		failed = append(failed, s.Lab.Mend(ctx, node))
	}
	for repository := range s.repositories {
		failed = append(failed, s.Lab.Registry().Set(ctx, repository, ""))
	}
	if keepNamespace {
		s.Say("namespace %s stays", s.Scenario.Namespace)
		return errors.Join(failed...)
	}
	for _, object := range s.global {
		if err := s.Objects.DeleteApplied(ctx, object); err != nil && !apierrors.IsNotFound(err) {
			failed = append(failed, err)
		}
	}
	failed = append(failed, s.removeNamespace(ctx))
	return errors.Join(failed...)
}

func ptr[T any](v T) *T { return &v }
