package look

import (
	"context"
	"fmt"
	"io"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/kubectl/pkg/describe"
)

// described are the kinds that Describe prints, in kubectl's order of asking for them; false: they have no namespace.
var described = []struct {
	group, version, kind, resource string
	namespaced                     bool
}{
	{"", "v1", "Pod", "pods", true},
	{"apps", "v1", "ReplicaSet", "replicasets", true},
	{"apps", "v1", "Deployment", "deployments", true},
	{"apps", "v1", "StatefulSet", "statefulsets", true},
	{"apps", "v1", "DaemonSet", "daemonsets", true},
	{"batch", "v1", "Job", "jobs", true},
	{"batch", "v1", "CronJob", "cronjobs", true},
	{"", "v1", "Service", "services", true},
	{"", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true},
	{"", "v1", "Node", "nodes", false},
}

// Describe prints what `kubectl describe` prints of a namespace and of the nodes, by kubectl's own code.
func Describe(ctx context.Context, out io.Writer, config *rest.Config, namespace string) error {
	lister, err := metadata.NewForConfig(config)
	if err != nil {
		return err
	}
	apart := ""
	for _, k := range described {
		in := namespace
		if !k.namespaced {
			in = ""
		}
		gk := schema.GroupKind{Group: k.group, Kind: k.kind}
		resource := schema.GroupVersionResource{Group: k.group, Version: k.version, Resource: k.resource}
		list, err := lister.Resource(resource).Namespace(in).List(ctx, metav1.ListOptions{})
		if err != nil {
			return fmt.Errorf("listing %s to describe them: %w", k.resource, err)
		}
		describer, ok := describe.DescriberFor(gk, config)
		if !ok {
			return fmt.Errorf("kubectl cannot describe %s", k.resource)
		}
		for _, o := range list.Items {
			text, err := describer.Describe(in, o.Name, describe.DescriberSettings{ShowEvents: true, ChunkSize: 500})
			if apierrors.IsNotFound(err) {
				continue
			}
			if err != nil {
				return fmt.Errorf("describing %s %s: %w", k.kind, o.Name, err)
			}
			if _, err := io.WriteString(out, apart+text); err != nil {
				return err
			}
			apart = "\n\n"
		}
	}
	return nil
}
