// Package azure answers on loopback as Azure does for one AKS cluster: Azure
// Resource Manager, the query API of Log Analytics, the query API of managed
// Prometheus, and the tokens of a managed identity. What it knows is a healthy
// cluster made of the nodes that the Kubernetes API has, changed as a
// scenario's azure.yaml says. Its answers follow Microsoft's reference; nothing
// here was compared with a real subscription.
package azure
