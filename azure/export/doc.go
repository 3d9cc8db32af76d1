// Package export writes the queries of azure/queries, alert rules and a role as files that a pipeline applies: saved
// searches, a query pack, scheduled query rules, a Prometheus rule group and a custom role. It calls nothing that writes.
//
// A [Template] is built once in memory and written in two languages, as Bicep and as an ARM template, so the two cannot
// drift apart. Neither was compiled or deployed where this was made: the tests check the structure of both. The properties
// of the resources were read once into the types of Azure's SDK for Go and written again, and nothing got lost; of the
// Prometheus rules that was an older API version. Run `az deployment group what-if` before you apply one.
package export
