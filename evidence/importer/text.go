package importer

import (
	"bytes"
	"cmp"
	"io"
	"regexp"
	"slices"
	"strings"
)

// text reads what is neither objects nor a log by name: the output of kubectl, logs, and pastes of all of them with
// prose in between.
func (b *builder) text(name string, r io.Reader) {
	b.paste(name, b.whole(name, r))
}

// span is a part of a text that was understood.
type span struct{ start, end int }

// paste takes a text apart: what kubectl printed, objects, and logs. The rest is prose.
func (b *builder) paste(name string, data []byte) {
	b.namespace = cmp.Or(onlyNamespace(data), b.o.Namespace)
	defer func() { b.namespace = "" }()
	taken := b.kubectlText(data)
	taken = append(taken, b.objectBlocks(name, data, taken)...)
	var logs []*segment
	for _, s := range segments(data, taken) {
		if s.isLog(b.handed()) {
			logs = append(logs, s)
		}
	}
	unnamed := logFile{path: name, text: b.clip()}
	for _, s := range logs {
		if s.pod == "" && s.container == "" {
			unnamed.previous = unnamed.previous || s.previous
			_, _ = unnamed.text.Write(s.body())
			continue
		}
		l := logFile{logName: s.logName, path: name, text: b.clip()}
		_, _ = l.text.Write(s.body())
		b.addLog(l)
	}
	if unnamed.text.total > 0 {
		b.addLog(unnamed)
	}
}

// onlyNamespace is the namespace that the commands in a text name, where they name just one.
func onlyNamespace(data []byte) string {
	found := ""
	for ln := range bytes.Lines(data) {
		cmd, ok := commandOf(strings.TrimSpace(string(ln)))
		switch {
		case !ok || cmd.namespace == "" || cmd.namespace == found:
		case found != "":
			return ""
		default:
			found = cmd.namespace
		}
	}
	return found
}

// segment is a run of lines between what was understood, fences, and command lines.
type segment struct {
	logName
	lines  [][]byte
	quoted bool // it stands in a code fence, or after the command that prints a log
}

// segments cuts the rest of a text at code fences, at command lines, and where something was understood.
func segments(data []byte, taken []span) []*segment {
	var out []*segment
	cur := &segment{}
	next := func(s segment) {
		if len(cur.lines) > 0 {
			out = append(out, cur)
		}
		cur = &s
	}
	fenced := false
	for start := 0; start < len(data); {
		end := len(data)
		if i := bytes.IndexByte(data[start:], '\n'); i >= 0 {
			end = start + i + 1
		}
		line := data[start:end]
		if e := covered(taken, start); e > start {
			next(segment{quoted: fenced})
			start = e
			continue
		}
		start = end
		text := strings.TrimSpace(string(line))
		switch cmd, isCommand := commandOf(text); {
		case strings.HasPrefix(text, "```") || strings.HasPrefix(text, "~~~"):
			fenced = !fenced
			keep := logName{}
			if fenced && len(cur.lines) == 0 {
				keep = cur.logName // "kubectl logs …" above the fence
			}
			next(segment{logName: keep, quoted: fenced})
		case isCommand:
			next(segment{logName: cmd, quoted: true})
		case !fenced && heading(text):
			lower := strings.ToLower(text)
			next(segment{logName: logName{previous: strings.Contains(lower, "previous")}, quoted: strings.HasPrefix(strings.TrimLeft(lower, "#* "), "log")})
		default:
			cur.lines = append(cur.lines, line)
		}
	}
	next(segment{})
	return out
}

func covered(taken []span, at int) int {
	for _, s := range taken {
		if at >= s.start && at < s.end {
			return s.end
		}
	}
	return at
}

var (
	shellLine  = regexp.MustCompile(`^(?:[\w.@~:/\[\]() -]*[$#>%❯➜] *)?(?:sudo )?(?:kubectl|k|oc|microk8s kubectl|k3s kubectl|minikube kubectl --)\s+(.+)$`)
	headingRow = regexp.MustCompile(`(?i)^(?:#{1,6} .*|\*\*.*\*\*:?|[\w ()./-]{0,60}\b(?:logs?|output|events|describe)\b[\w ()./-]{0,40}:)$`)
)

func heading(text string) bool { return headingRow.MatchString(text) }

// maxCommand bounds the length of what may be a command line.
const maxCommand = 4096

// commandOf recognises a kubectl command line, and reads of a `logs` command whose log follows.
func commandOf(text string) (logName, bool) {
	if len(text) > maxCommand || !strings.Contains(text, "k ") && !strings.Contains(text, "kubectl") && !strings.Contains(text, "oc ") {
		return logName{}, false // most lines, without the expression
	}
	m := shellLine.FindStringSubmatch(text)
	if m == nil {
		return logName{}, false
	}
	words := strings.Fields(m[1])
	at := -1
	for i, w := range words {
		if w == "logs" || w == "log" {
			at = i
			break
		}
		if !strings.HasPrefix(w, "-") && i > 0 && !strings.HasPrefix(words[i-1], "-") {
			break
		}
	}
	var out logName
	known := false
	for i := 0; i < len(words); i++ {
		flag, value, has := strings.Cut(words[i], "=")
		take := func() string {
			if has {
				return value
			}
			if i++; i < len(words) {
				return words[i]
			}
			return ""
		}
		switch flag {
		case "-n", "--namespace":
			out.namespace = take()
		case "-c", "--container":
			out.container = take()
		case "-p", "--previous":
			out.previous = value != "false"
		case "--tail", "--since", "--context", "--kubeconfig", "-l", "--selector", "-o", "--output":
			_ = take()
		default:
			if strings.HasPrefix(flag, "-") || i <= at || at < 0 {
				continue
			}
			name := flag[strings.IndexByte(flag, '/')+1:]
			switch {
			case !known && (flag == name || strings.HasPrefix(flag, "pod")):
				out.pod, known = name, true
			case known && out.container == "":
				out.container = name
			}
		}
	}
	if at < 0 {
		return logName{namespace: out.namespace}, true
	}
	return out, true
}

// handed tells whether the text was given by itself: then it is meant, whatever it is. A text among other files may be
// a note.
func (b *builder) handed() bool { return b.single || b.piped }

// isLog: what was given by itself, stands in a fence or follows a command is a log where a line of it looks so; a text
// among other files where a line bears a time, a level or a stack frame.
func (s *segment) isLog(handed bool) bool {
	if s.pod != "" { // it follows the command that prints it
		return slices.ContainsFunc(s.lines, func(ln []byte) bool { return len(bytes.TrimSpace(ln)) > 0 })
	}
	look := loggerLook
	if handed || s.quoted {
		look = logLook
	}
	return slices.ContainsFunc(s.lines, look.Match)
}

// body is the log in a segment: all of a quoted one, else from the first to the last line that looks like a log's.
func (s *segment) body() []byte {
	first, last := 0, len(s.lines)-1
	if !s.quoted {
		for first < last && !logLine(s.lines[first]) {
			first++
		}
		for last > first && !logLine(s.lines[last]) {
			last--
		}
	}
	out := bytes.Join(s.lines[first:last+1], nil)
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	return out
}

// What lines of logs look like, whatever wrote them: a time, a level, a bracket, key=value, JSON, klog's header, a
// stack frame, an exception, or a program's name and its complaint.
var (
	logLook    = regexp.MustCompile(`^\s*(?:` + strings.Join(append(complaints, loggers...), "|") + `)`)
	loggerLook = regexp.MustCompile(`^\s*(?:` + strings.Join(loggers, "|") + `)`)
)

var loggers = []string{
	`\d{4}[-/]\d\d[-/]\d\d[T ]`, `\d\d:\d\d:\d\d`, `\[\d`, `\[?(?i:trace|debug|info|notice|warn|warning|error|err|fatal|critical|panic|severe|emerg)\]?(?:[:\] \t-]|$)`,
	`[IWEF]\d{4} \d\d:`, `\{"`, `(?:ts|time|level|lvl|msg)=`, `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) `,
	`panic: `, `goroutine \d+ \[`, `Traceback \(most`, `File "[^"]+", line \d+`, `at [\w$.<>]+[ (]`, `Caused by: `, `(?:[a-zA-Z_$][\w$]*\.)+[A-Z]\w*(?:Exception|Error)\b`,
	`[A-Z]\w*(?:Error|Exception|Warning)\b: `, `Exception in thread `, `Unhandled exception`,
}

var complaints = []string{
	`Unable to `, `Could not `, `Cannot `, `Failed to `, `npm ERR!`, `fatal: `, `\+ `,
	`LOG: `, `FATAL: `, `HINT: `, `DETAIL: `, `Error: `, `error: `, `ERROR`, `Segmentation fault`, `Killed$`, `Aborted`, `standard_init_linux`, `exec \S+: `, `exec: `,
	`[\w./-]+(?:\[\d+\])?: (?:line \d+: )?.*(?:not found|[Nn]o such|denied|failed|refused|[Cc]annot|can't|error|invalid|unrecognized|unknown|missing)`,
}

func logLine(ln []byte) bool { return logLook.Match(bytes.TrimRight(ln, "\r\n")) }
