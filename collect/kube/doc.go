// Package kube observes a live cluster and fills an [evidence.Snapshot]. It only reads, and it never names Secrets.
//
// It works in two rounds. [Collector.Collect] makes the base round: one pass over all pods, which become rows of the
// population; full objects, events, usage and logs only for a few sick pods of each workload, revision, container
// and symptom. [Collector.Follow] then reads only what a collection plan asks for.
//
// What the cluster refuses or no longer has is written down as an [evidence.Gap] together with what would close it,
// and the rest goes on. Only five things end a collection, as an [*Error]: no answer from the API server, no valid
// credentials, an unknown kind, a target that does not exist, and pods that cannot be listed at all.
//
// A log belongs to one run of a container. Which run a log request answers with follows from the container's status
// (validateContainerLogStatus in pkg/kubelet/kubelet_pods.go), so the status is read again after the logs, and a log
// whose run cannot be told is read once more, then left out as a gap.
//
// The cost of a collection depends on the number of failing workloads, never on the number of pods: the list of pods
// is decoded as a stream, one pod at a time, and a healthy pod leaves only its row behind.
package kube
