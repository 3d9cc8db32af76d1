// Command render prints the queries of azure/queries as JSON: as they are, and with values for their parameters. The
// check of the queries reads it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/crashproof-dev/crashproof/azure/queries"
)

// rendered is one query in one state of its parameters.
type rendered struct {
	Name  string `json:"name"`
	State string `json:"state"`
	Text  string `json:"text"`
	// Strings are the values that literals of the text must have, by the variable they are bound to.
	Strings map[string][]string `json:"strings"`
}

// hostile is text that would do harm if it left its literal.
const hostile = "x\" | take 1 //'\\\";\n| union *\r\t日本 😀 \u2028 ]); drop"

var states = []struct {
	name   string
	values map[queries.Type]any
}{
	{"default", nil},
	{"filled", map[queries.Type]any{
		queries.Timespan: 90 * time.Second,
		queries.Datetime: time.Date(2026, 4, 7, 9, 41, 0, 123456700, time.UTC),
		queries.String:   "shop",
		queries.Long:     int64(7),
		queries.Strings:  []string{"web-1", "web-2"},
	}},
	{"hostile", map[queries.Type]any{
		queries.Timespan: 26*time.Hour + 1500*time.Microsecond,
		queries.Datetime: time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC),
		queries.String:   hostile,
		queries.Long:     int64(-1 << 63),
		queries.Strings:  []string{hostile, "", `"`, `\`},
	}},
}

func main() {
	var out []rendered
	for _, q := range queries.All() {
		for _, s := range states {
			r, err := render(q, s.name, s.values)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			out = append(out, r)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func render(q *queries.Query, state string, samples map[queries.Type]any) (rendered, error) {
	r := rendered{Name: q.Name, State: state, Strings: map[string][]string{}}
	values := map[string]any{}
	for _, p := range q.Params {
		v, ok := samples[p.Type]
		if !ok {
			continue
		}
		values[p.Name] = v
		switch v := v.(type) {
		case string:
			r.Strings[p.Variable] = []string{v}
		case []string:
			r.Strings[p.Variable] = v
		}
	}
	var err error
	r.Text, err = q.Render(values)
	return r, err
}
