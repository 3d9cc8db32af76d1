package table

import (
	"regexp"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence/importer/textline"
)

const agePattern = `(<unknown>|<invalid>|(?:\d+[ydhms]){1,3})`

// lastSeen is an age, or how often and since when it was: "3m (x5 over 20m)".
const lastSeen = `((?:<unknown>|<invalid>|(?:\d+[ydhms]){1,3})(?: \(x\d+ over (?:\d+[ydhms]){1,3}\))?)`

var (
	objectName = regexp.MustCompile(`^([a-z]+(?:\.[a-z0-9.-]+)?/)?([a-z0-9](?:[-a-z0-9.:_]*[a-z0-9])?)$`)
	// podForm is a pod's row where the columns were lost or the header is missing
	podForm = regexp.MustCompile(`^(?:([a-z0-9][-a-z0-9]*) +)?((?:pod/)?[a-z0-9][-a-z0-9.]*) +(\d+/\d+) +([A-Z][A-Za-z]*(?:[:/][A-Za-z0-9:/]+)?) +(\d+(?: \(` + agePattern + ` ago\))?) +` + agePattern + `(?: +(\S+) +(\S+)(?: +(\S+) +(\S+))?)?(?: +(\S+=\S+|<none>))?$`)
	// an event's row, of `kubectl get events` or, with a count, of `kubectl events` (pkg/cmd/events/event_printer.go)
	eventForm = regexp.MustCompile(`^(?:([a-z0-9][-a-z0-9]*) +)?` + lastSeen + ` +(Normal|Warning) +([A-Z]\S*) +([a-z.]+/\S+) +(.*)$`)
)

// reader reads the tables of a text.
type reader struct {
	lines []textline.Line
	out   []Table
}

// Parse finds every table in the text. The tables' ranges do not overlap.
func Parse(text []byte) []Table {
	r := &reader{lines: textline.Split(text)}
	for i := 0; i < len(r.lines); {
		s, ok := r.at(i, textline.Depth(r.lines[i].Text))
		if cols := readHeader(s); ok && cols != nil {
			if next := r.withHeader(i, cols); next > i {
				i = next
				continue
			}
		} else if ok && podForm.MatchString(strings.TrimSpace(s)) {
			i = r.withoutHeader(i, "Pod")
			continue
		} else if ok && eventForm.MatchString(strings.TrimSpace(s)) {
			i = r.withoutHeader(i, "Event")
			continue
		}
		i++
	}
	return r.out
}

// at returns a line without quote marks, or false where it has fewer than the table.
func (r *reader) at(i, depth int) (string, bool) {
	if i >= len(r.lines) {
		return "", false
	}
	s := r.lines[i].Text
	for range depth {
		rest, ok := textline.Unquote(s)
		if !ok {
			return "", false
		}
		s = rest
	}
	return strings.TrimRight(unframed(s), " "), true
}

// unframed makes the lines between columns blanks, as k9s and Markdown draw them; every column stays where it is.
func unframed(s string) string {
	if t := strings.TrimLeft(s, " "); !strings.HasPrefix(t, "|") && !strings.HasPrefix(t, "│") {
		return s
	}
	return frame.Replace(s)
}

var frame = strings.NewReplacer("|", " ", "│", " ")

// ruler is the line that a drawn table has below its header.
var ruler = regexp.MustCompile(`^[ :=─┼+-]{3,}$`)

// withHeader reads the rows below a header and returns the line after them, or i where there are none.
func (r *reader) withHeader(i int, cols []column) int {
	depth := textline.Depth(r.lines[i].Text)
	t := Table{Kind: kindOf(cols), Start: r.lines[i].Start}
	for _, c := range cols {
		t.Columns = append(t.Columns, c.title)
	}
	j := i + 1
	if s, ok := r.at(j, depth); ok && ruler.MatchString(s) {
		j++
	}
	for ; ; j++ {
		s, ok := r.at(j, depth)
		if !ok || s == "" {
			break
		}
		cells := slice(s, cols)
		if cells == nil {
			cells = byForm(s, t.Kind, cols)
		}
		row, ok := newRow(cells, t.Kind)
		if !ok {
			break
		}
		row.Start, row.End = r.lines[j].Start, r.lines[j].End
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return i
	}
	r.add(t, j)
	return j
}

// withoutHeader reads rows that are clearly pods, or events.
func (r *reader) withoutHeader(i int, kind string) int {
	depth := textline.Depth(r.lines[i].Text)
	t := Table{Kind: kind, Start: r.lines[i].Start}
	j := i
	for ; ; j++ {
		s, ok := r.at(j, depth)
		if !ok {
			break
		}
		row, ok := newRow(byForm(s, kind, nil), kind)
		if !ok {
			break
		}
		row.Start, row.End = r.lines[j].Start, r.lines[j].End
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		return i + 1
	}
	r.add(t, j)
	return j
}

func (r *reader) add(t Table, next int) {
	t.End = r.lines[next-1].End
	if t.Kind == "" {
		t.Kind = t.Rows[0].Kind
	}
	for _, row := range t.Rows {
		switch row.Kind {
		case "Pod":
			t.Pods = append(t.Pods, podRow(row))
		case "Event":
			t.Events = append(t.Events, eventRow(row))
		case "Node":
			t.Nodes = append(t.Nodes, nodeRow(row))
		}
	}
	r.out = append(r.out, t)
}

// newRow names a row; a row without a proper name is none.
func newRow(cells map[string]string, kind string) (Row, bool) {
	if cells == nil {
		return Row{}, false
	}
	row := Row{Kind: kind, Namespace: cells["NAMESPACE"], Cells: cells}
	name := cells["NAME"]
	if kind == "Event" {
		if cells["REASON"] == "" || (cells["LAST SEEN"] == "" && cells["LASTSEEN"] == "") {
			return Row{}, false
		}
		row.Name = name
		return row, true
	}
	m := objectName.FindStringSubmatch(name)
	if m == nil || len(cells) < 2 {
		return Row{}, false
	}
	row.Name = m[2]
	if m[1] != "" {
		prefix, _, _ := strings.Cut(strings.TrimSuffix(m[1], "/"), ".")
		if k := kindOfPrefix[prefix]; k != "" {
			row.Kind = k
		}
	}
	if row.Kind == "Pod" && !strings.Contains(cells["READY"], "/") {
		return Row{}, false
	}
	return row, true
}

// slice cuts a row at the titles' offsets; nil where the row does not keep to them.
func slice(s string, cols []column) map[string]string {
	row := []rune(s)
	if len(row) <= cols[0].at || strings.TrimSpace(string(row[:cols[0].at])) != "" {
		return nil
	}
	cells := map[string]string{}
	for k, c := range cols {
		if c.at >= len(row) {
			break
		}
		if k > 0 && row[c.at-1] != ' ' {
			return nil
		}
		end := len(row)
		if k+1 < len(cols) {
			end = min(end, cols[k+1].at)
		}
		if v := strings.TrimSpace(string(row[c.at:end])); v != "" {
			if k+1 < len(cols) && strings.Contains(v, "  ") {
				return nil // two values in one column: other columns than the header's
			}
			cells[c.title] = v
		}
	}
	return cells
}

// byForm reads a row whose columns were lost: pods and events by their form, others where there are as many words as
// titles.
func byForm(s, kind string, cols []column) map[string]string {
	s = strings.TrimSpace(s)
	cells := map[string]string{}
	put := func(title, v string) {
		if v != "" {
			cells[title] = v
		}
	}
	switch kind {
	case "Pod":
		m := podForm.FindStringSubmatch(s)
		if m == nil {
			return byWords(s, cols)
		}
		for i, title := range []string{"NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "", "AGE", "IP", "NODE", "NOMINATED NODE", "READINESS GATES", "LABELS"} {
			if title != "" {
				put(title, m[i+1])
			}
		}
		return cells
	case "Event":
		m := eventForm.FindStringSubmatch(s)
		if m == nil || hasColumn(cols, "SUBOBJECT") {
			return nil
		}
		for i, title := range []string{"NAMESPACE", "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"} {
			put(title, m[i+1])
		}
		return cells
	}
	return byWords(s, cols)
}

// byWords reads a row of as many words as there are titles.
func byWords(s string, cols []column) map[string]string {
	words := strings.Fields(s)
	if len(words) != len(cols) {
		return nil
	}
	cells := map[string]string{}
	for i, w := range words {
		cells[cols[i].title] = w
	}
	return cells
}

func hasColumn(cols []column, title string) bool {
	for _, c := range cols {
		if c.title == title {
			return true
		}
	}
	return false
}
