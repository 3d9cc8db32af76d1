package describe

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence/importer/age"
)

type header int

const (
	noHeader  header = iota
	newHeader        // Type Reason Age From Message
	midHeader        // FirstSeen LastSeen Count From SubObjectPath Type Reason Message: up to 1.8
	oldHeader        // FirstSeen LastSeen Count From SubobjectPath Reason Message: up to 1.2
)

// eventsHeader recognises the column titles of DescribeEvents over its versions.
func eventsHeader(s string) header {
	switch strings.ToLower(strings.Join(strings.Fields(s), " ")) {
	case "type reason age from message":
		return newHeader
	case "firstseen lastseen count from subobjectpath type reason message":
		return midHeader
	case "firstseen lastseen count from subobjectpath reason message":
		return oldHeader
	}
	return noHeader
}

const agePattern = `(<unknown>|<invalid>|(?:\d+[ydhms]){1,3})`

var (
	newRow = regexp.MustCompile(`^([A-Z][A-Za-z]*) +(\S+) +` + agePattern + `(?: \(x(\d+) over ` + agePattern + `\))?(?: |$)`)
	midRow = regexp.MustCompile(`^` + agePattern + ` +` + agePattern + ` +(\d+) +(?:(\{[^}]*\}|[^\s,]+(?:, \S+)?) +)??(?:([a-zA-Z.]+\{[^}]*\}) +)?(Normal|Warning) +(\S+)(?: +(.*))?$`)
	oldRow = regexp.MustCompile(`^` + agePattern + ` +` + agePattern + ` +(\d+) +(\{[^}]*\}) +(?:([a-zA-Z.]+\{[^}]*\}) +)?([A-Z]\S*)(?: +(.*))?$`)
	// a component: kubelet, kubelet, node-1, default-scheduler, taint-eviction-controller, karpenter.sh/x
	component = regexp.MustCompile(`^[a-z0-9][A-Za-z0-9._/-]*(, [A-Za-z0-9._-]+)?$`)
	fieldPath = regexp.MustCompile(`^(spec\.[A-Za-z]+\{[^{}]*\}): ?`)
)

// events reads the Events section that begins at line l, or reports false where what follows is none.
func (b *block) events(l line, val string) (int, bool) {
	if strings.HasPrefix(val, "<none>") || strings.HasPrefix(val, "No events") {
		b.obj.EventsShown = true
		return l.i + 1, true
	}
	head := b.at(l.i + 1)
	kind := eventsHeader(head.s)
	if val != "" || head.out || kind == noHeader {
		return 0, false
	}
	b.obj.EventsShown = true
	i := l.i + 2
	if dashes := b.at(i); !dashes.out && rule.MatchString(dashes.s) {
		i++
	}
	col, aligned := 0, i // the column of From, and the line up to which rows keep to it
	if kind == newHeader && len(head.full) > 0 {
		col = strings.Index(head.full, "From")
	}
	for {
		row := b.at(i)
		if i > aligned {
			col = 0
		}
		if i >= aligned {
			for aligned = i; isRow(kind, head, b.at(aligned)) && aligned < i+1000; aligned++ {
				r := b.at(aligned)
				col = max(col, r.n+len(strings.TrimRight(newRow.FindString(r.s), " "))+2)
			}
		}
		e, ok := readEvent(kind, row, col)
		if row.out || row.blank || !ok {
			b.eventsCut = len(b.obj.Events) == 0 // the titles are printed only above rows
			return i, true
		}
		next := b.moreOfMessage(kind, head, i+1, e)
		for j := i + 1; j < next; j++ {
			e.Message += "\n" + b.at(j).full
		}
		e.Message = strings.TrimRight(e.Message, " \n")
		if p := fieldPath.FindStringSubmatch(e.Message); p != nil {
			e.Container, e.Message = p[1], e.Message[len(p[0]):]
		}
		e.Start, e.End = b.lines[i].Start, b.lines[next-1].End
		b.obj.Events = append(b.obj.Events, e)
		i = next
	}
}

// isRow reports whether l is a row: rows stand in the column of the header, quoted rows in messages rarely do.
func isRow(kind header, head, l line) bool {
	if l.n != head.n {
		return false
	}
	switch kind {
	case newHeader:
		return newRow.MatchString(l.s)
	case midHeader:
		return midRow.MatchString(l.s)
	default:
		return oldRow.MatchString(l.s)
	}
}

// carriesOutput are the reasons of events that quote a program's output, which may have several lines.
var carriesOutput = map[string]bool{"Unhealthy": true, "ProbeWarning": true, "FailedPostStartHook": true,
	"FailedPreStopHook": true, "Failed": true, "FailedCreatePodSandBox": true, "FailedMount": true, "FailedCreate": true,
	"FailedKillPod": true, "ProvisioningFailed": true}

// other is text that follows a describe rather than belonging to its last event.
var other = regexp.MustCompile("^(\\$|#|%|>|\\+ |```|~~~|---|===|NAME |NAMESPACE |LAST SEEN |kubectl |\\S+@\\S+[:~$#]|\\[?\\d{4}[-/]\\d\\d|[IWEF]\\d{4} |[{\\[]\"|(time|ts|level)=|\\S+:$)")

// moreOfMessage returns the line after the message that began before line i. Messages are printed raw: all up to the
// next row belongs to it. After the last row only the nature of the event tells its further lines from other text.
func (b *block) moreOfMessage(kind header, head line, i int, e Event) int {
	stop := i
	for j := i; j < i+200; j++ {
		l := b.at(j)
		if l.out || b.startsAt(j) {
			break
		}
		if !l.blank && isRow(kind, head, l) {
			return j
		}
	}
	if !carriesOutput[e.Reason] {
		return i
	}
	for ; stop < i+60; stop++ {
		l := b.at(stop)
		if l.out || l.blank || b.startsAt(stop) || other.MatchString(l.s) || remainIndent(l.s) >= 0 {
			break
		}
	}
	return stop
}

func readEvent(kind header, row line, col int) (Event, bool) {
	switch kind {
	case newHeader:
		return readNewEvent(row, col)
	case midHeader:
		m := midRow.FindStringSubmatch(row.s)
		if m == nil {
			return Event{}, false
		}
		return oldEvent(m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]), true
	default:
		m := oldRow.FindStringSubmatch(row.s)
		if m == nil {
			return Event{}, false
		}
		return oldEvent(m[1], m[2], m[3], m[4], m[5], "", m[6], m[7]), true
	}
}

func oldEvent(first, last, count, from, path, typ, reason, message string) Event {
	e := Event{Type: typ, Reason: reason, From: strings.Trim(from, "{}"), Message: message, Container: path}
	e.First, _ = age.Parse(first)
	e.Last, _ = age.Parse(last)
	e.Count, _ = strconv.Atoi(count)
	return e
}

func readNewEvent(row line, col int) (Event, bool) {
	m := newRow.FindStringSubmatch(row.s)
	if m == nil {
		return Event{}, false
	}
	e := Event{Type: m[1], Reason: m[2], Count: 1}
	e.Last, _ = age.Parse(m[3])
	e.First = e.Last
	if m[4] != "" {
		n, err := strconv.Atoi(m[4])
		if err != nil {
			return Event{}, false
		}
		e.Count = n
		e.First, _ = age.Parse(m[5])
	}
	e.From, e.Message = fromAndMessage(row, len(m[0]), col)
	return e, true
}

// fromAndMessage splits what follows the age, which ends at `after` of the trimmed row: by the column of From where the
// row keeps to it (tabwriter aligns neighbours anew after a message of several lines), else by the gap, else by the
// first word.
func fromAndMessage(row line, after, col int) (from, message string) {
	rest := strings.TrimLeft(row.s[min(after, len(row.s)):], " ")
	if col > 2 && len(row.full) > col && row.full[col-2:col] == "  " && row.full[col] == ' ' {
		return "", rest
	}
	if a, c, ok := strings.Cut(rest, "  "); ok && component.MatchString(a) {
		return a, strings.TrimLeft(c, " ")
	}
	if component.MatchString(rest) && !strings.Contains(rest, " ") {
		return rest, ""
	}
	if a, c, ok := strings.Cut(rest, " "); ok && strings.TrimRight(a, ",") != "" && !strings.Contains(row.s, "  ") {
		if strings.HasSuffix(a, ",") { // kubelet, node-1
			node, tail, _ := strings.Cut(c, " ")
			return a + " " + node, tail
		}
		if component.MatchString(a) {
			return a, c
		}
	}
	return "", rest
}
