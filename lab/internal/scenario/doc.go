// Package scenario reads lab/scenarios: one folder for each incident, with the
// steps that make it happen and what a person should conclude from it. The form
// is described in lab/scenarios/README.md.
package scenario
