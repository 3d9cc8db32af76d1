package describe

import (
	"regexp"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer/textline"
)

// looseRow is a row of events that needs no header above it: type, reason, age, and a component or a wide gap.
var looseRow = regexp.MustCompile(`^(Normal|Warning) +[A-Z][A-Za-z]+ +` + agePattern + `(?: \(x\d+ over ` + agePattern + `\))? +[a-z][\w./-]*(?:, \S+)? +\S`)

// EventRows finds rows of DescribeEvents that stand by themselves, as grep and tail leave them, one object a run of rows.
// What [Parse] finds is among them too.
func EventRows(text []byte) []Object {
	lines := textline.Split(text)
	var out []Object
	for i := 0; i < len(lines); {
		v := view{lines: lines, quote: textline.Depth(lines[i].Text), first: -1}
		first := v.at(i)
		if !looseRow.MatchString(first.s) {
			i++
			continue
		}
		obj := Object{Raw: evidence.Raw{}, Headless: true, EventsShown: true, Start: lines[i].Start}
		for ; i < len(lines); i++ {
			row := v.at(i)
			if row.out || !looseRow.MatchString(row.s) {
				break
			}
			e, ok := readNewEvent(row, 0)
			if !ok {
				break
			}
			if p := fieldPath.FindStringSubmatch(e.Message); p != nil {
				e.Container, e.Message = p[1], e.Message[len(p[0]):]
			}
			e.Start, e.End = lines[i].Start, lines[i].End
			obj.Events = append(obj.Events, e)
			obj.End = lines[i].End
		}
		if len(obj.Events) == 0 {
			i++
			continue
		}
		out = append(out, obj)
	}
	return out
}
