package azure

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// StartFor serves the Azure under a cluster as an azure.yaml says, until Close.
func StartFor(ctx context.Context, clients kubernetes.Interface, data []byte) (*Server, error) {
	nodes, err := clients.CoreV1().Nodes().List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		return nil, fmt.Errorf("reading the nodes for Azure: %w", err)
	}
	pods, err := clients.CoreV1().Pods("").List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		return nil, fmt.Errorf("reading the pods for Azure: %w", err)
	}
	e, err := Survey(nodes.Items, images(pods.Items))
	if err != nil {
		return nil, err
	}
	d, err := Parse(data, e, time.Now())
	if err != nil {
		return nil, fmt.Errorf("azure: %w", err)
	}
	return Start(e, d)
}

// Describe says in one line what an azure.yaml is with the nodes and pods of a cluster.
func Describe(data []byte, nodes []corev1.Node, pods []corev1.Pod) (string, error) {
	e, err := Survey(nodes, images(pods))
	if err != nil {
		return "", err
	}
	d, err := Parse(data, e, time.Now())
	if err != nil {
		return "", fmt.Errorf("azure: %w", err)
	}
	w, err := newWorld(e, d, time.Now(), "https://127.0.0.1")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Azure: cluster %s with %d pools, %d resources in all, %d entries of the activity log, %d queries, %d faults",
		e.ClusterID(), len(w.tree.below(e.ClusterID()+"/agentPools")), len(w.tree), len(w.activity), len(d.Queries), len(d.Faults)), nil
}

// images are those that pods name.
func images(pods []corev1.Pod) []string {
	var out []string
	for i := range pods {
		for _, c := range pods[i].Spec.InitContainers {
			out = append(out, c.Image)
		}
		for _, c := range pods[i].Spec.Containers {
			out = append(out, c.Image)
		}
	}
	return out
}
