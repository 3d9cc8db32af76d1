// Package triage decides, from one pod's own status, whether it is sick, in what way, since when, and whether that is
// still going on. It is pure: scan, watch and collect use the same answer.
//
// Triage does not say why. Its symptoms are what the status shows; causes are diagnosis' business.
package triage
