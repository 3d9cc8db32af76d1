package objects

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

var podResource = schema.GroupVersionResource{Version: "v1", Resource: "pods"}

// Pods lists the pods that belong to an object, directly or through others.
func (c *Client) Pods(ctx context.Context, namespace, object string) ([]corev1.Pod, error) {
	root, err := c.Get(ctx, namespace, object)
	if err != nil {
		return nil, fmt.Errorf("looking for the pods of %s: %w", object, err)
	}
	all, err := c.AllPods(ctx, namespace)
	if err != nil {
		return nil, err
	}
	if root.GetKind() == "Pod" {
		return slices.DeleteFunc(all, func(p corev1.Pod) bool { return p.Name != root.GetName() }), nil
	}
	owners, err := c.owned(ctx, namespace, root)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(p corev1.Pod) bool {
		owner := metav1.GetControllerOf(&p)
		return owner == nil || !owners[owner.UID]
	}), nil
}

// AllPods lists the pods of a namespace.
func (c *Client) AllPods(ctx context.Context, namespace string) ([]corev1.Pod, error) {
	list, err := c.dynamic.Resource(podResource).Namespace(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("listing the pods of namespace %s: %w", namespace, err)
	}
	pods := make([]corev1.Pod, len(list.Items))
	for i := range list.Items {
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(list.Items[i].Object, &pods[i]); err != nil {
			return nil, err
		}
	}
	return pods, nil
}

// between are the kinds that stand between a workload and its pods.
var between = []schema.GroupVersionResource{
	{Group: "apps", Version: "v1", Resource: "replicasets"},
	{Group: "batch", Version: "v1", Resource: "jobs"},
}

// owned returns the UIDs of an object and of what it controls.
func (c *Client) owned(ctx context.Context, namespace string, root *unstructured.Unstructured) (map[types.UID]bool, error) {
	uids := map[types.UID]bool{root.GetUID(): true}
	for _, resource := range between {
		list, err := c.dynamic.Resource(resource).Namespace(namespace).List(ctx, metav1.ListOptions{})
		if err != nil {
			return nil, fmt.Errorf("listing %s of namespace %s: %w", resource.Resource, namespace, err)
		}
		for i := range list.Items {
			if owner := metav1.GetControllerOf(&list.Items[i]); owner != nil && uids[owner.UID] {
				uids[list.Items[i].GetUID()] = true
			}
		}
	}
	return uids, nil
}

// Family returns the UIDs of an object, what it controls, and its pods: whatever an event about it may name.
func (c *Client) Family(ctx context.Context, namespace, object string) (map[types.UID]bool, error) {
	root, err := c.Get(ctx, namespace, object)
	if err != nil {
		return nil, err
	}
	uids, err := c.owned(ctx, namespace, root)
	if err != nil {
		return nil, err
	}
	pods, err := c.Pods(ctx, namespace, object)
	if err != nil {
		return nil, err
	}
	for _, p := range pods {
		uids[p.UID] = true
	}
	return uids, nil
}
