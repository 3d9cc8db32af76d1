// Package bundle writes a [evidence.Snapshot] to a file and reads it back: the evidence of an incident that is over, or
// that somebody else has to look at. [Write] is the only way from a snapshot to a file, and it redacts.
//
// A bundle is a .tar.gz, or the folder that it unpacks to, in a form that people can read with jq, less and tar:
//
//	manifest.json                                    what this is, of which cluster and when; size and sha256 of each file
//	population.json                                  a row for every pod and node, sick or well
//	events.json, usage.json                          one event, one measurement a line
//	objects/<namespace>/<kind>/<name>.json           Kubernetes objects; _cluster in place of a namespace where there is none
//	logs/<namespace>/<pod>/<container>.log           and <container>.previous.log
//	logs.json                                        whose run each log is of, and how much of it
//
// [Read] trusts nothing: it neither follows links nor leaves the bundle, bounds what it unpacks, and checks every sum.
// What is wrong with a file is an [*Error].
package bundle
