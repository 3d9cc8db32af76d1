package importer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// logFile is a log before it is known whose it is.
type logFile struct {
	logName
	path string
	// sure is false where nothing but the lack of other candidates says whose it is, as with pasted lines.
	sure bool
	// loose: the folders in the path may be anybody's.
	loose bool
	text  clip
}

// clip keeps the start and the end of a long text.
type clip struct {
	head, tail []byte
	limit      int
	total      int64
}

const headBytes = 64 << 10

// clip bounds a new log. Of many logs less is kept of each: what tells why a program ended stands at the end.
func (b *builder) clip() clip {
	if len(b.logs) < wholeLogs {
		return clip{limit: int(b.o.LogBytes)}
	}
	return clip{limit: int(max(b.o.LogBytes/16, 16<<10))}
}

// wholeLogs is how many logs are kept up to the full limit.
const wholeLogs = 64

// Write implements [io.Writer].
func (c *clip) Write(p []byte) (int, error) {
	n := len(p)
	c.total += int64(n)
	if room := headBytes - len(c.head); room > 0 {
		k := min(room, len(p))
		c.head, p = append(c.head, p[:k]...), p[k:]
	}
	c.tail = append(c.tail, p...)
	if extra := len(c.tail) - c.limit; extra > c.limit {
		c.tail = c.tail[:copy(c.tail, c.tail[extra:])]
	}
	return n, nil
}

// kept joins both parts and lets go of them; skip is the offset at which lines are missing, 0 where none are.
func (c *clip) kept() (text []byte, skip int) {
	defer func() { c.head, c.tail = nil, nil }()
	tail := c.tail
	if extra := len(tail) - c.limit; extra > 0 {
		tail = tail[extra:]
	}
	if int64(len(c.head)+len(tail)) == c.total {
		return append(c.head, tail...), 0
	}
	head := c.head[:bytes.LastIndexByte(c.head, '\n')+1]
	if i := bytes.IndexByte(tail, '\n'); i >= 0 {
		tail = tail[i+1:]
	}
	return append(bytes.Clone(head), tail...), len(head)
}

// log reads a log file line by line, in whatever form the runtime or the tool wrote it.
func (b *builder) log(name string, where logName, r io.Reader) {
	l := logFile{logName: where, path: name, sure: true, loose: b.single, text: b.clip()}
	if err := plainLines(r, &l.text); err != nil {
		b.broke(name, err)
	}
	b.addLog(l)
}

func (b *builder) addLog(l logFile) {
	b.used++
	l.text.tail = bytes.Clone(l.text.tail[max(0, len(l.text.tail)-l.text.limit):])
	b.logs = append(b.logs, l)
}

// plainLines copies lines as `kubectl logs` shows them: of the runtime's own files (CRI: "time stream P|F text";
// Docker: {"log":…,"stream":…,"time":…}) only time and text. A partial entry (P) is joined with what follows.
func plainLines(r io.Reader, out io.Writer) error {
	in := bufio.NewReaderSize(r, 1<<16)
	form := unknownForm
	partial := false
	for {
		line, err := in.ReadSlice('\n')
		if form == unknownForm && len(line) > 0 {
			form = formOf(line)
		}
		text := line
		switch form {
		case criForm:
			text, partial = fromCRI(line, partial)
		case dockerForm:
			text, partial = fromDocker(line, partial)
		}
		if len(text) > 0 {
			if bytes.HasSuffix(text, []byte("\r\n")) {
				text = append(text[:len(text)-2], '\n')
			}
			if _, e := out.Write(text); e != nil {
				return e
			}
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

type logForm int

const (
	unknownForm logForm = iota
	plainForm
	criForm
	dockerForm
)

// criFields reads the start of a line of the runtime's own: when it was written, whether it goes on in the next line (P),
// and where its text begins (CRI's log format, k8s.io/cri-client pkg/logs: parseCRILog).
func criFields(line []byte) (stamp []byte, cut bool, text int, ok bool) {
	const least = len("2026-11-23T02:59:29.1Z")
	at := bytes.IndexByte(line[:min(len(line), len("2026-11-23T02:59:29.123456789+01:00")+1)], ' ')
	if at < least || line[4] != '-' || line[10] != 'T' || line[13] != ':' || line[19] != '.' || !digits(line[:4]) || !digits(line[11:13]) || !digits(line[17:19]) {
		return nil, false, 0, false
	}
	rest := line[at+1:]
	if !bytes.HasPrefix(rest, []byte("stdout ")) && !bytes.HasPrefix(rest, []byte("stderr ")) || len(rest) < 9 || rest[8] != ' ' || rest[7] != 'P' && rest[7] != 'F' {
		return nil, false, 0, false
	}
	return line[:at], rest[7] == 'P', at + 1 + 9, true
}

func digits(s []byte) bool {
	for _, c := range s {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func formOf(line []byte) logForm {
	_, _, _, cri := criFields(line)
	switch {
	case cri:
		return criForm
	case bytes.HasPrefix(line, []byte(`{"log":"`)) && bytes.Contains(line, []byte(`"stream":"`)):
		return dockerForm
	}
	return plainForm
}

func fromCRI(line []byte, partial bool) ([]byte, bool) {
	stamp, cut, at, ok := criFields(line)
	if !ok {
		return line, false
	}
	text := line[at:]
	if cut {
		text = bytes.TrimSuffix(text, []byte{'\n'})
	}
	if partial {
		return text, cut
	}
	// the stamp moves up to the text: both lie in the reader's buffer, of which nobody else needs the line any more
	out := line[at-len(stamp)-1:][:len(stamp)+1+len(text)]
	copy(out, stamp)
	out[len(stamp)] = ' '
	return out, cut
}

func fromDocker(line []byte, partial bool) ([]byte, bool) {
	var e struct {
		Log  string
		Time string
	}
	if json.Unmarshal(line, &e) != nil {
		return line, false
	}
	cut := !strings.HasSuffix(e.Log, "\n")
	if partial {
		return []byte(e.Log), cut
	}
	return []byte(e.Time + " " + e.Log), cut
}

// Markers of `kubectl cluster-info dump` (k8s.io/kubectl pkg/cmd/clusterinfo/clusterinfo_dump.go).
var (
	dumpStart = regexp.MustCompile(`^==== START logs for container (\S+) of pod (\S+)/(\S+) ====\s*$`)
	dumpEnd   = regexp.MustCompile(`^==== END logs for container (\S+) of pod (\S+)/(\S+) ====\s*$`)
)

func isClusterInfoLogs(start []byte) bool {
	first, _, _ := bytes.Cut(start, []byte{'\n'})
	return dumpStart.Match(first)
}

// clusterInfoLogs reads a dump's logs.txt: the current logs of a pod's containers, one after another.
func (b *builder) clusterInfoLogs(name string, r io.Reader) {
	in := bufio.NewReaderSize(r, 1<<16)
	var cur *logFile
	flush := func() {
		if cur == nil {
			return
		}
		b.addLog(*cur)
		cur = nil
	}
	defer flush()
	for start := true; ; {
		line, err := in.ReadSlice('\n')
		switch m := dumpStart.FindSubmatch(line); {
		case start && m != nil:
			flush()
			cur = &logFile{logName: logName{namespace: string(m[2]), pod: string(m[3]), container: string(m[1])}, path: name, sure: true, text: b.clip()}
		case start && dumpEnd.Match(line):
			flush()
		case cur != nil:
			_, _ = cur.text.Write(line)
		}
		start = !errors.Is(err, bufio.ErrBufferFull)
		if err == io.EOF {
			return
		}
		if err != nil && start {
			b.broke(name, err)
			return
		}
	}
}

// stamped tells whether a log's lines start with the runtime's times, as ?timestamps=true and --timestamps give them.
func stamped(text []byte) bool {
	seen := 0
	for ln := range bytes.Lines(text) {
		stamp, _, ok := bytes.Cut(bytes.TrimRight(ln, "\n"), []byte{' '})
		if len(stamp) < 20 || stamp[10] != 'T' {
			return false
		}
		if _, err := time.Parse(time.RFC3339Nano, string(stamp)); err != nil || !ok && len(stamp) > 35 {
			return false
		}
		if seen++; seen == 5 {
			break
		}
	}
	return seen > 0 && !ownStamps(text)
}

// ownStamps: a program may write RFC 3339 times itself; those of the runtime have nine digits after the second
// (containerd and CRI-O: time.RFC3339Nano of a nanosecond clock, so trailing zeros are left out now and then).
func ownStamps(text []byte) bool {
	fine := 0
	lines := 0
	for ln := range bytes.Lines(text) {
		stamp, _, _ := bytes.Cut(ln, []byte{' '})
		if i := bytes.IndexByte(stamp, '.'); i > 0 && len(bytes.TrimRight(stamp[i+1:], "Z\n")) >= 6 {
			fine++
		}
		if lines++; lines == 20 {
			break
		}
	}
	return fine*2 < lines
}

// refusals are what kubectl writes in place of a log.
var refusals = regexp.MustCompile(`^(?:Error from server(?: \(\w+\))?: .*|error: .*|Request log error: .*|Create log stream error: .*|unable to retrieve container logs for .*|failed to (?:try resolving symlinks|open log file|get container status).*)$`)

// asksKubectl is the answer to another question than for a log: a program that uses kubectl itself has written it.
var asksKubectl = regexp.MustCompile(`^Error from server \((?:NotFound|Forbidden|AlreadyExists|Conflict|Invalid)\): `)

// refusal returns the sentence where a log's whole text is the refusal of one.
func refusal(text []byte) string {
	s := strings.TrimSpace(string(text[:min(len(text), 2048)]))
	if len(text) > 2048 || strings.Contains(s, "\n") || !refusals.MatchString(s) || asksKubectl.MatchString(s) && !strings.Contains(s, ": pods ") {
		return ""
	}
	return s
}

func (b *builder) logGap(in evidence.Instance, previous bool, reason evidence.GapReason, detail string) {
	which := "current"
	if previous {
		which = "previous"
	}
	b.gap(evidence.Gap{What: fmt.Sprintf("%s log of container %s", which, in.Container), About: evidence.Ref{Kind: "Pod", Namespace: in.Namespace, Name: in.Pod, Path: "status.containers[" + in.Container + "]"},
		Source: evidence.Process, Reason: reason, Detail: detail, Close: fmt.Sprintf("kubectl logs %s -n %s -c %s%s --timestamps", evidence.Fill(in.Pod, "POD"), evidence.Fill(in.Namespace, "NAMESPACE"), evidence.Fill(in.Container, "CONTAINER"), map[bool]string{true: " --previous"}[previous])})
}
