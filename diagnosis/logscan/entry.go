package logscan

import "strings"

// A line continues the one before where it is indented, or where it is a part of a stack trace. Together they are one
// message, an entry.
func continues(text string, sh *shape, inTrace bool) bool {
	switch text[0] {
	case ' ', '\t', '}':
		return true
	case 'C', '.', 'S', 'D', 'T', 'g', '[':
		switch {
		case strings.HasPrefix(text, "Caused by: "), strings.HasPrefix(text, "... "), strings.HasPrefix(text, "Suppressed: "),
			strings.HasPrefix(text, "During handling of the above"), strings.HasPrefix(text, "The above exception was"),
			strings.HasPrefix(text, "goroutine "), strings.HasPrefix(text, "[signal "):
			return true
		case strings.HasPrefix(text, traceback):
			return inTrace
		}
	}
	return inTrace && (sh.level <= Unstated || !stamped(text))
}

// erlangProcess finds the level and process in a head such as "2026-11-23 03:03:55.123456+00:00 [error] <0.254.0>".
func erlangProcess(text string) (from, to int) {
	if len(text) < 30 || text[0] < '0' || text[0] > '9' {
		return 0, 0
	}
	end := strings.IndexByte(text[:min(len(text), 64)], '>')
	if end < 0 {
		return 0, 0
	}
	open := strings.LastIndex(text[:end], "] <")
	from = strings.LastIndexByte(text[:max(open, 0)], '[')
	if open < 0 || from < 0 || strings.Trim(text[open+3:end], "0123456789.") != "" {
		return 0, 0
	}
	return from, end + 1
}

// named tells the line with which Java's loggers go on below a message: the class of its exception, with its package.
func named(text string) bool {
	end := strings.IndexByte(text, ':')
	if end < 0 {
		end = len(text)
	}
	class := text[:end]
	return strings.IndexByte(class, '.') > 0 && !strings.ContainsAny(class, " /\"'[(") &&
		(strings.HasSuffix(class, "Exception") || strings.HasSuffix(class, "Error"))
}

// stamped tells whether a line starts like a logger's line, with a date or a bracket, rather than like an
// exception's message.
func stamped(text string) bool {
	return len(text) > 4 && (text[0] == '[' || text[0] == '{' || (text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9'))
}

// traceback is how Python starts to print a trace.
const traceback = "Traceback (most recent"

// opensTrace tells the first lines of traces whose further lines need no indent.
func opensTrace(text string) bool {
	return strings.HasPrefix(text, traceback) || text == springFailure || strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "goroutine ")
}

// springFailure is what Spring Boot prints above its failure analysis (LoggingFailureAnalysisReporter), which has empty
// lines in it.
const springFailure = "APPLICATION FAILED TO START"

// opensDump tells those of them that Go prints, and what it prints above others.
func opensDump(text string) bool {
	return strings.HasPrefix(text, "panic: ") || strings.HasPrefix(text, "fatal error: ") || strings.HasPrefix(text, "goroutine ") || text == springFailure
}

// endsTraceback: a Python traceback ends with the line that names the exception; more may follow only after
// "During handling…" or "The above exception…", which continue by themselves.
func endsTraceback(text string) bool {
	return text[0] != ' ' && !strings.HasPrefix(text, "During handling") && !strings.HasPrefix(text, "The above exception") &&
		!strings.HasPrefix(text, "Traceback")
}

// What a line may be the first part of: some are only whole together with the next one.
const (
	alone  = iota
	panics // Rust (since 1.73) prints a panic's place, and below it the message
	field  // pydantic names a field, and below it what is wrong with it
)

// opens tells what a line may be the first part of. It is the first line of its message, or is not.
func opens(text string, first bool) int {
	switch {
	case strings.HasPrefix(text, "thread '") && strings.HasSuffix(text, ":") && strings.Contains(text, " panicked at "):
		return panics
	case !first && text[0] != ' ' && text[0] != '\t' && !strings.ContainsAny(text, " \t"):
		return field
	}
	return alone
}

// joins tells whether a line is only whole together with the one before, of which opens told that it may be.
func joins(opened int, text string) bool {
	if opened != field || text[0] != ' ' {
		return opened == panics
	}
	t := strings.TrimLeft(text, " ")
	return strings.HasPrefix(t, "Field required") || strings.HasPrefix(t, "field required") || strings.HasPrefix(t, "Input should be ") || strings.HasPrefix(t, "Extra inputs are not permitted")
}

// appendJoined puts such lines together.
func appendJoined(before []byte, text string) []byte {
	if len(before) > 0 {
		before, text = append(before, ' '), strings.TrimLeft(text, " \t")
	}
	return append(before, text...)
}

// joined tells what the whole of two lines may be the first part of.
func joined(opened int, text string) int {
	if opened == panics && strings.HasSuffix(text, ":") {
		return panics
	}
	return alone
}

func traceLine(text string) bool {
	i := 0
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	t := text[i:]
	if t == "" {
		return false
	}
	switch t[0] {
	case 'a':
		return strings.HasPrefix(t, "at ") && (strings.Contains(t, "(") || strings.Contains(t, ":"))
	case 'F':
		return strings.HasPrefix(t, `File "`)
	case 'f':
		return strings.HasPrefix(t, "from ") && strings.Contains(t, ".rb:")
	case 'T', 'g', 'p':
		return opensTrace(text)
	}
	return false
}
