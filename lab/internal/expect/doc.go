// Package expect compares crashproof's report with what a person should
// conclude. It reads only the report's stable JSON, as any other consumer.
package expect
