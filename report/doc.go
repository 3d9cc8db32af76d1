// Package report writes a [diagnosis.Report] for programs and for people.
//
// [JSON] and [YAML] are the contract: schema/report.schema.json describes them, and the same report gives the same
// bytes. [Text] is for the person on call: the conclusion first, then why, what was ruled out, and what to do, each
// statement with the evidence that it rests on. [Table] is a line for each finding, worst first.
//
// It also writes what the playbook says of a cause: [CauseText] and [CauseMarkdown], from the same sections.
package report
