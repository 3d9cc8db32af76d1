package queries

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crashproof-dev/crashproof/internal/typo"
)

//go:embed *.kql
var files embed.FS

// Query is one file: a query in the Kusto query language and what its header says about it.
type Query struct {
	// Name is the file's name without its ending.
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Purpose string   `json:"purpose"`
	Tables  []string `json:"tables"`
	Params  []Param  `json:"params"`
	Columns []Column `json:"columns"`
	// Notes say what is not verified, and what misleads.
	Notes []string `json:"notes,omitempty"`
	// Alert is there where the query is made for an alert rule.
	Alert *Alert `json:"alert,omitempty"`
	// Text is the whole file.
	Text string `json:"text"`
}

// Param is a parameter of a query.
type Param struct {
	Name string `json:"name"`
	// Variable is its name within the query. It differs where the language reserves the name, as it does `to`.
	Variable string `json:"variable"`
	Type     Type   `json:"type"`
	Means    string `json:"means"`
	// Default is the literal that stands in the file.
	Default string `json:"default"`
}

// Column is a column of a query's answer.
type Column struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Means string `json:"means"`
}

// Alert says how a rule evaluates the query.
type Alert struct {
	// Severity is from 0, critical, to 4, verbose.
	Severity int `json:"severity"`
	// Every is how often the rule runs, and Window the time that it looks at.
	Every  time.Duration `json:"every"`
	Window time.Duration `json:"window"`
	// Range is the time that the query may read where that is more than the window, and 0 where it is not.
	Range time.Duration `json:"range,omitempty"`
	// Measure is the column that is compared with the threshold, after the aggregation.
	Measure     string  `json:"measure"`
	Aggregation string  `json:"aggregation"`
	Operator    string  `json:"operator"`
	Threshold   float64 `json:"threshold"`
	// Dimensions are the columns that one alert each is raised for.
	Dimensions []string `json:"dimensions"`
	// Failing of Periods evaluations must be beyond the threshold.
	Failing int `json:"failing"`
	Periods int `json:"periods"`
}

// All are the queries, by name. Do not change them.
func All() []*Query { return slices.Clone(load()) }

// Alerts are the queries that are made for alert rules.
func Alerts() []*Query {
	return slices.DeleteFunc(All(), func(q *Query) bool { return q.Alert == nil })
}

// Find is the query of that name, without the ending .kql or with it.
func Find(name string) (*Query, error) {
	name = strings.TrimSuffix(name, ".kql")
	all := load()
	for _, q := range all {
		if q.Name == name {
			return q, nil
		}
	}
	var names []string
	for _, q := range all {
		names = append(names, q.Name)
	}
	if near := nearest(name, names); near != "" {
		return nil, fmt.Errorf("there is no query %q; did you mean %s?", name, near)
	}
	return nil, fmt.Errorf("there is no query %q; there are %s", name, strings.Join(names, ", "))
}

// load reads the files once. They are part of the program, so one that does not parse is a bug that the tests find.
var load = sync.OnceValue(func() []*Query {
	names, err := fs.Glob(files, "*.kql")
	if err != nil {
		panic(err)
	}
	var out []*Query
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		q, err := Parse(strings.TrimSuffix(path.Base(name), ".kql"), string(text))
		if err != nil {
			panic(err)
		}
		out = append(out, q)
	}
	slices.SortFunc(out, func(a, b *Query) int { return cmp.Compare(a.Name, b.Name) })
	return out
})

// nearest is the candidate that name is a typing error of, or "" where none is near.
func nearest(name string, candidates []string) string {
	best := slices.MinFunc(append([]string{""}, candidates...), func(a, b string) int {
		return cmp.Compare(typo.Edits(name, a), typo.Edits(name, b))
	})
	if best == "" || typo.Edits(name, best) > max(2, len(name)/3) {
		return ""
	}
	return best
}
