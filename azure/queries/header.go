package queries

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Parse reads a query and checks that its header is whole.
func Parse(name, text string) (*Query, error) {
	q := &Query{Name: name, Text: text}
	entries, rest := header(text)
	for _, e := range entries {
		if err := q.entry(e); err != nil {
			return nil, fmt.Errorf("query %s, header line %q: %w", name, e, err)
		}
	}
	if err := errors.Join(q.whole(), q.defaults(rest), q.columnsOfAlert()); err != nil {
		return nil, fmt.Errorf("query %s: %w", name, err)
	}
	return q, nil
}

// header splits the comment lines at the beginning, with continuations joined, from the lines behind them.
func header(text string) (entries, rest []string) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		comment, ok := strings.CutPrefix(line, "//")
		if !ok {
			return entries, lines[i:]
		}
		if strings.HasPrefix(comment, "  ") && len(entries) > 0 {
			entries[len(entries)-1] += " " + strings.TrimSpace(comment)
			continue
		}
		entries = append(entries, strings.TrimSpace(comment))
	}
	return entries, nil
}

var (
	paramForm  = regexp.MustCompile(`^param (\w+)(?: as (\w+))?$`)
	columnForm = regexp.MustCompile(`^column (\w+)$`)
)

func (q *Query) entry(e string) error {
	key, value, _ := strings.Cut(e, ": ")
	if value == "" {
		return errors.New("give `key: value`; a continuation begins with three blanks")
	}
	if m := paramForm.FindStringSubmatch(key); m != nil {
		return q.param(m[1], m[2], value)
	}
	if m := columnForm.FindStringSubmatch(key); m != nil {
		return q.column(m[1], value)
	}
	switch key {
	case "title":
		q.Title = value
	case "purpose":
		q.Purpose = value
	case "table":
		q.Tables = splitList(value)
	case "note":
		q.Notes = append(q.Notes, value)
	case "alert":
		return q.alert(value)
	default:
		return errors.New("the key is none of title, purpose, table, param NAME, column NAME, alert, note")
	}
	return nil
}

func (q *Query) param(name, variable, value string) error {
	typ, means, ok := strings.Cut(value, " ")
	if !ok || !slices.Contains(types, Type(typ)) {
		return fmt.Errorf("give a type of %v and what the parameter is", types)
	}
	if q.Param(name) != nil {
		return errors.New("the parameter is there twice")
	}
	if variable == "" {
		variable = name
	}
	q.Params = append(q.Params, Param{Name: name, Variable: variable, Type: Type(typ), Means: means})
	return nil
}

// columnTypes are the types that a Log Analytics column has.
var columnTypes = []string{"bool", "datetime", "decimal", "dynamic", "guid", "int", "long", "real", "string", "timespan"}

func (q *Query) column(name, value string) error {
	typ, means, ok := strings.Cut(value, " ")
	if !ok || !slices.Contains(columnTypes, typ) {
		return fmt.Errorf("give a type of %v and what the column means", columnTypes)
	}
	if q.hasColumn(name) {
		return errors.New("the column is there twice")
	}
	q.Columns = append(q.Columns, Column{Name: name, Type: typ, Means: means})
	return nil
}

// Param is the parameter of that name, or nil.
func (q *Query) Param(name string) *Param {
	for i := range q.Params {
		if q.Params[i].Name == name {
			return &q.Params[i]
		}
	}
	return nil
}

func (q *Query) hasColumn(name string) bool {
	return slices.ContainsFunc(q.Columns, func(c Column) bool { return c.Name == name })
}

func (q *Query) whole() error {
	if !strings.HasPrefix(q.Text, "// title: ") {
		return errors.New("the first line is no title")
	}
	if q.Purpose == "" || len(q.Tables) == 0 || len(q.Columns) == 0 {
		return errors.New("the header lacks a purpose, a table or a column")
	}
	return nil
}

// defaults takes the defaults of the parameters from the lines behind the header, which must be theirs and in their order.
func (q *Query) defaults(rest []string) error {
	if len(rest) <= len(q.Params) {
		return errors.New("there is no query behind the header and the defaults")
	}
	for i := range q.Params {
		p := &q.Params[i]
		value, ok := strings.CutPrefix(rest[i], "let "+p.Variable+" = ")
		value, ended := strings.CutSuffix(value, ";")
		if !ok || !ended || !p.Type.literal(value) {
			return fmt.Errorf("behind the header stands %q; the default of parameter %s belongs there: `let %s = …;` with a literal of type %s", rest[i], p.Name, p.Variable, p.Type)
		}
		p.Default = value
	}
	// The portal takes a blank line for the end of the query that the cursor is in.
	if slices.Contains(rest, "") {
		return errors.New("there is a blank line in the query; the portal would run what is before it or behind it")
	}
	return nil
}

func (q *Query) columnsOfAlert() error {
	if q.Alert == nil {
		return nil
	}
	for _, c := range append([]string{q.Alert.Measure}, q.Alert.Dimensions...) {
		if !q.hasColumn(c) {
			return fmt.Errorf("the alert names %s, which is no column", c)
		}
	}
	return nil
}

// alert reads `key=value` pairs.
func (q *Query) alert(value string) error {
	a := &Alert{}
	given := map[string]string{}
	for _, pair := range strings.Fields(value) {
		k, v, _ := strings.Cut(pair, "=")
		given[k] = v
	}
	var errs []error
	take := func(key string, set func(string) error) {
		v, ok := given[key]
		delete(given, key)
		if !ok && key != "range" {
			errs = append(errs, fmt.Errorf("%s is missing", key))
		} else if ok {
			if err := set(v); err != nil {
				errs = append(errs, fmt.Errorf("%s=%s: %w", key, v, err))
			}
		}
	}
	take("severity", func(v string) (err error) { a.Severity, err = strconv.Atoi(v); return err })
	take("every", func(v string) (err error) { a.Every, err = span(v); return err })
	take("window", func(v string) (err error) { a.Window, err = span(v); return err })
	take("range", func(v string) (err error) { a.Range, err = span(v); return err })
	take("measure", func(v string) error { a.Measure = v; return nil })
	take("aggregation", oneOf(&a.Aggregation, "Average", "Count", "Maximum", "Minimum", "Total"))
	take("operator", oneOf(&a.Operator, "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual", "Equals"))
	take("threshold", func(v string) (err error) { a.Threshold, err = strconv.ParseFloat(v, 64); return err })
	take("dimensions", func(v string) error { a.Dimensions = splitList(v); return nil })
	take("failing", func(v string) error { _, err := fmt.Sscanf(v, "%d/%d", &a.Failing, &a.Periods); return err })
	for k := range given {
		errs = append(errs, fmt.Errorf("%s is no key of an alert", k))
	}
	q.Alert = a
	return errors.Join(errs...)
}

func oneOf(into *string, values ...string) func(string) error {
	return func(v string) error {
		if !slices.Contains(values, v) {
			return fmt.Errorf("give one of %s", strings.Join(values, ", "))
		}
		*into = v
		return nil
	}
}

// span reads minutes, hours and days, as the language writes them.
func span(v string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(v, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(v)
}

func splitList(v string) []string {
	var out []string
	for s := range strings.SplitSeq(v, ",") {
		out = append(out, strings.TrimSpace(s))
	}
	return out
}
