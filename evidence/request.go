package evidence

// Request is one item of a collection plan: something that an open hypothesis still needs. Diagnosis writes plans,
// collectors read them; neither calls the other.
type Request struct {
	// What is the resource: services, endpointslices, networkpolicies, persistentvolumeclaims, configmaps (metadata
	// only), horizontalpodautoscalers, poddisruptionbudgets, controllerrevisions, roles, rolebindings,
	// mutatingwebhookconfigurations, validatingwebhookconfigurations, pods (another workload's), logs.
	What      string `json:"what"`
	Namespace string `json:"namespace"`
	// Name narrows it to one object where set; Container to one container's logs.
	Name      string `json:"name,omitempty"`
	Container string `json:"container,omitempty"`
	Why       string `json:"why"`
}
