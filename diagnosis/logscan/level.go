package logscan

import (
	"strings"

	"github.com/crashproof-dev/crashproof/playbook"
)

// Level is a line's severity as the program states it.
type Level int

// The levels. Unstated is what prints no level, as most stack traces and many shells do.
const (
	Debug Level = iota
	Info
	Unstated
	Warn
	Error
	Fatal
)

// uncaught are the first words of what runtimes print when nobody handled it.
var uncaught = []string{"panic: ", "fatal error: ", "FATAL ERROR: ", "Traceback (most recent call last)", "Exception in thread \"", "Unhandled exception",
	"Uncaught ", "uncaughtException", "unhandledRejection", "PHP Fatal error", "APPLICATION FAILED TO START", "*** FATAL", "Segmentation fault", "terminate called", "[signal SIG",
	"Runtime terminating during boot", "init terminating in ", `{"init terminating in `, "Fatal error: ", "Fatal Python error: ", "# A fatal error has been detected by the Java Runtime"}

var consoleLevels = map[string]Level{"crit": Fatal, "fail": Error, "warn": Warn, "info": Info, "dbug": Debug, "trce": Debug}

var firstOfUncaught = func() (t [256]bool) {
	for _, u := range uncaught {
		t[u[0]] = true
	}
	return t
}()

var names = map[string]Level{
	"fatal": Fatal, "panic": Fatal, "critical": Fatal, "crit": Fatal, "emerg": Fatal, "emergency": Fatal, "alert": Fatal, "severe": Error, "dpanic": Fatal,
	"error": Error, "err": Error, "eror": Error, "f": Fatal, "e": Error, "w": Warn, "i": Info,
	"ftl": Fatal, "wrn": Warn, "inf": Info, "dbg": Debug, "vrb": Debug,
	"fail": Error, "failed": Error, "failure": Error,
	"warn": Warn, "warning": Warn, "notice": Info, "info": Info, "information": Info, "log": Info, "hint": Info, "detail": Info, "statement": Info,
	"debug": Debug, "trace": Debug, "verbose": Debug,
	// Serilog's and zerolog's consoles print three letters.
}

// levelOf reads a line's level from where loggers put it: a klog header, a key (level=error, "severity":"ERROR"), a
// word in brackets, or an upper-case word near the start.
func levelOf(text string) Level {
	if firstOfUncaught[text[0]] {
		for _, u := range uncaught {
			if strings.HasPrefix(text, u) {
				return Fatal
			}
		}
	}
	if len(text) > 6 && text[5] == ':' && (strings.EqualFold(text[:6], "error:") || strings.EqualFold(text[:6], "fatal:")) {
		return Error // the last words of command line programs
	}
	if strings.HasPrefix(text, "thread '") && strings.Contains(text, "panicked at") {
		if strings.HasPrefix(text, "thread 'main'") {
			return Fatal
		}
		return Error // of another thread the process need not die
	}
	if len(text) > 6 && text[4] == ':' && text[5] == ' ' { // Microsoft.Extensions.Logging's console
		if l, ok := consoleLevels[text[:4]]; ok {
			return l
		}
	}
	if rubyEnd(text) {
		return Fatal
	}
	if strings.HasPrefix(text, "** (") { // Elixir
		return Error
	}
	if text[0] == '[' {
		if i := strings.Index(text[:min(len(text), 60)], "] PHP Fatal error:"); i > 0 && i < 40 {
			return Fatal
		}
	}
	if len(text) > 5 && strings.IndexByte("IWEF", text[0]) >= 0 && digitsAt(text, 1, 4) && text[5] == ' ' {
		return names[strings.ToLower(text[:1])]
	}
	return wordLevel(text[:min(len(text), 300)])
}

// rubyEnd tells what Ruby prints of an exception that nobody rescued: "app.rb:12:in `fetch': key not found: "X" (KeyError)".
func rubyEnd(text string) bool {
	at := strings.Index(text, ".rb:")
	if at < 0 || text[len(text)-1] != ')' || strings.ContainsAny(text[:at], " [{") {
		return false
	}
	in := strings.Index(text[at:], ":in ")
	open := strings.LastIndex(text, " (")
	return in > 0 && in < 12 && open > at+in && (strings.HasSuffix(text, "Error)") || strings.HasSuffix(text, "Exception)"))
}

func digitsAt(s string, from, n int) bool {
	for i := from; i < from+n; i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// What a byte is to [wordLevel]: a letter, something that may stand between a key and its value, or what ends a key's
// reach.
const (
	ends = iota
	between
	inWord
)

var kinds = func() (t [256]uint8) {
	for _, b := range []byte(`:="' `) {
		t[b] = between
	}
	for b := range t {
		if letter(byte(b)) {
			t[b] = inWord
		}
	}
	return t
}()

// wordLevel looks at each word of the head of a line.
func wordLevel(head string) Level {
	key, far := false, false
	for i := 0; i < len(head); {
		if k := kinds[head[i]]; k != inWord {
			key = key && k == between
			i++
			continue
		}
		if i >= near && !key && !far {
			if !marked(head[i-1:]) {
				break // neither keys nor brackets, which alone have levels so far behind
			}
			far = true
		}
		j := i + 1
		for j < len(head) && kinds[head[j]] == inWord {
			j++
		}
		w := head[i:j]
		if l, ok := levelWord(w); ok && stated(head, i, j, key) {
			return l
		}
		key = j < len(head) && (head[j] == '=' || head[j] == ':' || head[j] == '"' || head[j] == '\'') && isKey(w)
		i = j
	}
	return Unstated
}

// near is how far from its start a line's level may stand as a mere word in upper case.
const near = 120

// marked tells whether a text has a bracket, or a letter that all keys of levels have.
func marked(text string) bool {
	return strings.IndexByte(text, '[') >= 0 || strings.IndexByte(text, '<') >= 0 || strings.IndexByte(text, 'v') >= 0 || strings.IndexByte(text, 'V') >= 0
}

// stated tells whether a word stands where a level does: after a key, in brackets, or near the start in upper case.
func stated(head string, i, j int, key bool) bool {
	if key || i > 0 && head[i-1] == '[' && j < len(head) && head[j] == ']' {
		return true
	}
	if i > 0 && head[i-1] == '<' && (i == 1 || head[i-2] == ' ') && strings.HasPrefix(head[j:], "> ") { // Poco's loggers, as ClickHouse has them
		return true
	}
	if j < len(head) && head[j] == ':' && opening(head[:i]) && (j+1 == len(head) || head[j+1] == ' ') {
		return true
	}
	return head[i] <= 'Z' && i < near && j-i >= 3 && (i == 0 || head[i-1] != '_') && (j == len(head) || head[j] != '_') && upper(head[i:j])
}

// opening tells what may stand before the first word of a message: a time, a process ID, brackets.
func opening(before string) bool {
	for i := range len(before) {
		if b := before[i]; letter(b) && b != 'T' && b != 'Z' {
			return false
		}
	}
	return len(before) < 48
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

func upper(w string) bool {
	for i := range len(w) {
		if w[i] > 'Z' {
			return false
		}
	}
	return true
}

func isKey(w string) bool {
	return len(w) >= 3 && len(w) <= 9 && (strings.EqualFold(w, "level") || strings.EqualFold(w, "severity") || strings.EqualFold(w, "lvl") ||
		strings.EqualFold(w, "levelname") || strings.EqualFold(w, "loglevel"))
}

// lengths has, by their first letter, a bit for each length of the names.
var lengths = func() (t [256]uint16) {
	for n := range names {
		t[n[0]] |= 1 << len(n)
	}
	return t
}()

// levelWord looks a word up without making garbage of those that cannot be one.
func levelWord(w string) (Level, bool) {
	if len(w) > 11 || lengths[w[0]|0x20]>>len(w)&1 == 0 {
		return 0, false
	}
	var lower [11]byte
	for i := range len(w) {
		lower[i] = w[i] | 0x20 // it is letters only
	}
	l, ok := names[string(lower[:len(w)])]
	return l, ok
}

// lives are what programs add to a complaint that they live with.
var lives = playbook.NewMatcher([]playbook.Signature{{In: playbook.OnLog, Contains: []string{
	"using default", "using the default", "falling back to", "fallback to default", "continuing without", "continue without", "continuing anyway", "proceeding without",
	"proceeding anyway", "proceeding with default", "will be ignored", ", ignoring", "(ignored)", "non-fatal", "nonfatal", "not fatal"}}}, playbook.OnLog)

// survived tells whether a message says itself that the program goes on.
func survived(text string) bool { return len(lives.Candidates(nil, text)) > 0 }

// exhausted tells whether a message counts attempts, and this was the last one: "attempt 5 of 5", "(3/3)".
func exhausted(text string) bool {
	text = text[:min(len(text), 300)]
	for i := 0; i < len(text); i++ {
		behind := 0
		switch {
		case text[i] == '/':
			behind = i + 1
		case text[i] == ' ' && strings.HasPrefix(text[i:], " of "):
			behind = i + 4
		default:
			continue
		}
		from, to := i, behind
		for from > 0 && digit(text[from-1]) {
			from--
		}
		for to < len(text) && digit(text[to]) {
			to++
		}
		whole := (from == 0 || !letter(text[from-1]) && text[from-1] != '/' && text[from-1] != '.') && (to == len(text) || !letter(text[to]) && text[to] != '/' && text[to] != '.' || to+1 == len(text))
		if n := text[from:i]; whole && n != "" && n != "1" && len(n) <= 4 && n == text[behind:to] {
			return true
		}
	}
	return false
}

// gotThrough are words of programs that have reached what they sought.
var gotThrough = playbook.NewMatcher([]playbook.Signature{{In: playbook.OnLog, Contains: []string{
	"connected to ", " connected", "connection established", "connection is established", "connection restored", "connection successful", "connection ok", "successfully connected", "connected successfully",
	"is now available", "is now reachable", "is reachable", "is back", "initialized the connection", "migrations are up to date", "database ready", "database is ready", "start completed.",
	"coremodule dependencies initialized", // of Nest: the providers of TypeOrmCoreModule and its like are there once they are connected (@nestjs/typeorm)
	"initialized jpa entitymanagerfactory"}}}, playbook.OnLog)

// reachedIt tells whether a message says that what was sought was reached.
func reachedIt(text string) bool {
	return len(gotThrough.Candidates(nil, text)) > 0 && !strings.Contains(text, "not ") && !strings.Contains(text, "disconnect") && !strings.Contains(text, "n't")
}

// farewells are messages of programs on their way out, whatever sent them there; they explain nothing.
var farewells = playbook.NewMatcher([]playbook.Signature{{In: playbook.OnLog, Contains: []string{
	"shutdown", "shutting down", "shut down", "stopping", "stopped", "closing", "closed", "draining", "drained", "exiting", "terminating", "cleanup", "cleaning up",
	"disconnect", "context canceled", "use of closed network connection", "deregister", "releasing", "released", "flush", "leaving with code",
	"exit with", "exited with", "exit code", "exit status", "npm err!", "npm error", "npm warn", "node.js v", "good bye", "goodbye"}}}, playbook.OnLog)

func farewell(text string) bool { return len(farewells.Candidates(nil, text)) > 0 }
