package queries

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Render is the query with literals of the values in place of the defaults. A parameter that has no value keeps its
// default; a value must have the Go type of its parameter, and a name that is no parameter is an error.
func (q *Query) Render(values map[string]any) (string, error) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if q.Param(name) == nil {
			return "", q.unknown(name)
		}
	}
	text := q.Text
	for _, p := range q.Params {
		value, ok := values[p.Name]
		if !ok {
			continue
		}
		literal, err := p.Type.write(value)
		if err != nil {
			return "", fmt.Errorf("query %s, parameter %s: %w", q.Name, p.Name, err)
		}
		text = p.replace(text, literal)
	}
	return text, nil
}

// replace puts the literal where the default stands: in the one line that the file has for it, which no literal can
// imitate, since none holds a line break.
func (p Param) replace(text, literal string) string {
	return strings.Replace(text, "\nlet "+p.Variable+" = "+p.Default+";\n", "\nlet "+p.Variable+" = "+literal+";\n", 1)
}

// Value reads what a person typed for the parameter as a value that Render takes: a duration such as 30m or 2d, a time in
// RFC 3339, a number, a string, or strings with commas.
func (q *Query) Value(name, typed string) (any, error) {
	p := q.Param(name)
	if p == nil {
		return nil, q.unknown(name)
	}
	var value any = typed
	var err error
	switch p.Type {
	case Timespan:
		value, err = span(typed)
	case Datetime:
		value, err = time.Parse(time.RFC3339, typed)
	case Long:
		value, err = strconv.ParseInt(typed, 10, 64)
	case Strings:
		value = list(typed)
	}
	if err != nil {
		return nil, fmt.Errorf("query %s, parameter %s: %q is no %s; give %s", q.Name, name, typed, p.Type, examples[p.Type])
	}
	return value, nil
}

var examples = map[Type]string{
	Timespan: "a duration such as 30m, 6h or 2d",
	Datetime: "a time such as 2026-04-07T09:41:00Z",
	Long:     "a whole number",
}

func list(typed string) []string {
	if typed == "" {
		return nil
	}
	return splitList(typed)
}

func (q *Query) unknown(name string) error {
	var names []string
	for _, p := range q.Params {
		names = append(names, p.Name)
	}
	if near := nearest(name, names); near != "" {
		return fmt.Errorf("query %s has no parameter %q; did you mean %s?", q.Name, name, near)
	}
	return fmt.Errorf("query %s has no parameter %q; it has %s", q.Name, name, strings.Join(names, ", "))
}
