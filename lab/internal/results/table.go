package results

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"text/tabwriter"
)

// Table prints a line for each scenario and, below, what differed.
func (f *File) Table(out io.Writer) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	sorted := append([]Result(nil), f.Scenarios...)
	sort.Slice(sorted, func(i, j int) bool {
		if sorted[i].Name != sorted[j].Name {
			return sorted[i].Name < sorted[j].Name
		}
		return sorted[i].Round < sorted[j].Round
	})
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SCENARIO\tEXPECTED\tFOUND\tVERDICT\tSCOPE\tOK\tSECONDS")
	passed := 0
	for _, r := range sorted {
		ok := "no"
		if r.OK {
			ok = "yes"
			passed++
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%.0f\n", r.Name, expected(r), found(r), dash(r.Found.Verdict), dash(r.Found.Scope), ok, r.Seconds)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, r := range sorted {
		if r.Error != "" {
			fmt.Fprintf(out, "%s could not be performed: %s\n", r.Name, r.Error)
		}
		for _, d := range r.Earlier {
			fmt.Fprintf(out, "%s, first attempt: %s\n", r.Name, d)
		}
		for _, d := range r.Differences {
			fmt.Fprintf(out, "%s: %s\n", r.Name, d)
		}
	}
	_, err := fmt.Fprintf(out, "%d of %d as expected\n", passed, len(sorted))
	return err
}

func expected(r Result) string {
	if !r.Expected.Finding {
		return "nothing"
	}
	return dash(strings.Join(r.Expected.Cause, "|"))
}

func found(r Result) string {
	switch {
	case r.Error != "":
		return "(not performed)"
	case r.Found.Workload == "":
		return "nothing"
	}
	return dash(r.Found.Cause)
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
