// Package change lists what changed in a cluster, from what a cluster keeps of it: the ReplicaSets and ControllerRevisions
// of former templates, the times and managers of managedFields, the creation of objects, the conditions and events of nodes,
// and the events of controllers.
//
// What a cluster does not keep is not guessed: of managedFields only the last edit of each manager is left, the former
// content of a ConfigMap is gone, and a Secret is not read at all. A change may also be older than what it causes: what is
// read at the start of a process shows with the next start, days later.
package change
