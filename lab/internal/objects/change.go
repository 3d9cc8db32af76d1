package objects

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// Get reads an object.
func (c *Client) Get(ctx context.Context, namespace, object string) (*unstructured.Unstructured, error) {
	kind, name, err := Split(object)
	if err != nil {
		return nil, err
	}
	resource, err := c.resource(kind, namespace)
	if err != nil {
		return nil, err
	}
	return resource.Get(ctx, name, metav1.GetOptions{})
}

// Delete removes an object.
func (c *Client) Delete(ctx context.Context, namespace, object string) error {
	kind, name, err := Split(object)
	if err != nil {
		return err
	}
	resource, err := c.resource(kind, namespace)
	if err != nil {
		return err
	}
	background := metav1.DeletePropagationBackground
	if err := resource.Delete(ctx, name, metav1.DeleteOptions{PropagationPolicy: &background}); err != nil {
		return fmt.Errorf("deleting %s: %w", object, err)
	}
	return nil
}

// Scale sets the replicas of a workload.
func (c *Client) Scale(ctx context.Context, namespace, object string, replicas int) error {
	kind, name, err := Split(object)
	if err != nil {
		return err
	}
	resource, err := c.resource(kind, namespace)
	if err != nil {
		return err
	}
	patch := fmt.Appendf(nil, `{"spec":{"replicas":%d}}`, replicas)
	if _, err := resource.Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: Manager}, "scale"); err != nil {
		return fmt.Errorf("scaling %s to %d: %w", object, replicas, err)
	}
	return nil
}
