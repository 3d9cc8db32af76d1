// Package evidence holds what was observed of a cluster, and nothing that was concluded from it.
//
// A [Snapshot] has three parts. The population is one compact row for every pod, healthy ones included, so that
// scope can be reasoned about. The details are full objects, events, logs and usage of the sick, bounded in number.
// The gaps say what could not be observed, why, and what would close them.
//
// The unit of reasoning is the container instance ([Instance]): one run of one container, from its start to its end.
// A log, an exit code or an event belongs to an instance or says that it does not know which.
//
// JSON and pasted text are partial where Go structs are not. A value that may be unknown is an [Opt]; the zero value
// of an Opt means "not known", never "zero" or "false".
package evidence
