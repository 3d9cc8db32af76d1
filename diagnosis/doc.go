// Package diagnosis turns a snapshot into a report: what is sick, why, how far it reaches, how sure that is, and what
// would make it surer. It is a pure function; the time is the snapshot's.
//
// The way of a conclusion:
//
//	cases     sick containers that share workload, revision, symptom and kind of end     cases.go
//	facts     what single producers say about a case's instances                         facts_*.go, logscan
//	ledger    every cause of the playbook, supported, refuted or untested by the facts   ledger.go
//	verdict   which of them is the answer, and how sure, by rule                         verdict.go
//	scope     which pods are sick, of which, and what they share                         scope.go
//	finding   one disease of one workload revision, in words                             finding.go
//
// To find what decides a cause: playbook/causes names its facts; a fact "end.oom" is made in facts_end.go, and so on
// by the word before the dot.
package diagnosis
