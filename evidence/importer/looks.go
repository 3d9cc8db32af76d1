package importer

import (
	"bytes"
	"regexp"
	"strings"
)

// What lines of logs look like, whatever wrote them: a time, a level, a bracket, key=value, JSON, klog's header, a
// stack frame, an exception, or a program's name and its complaint.
var (
	logLook    = regexp.MustCompile(`^\s*(?:` + strings.Join(append(complaints, loggers...), "|") + `)`)
	loggerLook = regexp.MustCompile(`^\s*(?:` + strings.Join(loggers, "|") + `)`)
)

var loggers = []string{
	`\d{4}[-/]\d\d[-/]\d\d[T ]`, `\d\d:\d\d:\d\d`, `\[\d`, `\[?(?i:trace|debug|info|notice|warn|warning|error|err|fatal|critical|panic|severe|emerg)\]?(?:[:\] \t!-]|$)`,
	`[IWEF]\d{4} \d\d:`, `\{"`, `(?:ts|time|level|lvl|msg)=`, `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) `,
	`panic: `, `goroutine \d+ \[`, `Traceback \(most`, `File "[^"]+", line \d+`, `at [\w$.<>]+[ (]`, `Caused by: `, `(?:[a-zA-Z_$][\w$]*\.)+[A-Z]\w*(?:Exception|Error)\b`,
	`[A-Z]\w*(?:Error|Exception|Warning)\b: `, `Exception in thread `, `Unhandled exception`,
	`\*\* \([A-Z][\w.]*\) `, `[\w./-]+\.\w+:\d+:in [` + "`" + `']`, `thread '[^']*' (?:\(\d+\) )?panicked at `, `#\d+ +(?:0x[0-9a-f]+|\S+\(\d+\):) `, `(?:rake|bundler|yarn|npm|pnpm) (?:aborted!|error|ERR!)`,
}

var complaints = []string{
	`Unable to `, `Could not `, `Cannot `, `Failed to `, `npm ERR!`, `fatal: `, `\+ `,
	`LOG: `, `FATAL: `, `HINT: `, `DETAIL: `, `Error: `, `error: `, `ERROR`, `Segmentation fault`, `(?:# )?Fatal error\b`, `\w+\[\d+\]: \S`, `.*\b[Aa]ssertion .*failed`, `Killed$`, `Aborted`, `standard_init_linux`, `exec \S+: `, `exec: `,
	`[\w./-]+(?:\[\d+\])?: (?:line \d+: )?.*(?:not found|[Nn]o such|denied|failed|refused|[Cc]annot|can't|error|invalid|unrecognized|unknown|missing)`,
}

func logLine(ln []byte) bool { return logLook.Match(bytes.TrimRight(ln, "\r\n")) }
