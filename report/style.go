package report

import "github.com/crashproof-dev/crashproof/diagnosis"

// Options of what is written for people.
type Options struct {
	// Color allows colours; nothing is said by colour alone.
	Color bool
	// Width is where lines are broken; 100 where 0. A table is never broken where it is 0.
	Width int
	// Wide shows everything that is known of a finding, where the usual form keeps to one screen.
	Wide bool
	// Quiet leaves out everything but findings.
	Quiet bool
	// Seen is how many pods there are where it was looked; all that the report covers where 0.
	Seen int
	// Where names what was looked at ("namespace shop"), for a report without findings.
	Where string
	// More is a command that tells more about a finding, with TYPE/NAME and NAMESPACE to be filled in.
	More string
}

// ink is the number of an ANSI colour or style.
type ink string

const (
	bold   ink = "1"
	dim    ink = "2"
	red    ink = "1;31"
	yellow ink = "1;33"
	cyan   ink = "36"
)

// paint colours a text that is printed.
func (o Options) paint(i ink, s string) string {
	if !o.Color || s == "" {
		return s
	}
	return "\x1b[" + string(i) + "m" + s + "\x1b[0m"
}

func inkOf(v diagnosis.Verdict) ink {
	switch v {
	case diagnosis.Proven:
		return red
	case diagnosis.Likely, diagnosis.Ambiguous:
		return yellow
	}
	return bold
}
