package importer

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
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
	var current, previous *logFile // what does not say whose it is
	for _, seg := range segments(data, taken) {
		if !seg.log {
			b.snippets(seg)
		}
		if !seg.isLog(b.handed()) {
			b.unread(name, seg)
			continue
		}
		if seg.logName != (logName{namespace: seg.namespace, previous: seg.previous}) {
			l := logFile{logName: seg.logName, path: name, text: b.clip()}
			_, _ = l.text.Write(seg.body())
			b.addLog(l)
			continue
		}
		to := &current
		if seg.previous {
			to = &previous
		}
		if *to == nil {
			*to = &logFile{logName: logName{previous: seg.previous}, path: name, text: b.clip()}
		}
		_, _ = (*to).text.Write(seg.body())
	}
	for _, l := range []*logFile{previous, current} {
		if l != nil {
			b.addLog(*l)
		}
	}
}

// unread says of what was quoted that it is not understood. Prose around it needs no word.
func (b *builder) unread(name string, s *segment) {
	lines := 0
	for _, ln := range s.lines {
		if len(bytes.TrimSpace(ln)) > 0 {
			lines++
		}
	}
	if lines == 0 || !s.quoted && s.other == "" {
		return
	}
	what := fmt.Sprintf("%d lines of %s", lines, b.called(name))
	if s.other != "" {
		what = fmt.Sprintf("%d lines below `%s`", lines, short(s.other))
	}
	if b.unreadParts++; b.unreadParts <= maxSkippedGaps {
		b.gap(evidence.Gap{What: what, Source: evidence.Spec, Reason: evidence.Unavailable, Detail: "they are no output of kubectl and no log that crashproof knows: " + short(firstText(s.lines))})
	}
}

func firstText(lines [][]byte) string {
	for _, ln := range lines {
		if t := bytes.TrimSpace(ln); len(t) > 0 {
			return string(t)
		}
	}
	return ""
}

// short bounds what is quoted of a text.
func short(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
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

// handed tells whether the text was given by itself: then it is meant, whatever it is. A text among other files may be
// a note.
func (b *builder) handed() bool { return b.single || b.piped || b.alone }

func covered(taken []span, at int) int {
	for _, s := range taken {
		if at >= s.start && at < s.end {
			return s.end
		}
	}
	return at
}
