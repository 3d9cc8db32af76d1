// Package look shows a namespace as a person on call would look at it: pods,
// what their containers did, events, and the ends of logs.
package look

import (
	"context"
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/crashproof-dev/crashproof/lab/internal/steps"
)

// Namespace prints all of it.
func Namespace(ctx context.Context, out io.Writer, clients kubernetes.Interface, namespace string) error {
	pods, err := clients.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("looking at namespace %s: %w", namespace, err)
	}
	events, err := clients.CoreV1().Events(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("looking at namespace %s: %w", namespace, err)
	}
	for i := range pods.Items {
		pod := &pods.Items[i]
		fmt.Fprintf(out, "\n● %s on %s\n", steps.Summary(pod), pod.Spec.NodeName)
		for _, c := range append(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses...) {
			container(ctx, out, clients, pod, c)
		}
		printEvents(out, events.Items, string(pod.UID))
	}
	fmt.Fprintf(out, "\n○ other events\n")
	printOthers(out, events.Items)
	return nil
}

func container(ctx context.Context, out io.Writer, clients kubernetes.Interface, pod *corev1.Pod, c corev1.ContainerStatus) {
	if last := c.LastTerminationState; last.Terminated != nil {
		fmt.Fprintf(out, "  %s ended before: %s\n", c.Name, steps.State(last))
	}
	for _, previous := range []bool{true, false} {
		if previous && c.RestartCount == 0 {
			continue
		}
		name := c.Name
		if previous {
			name += " (previous)"
		}
		for _, line := range logs(ctx, clients, pod, c.Name, previous) {
			fmt.Fprintf(out, "  %s | %s\n", name, line)
		}
	}
}

func logs(ctx context.Context, clients kubernetes.Interface, pod *corev1.Pod, name string, previous bool) []string {
	const keep = 12
	tail := int64(keep)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	data, err := clients.CoreV1().Pods(pod.Namespace).GetLogs(pod.Name, &corev1.PodLogOptions{Container: name, Previous: previous, TailLines: &tail}).DoRaw(ctx)
	if err != nil {
		return []string{"(no log: " + err.Error() + ")"}
	}
	text := strings.TrimRight(string(data), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func printEvents(out io.Writer, events []corev1.Event, uid string) {
	printSorted(out, events, func(e corev1.Event) bool { return string(e.InvolvedObject.UID) == uid }, false)
}

func printOthers(out io.Writer, events []corev1.Event) {
	printSorted(out, events, func(e corev1.Event) bool {
		return e.InvolvedObject.Kind != "Pod" && e.Type == corev1.EventTypeWarning
	}, true)
}

func printSorted(out io.Writer, events []corev1.Event, wanted func(corev1.Event) bool, withObject bool) {
	var list []corev1.Event
	for _, e := range events {
		if wanted(e) {
			list = append(list, e)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return latest(list[i]).Before(latest(list[j])) })
	for _, e := range list {
		object := ""
		if withObject {
			object = " " + e.InvolvedObject.Kind + "/" + e.InvolvedObject.Name
		}
		fmt.Fprintf(out, "  %s %s%s ×%d: %s\n", e.Type, e.Reason, object, max(1, e.Count), e.Message)
	}
}

// latest is the time of an event, which may stand in any of three fields.
func latest(e corev1.Event) time.Time {
	t := e.LastTimestamp.Time
	if e.EventTime.After(t) {
		t = e.EventTime.Time
	}
	if e.Series != nil && e.Series.LastObservedTime.After(t) {
		t = e.Series.LastObservedTime.Time
	}
	return t
}
