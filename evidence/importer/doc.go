// Package importer reads other people's files into a snapshot: crashproof's bundles, `kubectl cluster-info dump`,
// support bundles, folders of objects and logs, and pasted text. What a file is follows from its content, and from its
// path only where the content cannot tell, as with logs.
//
// What is not there stays unknown: an absent field is neither zero nor false, and what could not be read becomes a gap.
package importer
