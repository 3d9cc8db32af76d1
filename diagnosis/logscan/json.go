package logscan

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// jsonKeys are the members of a JSON line that people read: of each group the first that is there.
var jsonKeys = [][]string{
	{"level", "severity", "lvl", "log.level", "levelname", "@l", "s", "loglevel", "log_level", "Level", "LogLevel", "severity_text", "severityText", "priority"},
	{"message", "msg", "@m", "@mt", "log", "text", "event", "body", "short_message", "Message", "RenderedMessage", "MESSAGE", "description"},
	{"error", "err", "exception", "error.message", "@x", "attr", "Exception", "error_message", "errorMessage", "throwable", "thrown", "cause", "reason", "details", "detail"},
	{"stack", "stacktrace", "stack_trace", "error.stack_trace", "exc_info", "stackTrace", "StackTrace", "exception.stacktrace", "backtrace", "traceback"}}

// recordKey holds a line of PostgreSQL's own log, which CloudNativePG wraps into lines of level info
// (pkg/management/postgres/logpipe). What it says of a client's session is no trouble of the server's.
const recordKey = "record"

var recordKeys = [][]string{{"error_severity"}, {"message"}, {"connection_from", "user_name"}}

// errorKeys are the members of an error that is an object.
var errorKeys = [...]string{"type", "message", "stack", "error", "error_str", "code"}

var jsonSlots, recordSlots, errorSlots = ranked(append(slices.Clone(jsonKeys), []string{recordKey})), ranked(recordKeys), ranked(slices.Collect(slices.Chunk(errorKeys[:], 1)))

// openJSON writes a JSON line's level, message, error and stack as text; what is no JSON stays as it is.
func openJSON(s string) string {
	var m map[string]any
	if json.Unmarshal([]byte(s), &m) != nil {
		return s
	}
	var b strings.Builder
	if r, ok := m[recordKey].(map[string]any); ok {
		severity, _ := r["error_severity"].(string)
		message, _ := r["message"].(string)
		_, from := r["connection_from"]
		_, user := r["user_name"]
		if severity != "" && message != "" && !from && !user {
			b.WriteString("level=" + severity + " " + severity + ":  " + message)
		}
	}
	for _, keys := range jsonKeys {
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
		if isLevelKey(key) {
			b.WriteString("level=" + numbered(t))
		}
	case map[string]any: // {"err":{"type":"Error","message":"…","stack":"…"}}, and MongoDB's {"attr":{"error":"…","message":{"error_str":"…"}}}
		for _, k := range errorKeys {
			switch v := t[k].(type) {
			case string:
				b.WriteString(v + " ")
			case map[string]any:
				writeJSONValue(b, k, v)
			}
		}
	}
}

// numbered names a level of pino and bunyan: 50 is error, 60 is fatal.
func numbered(level float64) string {
	switch {
	case level >= 60:
		return "fatal"
	case level >= 50:
		return "error"
	case level >= 40:
		return "warn"
	}
	return "info"
}

func isLevelKey(k string) bool { return slices.Contains(jsonKeys[0], k) }

// appendOpened does for the JSON that loggers write what [openJSON] does for any, without building its values. It is
// false where the line is not JSON, or holds something rarer that is left to the library: an escaped rune, bytes that
// are no UTF-8, numbers with exponents, deep nesting.
func appendOpened(dst, line []byte) ([]byte, bool) {
	var found [5]member
	rest, ok := walkObject(line, jsonSlots, found[:], 0)
	if !ok || len(skipSpace(rest)) > 0 {
		return dst, false
	}
	if r := &found[4]; r.rank > 0 && r.value[0] == '{' {
		if dst, ok = appendRecord(dst, r.value); !ok {
			return dst, false
		}
	}
	for i := range jsonKeys {
		m := &found[i]
		if m.rank == 0 {
			continue
		}
		if len(dst) > 0 {
			dst = append(dst, ' ')
		}
		switch c := m.value[0]; {
		case c == '"':
			if i == 0 {
				dst = append(dst, "level="...)
			}
			if dst, ok = appendString(dst, m.value); !ok {
				return dst, false
			}
		case c == '{':
			if dst, ok = appendError(dst, m.value); !ok {
				return dst, false
			}
		case i == 0 && (c == '-' || c >= '0' && c <= '9'):
			level, err := strconv.ParseFloat(string(m.value), 64)
			if err != nil {
				return dst, false
			}
			dst = append(append(dst, "level="...), numbered(level)...)
		}
	}
	if len(dst) == 0 {
		return append(dst, line...), true
	}
	return dst, true
}

// appendRecord writes a line of PostgreSQL's as PostgreSQL does, of JSON that has been walked through.
func appendRecord(dst, object []byte) ([]byte, bool) {
	var found [3]member
	_, ok := walkObject(object, recordSlots, found[:], 0)
	severity, message, client := &found[0], &found[1], &found[2]
	if !ok || client.rank > 0 || severity.rank == 0 || message.rank == 0 || len(severity.value) <= 2 || len(message.value) <= 2 || severity.value[0] != '"' || message.value[0] != '"' {
		return dst, ok
	}
	for _, before := range []string{"level=", " "} {
		if dst, ok = appendString(append(dst, before...), severity.value); !ok {
			return dst, false
		}
	}
	return appendString(append(dst, ":  "...), message.value)
}

// appendError writes an error that is an object, of JSON that has been walked through.
func appendError(dst, object []byte) ([]byte, bool) {
	var found [len(errorKeys)]member
	_, ok := walkObject(object, errorSlots, found[:], 0)
	for i := range found {
		m := &found[i]
		switch {
		case !ok:
			return dst, false
		case m.rank == 0:
		case m.value[0] == '"':
			dst, ok = appendString(dst, m.value)
			dst = append(dst, ' ')
		case m.value[0] == '{':
			if len(dst) > 0 {
				dst = append(dst, ' ')
			}
			dst, ok = appendError(dst, m.value)
		}
	}
	return dst, ok
}
