package cluster

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/crashproof-dev/crashproof/lab/internal/objects"
)

//go:embed addons/coredns.yaml
var corednsManifest []byte

//go:embed addons/metrics-server.yaml
var metricsServerManifest []byte

func (l *Lab) applyAddons(ctx context.Context) error {
	config, err := l.RESTConfig()
	if err != nil {
		return err
	}
	client, err := objects.New(config)
	if err != nil {
		return err
	}
	for name, manifest := range map[string][]byte{"CoreDNS": corednsManifest, "metrics-server": metricsServerManifest} {
		if _, err := client.Apply(ctx, "kube-system", manifest); err != nil {
			return fmt.Errorf("installing %s: %w", name, err)
		}
	}
	return nil
}

func (l *Lab) waitAddons(ctx context.Context, limit time.Duration) error {
	config, err := l.RESTConfig()
	if err != nil {
		return err
	}
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	deadline := time.Now().Add(limit)
	for _, name := range []string{"coredns", "metrics-server"} {
		for {
			d, err := clients.AppsV1().Deployments("kube-system").Get(ctx, name, metav1.GetOptions{})
			if err == nil && d.Status.ReadyReplicas > 0 && d.Status.ObservedGeneration >= d.Generation {
				break
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("waiting for %s in kube-system: not ready within %s; look at its pods with the kubeconfig %s", name, limit, l.Dir.Kubeconfig())
			}
			time.Sleep(200 * time.Millisecond)
		}
	}
	return nil
}
