// Package pki makes the certificates and kubeconfigs of one lab, and a second
// authority that stands for the certificate authorities of the outside world,
// which signs the lab's registries.
package pki
