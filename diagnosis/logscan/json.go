package logscan

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
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

// member is the value found for a group of keys; rank says which of its keys it has, counted down so that 0 is none.
type member struct {
	rank  int
	value []byte
}

const maxDepth = 32

// walkObject reads an object strictly as encoding/json does, notes the members of interest, and returns what follows.
func walkObject(b []byte, of *keys, found []member, depth int) (rest []byte, ok bool) {
	b = skipSpace(b[1:])
	if len(b) > 0 && b[0] == '}' {
		return b[1:], true
	}
	for {
		if len(b) == 0 || b[0] != '"' {
			return nil, false
		}
		n, escaped := stringEnd(b)
		if n < 0 || escaped {
			return nil, false
		}
		key := b[1 : n-1]
		b = skipSpace(b[n:])
		if len(b) == 0 || b[0] != ':' {
			return nil, false
		}
		value := skipSpace(b[1:])
		if b, ok = skipValue(value, depth); !ok {
			return nil, false
		}
		if of != nil {
			note(key, value[:len(value)-len(b)], of, found)
		}
		b = skipSpace(b)
		if len(b) == 0 {
			return nil, false
		}
		switch b[0] {
		case '}':
			return b[1:], true
		case ',':
			b = skipSpace(b[1:])
		default:
			return nil, false
		}
	}
}

// note keeps a member of interest: of several keys of a group the first one in the group, of several same keys the last
// one in the line.
func note(key, value []byte, of *keys, found []member) {
	if len(key) == 0 || of.lengths[key[0]]>>min(len(key), 31)&1 == 0 {
		return
	}
	if k, ok := of.slots[string(key)]; ok && k.rank >= found[k.group].rank {
		found[k.group] = member{k.rank, value}
	}
}

// slot is a key's group and rank in it.
type slot struct{ group, rank int }

// keys are the members of interest, by name. Nearly all others are told from them by their first letter and length.
type keys struct {
	slots   map[string]slot
	lengths [256]uint32
}

func ranked(groups [][]string) *keys {
	of := &keys{slots: map[string]slot{}}
	for g, names := range groups {
		for i, k := range names {
			of.slots[k] = slot{g, len(names) - i}
			of.lengths[k[0]] |= 1 << min(len(k), 31)
		}
	}
	return of
}

func skipValue(b []byte, depth int) (rest []byte, ok bool) {
	if len(b) == 0 || depth > maxDepth {
		return nil, false
	}
	switch b[0] {
	case '"':
		n, _ := stringEnd(b)
		if n < 0 {
			return nil, false
		}
		return b[n:], true
	case '{':
		return walkObject(b, nil, nil, depth+1)
	case '[':
		b = skipSpace(b[1:])
		if len(b) > 0 && b[0] == ']' {
			return b[1:], true
		}
		for {
			if b, ok = skipValue(b, depth+1); !ok {
				return nil, false
			}
			if b = skipSpace(b); len(b) == 0 {
				return nil, false
			}
			if b[0] == ']' {
				return b[1:], true
			}
			if b[0] != ',' {
				return nil, false
			}
			b = skipSpace(b[1:])
		}
	case 't':
		return bytes.CutPrefix(b, []byte("true"))
	case 'f':
		return bytes.CutPrefix(b, []byte("false"))
	case 'n':
		return bytes.CutPrefix(b, []byte("null"))
	}
	return skipNumber(b)
}

// skipNumber reads a number without an exponent and of a size that surely fits.
func skipNumber(b []byte) (rest []byte, ok bool) {
	i := 0
	if b[0] == '-' {
		i++
	}
	start := i
	for i < len(b) && digit(b[i]) {
		i++
	}
	if i == start || i-start > 100 || b[start] == '0' && i > start+1 {
		return nil, false
	}
	if i < len(b) && b[i] == '.' {
		i++
		fraction := i
		for i < len(b) && digit(b[i]) {
			i++
		}
		if i == fraction {
			return nil, false
		}
	}
	return b[i:], i == len(b) || b[i] != 'e' && b[i] != 'E'
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func skipSpace(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t' || b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	return b
}

// special marks the bytes that end or break the plain run of a JSON string.
var special = func() (t [256]bool) {
	for b := range 0x20 {
		t[b] = true
	}
	t['"'], t['\\'] = true, true
	return t
}()

// stringEnd returns the length of the string that b starts with, quotes included, or -1 where it is none or has an
// escaped rune; escaped says that it has other escapes.
func stringEnd(b []byte) (n int, escaped bool) {
	if end := bytes.IndexByte(b[1:], '"') + 1; end > 0 && clean(b[1:end]) {
		return end + 1, false
	}
	for i := 1; i < len(b); i++ {
		if !special[b[i]] {
			continue
		}
		switch b[i] {
		case '"':
			return i + 1, escaped
		case '\\':
			if i++; i == len(b) || unescaped(b[i]) == 0 {
				return -1, false
			}
			escaped = true
		default:
			return -1, false
		}
	}
	return -1, false
}

// clean tells whether no byte is special, eight bytes at a time.
func clean(b []byte) bool {
	const (
		ones      = 0x0101010101010101
		high      = 0x80 * ones
		spaces    = ' ' * ones
		backslash = '\\' * ones
	)
	for ; len(b) >= 8; b = b[8:] {
		w := binary.LittleEndian.Uint64(b)
		x := w ^ backslash
		if ((w-spaces)&^w|(x-ones)&^x)&high != 0 {
			return false
		}
	}
	for _, c := range b {
		if special[c] {
			return false
		}
	}
	return true
}

// appendString writes the value of a string that [stringEnd] has read.
func appendString(dst, quoted []byte) ([]byte, bool) {
	start := len(dst)
	s := quoted[1 : len(quoted)-1]
	for {
		i := bytes.IndexByte(s, '\\')
		if i < 0 {
			dst = append(dst, s...)
			break
		}
		dst = append(append(dst, s[:i]...), unescaped(s[i+1]))
		s = s[i+2:]
	}
	return dst, utf8.Valid(dst[start:])
}

// unescaped is the byte that a backslash and this one stand for, or 0.
func unescaped(b byte) byte {
	switch b {
	case '"', '\\', '/':
		return b
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return 0
}
