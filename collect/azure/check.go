package azure

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/evidence"
)

// State says whether a source can be read.
type State struct {
	Source string `json:"source"`
	What   string `json:"what"`
	Role   string `json:"role"`
	On     string `json:"on"`
	// Readable is absent where the source was not asked: where none of its things is known, or nothing calls for it.
	Readable *bool    `json:"readable,omitempty"`
	Why      []string `json:"why,omitempty"` // what was answered, and what mends it
	// Absent: there is nothing to be read, and no right would change that.
	Absent bool `json:"absent,omitempty"`
}

// Check reads every source once, those of nodes for one pool.
func (c *Collector) Check(ctx context.Context, s *evidence.Snapshot) []State {
	base := c.Observe(ctx, s)
	plan := []evidence.Request{{What: evidence.AskNetwork}, {What: evidence.AskDetectors}}
	for _, n := range s.Population.Nodes {
		if _, ok := Machine(n.ProviderID); ok && n.Pool != "" {
			plan = append(plan, evidence.Request{What: evidence.AskScaleSet, Name: n.Pool})
			break
		}
	}
	gaps := base.Gaps
	if c.cluster != nil && c.site.nodeGroup != "" {
		c.refill() // a check is to ask everything
		gaps = append(gaps, c.Follow(ctx, s, plan).Gaps...)
		gaps = append(gaps, c.checkLogs(ctx, s)...)
	}
	var out []State
	for _, src := range access.Sources() {
		st := State{Source: src.ID, What: src.What, Role: src.Role, On: src.On}
		_, tried := c.tried.Load(src.ID)
		readable := tried
		for _, g := range gaps {
			if of(g, src) {
				readable = readable && g.Reason == evidence.Truncated
				st.Absent = g.Reason == evidence.NotFound
				st.Why = append(st.Why, g.String())
			}
		}
		if tried || len(st.Why) > 0 {
			st.Readable = &readable
		}
		if src.ID == access.Registry.ID && !tried {
			st.Why = append(st.Why, What+src.What+": it is read where a registry refuses a pull")
		}
		out = append(out, st)
	}
	return out
}

// of tells whether a gap is of a source.
func of(g evidence.Gap, src access.Source) bool {
	rest, ok := strings.CutPrefix(g.What, What+src.What)
	return ok && (rest == "" || strings.HasPrefix(rest, " ("))
}

// checkLogs asks the workspace and managed Prometheus for next to nothing.
func (c *Collector) checkLogs(ctx context.Context, s *evidence.Snapshot) []evidence.Gap {
	r, stop := c.round(ctx, s)
	defer stop()
	if r.workspace() {
		r.try(access.Logs)
		if _, err := c.query(r.ctx, "agent-health", map[string]any{"cluster": c.cluster.String(), "window": 15 * time.Minute}); err != nil {
			r.missed(access.Logs, "", err)
		}
	}
	if at, err := r.endpoint(); err != nil {
		r.missed(access.Prometheus, "", err)
	} else if _, err := r.prometheus(at, "kube-system", []string{"none"}, time.Minute); err != nil {
		r.missed(access.Prometheus, "", err)
	}
	out := r.done()
	return slices.Clone(out.Gaps)
}

// Run runs one of the queries by its name, for the cluster unless the values say otherwise. With an error there may be rows.
func (c *Collector) Run(ctx context.Context, s *evidence.Snapshot, name string, values map[string]any) ([]map[string]any, error) {
	r, stop := c.round(ctx, s)
	defer stop()
	if !c.locate(r) || !r.readCluster() && c.opts.Workspace == "" || !r.workspace() {
		return nil, errors.New(strings.TrimPrefix(r.out.Gaps[0].String(), What))
	}
	if _, given := values["cluster"]; !given {
		values["cluster"] = c.cluster.String()
	}
	rows, err := c.query(r.ctx, name, values)
	if err != nil {
		r.missedQuery(name, err)
		err = errors.New(strings.TrimPrefix(r.out.Gaps[0].String(), What))
	}
	out := []map[string]any{}
	for _, w := range rows {
		out = append(out, w)
	}
	return out, err
}
