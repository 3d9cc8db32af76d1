package objects

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
)

// Manager is the field manager that applied objects carry.
const Manager = "kubectl"

// Apply applies every object of a manifest; those of a namespaced kind without
// a namespace go into the one given. It returns the objects that belong to no
// namespace, as these do not go away with one.
func (c *Client) Apply(ctx context.Context, namespace string, manifest []byte) ([]*unstructured.Unstructured, error) {
	all, err := Decode(manifest)
	if err != nil {
		return nil, err
	}
	var global []*unstructured.Unstructured
	for _, object := range all {
		m, err := c.mapping(object)
		if err != nil {
			return global, fmt.Errorf("applying %s %s: %w", object.GetKind(), object.GetName(), err)
		}
		if m.Scope.Name() != meta.RESTScopeNameNamespace {
			global = append(global, object)
		}
		_, err = c.in(m, namespace, object).Apply(ctx, object.GetName(), object, metav1.ApplyOptions{FieldManager: Manager, Force: true})
		if err != nil {
			return global, fmt.Errorf("applying %s %s: %w", object.GetKind(), object.GetName(), err)
		}
	}
	return global, nil
}

func (c *Client) in(m *meta.RESTMapping, namespace string, object *unstructured.Unstructured) dynamic.ResourceInterface {
	resource := c.dynamic.Resource(m.Resource)
	if m.Scope.Name() != meta.RESTScopeNameNamespace {
		return resource
	}
	if own := object.GetNamespace(); own != "" {
		namespace = own
	}
	return resource.Namespace(namespace)
}

// DeleteApplied removes an object that Apply returned.
func (c *Client) DeleteApplied(ctx context.Context, object *unstructured.Unstructured) error {
	m, err := c.mapping(object)
	if err != nil {
		return err
	}
	return c.in(m, "", object).Delete(ctx, object.GetName(), deleteNow())
}
