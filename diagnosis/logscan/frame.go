package logscan

import (
	"iter"
	"regexp"
	"strings"
)

var (
	pyFrame   = regexp.MustCompile(`^\s*File "([^"]+)", line (\d+), in (\S+)`)
	javaFrame = regexp.MustCompile(`^\s*at ([\w.$/@]+)\(([\w.]+:\d+)\)`)
	nodeFrame = regexp.MustCompile(`^\s*at (?:.*\()?(?:file://)?(/[^()\s]+:\d+):\d+\)?$`)
	goFrame   = regexp.MustCompile(`^\s+(/?[^\s]+\.go:\d+)`)
)

// foreign are places of runtimes and libraries: a frame there is not the program's own.
var foreign = []string{"/usr/lib/", "/usr/local/lib/", "site-packages", "dist-packages", "<frozen", "node_modules", "node:", "java.", "javax.", "jdk.", "sun.",
	"org.springframework", "org.apache.", "org.postgresql", "com.zaxxer", "io.netty", "ch.qos", "/usr/local/go/", "runtime/", "/pkg/mod/"}

// frame returns the innermost own frame of a stack trace's lines, or "".
func frame(lines iter.Seq[string]) string {
	found := ""
	for text := range lines {
		f, inner := ownFrame(text)
		if f == "" {
			continue
		}
		found = f
		if !inner { // Java, Node and Go print the innermost first
			return found
		}
	}
	return found
}

// ownFrame reads a frame; inner says that the language prints the innermost last, as Python does.
func ownFrame(text string) (f string, inner bool) {
	for _, w := range foreign {
		if strings.Contains(text, w) {
			return "", false
		}
	}
	if m := pyFrame.FindStringSubmatch(text); m != nil {
		return m[1] + ":" + m[2] + " in " + m[3], true
	}
	if m := javaFrame.FindStringSubmatch(text); m != nil {
		return m[1] + "(" + m[2] + ")", false
	}
	if m := nodeFrame.FindStringSubmatch(text); m != nil {
		return m[1], false
	}
	if m := goFrame.FindStringSubmatch(text); m != nil {
		return m[1], false
	}
	return "", false
}
