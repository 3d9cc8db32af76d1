// Package queries holds the log queries that crashproof asks of a Log Analytics workspace, one a file.
//
// A file is a query that runs in the portal as it is. Its header says what it is for, which tables it reads, which
// parameters it takes and which columns it answers with; behind the header stands a default for each parameter:
//
//	// title: Nodes and their conditions
//	// purpose: The newest state of each node.
//	// table: KubeNodeInventory
//	// param window: timespan how far back to look
//	// column Computer: string node
//	let window = 30m;
//	KubeNodeInventory
//	| where TimeGenerated > ago(window)
//	| distinct Computer
//
// A header line that begins with more than one blank continues the one before. [Query.Render] replaces the defaults by
// literals of the given values. Values are never pasted into the text: each becomes one literal of its type.
//
// The queries resolve against the documented schemas in schemas.json under Microsoft's language service (`make
// kql-check`). They have been executed on no live workspace.
package queries
