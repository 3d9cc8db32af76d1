package logscan

import (
	"regexp"
	"strings"
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

var (
	ansi = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`)
	// "level":"error", "severity":"ERROR", level=error, lvl=eror, "@l":"Error", "log.level":"error"
	keyed = regexp.MustCompile(`(?i)["']?(?:log\.level|loglevel|level|lvl|severity|levelname|@l)["']?\s*[:=]\s*["']?([a-z]+)`)
	klog  = regexp.MustCompile(`^([IWEF])\d{4} \d\d:\d\d:\d\d`)
	// upper-case words, or words in brackets as nginx and many loggers write them
	word     = regexp.MustCompile(`\b(FATAL|PANIC|CRITICAL|CRIT|EMERG|EMERGENCY|ALERT|SEVERE|ERROR|ERR|WARN|WARNING|NOTICE|INFO|LOG|DEBUG|TRACE|HINT|DETAIL|STATEMENT)\b`)
	bracket  = regexp.MustCompile(`\[(?i:(fatal|panic|critical|crit|emerg|alert|severe|error|err|warn|warning|notice|info|debug|trace))\]`)
	uncaught = regexp.MustCompile(`^(?:panic: |fatal error: |FATAL ERROR: |Traceback \(most recent call last\)|Exception in thread "|Unhandled exception|Uncaught |thread '.*' (?:\(\d+\) )?panicked|PHP Fatal error|APPLICATION FAILED TO START|\*\*\* FATAL|Segmentation fault|terminate called|\[signal SIG)`)
)

var names = map[string]Level{
	"fatal": Fatal, "panic": Fatal, "critical": Fatal, "crit": Fatal, "emerg": Fatal, "emergency": Fatal, "alert": Fatal, "severe": Error, "dpanic": Fatal,
	"error": Error, "err": Error, "eror": Error, "f": Fatal, "e": Error, "w": Warn, "i": Info,
	"warn": Warn, "warning": Warn, "notice": Info, "info": Info, "information": Info, "log": Info, "hint": Info, "detail": Info, "statement": Info,
	"debug": Debug, "trace": Debug, "verbose": Debug,
}

// levelOf reads a line's level from its first 300 bytes, where loggers put it.
func levelOf(line string) Level {
	head := line
	if len(head) > 300 {
		head = head[:300]
	}
	if uncaught.MatchString(head) {
		return Fatal
	}
	if m := klog.FindStringSubmatch(head); m != nil {
		return names[strings.ToLower(m[1])]
	}
	if m := keyed.FindStringSubmatch(head); m != nil {
		if l, ok := names[strings.ToLower(m[1])]; ok {
			return l
		}
	}
	if m := bracket.FindStringSubmatch(head); m != nil {
		return names[strings.ToLower(m[1])]
	}
	if m := word.FindStringSubmatch(head[:min(len(head), 120)]); m != nil {
		return names[strings.ToLower(m[1])]
	}
	return Unstated
}

// farewell are messages of programs on their way out, whatever sent them there; they explain nothing.
var farewell = regexp.MustCompile(`(?i)(shut(?:ting)? ?down|stopp(?:ing|ed)|clos(?:ing|ed)|draining|drained|exiting|terminating|bye|cleanup|cleaning up|disconnect|context canceled|server closed|use of closed network connection|deregister|releas(?:ing|ed)|flush|leaving with code|exit(?:ed)? (?:with )?(?:code|status)|npm (?:ERR!|error|warn|info)|Node\.js v\d)`)
