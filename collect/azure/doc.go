// Package azure reads Azure's side of an AKS cluster: the managed cluster and its node pools, scale set instances, the
// subnet, what changed there, and what Container Insights and managed Prometheus kept of pods that are gone.
//
// Every source is optional. What cannot be read becomes a gap with the role that closes it, and the verdict is made from
// what is left. Nothing is ever written, and no key, password or certificate is asked for.
//
// Resources of Azure Resource Manager (ARM) become objects of a snapshot, in the JSON form that ARM sent, with kind and
// metadata.name beside it, see [evidence.CloudKinds]. What Container Insights knows of pods becomes pods, events, logs
// and usage, marked with their source.
package azure
