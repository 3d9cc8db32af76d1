package azure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/monitor/query/azlogs"
	"github.com/Azure/azure-sdk-for-go/sdk/resourcemanager/operationalinsights/armoperationalinsights/v2"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/azure/queries"
	"github.com/crashproof-dev/crashproof/evidence"
)

// row is a row of a result, by the names of its columns.
type row map[string]any

// text is a column's string; a dynamic column's JSON where it is not one.
func (w row) text(column string) string {
	switch v := w[column].(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		b, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(b)
	}
}

// number is a column's number: the service sends NaN as a string.
func (w row) number(column string) (float64, bool) {
	f, ok := w[column].(float64)
	return f, ok
}

func (w row) time(column string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, w.text(column))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// list is a dynamic column's list: the service sends dynamic values as JSON in a string.
func (w row) list(column string) []any {
	v := w[column]
	if s, ok := v.(string); ok {
		var out []any
		if json.Unmarshal([]byte(s), &out) == nil {
			return out
		}
		return nil
	}
	out, _ := v.([]any)
	return out
}

// mostRows bounds what is taken from one result; the service sends up to 500,000.
const mostRows = 50_000

// errPartial: the service could answer a part only.
var errPartial = errors.New("the service could answer a part only")

// errNoTable: the workspace does not have the table, for nothing ever wrote to it.
var errNoTable = errors.New("the workspace has no such table")

// query runs one of the queries. Rows are returned with errPartial too.
func (c *Collector) query(ctx context.Context, name string, values map[string]any) ([]row, error) {
	q, err := queries.Find(name)
	if err != nil {
		return nil, err
	}
	text, err := q.Render(values)
	if err != nil {
		return nil, err
	}
	if err := c.spendQuery(); err != nil {
		return nil, err
	}
	return c.run(ctx, "// "+name+"\n"+text, span(values)) // so that the workspace's own log of queries tells what it was
}

// span is the time that a query looks at, which the service wants beside it to find the data.
func span(values map[string]any) *azlogs.TimeInterval {
	from, ok := values["from"].(time.Time)
	to, ok2 := values["to"].(time.Time)
	if !ok || !ok2 {
		return nil
	}
	v := azlogs.NewTimeInterval(from, to)
	return &v
}

func (c *Collector) run(ctx context.Context, text string, span *azlogs.TimeInterval) ([]row, error) {
	res, err := c.logs.QueryWorkspace(ctx, c.site.customer, azlogs.QueryBody{Query: &text, Timespan: span}, nil)
	if err != nil {
		return nil, refused(err)
	}
	var out []row
	if len(res.Tables) > 0 {
		t := res.Tables[0]
		for _, cells := range t.Rows[:min(len(t.Rows), mostRows)] {
			w := row{}
			for i, v := range cells {
				if i < len(t.Columns) && t.Columns[i].Name != nil {
					w[*t.Columns[i].Name] = v
				}
			}
			out = append(out, w)
		}
		if len(t.Rows) > mostRows {
			return out, fmt.Errorf("%w: %d of %d rows were taken", errPartial, mostRows, len(t.Rows))
		}
	}
	if res.Error != nil { // with status 200
		return out, fmt.Errorf("%w: %s", errPartial, partial(res.Error))
	}
	return out, nil
}

// partial is the innermost message of a partial error, or its code.
func partial(e *azlogs.ErrorInfo) string {
	var n struct {
		nested
		Details []nested `json:"details"`
	}
	if json.Unmarshal([]byte(e.Error()), &n) != nil {
		return e.Code
	}
	for _, d := range n.Details {
		if d.Message != "" {
			return oneLine(d.Message)
		}
	}
	return oneLine(or(n.Message, e.Code))
}

var noTable = regexp.MustCompile(`(?i)failed to resolve (?:table|table or column|entity|scalar)[^']*'(\w+)'`)

// refused tells a workspace without the table, and one without data, from other answers.
func refused(err error) error {
	var e *azcore.ResponseError
	if !errors.As(err, &e) {
		return err
	}
	switch e.StatusCode {
	case http.StatusNoContent:
		return fmt.Errorf("%w: it has no data at all", errNoTable)
	case http.StatusBadRequest:
		if m := noTable.FindStringSubmatch(message(e)); m != nil {
			return fmt.Errorf("%w: %s", errNoTable, m[1])
		}
	}
	return err
}

// missedQuery is the gap of a query that gave nothing, or a part.
func (r *round) missedQuery(what string, err error) {
	switch {
	case errors.Is(err, errPartial):
		r.gap(evidence.Gap{What: What + what, Source: evidence.Cloud, Reason: evidence.Truncated, Detail: oneLine(err.Error()), Close: "ask for less time, or run it again"})
	case errors.Is(err, errNoTable):
		r.gap(evidence.Gap{What: What + what, Source: evidence.Cloud, Reason: evidence.NotFound, Detail: oneLine(err.Error()),
			Close: "let Container Insights, or a diagnostic setting of the cluster, send it to the workspace"})
	default:
		r.gap(explain(access.Logs, What+what, err))
	}
}

// workspace finds the GUID under which the cluster's workspace is asked.
func (r *round) workspace() bool {
	r.try(access.Workspace)
	if r.c.site.customer != "" {
		return true
	}
	given := or(r.c.opts.Workspace, r.c.site.workspace)
	switch {
	case given == "":
		r.gap(evidence.Gap{What: What + access.Logs.What, Source: evidence.Cloud, Reason: evidence.NotFound, Detail: "the cluster's monitoring add-on sends to no workspace",
			Close: "az aks enable-addons --addons monitoring, or name the workspace (--azure-workspace)"})
		return false
	case guid.MatchString(given):
		r.c.site.customer = given
		return true
	}
	id, err := parse(given, "Microsoft.OperationalInsights/workspaces")
	var client *armoperationalinsights.WorkspacesClient
	if err == nil {
		client, err = armoperationalinsights.NewWorkspacesClient(id.SubscriptionID, r.c.cred, r.c.arm)
	}
	var raw evidence.Raw
	if err == nil {
		raw, err = r.ask("", func(ctx context.Context) error {
			_, err := client.Get(ctx, id.ResourceGroupName, id.Name, nil)
			return err
		})
	}
	if err != nil {
		r.missed(access.Workspace, last(given), err)
		return false
	}
	r.c.site.customer = raw.Str("properties", "customerId")
	if r.c.site.customer == "" {
		r.missed(access.Workspace, id.Name, &absent{"it has no customer ID yet: it is " + or(raw.Str("properties", "provisioningState"), "being made"), "wait until it is there"})
		return false
	}
	return true
}

var guid = regexp.MustCompile(`(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// mine tells whether a row is of this cluster. Queries ask for no others; a workspace has rows of many.
func (c *Collector) mine(w row) bool {
	id := w.text("ClusterId")
	return id == "" || strings.EqualFold(strings.TrimSuffix(id, "/"), c.cluster.String())
}
