package importer

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence/importer/textline"
)

// segment is a run of lines between what was understood, fences, and command lines.
type segment struct {
	logName
	lines     [][]byte
	quoted    bool   // it stands in a code fence, or after what announces a log
	log       bool   // it follows the command that prints a log
	inline    bool   // that command stands in prose, as inline code
	announced bool   // it follows a heading such as "logs:"
	ruled     bool   // it stands below a ruler
	other     string // the command that printed it, which is none that prints logs
}

// segments cuts the rest of a text at code fences, at command lines, at headings, and where something was understood.
func segments(data []byte, taken []span) []*segment {
	var out []*segment
	cur := &segment{}
	next := func(s segment) {
		if len(cur.lines) > 0 {
			out = append(out, cur)
		}
		cur = &s
	}
	fenced, blank := false, true // blank: the line before is empty, or none that belongs to a log
	for start := 0; start < len(data); {
		end := lineEnd(data, start)
		line := data[start:end]
		if e := covered(taken, start); e > start {
			next(segment{quoted: fenced})
			start, blank = e, true
			continue
		}
		start = end
		text := strings.TrimSpace(string(line))
		before := blank
		blank = text == ""
		switch cmd, isCommand := commandOf(text); {
		case strings.HasPrefix(text, "```") || strings.HasPrefix(text, "~~~"):
			fenced = !fenced
			keep := segment{quoted: fenced}
			if fenced && len(bytes.TrimSpace(bytes.Join(cur.lines, nil))) == 0 {
				keep.logName, keep.log, keep.other = cur.logName, cur.log, cur.other // "kubectl logs …" above the fence
			}
			next(keep)
			blank = true
		case isCommand && cmd.prints():
			next(segment{logName: cmd.logName, quoted: true, log: true, inline: strings.Contains(text, "`")})
			blank = true
		case isCommand:
			next(segment{quoted: fenced, other: cmd.line})
			blank = true
		case !fenced && (before || !cur.log) && heading(text) && !strings.HasPrefix(string(bytes.TrimSpace(data[start:lineEnd(data, start)])), "#"):
			lower := strings.ToLower(text)
			announced := announcesLog.MatchString(lower)
			next(segment{logName: logName{previous: earlier.MatchString(lower)}, quoted: announced, announced: announced})
			blank = true
		case !fenced && before && ruler.MatchString(text):
			next(segment{quoted: true, ruled: true})
			blank = true
		case text == "" && cur.other != "" && !fenced:
			next(segment{})
		default:
			cur.lines = append(cur.lines, line)
		}
	}
	next(segment{})
	return out
}

func lineEnd(data []byte, start int) int {
	if i := bytes.IndexByte(data[start:], '\n'); i >= 0 {
		return start + i + 1
	}
	return len(data)
}

var (
	headingRow   = regexp.MustCompile(`(?i)^(?:#{1,6} .*|\*\*.*\*\*:?|[\w ()./,'"&-]{0,60}\b(?:logs?|output|events|describe|yaml|stdout|stderr|trace)\b[\w ()./,'"&-]{0,40}:)$`)
	announcesLog = regexp.MustCompile(`\b(?:logs?|stdout|stderr)\b`)
	earlier      = regexp.MustCompile(`\bprevious|\blast run|\bbefore (?:the|it|that)\b|\b(?:one|run|container|instance) before\b|\bearlier run`)
	ruler        = regexp.MustCompile(`^(?:-{4,}|={4,}|\*{4,}|_{4,}|~{4,})$`)
)

func heading(text string) bool { return headingRow.MatchString(text) }

// isLog: what follows the command that prints logs is one. What was given by itself, stands in a fence or below a heading
// is one where a line of it looks so; a text among other files where a line bears a time, a level or a stack frame.
func (s *segment) isLog(handed bool) bool {
	switch {
	case s.log:
		return slices.ContainsFunc(s.lines, func(ln []byte) bool { return len(bytes.TrimSpace(ln)) > 0 })
	case s.other != "":
		return false
	}
	if s.ruled {
		return s.ruledLog()
	}
	look := loggerLook
	if handed || s.quoted {
		look = logLook
	}
	return slices.ContainsFunc(s.unquoted(), func(ln []byte) bool {
		return look.Match(ln) || s.announced && len(bytes.TrimSpace(ln)) > 0 && !prose(ln)
	})
}

// ruledLog: what stands below a ruler may be what the author says of it: where no line looks like a log's, most must
// at least not read like prose.
func (s *segment) ruledLog() bool {
	lines, plain := 0, 0
	for _, ln := range s.unquoted() {
		switch {
		case len(bytes.TrimSpace(ln)) == 0:
		case logLine(ln):
			return true
		case prose(ln):
			plain++
			lines++
		default:
			lines++
		}
	}
	return lines >= 3 && plain*2 < lines
}

// body is the log in a segment: all of a quoted one, else from the first to the last line that looks like a log's.
func (s *segment) body() []byte {
	lines := s.unquoted()
	first, last := 0, len(lines)-1
	switch {
	case s.inline && indented(lines) > 0: // a block of code by indentation, and prose again below it
		last = indented(lines) - 1
	case !s.quoted:
		for first < last && !logLine(lines[first]) {
			first++
		}
		for last > first && !logLine(lines[last]) {
			last--
		}
		for first > 0 && len(bytes.TrimSpace(lines[first-1])) > 0 && !prose(lines[first-1]) {
			first--
		}
		for last+1 < len(lines) && !prose(lines[last+1]) {
			last++
		}
	}
	last = first + withoutQuestion(lines[first:last+1]) - 1
	out := bytes.Join(dedent(lines[first:last+1]), nil)
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, '\n')
	}
	return out
}

// prose tells a sentence from what a program writes: it begins at the margin, and most of its words are plain ones.
func prose(ln []byte) bool {
	if len(ln) == 0 || ln[0] == ' ' || ln[0] == '\t' {
		return false
	}
	words := bytes.Fields(ln)
	plain := 0
	for _, w := range words {
		if plainWord.Match(w) {
			plain++
		}
	}
	return len(words) >= 3 && plain*5 >= len(words)*4
}

var plainWord = regexp.MustCompile(`^[("']*[A-Za-z][A-Za-z'’-]*[.,;:!?)"']*$`)

// withoutQuestion returns how many lines are left without the blank ones at the end, and without the last paragraph where
// that is what its author asks or says about it: a program neither asks nor speaks of itself.
func withoutQuestion(lines [][]byte) int {
	n := len(lines)
	for n > 1 && len(bytes.TrimSpace(lines[n-1])) == 0 {
		n--
	}
	start := n
	for start > 0 && len(bytes.TrimSpace(lines[start-1])) > 0 {
		start--
	}
	para := lines[start:n]
	if start == 0 || len(bytes.TrimSpace(bytes.Join(lines[:start], nil))) == 0 || slices.ContainsFunc(para, logLine) || !slices.ContainsFunc(para, speaks.Match) || slices.ContainsFunc(para, func(ln []byte) bool { return !prose(ln) && !speaks.Match(ln) }) {
		return n
	}
	return withoutQuestion(lines[:start])
}

var speaks = regexp.MustCompile(`^[^ \t].*\?\s*$|\bI(?:'m|'ve|'d)? |(?i:\b(?:my|anyone|anybody|thanks|thx|any ideas?)\b)`)

// dedent takes away the indentation that makes lines a block of code in Markdown, where all of them have it.
func dedent(lines [][]byte) [][]byte {
	if indented(lines) < len(lines) {
		return lines
	}
	out := make([][]byte, 0, len(lines))
	for _, ln := range lines {
		if rest, ok := bytes.CutPrefix(ln, []byte("\t")); ok {
			ln = rest
		} else {
			ln = bytes.TrimPrefix(ln, []byte("    "))
		}
		out = append(out, ln)
	}
	return out
}

// indented counts the lines from the start that are indented as Markdown's code blocks are, blank ones among them.
func indented(lines [][]byte) int {
	n := 0
	for _, ln := range lines {
		code := bytes.HasPrefix(ln, []byte("    ")) || bytes.HasPrefix(ln, []byte("\t"))
		if !code && len(bytes.TrimSpace(ln)) > 0 {
			break
		}
		n++
	}
	if len(bytes.TrimSpace(bytes.Join(lines[:n], nil))) == 0 {
		return 0
	}
	return n
}

// unquoted takes the quote marks of mails and chats away that all lines bear.
func (s *segment) unquoted() [][]byte {
	lines := s.lines
	for len(lines) > 0 {
		out := make([][]byte, 0, len(lines))
		found := false
		for _, ln := range lines {
			rest, ok := textline.Unquote(string(ln))
			if !ok && len(bytes.TrimSpace(ln)) > 0 {
				return lines
			}
			found = found || ok
			out = append(out, []byte(rest))
		}
		if !found {
			return lines
		}
		lines = out
	}
	return lines
}
