package azure

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// Description is an azure.yaml: how Azure differs from what would fit the nodes of a healthy cluster.
type Description struct {
	Cluster    object            `json:"cluster,omitempty"`
	Pools      map[string]object `json:"pools,omitempty"`     // by name; null removes
	VMs        map[string]object `json:"vms,omitempty"`       // by the node's name in the lab; null removes
	ScaleSets  map[string]object `json:"scaleSets,omitempty"` // by the pool's name; null removes
	Resources  []Resource        `json:"resources,omitempty"`
	Activity   []Activity        `json:"activity,omitempty"`
	Queries    map[string]Query  `json:"queries,omitempty"`    // by the name in the query's first line
	Prometheus []Metric          `json:"prometheus,omitempty"` // the first that fits
	Faults     []*Fault          `json:"faults,omitempty"`     // the first that fits
	Latency    Duration          `json:"latency,omitempty"`    // of every answer
	Skew       Duration          `json:"skew,omitempty"`       // how far Azure's clock is ahead of the cluster's
}

// Resource is any other resource: merged into the one that is there, or added; a body of null removes it.
type Resource struct {
	ID   string          `json:"id"`
	Body json.RawMessage `json:"body"`
}

// Activity is an entry of the activity log.
type Activity struct {
	Ago         Duration `json:"ago"`
	Operation   string   `json:"operation"`
	Status      string   `json:"status"`
	SubStatus   string   `json:"subStatus,omitempty"`
	Resource    string   `json:"resource,omitempty"` // the cluster, unless said otherwise
	Caller      string   `json:"caller,omitempty"`
	Category    string   `json:"category,omitempty"` // Administrative, unless said otherwise
	Level       string   `json:"level,omitempty"`
	Description string   `json:"description,omitempty"`
	Properties  object   `json:"properties,omitempty"`
	Correlation string   `json:"correlation,omitempty"` // entries of one operation share it
}

// Query is what a query of Log Analytics answers.
type Query struct {
	Columns map[string]string `json:"columns,omitempty"` // name: type; where there are none, those that the query declares or is known to have
	Rows    []object          `json:"rows,omitempty"`
	Error   *Problem          `json:"error,omitempty"` // beside the rows, as for partial results
}

// Problem is an error as Azure tells it.
type Problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Metric is what managed Prometheus answers to queries that match.
type Metric struct {
	Match  string   `json:"match"`
	Result []object `json:"result"`

	pattern *regexp.Regexp
}

// Fault is an answer in place of the right one.
type Fault struct {
	Path       string `json:"path"` // regular expression for the path, query:NAME, prometheus or token
	Status     int    `json:"status"`
	Code       string `json:"code,omitempty"`
	Message    string `json:"message,omitempty"`
	RetryAfter int    `json:"retryAfter,omitempty"` // seconds
	Times      int    `json:"times,omitempty"`      // how often; 0 is always

	pattern *regexp.Regexp
	left    int
}

// Duration is written as in Go: 90s, 2m.
type Duration time.Duration

// UnmarshalJSON reads the text form.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("duration %s: write it with a unit, such as 20s", data)
	}
	v, err := time.ParseDuration(text)
	*d = Duration(v)
	return err
}

var (
	categories  = []string{"Administrative", "ResourceHealth", "ServiceHealth", "Autoscale", "Policy", "Alert", "Recommendation", "Security"}
	columnTypes = []string{"bool", "datetime", "decimal", "dynamic", "guid", "int", "long", "real", "string", "timespan"}
)

// Parse renders an azure.yaml for an estate at a moment of the cluster's clock, and checks it.
func Parse(data []byte, e *Estate, now time.Time) (*Description, error) {
	first, err := decode(data, e, now)
	if err != nil || first.Skew == 0 {
		return first, err
	}
	return decode(data, e, now.Add(time.Duration(first.Skew)))
}

func decode(data []byte, e *Estate, now time.Time) (*Description, error) {
	text, err := render(data, e, now)
	if err != nil {
		return nil, err
	}
	d := &Description{}
	if err := yaml.UnmarshalStrict(text, d); err != nil {
		return nil, err
	}
	return d, d.check(e)
}

func render(data []byte, e *Estate, now time.Time) ([]byte, error) {
	t, err := template.New("azure.yaml").Option("missingkey=error").Funcs(template.FuncMap{
		"ago": func(age string) (string, error) {
			d, err := time.ParseDuration(age)
			return stamp(now.Add(-d)), err
		},
		"node": func(alias string) (string, error) {
			m, err := e.Machine(alias)
			if err != nil {
				return "", err
			}
			return m.Node, nil
		},
		"vm": func(alias string) (string, error) {
			m, err := e.Machine(alias)
			if err != nil {
				return "", err
			}
			return m.ID, nil
		},
		"scaleSet": func(pool string) (string, error) {
			p := e.Pool(pool)
			if p == nil {
				return "", fmt.Errorf("there is no pool %q", pool)
			}
			return p.ScaleSet, nil
		},
		"clusterID": e.ClusterID, "vnetID": e.VNetID, "subnetID": e.SubnetID, "workspaceID": e.WorkspaceID, "registryID": e.RegistryID,
		"securityGroupID": e.SecurityGroupID, "routeTableID": e.RouteTableID,
		"subscription": func() string { return e.Subscription }, "nodeGroup": func() string { return e.NodeGroup }, "clusterGroup": func() string { return e.ClusterGroup },
	}).Parse(string(data))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, nil)
	return out.Bytes(), err
}

// stamp is how Azure writes times.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.0000000Z") }

func (d *Description) check(e *Estate) error {
	var problems []error
	add := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	for alias := range d.VMs {
		if _, err := e.Machine(alias); err != nil {
			add("vms: %w", err)
		}
	}
	for i, r := range d.Resources {
		if !strings.HasPrefix(strings.ToLower(r.ID), "/subscriptions/") || strings.HasSuffix(r.ID, "/") || len(r.Body) == 0 {
			add("resource %d: it needs an id such as /subscriptions/… and a body", i+1)
		} else if _, err := r.body(); err != nil {
			add("resource %d: its body is no object: %w", i+1, err)
		}
	}
	for i, a := range d.Activity {
		if a.Operation == "" || a.Status == "" || a.Ago == 0 {
			add("activity %d: it needs ago, operation and status", i+1)
		}
		if a.Category != "" && !slices.Contains(categories, a.Category) {
			add("activity %d: category %q: use one of %s", i+1, a.Category, strings.Join(categories, ", "))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Queries)) {
		problems = append(problems, d.Queries[name].check(name))
	}
	return errors.Join(append(problems, d.compile())...)
}

func (q Query) check(name string) error {
	columns := q.Columns
	if len(columns) == 0 {
		columns = parse(queryColumns[name])
	}
	for c, kind := range q.Columns {
		if !slices.Contains(columnTypes, kind) {
			return fmt.Errorf("query %s: column %s: type %q: use one of %s", name, c, kind, strings.Join(columnTypes, ", "))
		}
	}
	for i, row := range q.Rows {
		for c := range row {
			if _, ok := columns[c]; !ok && len(columns) > 0 {
				return fmt.Errorf("query %s: row %d: there is no column %s", name, i+1, c)
			}
		}
	}
	return nil
}

// compile reads the regular expressions.
func (d *Description) compile() error {
	var problems []error
	for i := range d.Prometheus {
		p, err := regexp.Compile(d.Prometheus[i].Match)
		if err != nil || d.Prometheus[i].Match == "" {
			problems = append(problems, fmt.Errorf("prometheus %d: match %q: %w", i+1, d.Prometheus[i].Match, orEmpty(err)))
		}
		d.Prometheus[i].pattern = p
	}
	for i, f := range d.Faults {
		p, err := regexp.Compile("(?i)" + f.Path)
		if err != nil || f.Path == "" {
			problems = append(problems, fmt.Errorf("fault %d: path %q: %w", i+1, f.Path, orEmpty(err)))
		}
		if http.StatusText(f.Status) == "" || f.Status < 400 {
			problems = append(problems, fmt.Errorf("fault %d: status %d is none of an error", i+1, f.Status))
		}
		f.pattern, f.left = p, f.Times
	}
	return errors.Join(problems...)
}

func orEmpty(err error) error {
	if err == nil {
		return errors.New("it is empty")
	}
	return err
}

func (r Resource) body() (object, error) {
	var out object
	err := json.Unmarshal(r.Body, &out)
	return out, err
}

// Check says what is wrong with an azure.yaml, whatever the nodes are: it stands for them with pools of any name.
func Check(data []byte, pools []string) error {
	var nodes []corev1.Node
	for _, p := range pools {
		nodes = append(nodes, corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "aks-" + p + "-12345678-vmss000000", Labels: map[string]string{"agentpool": p}},
			Spec: corev1.NodeSpec{ProviderID: "azure:///subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/MC_a_b_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-" + p + "-12345678-vmss/virtualMachines/0"}})
	}
	e, err := Survey(nodes, nil)
	if err != nil {
		return err
	}
	d, err := Parse(data, e, time.Now())
	if err != nil {
		return err
	}
	_, err = newWorld(e, d, time.Now(), "https://127.0.0.1")
	return err
}
