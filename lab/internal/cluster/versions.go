package cluster

import (
	"context"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Versions says what a lab consists of.
type Versions struct {
	Profile    Profile  `json:"profile"`
	Kubernetes string   `json:"kubernetes"`
	Runtimes   []string `json:"runtimes"`
	Kernel     string   `json:"kernel"`
}

// Versions asks the nodes.
func (l *Lab) Versions(ctx context.Context) (Versions, error) {
	v := Versions{Profile: l.Settings.Profile}
	client, err := l.Client()
	if err != nil {
		return v, err
	}
	nodes, err := client.Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return v, fmt.Errorf("asking the nodes for their versions: %w", err)
	}
	for _, n := range nodes.Items {
		info := n.Status.NodeInfo
		v.Kubernetes, v.Kernel = info.KubeletVersion, info.KernelVersion
		if !slices.Contains(v.Runtimes, info.ContainerRuntimeVersion) {
			v.Runtimes = append(v.Runtimes, info.ContainerRuntimeVersion)
		}
	}
	return v, nil
}
