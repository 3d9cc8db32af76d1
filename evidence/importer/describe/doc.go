// Package describe reads the text that `kubectl describe` prints back into the API objects it was printed from, as far
// as the text shows them.
//
// The text is lossy, and differs between kubectl versions; what it does not show stays absent from the object. What it
// shows to be *not* set (describe prints every section of a container, so a container that shows State and Mounts but
// no Liveness has no liveness probe) is said by Complete, so that the caller decides what to make of it.
//
// Texts come from terminals, chats and issue trackers: line ends, quotes, colours, indentation and missing beginnings
// and ends are put up with. Parse never fails: lines that it does not understand are listed in Object.Ignored, text
// that is no describe output is left out of every object's range.
//
// The formats are those of k8s.io/kubectl pkg/describe/describe.go (older: pkg/describe/versioned) and, before the
// module existed, of Kubernetes 1.5 and later.
package describe
