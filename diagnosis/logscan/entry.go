package logscan

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// entry is one message: a first line and what belongs to it.
type entry struct {
	level Level
	trace bool // a stack trace or exception that nobody is seen to handle
	bye   bool
	// fields: what follows lists fields that do not validate
	fields bool
	time   time.Time
	lines  []line
}

type line struct {
	n          int
	start, end int
	text       string
}

// entries groups a log's lines into messages. A line continues the one before where it is indented, or where it is a
// part of a stack trace.
func entries(l *evidence.Log) []entry {
	var out []entry
	inTrace, dump := false, false // dump: Go prints empty lines between the stacks of its goroutines
	for ln := range l.Lines() {
		text := clean(string(ln.Text))
		if text == "" {
			inTrace = inTrace && dump
			continue
		}
		if len(out) > 0 && (continues(text, inTrace) || follows(out[len(out)-1].lines, text)) {
			e := &out[len(out)-1]
			e.add(line{ln.N, ln.Start, ln.End, text})
			e.trace = e.trace || traceLine(text)
			if strings.HasPrefix(text, "goroutine ") {
				inTrace, dump = true, true
			}
			if tracebackEnd(e, text) {
				inTrace = false
			}
			continue
		}
		e := entry{level: levelOf(text), time: ln.Time, lines: []line{{ln.N, ln.Start, ln.End, text}}}
		e.trace = traceLine(text)
		e.bye = e.level < Error && farewell(text)
		dump = strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "fatal error: ") || strings.HasPrefix(text, "goroutine ")
		inTrace = dump || strings.HasPrefix(text, "Traceback (most recent")
		out = append(out, e)
	}
	for i := range out {
		if out[i].trace && out[i].level < Error && out[i].level != Warn {
			out[i].level = Error
		}
	}
	return out
}

// add appends a line; one that is only whole together with the line before is read as one with it.
func (e *entry) add(ln line) {
	if n := len(e.lines) - 1; joined(e.lines, ln.text) {
		ln.text = e.lines[n].text + " " + strings.TrimLeft(ln.text, " \t")
		ln.n, ln.start = e.lines[n].n, e.lines[n].start
		e.lines[n] = ln
		return
	}
	e.fields = e.fields || ln.text[0] != ' ' && strings.Contains(ln.text, " validation error")
	e.lines = append(e.lines, ln)
}

// follows tells whether a line belongs to the message before for what stands there: the rest of a joined line, or the
// exception of which an Elixir process is said to have terminated.
func follows(before []line, text string) bool {
	return joined(before, text) || strings.HasPrefix(text, "** (") && strings.Contains(before[len(before)-1].text, " terminating")
}

// joined tells whether a line is only whole together with the one before: Rust (since 1.73) prints a panic's place and
// below it the message; pydantic names a field and below it what is wrong with it.
func joined(before []line, text string) bool {
	prev := before[len(before)-1].text
	if strings.HasPrefix(prev, "thread '") && strings.HasSuffix(prev, ":") && strings.Contains(prev, " panicked at ") {
		return true
	}
	if text[0] != ' ' || len(before) < 2 || strings.ContainsAny(prev, " \t") {
		return false
	}
	t := strings.TrimLeft(text, " ")
	return strings.HasPrefix(t, "Field required") || strings.HasPrefix(t, "field required") || strings.HasPrefix(t, "Input should be ") || strings.HasPrefix(t, "Extra inputs are not permitted")
}

// clean removes colour codes and opens JSON log lines to the texts that people would read.
func clean(s string) string {
	if strings.IndexByte(s, 0x1b) >= 0 {
		s = ansi.ReplaceAllString(s, "")
	}
	s = strings.TrimRight(s, " \t\r")
	if strings.Contains(s, `\"`) && !strings.HasPrefix(s, "{") { // klog and logfmt quote quotes
		s = strings.ReplaceAll(s, `\"`, `"`)
	}
	if strings.HasPrefix(s, "{") {
		return openJSON(s)
	}
	return s
}

// openJSON writes a JSON line's level, message, error and stack as text; what is no JSON stays as it is.
func openJSON(s string) string {
	var m map[string]any
	if json.Unmarshal([]byte(s), &m) != nil {
		return s
	}
	var b strings.Builder
	for _, keys := range [][]string{{"level", "severity", "lvl", "log.level", "levelname", "@l", "s"}, {"message", "msg", "@m", "@mt", "log"},
		{"error", "err", "exception", "error.message", "@x", "attr"}, {"stack", "stacktrace", "stack_trace", "error.stack_trace", "exc_info"}} {
		for _, k := range keys {
			if v, ok := m[k]; ok {
				writeJSONValue(&b, k, v)
				break
			}
		}
	}
	if b.Len() == 0 {
		return s
	}
	return b.String()
}

func writeJSONValue(b *strings.Builder, key string, v any) {
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	switch t := v.(type) {
	case string:
		if isLevelKey(key) {
			b.WriteString("level=")
		}
		b.WriteString(t)
	case float64:
		if isLevelKey(key) { // pino and bunyan: 50 is error, 60 is fatal
			b.WriteString("level=" + map[bool]string{true: "fatal", false: map[bool]string{true: "error", false: map[bool]string{true: "warn", false: "info"}[t >= 40]}[t >= 50]}[t >= 60])
		}
	case map[string]any: // {"err":{"type":"Error","message":"…","stack":"…"}}, and MongoDB's {"attr":{"error":"…","message":{"error_str":"…"}}}
		for _, k := range []string{"type", "message", "stack", "error", "error_str"} {
			switch v := t[k].(type) {
			case string:
				b.WriteString(v + " ")
			case map[string]any:
				writeJSONValue(b, k, v)
			}
		}
	}
}

func isLevelKey(k string) bool {
	switch k {
	case "level", "severity", "lvl", "log.level", "levelname", "@l", "s": // MongoDB's "s" is one letter
		return true
	}
	return false
}

func continues(text string, inTrace bool) bool {
	switch {
	case text[0] == ' ' || text[0] == '\t':
		return true
	case strings.HasPrefix(text, "Caused by: "), strings.HasPrefix(text, "... "), strings.HasPrefix(text, "Suppressed: "),
		strings.HasPrefix(text, "During handling of the above"), strings.HasPrefix(text, "The above exception was"),
		strings.HasPrefix(text, "goroutine "), strings.HasPrefix(text, "[signal "), strings.HasPrefix(text, "}"):
		return true
	case strings.HasPrefix(text, "Traceback (most recent"):
		return inTrace
	}
	return inTrace && levelOf(text) <= Unstated || inTrace && !stamped(text)
}

// stamped tells whether a line starts like a logger's line, with a date or a bracket, rather than like an
// exception's message.
func stamped(text string) bool {
	return len(text) > 4 && (text[0] == '[' || text[0] == '{' || (text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9'))
}

// tracebackEnd: a Python traceback ends with the line that names the exception; more may follow only after
// "During handling…" or "The above exception…", which continue by themselves.
func tracebackEnd(e *entry, text string) bool {
	first := e.lines[0].text
	if e.fields {
		return false
	}
	return strings.Contains(first, "Traceback (most recent") && text[0] != ' ' && !strings.HasPrefix(text, "During handling") &&
		!strings.HasPrefix(text, "The above exception") && !strings.HasPrefix(text, "Traceback")
}

func traceLine(text string) bool {
	t := strings.TrimLeft(text, " \t")
	return strings.HasPrefix(t, "at ") && (strings.Contains(t, "(") || strings.Contains(t, ":")) ||
		strings.HasPrefix(text, "Traceback (most recent") || strings.HasPrefix(t, `File "`) || strings.HasPrefix(text, "goroutine ") ||
		strings.HasPrefix(text, "panic: ") || strings.HasPrefix(t, "from ") && strings.Contains(t, ".rb:")
}
