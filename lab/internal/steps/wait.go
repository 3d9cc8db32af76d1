package steps

import (
	"context"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crashproof-dev/crashproof/lab/internal/scenario"
)

func (s *Stage) wait(ctx context.Context, w scenario.Wait) error {
	began := time.Now()
	s.Say("wait: %s", w)
	limit := time.Duration(float64(w.Limit()) * s.Patience).Round(time.Second)
	err := poll(ctx, limit, w.String(), func(ctx context.Context) (bool, string, error) {
		ok, saw, err := s.met(ctx, w)
		if apierrors.IsNotFound(err) { // it may come yet
			return false, err.Error(), nil
		}
		return ok, saw, err
	})
	if err == nil && time.Since(began) > time.Second {
		s.Say("      %s after %.0fs", w.For, time.Since(began).Seconds())
	}
	return err
}

// met says whether a condition holds and what was seen.
func (s *Stage) met(ctx context.Context, w scenario.Wait) (bool, string, error) {
	switch w.For {
	case scenario.Ready:
		object, err := s.Objects.Get(ctx, s.Scenario.Namespace, w.Object)
		if err != nil {
			return false, "", err
		}
		ok, saw := ready(object)
		return ok, saw, nil
	case scenario.NodeNotReady, scenario.NodeReady:
		return s.nodeIs(ctx, w)
	case scenario.Event:
		return s.hasEvent(ctx, w)
	}
	pods, err := s.Objects.Pods(ctx, s.Scenario.Namespace, w.Object)
	if err != nil {
		return false, "", err
	}
	var saw []string
	for i := range pods {
		if podMeets(&pods[i], w) {
			return true, "", nil
		}
		saw = append(saw, Summary(&pods[i]))
	}
	return false, fmt.Sprintf("%d pods: %s", len(pods), strings.Join(saw, "; ")), nil
}

func podMeets(pod *corev1.Pod, w scenario.Wait) bool {
	if w.For == scenario.Phase {
		return string(pod.Status.Phase) == w.Phase
	}
	for _, c := range statuses(pod) {
		switch w.For {
		case scenario.Restarts:
			if int(c.RestartCount) >= w.Count {
				return true
			}
		case scenario.Waiting:
			if hasReason(c, w.Reason) {
				return true
			}
		}
	}
	return false
}

func statuses(pod *corev1.Pod) []corev1.ContainerStatus {
	return append(append([]corev1.ContainerStatus(nil), pod.Status.InitContainerStatuses...), pod.Status.ContainerStatuses...)
}

// hasReason looks at why a container waits, and at why it or its last run ended.
func hasReason(c corev1.ContainerStatus, reason string) bool {
	return c.State.Waiting != nil && c.State.Waiting.Reason == reason ||
		c.State.Terminated != nil && c.State.Terminated.Reason == reason ||
		c.LastTerminationState.Terminated != nil && c.LastTerminationState.Terminated.Reason == reason
}

func (s *Stage) nodeIs(ctx context.Context, w scenario.Wait) (bool, string, error) {
	n, err := s.Lab.Settings.Node(w.Node)
	if err != nil {
		return false, "", err
	}
	node, err := s.Clients.CoreV1().Nodes().Get(ctx, n.Name, metav1.GetOptions{})
	if err != nil {
		return false, err.Error(), nil
	}
	status := corev1.ConditionUnknown
	for _, c := range node.Status.Conditions {
		if c.Type == corev1.NodeReady {
			status = c.Status
		}
	}
	return (status == corev1.ConditionTrue) == (w.For == scenario.NodeReady), "Ready is " + string(status), nil
}

func (s *Stage) hasEvent(ctx context.Context, w scenario.Wait) (bool, string, error) {
	family, err := s.Objects.Family(ctx, s.Scenario.Namespace, w.Object)
	if err != nil {
		return false, "", err
	}
	list, err := s.Clients.CoreV1().Events(s.Scenario.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return false, err.Error(), nil
	}
	seen := map[string]bool{}
	for _, e := range list.Items {
		if !family[e.InvolvedObject.UID] {
			continue
		}
		if e.Reason == w.Reason {
			return true, "", nil
		}
		seen[e.Reason] = true
	}
	return false, fmt.Sprintf("events of it: %v", seen), nil
}
