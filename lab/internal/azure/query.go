package azure

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// queryName is in the first line of each query: // NAME, or // NAME: title.
var queryName = regexp.MustCompile(`^\s*//\s*([\w.-]+)\s*(?::[^\n]*)?(?:\n|$)`)

// query answers for Log Analytics.
func (s *Server) query(r *http.Request, path string) answer {
	s.count(&s.asked.Queries)
	if a, no := s.refused(r, logAudiences); no {
		return a
	}
	var asked struct {
		Query string `json:"query"`
	}
	err := json.NewDecoder(r.Body).Decode(&asked)
	name := ""
	if m := queryName.FindStringSubmatch(asked.Query); m != nil && m[1] != "title" {
		name = m[1]
	} else {
		s.strange("a query without a name: " + strings.SplitN(asked.Query, "\n", 2)[0])
	}
	if a, broken := s.fault("query:" + name); broken {
		return a
	}
	switch {
	case r.Method != http.MethodPost:
		return failure(http.StatusMethodNotAllowed, "MethodNotAllowed", "Use POST.")
	case err != nil || strings.TrimSpace(asked.Query) == "":
		return failure(http.StatusBadRequest, "BadArgumentError", "The request had some invalid properties")
	case !s.world.queryable(path):
		return failure(http.StatusNotFound, "PathNotFoundError", "The requested path does not exist")
	}
	q := s.world.told.Queries[name]
	columns := q.Columns
	if len(columns) == 0 {
		columns = columnsOf(name, asked.Query)
	}
	for _, row := range q.Rows {
		for c := range row {
			if columns[c] == "" {
				s.strange("column " + c + " of query " + name)
			}
		}
	}
	return ok(q.answer(columns))
}

// queryable says whether a path names a workspace by its GUID, or a resource that is there.
func (w *world) queryable(path string) bool {
	path = strings.ToLower(strings.TrimSuffix(path, "/query"))
	if id, byGUID := strings.CutPrefix(path, "/workspaces/"); byGUID {
		return len(w.tree.list(func(key string) bool {
			customer, _ := field(w.tree[key], "properties", "customerId").(string)
			return strings.EqualFold(customer, id)
		})) > 0
	}
	return w.tree[path] != nil
}

// answer is a table of the query's rows.
func (q Query) answer(types map[string]string) object {
	names := slices.Sorted(maps.Keys(types))
	columns, rows := []any{}, []any{}
	for _, c := range names {
		columns = append(columns, object{"name": c, "type": types[c]})
	}
	for _, row := range q.Rows {
		var cells []any
		for _, c := range names {
			cells = append(cells, cell(row[c]))
		}
		rows = append(rows, cells)
	}
	out := object{"tables": []any{object{"name": "PrimaryResult", "columns": columns, "rows": rows}}}
	if q.Error != nil {
		out["error"] = object{"code": q.Error.Code, "message": q.Error.Message, "details": []any{}}
	}
	return out
}

// cell writes dynamic values as the service does: as JSON in a string.
func cell(v any) any {
	switch v.(type) {
	case object, []any:
		raw, err := json.Marshal(v)
		if err != nil {
			return nil
		}
		return string(raw)
	}
	return v
}

// prometheus answers as its query API does.
func (s *Server) prometheus(r *http.Request) answer {
	s.count(&s.asked.Prometheus)
	if a, no := s.refused(r, prometheusAudiences); no {
		return a
	}
	if a, broken := s.fault("prometheus"); broken {
		return a
	}
	bad := func(why string) answer {
		return answer{status: http.StatusBadRequest, body: object{"status": "error", "errorType": "bad_data", "error": why}}
	}
	if err := r.ParseForm(); err != nil {
		return bad(err.Error())
	}
	kind := "vector"
	switch r.URL.Path {
	case "/api/v1/query":
	case "/api/v1/query_range":
		kind = "matrix"
	default:
		s.strange(r.URL.Path)
		return failure(http.StatusNotFound, "NotFound", "There is no %s.", r.URL.Path)
	}
	if r.Form.Get("query") == "" {
		return bad(`invalid parameter "query": unknown position: parse error: no expression found in input`)
	}
	results := []any{}
	for _, m := range s.world.told.Prometheus {
		if m.pattern.MatchString(r.Form.Get("query")) {
			for _, o := range m.Result {
				results = append(results, s.sample(o, kind, r))
			}
			break
		}
	}
	return ok(object{"status": "success", "data": object{"resultType": kind, "result": results}})
}

// sample fills in the times of a value that is given alone: now, or the start and end of the range.
func (s *Server) sample(o object, kind string, r *http.Request) object {
	value, given := o["value"]
	if _, timed := value.([]any); !given || timed {
		return o
	}
	text := fmt.Sprint(value)
	now := float64(s.clock().UnixMilli()) / 1000
	if kind == "vector" {
		return merge(o, object{"value": []any{now, text}})
	}
	at := func(parameter string) float64 {
		if f, err := strconv.ParseFloat(r.Form.Get(parameter), 64); err == nil {
			return f
		}
		return now
	}
	return merge(o, object{"value": nil, "values": []any{[]any{at("start"), text}, []any{at("end"), text}}})
}
