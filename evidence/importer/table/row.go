package table

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/evidence/importer/age"
)

var restarts = regexp.MustCompile(`^(\d+)(?: \(` + agePattern + ` ago\))?$`)

// counted is how `kubectl events` tells of a repeated event.
var counted = regexp.MustCompile(`^(\S+) \(x(\d+) over (\S+)\)$`)

func number(s string) evidence.Opt[int] {
	n, err := strconv.Atoi(s)
	if err != nil {
		return evidence.Opt[int]{}
	}
	return evidence.Known(n)
}

// shown reads a cell in which <none> and <unset> stand for nothing; <unknown> and an absent cell are unknown.
func shown(cells map[string]string, title string) evidence.Opt[string] {
	switch v := cells[title]; v {
	case "", "<unknown>":
		return evidence.Opt[string]{}
	case "<none>", "<unset>":
		return evidence.Known("")
	default:
		return evidence.Known(v)
	}
}

func ageOf(s string) age.Age {
	a, _ := age.Parse(s)
	return a
}

func podRow(row Row) PodRow {
	c := row.Cells
	p := PodRow{Row: row, Status: c["STATUS"], Age: ageOf(c["AGE"]),
		IP: shown(c, "IP"), Node: shown(c, "NODE"), NominatedNode: shown(c, "NOMINATED NODE")}
	if ready, total, ok := strings.Cut(c["READY"], "/"); ok {
		p.Ready, p.Total = number(ready), number(total)
	}
	if m := restarts.FindStringSubmatch(c["RESTARTS"]); m != nil {
		p.Restarts, p.LastRestart = number(m[1]), ageOf(m[2])
	}
	if s, ok := c["LABELS"]; ok {
		p.Labels = labels(s)
	}
	return p
}

func labels(s string) map[string]string {
	out := map[string]string{}
	if s == "<none>" {
		return out
	}
	for _, l := range strings.Split(s, ",") {
		if k, v, ok := strings.Cut(l, "="); ok {
			out[k] = v
		}
	}
	return out
}

func eventRow(row Row) EventRow {
	c := row.Cells
	e := EventRow{Row: row, Last: ageOf(c["LAST SEEN"]), First: ageOf(c["FIRST SEEN"]), Count: number(c["COUNT"]), Type: c["TYPE"],
		Reason: c["REASON"], SubObject: c["SUBOBJECT"], Source: c["SOURCE"], Message: c["MESSAGE"]}
	if m := counted.FindStringSubmatch(c["LAST SEEN"]); m != nil {
		e.Last, e.Count, e.First = ageOf(m[1]), number(m[2]), ageOf(m[3])
	}
	if s, ok := c["LASTSEEN"]; ok { // up to 1.13: NAME is the event's, which begins with the object's; KIND is the object's
		e.Last, e.First, e.ObjectKind = ageOf(s), ageOf(c["FIRSTSEEN"]), c["KIND"]
		if k := strings.LastIndexByte(c["NAME"], '.'); k > 0 {
			e.ObjectName = c["NAME"][:k]
		}
		return e
	}
	if kind, name, ok := strings.Cut(c["OBJECT"], "/"); ok {
		e.ObjectKind, e.ObjectName = kind, name
	}
	return e
}

func nodeRow(row Row) NodeRow {
	c := row.Cells
	n := NodeRow{Row: row, Age: ageOf(c["AGE"]), Version: c["VERSION"], InternalIP: shown(c, "INTERNAL-IP"), OSImage: c["OS-IMAGE"],
		Kernel: c["KERNEL-VERSION"], Runtime: c["CONTAINER-RUNTIME"]}
	for _, s := range strings.Split(c["STATUS"], ",") {
		switch s {
		case "Ready":
			n.Ready = evidence.Known(true)
		case "NotReady":
			n.Ready = evidence.Known(false)
		}
	}
	if c["STATUS"] != "" {
		n.Unschedulable = evidence.Known(strings.Contains(c["STATUS"], "SchedulingDisabled"))
	}
	if roles := c["ROLES"]; roles != "" && roles != "<none>" {
		n.Roles = strings.Split(roles, ",")
	}
	return n
}
