package importer

import (
	"bytes"
	"regexp"
	"strconv"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// ownStamp finds the time that a program writes into its lines: a date and a time as ISO 8601 has them, or with other
// separators, and the zone where there is one.
var ownStamp = regexp.MustCompile(`(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(Z| ?[+-]\d\d:?\d\d)?`)

// stampReach is how far from a line's start its time may stand, and stampLines how many lines are looked through for one.
const (
	stampReach = 200
	stampLines = 20
)

// ownTime reads a line's own time, zero where it has none; zoned tells whether it names its zone.
func ownTime(line []byte) (at time.Time, zoned bool) {
	m := ownStamp.FindSubmatch(line[:min(len(line), stampReach)])
	if m == nil {
		return at, false
	}
	var n [6]int
	for i := range n {
		n[i], _ = strconv.Atoi(string(m[i+1]))
	}
	if n[1] < 1 || n[1] > 12 || n[2] < 1 || n[2] > 31 || n[3] > 23 || n[4] > 59 || n[5] > 60 {
		return at, false
	}
	at = time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, time.UTC)
	if zone := bytes.TrimSpace(m[7]); len(zone) > 1 {
		hours, _ := strconv.Atoi(string(zone[1:3]))
		minutes, _ := strconv.Atoi(string(zone[len(zone)-2:]))
		shift := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
		if zone[0] == '+' {
			shift = -shift
		}
		at = at.Add(shift)
	}
	return at, len(m[7]) > 0
}

// sawLog moves the moment of capture to the last time that a running container wrote into its log, which the kubelet's
// own times do not show where nobody asked for them. Times without a zone are taken for local ones where the log's first
// line is by whole quarters of an hour away from the start of the run; where its start is not there, they say nothing.
func (b *builder) sawLog(log *evidence.Log, state evidence.State) {
	if log.Timestamps || log.Previous || state.Kind != evidence.Running || state.StartedAt.IsZero() {
		return
	}
	lines := bytes.Split(bytes.TrimSpace(log.Text), []byte("\n"))
	var last time.Time
	var zoned bool
	for i := len(lines) - 1; i >= max(0, len(lines)-stampLines) && last.IsZero(); i-- {
		last, zoned = ownTime(lines[i])
	}
	if last.IsZero() {
		return
	}
	if !zoned {
		var first time.Time
		for i := 0; i < min(len(lines), stampLines) && first.IsZero(); i++ {
			first, _ = ownTime(lines[i])
		}
		const quarter = 15 * time.Minute
		away := first.Sub(state.StartedAt)
		shift := away.Round(quarter)
		if shift.Abs() > 14*time.Hour || (away-shift).Abs() > 2*time.Minute {
			return
		}
		last = last.Add(-shift)
	}
	if last.After(state.StartedAt) {
		b.saw(last)
	}
}
