package cluster

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	corev1client "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// RESTConfig is the administrator's way to the API server.
func (l *Lab) RESTConfig() (*rest.Config, error) {
	config, err := clientcmd.BuildConfigFromFlags("", l.Dir.Kubeconfig())
	if err != nil {
		return nil, fmt.Errorf("reading the kubeconfig of instance %s: %w", l.Dir.Name, err)
	}
	config.QPS, config.Burst, config.Timeout = 200, 400, 30*time.Second
	config.WarningHandler = rest.NoWarnings{}
	return config, nil
}

// Client is for the core API.
func (l *Lab) Client() (*corev1client.CoreV1Client, error) {
	config, err := l.RESTConfig()
	if err != nil {
		return nil, err
	}
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	return clients.CoreV1().(*corev1client.CoreV1Client), nil
}

func nodeReady(node *corev1.Node) bool {
	for _, c := range node.Status.Conditions {
		if c.Type == corev1.NodeReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}

func (l *Lab) waitNodeReady(ctx context.Context, n Node, limit time.Duration) error {
	client, err := l.Client()
	if err != nil {
		return err
	}
	return l.daemons.WaitFor(ctx, n.kubelet(), "node "+n.Alias+" to be ready", limit, func(ctx context.Context) error {
		node, err := client.Nodes().Get(ctx, n.Name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		if !nodeReady(node) {
			return fmt.Errorf("it is not ready")
		}
		return nil
	})
}
