// Package playbook is the catalogue: the causes of crash loops, how each is supported and refuted, and the signatures
// by which programs, kubelets, runtimes and registries give themselves away. It is data with a schema and a loader.
//
// From a cause's id to its meaning and rule is one step: causes/<family>.yaml. A cause names facts, which facts.yaml puts
// in words; a fact is made either by a signature here (signatures/*.yaml, with messages that must and must not match) or
// in diagnosis/facts_*.go. [Playbook.Explain] spells a cause out; schema/ describes each field.
package playbook
