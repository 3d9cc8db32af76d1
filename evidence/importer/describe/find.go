package describe

import (
	"regexp"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence/importer/textline"
)

// second lists the keys that follow Name in the first lines of what kubectl describes.
var second = map[string]bool{"Namespace": true, "Labels": true, "Roles": true, "Role": true, "Annotations": true,
	"CreationTimestamp": true, "API Version": true}

// isStart reports whether a describe block begins at line i: a Name line, and one of the keys that follow it, in the
// same column and quote.
func isStart(lines []textline.Line, i int) bool {
	if i+1 >= len(lines) || !strings.Contains(lines[i].Text, "Name:") {
		return false
	}
	a := lines[i].Text
	q := textline.Depth(a)
	v := view{lines: lines, quote: q, first: -1}
	l := v.at(i)
	if key, val, _, ok := keyValue(l.s); !ok || key != "Name" || val == "" || strings.ContainsAny(val, " \"'{},") {
		return false
	}
	next := v.at(i + 1)
	key, _, _, ok := keyValue(next.s)
	return ok && !next.out && next.n == l.n && second[key]
}

func blockView(lines []textline.Line, i int) view {
	v := view{lines: lines, quote: textline.Depth(lines[i].Text), first: -1}
	v.base = v.at(i).n
	return v
}

// Find returns where describe blocks begin in the text, as byte offsets of their first lines. Blocks whose beginning
// was cut off are not among them; Parse finds those too.
func Find(text []byte) []int {
	lines := textline.Split(text)
	var out []int
	for i := range lines {
		if isStart(lines, i) {
			out = append(out, lines[i].Start)
		}
	}
	return out
}

// remains are lines that only describe prints, with the indentation that they have there: by them a block is found
// whose beginning was cut off.
var remains = []struct {
	re     *regexp.Regexp
	indent int
}{
	{regexp.MustCompile(`^(Init Containers|Containers|Ephemeral Containers):$`), 0},
	{regexp.MustCompile(`^(QoS Class|Node-Selectors|Controlled By):\s`), 0},
	{regexp.MustCompile(`^Tolerations:\s+(\S+:No(Execute|Schedule)|<none>)`), 0},
	{regexp.MustCompile(`^Events:\s+<none>$`), 0},
	{regexp.MustCompile(`^(Container ID|Image ID):\s+[a-z]\S*[:/]`), 4},
	{regexp.MustCompile(`^Host Ports?:\s`), 4},
	{regexp.MustCompile(`^Restart Count:\s+\d+$`), 4},
	{regexp.MustCompile(`^(State|Last State):\s+(Waiting|Running|Terminated)$`), 4},
	{regexp.MustCompile(`^(Liveness|Readiness|Startup):\s+(http-get|exec|tcp-socket|grpc) `), 4},
	{regexp.MustCompile(`^Exit Code:\s+-?\d+$`), 6},
	{regexp.MustCompile(`^(Started|Finished):\s+\w{3}, \d\d \w{3} \d{4} `), 6},
}

// remainIndent returns the indentation that a line has in describe output, or -1 where nothing is known of it.
func remainIndent(s string) int {
	key, _, _, ok := keyValue(s)
	if !ok || len(key) > 20 {
		return -1
	}
	for _, r := range remains {
		if strings.Contains(r.re.String(), key) && r.re.MatchString(s) {
			return r.indent
		}
	}
	return -1
}

// headless looks for the next block without a beginning in lines [from, to).
func headless(lines []textline.Line, from, to int) (view, int, bool) {
	for i := from; i < to; i++ {
		if !strings.Contains(lines[i].Text, ":") {
			continue
		}
		v := view{lines: lines, quote: textline.Depth(lines[i].Text), first: -1}
		l := v.at(i)
		indent := remainIndent(l.s)
		if indent < 0 && l.s == "Events:" && eventsHeader(v.at(i+1).s) != noHeader {
			indent = 0
		}
		if indent < 0 {
			continue
		}
		v.base = baseOf(v, i, to)
		start := i
		for start > from && belongsBefore(v.at(start-1)) {
			start--
		}
		if f := v.at(start); f.out || f.n < indent && start == i {
			v.first, v.firstIndent = start, max(indent, 0)
		}
		return v, start, true
	}
	return view{}, 0, false
}

// baseOf derives the common indentation of a headless block from its next known lines; the first alone may have lost
// its left end to the selection.
func baseOf(v view, i, to int) int {
	votes := map[int]int{}
	best := 0
	for j := i; j < min(i+60, to); j++ {
		l := v.at(j)
		if indent := remainIndent(l.s); indent >= 0 && l.n >= indent {
			votes[l.n-indent]++
			if votes[l.n-indent] > votes[best] {
				best = l.n - indent
			}
		}
	}
	return best
}

func belongsBefore(l line) bool {
	if l.out || l.blank {
		return false
	}
	key, _, _, ok := keyValue(l.s)
	return l.n > 0 || (ok && topKeys[key])
}

// startsAt reports whether another block begins at line i. What looks like a beginning but is indented is a value of
// this block.
func (b *block) startsAt(i int) bool {
	return isStart(b.lines, i) && b.at(i).n == 0
}
