package azure

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// clause is one condition of a filter of the activity log.
var clause = regexp.MustCompile(`(?i)^\s*(\w+)\s+(eq|ge|le)\s+'([^']*)'\s*$`)

// filter is what the activity log can be asked for.
type filter struct {
	from, to time.Time
	equal    map[string]string // field, in lower case, to value
}

// fields by which the log can be filtered, and where the value is.
var fields = map[string][]string{
	"resourcegroupname": {"resourceGroupName"}, "resourceuri": {"resourceId"}, "resourceid": {"resourceId"}, "resourceprovider": {"resourceProviderName", "value"}, "correlationid": {"correlationId"},
}

var and = regexp.MustCompile(`(?i)\s+and\s+`)

// parseFilter reads a filter; why says what is wrong with it.
func parseFilter(text string, now time.Time) (f filter, why string) {
	f = filter{to: now.Add(time.Hour), equal: map[string]string{}}
	for _, part := range and.Split(text, -1) {
		m := clause.FindStringSubmatch(part)
		if m == nil {
			return f, "The filter '" + part + "' is not supported."
		}
		name, operator, value := strings.ToLower(m[1]), strings.ToLower(m[2]), m[3]
		if name != "eventtimestamp" {
			if operator != "eq" || fields[name] == nil {
				return f, "The filter '" + part + "' is not supported."
			}
			f.equal[name] = value
			continue
		}
		at, err := time.Parse(time.RFC3339, value)
		if err != nil || operator == "eq" {
			return f, "The time of '" + part + "' is not supported."
		}
		if operator == "ge" {
			f.from = at
		} else {
			f.to = at
		}
	}
	switch {
	case f.from.IsZero():
		return f, "The start time is not specified: the filter needs eventTimestamp ge '…'."
	case now.Sub(f.from) > 90*24*time.Hour:
		return f, "The start time cannot be more than 90 days in the past."
	case len(f.equal) > 1:
		return f, "Only one of resourceGroupName, resourceUri, resourceProvider and correlationId may be given."
	}
	return f, ""
}

func (f filter) takes(event object) bool {
	at, err := time.Parse(time.RFC3339, event["eventTimestamp"].(string))
	if err != nil || at.Before(f.from) || at.After(f.to) {
		return false
	}
	for name, value := range f.equal {
		if have, _ := field(event, fields[name]...).(string); !strings.EqualFold(have, value) {
			return false
		}
	}
	return true
}

// events answers for the activity log.
func (w *world) events(path string, q url.Values) answer {
	f, why := parseFilter(q.Get("$filter"), w.now)
	if why != "" {
		return failure(http.StatusBadRequest, "BadRequest", "%s", why)
	}
	var wanted []string
	if text := q.Get("$select"); text != "" {
		wanted = strings.Split(text, ",")
	}
	var out []object
	for _, e := range w.activity {
		if !f.takes(e) {
			continue
		}
		if wanted != nil {
			e = selected(e, wanted)
		}
		out = append(out, e)
	}
	return w.page(path, q, out)
}

func selected(event object, names []string) object {
	out := object{}
	for k, v := range event {
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), k) }) {
			out[k] = v
		}
	}
	return out
}
