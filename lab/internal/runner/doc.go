// Package runner performs many scenarios on one lab: several at once, those
// that need the cluster for themselves at the end, each followed by crashproof
// and a comparison.
package runner
