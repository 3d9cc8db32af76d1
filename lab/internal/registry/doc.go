// Package registry is the lab's image registry. It answers for every registry
// host name that the lab knows, over TLS, with the images of an OCI layout on
// disk, and it fails on demand the ways registries fail: missing images, missing
// rights, rate limits, broken servers, slow lines, bad certificates.
//
// [Rules] decide how a repository is answered; [Server] answers; [Control]
// changes rules while the server runs.
package registry
