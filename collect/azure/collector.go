package azure

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/arm"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/monitor/query/azlogs"

	"github.com/crashproof-dev/crashproof/azure/access"
	"github.com/crashproof-dev/crashproof/evidence"
)

// Collector reads Azure's side of one cluster.
type Collector struct {
	opts    Options
	cloud   cloud.Configuration
	cred    azcore.TokenCredential
	arm     *arm.ClientOptions
	logs    *azlogs.Client
	meter   *meter
	cluster *arm.ResourceID // once it was found
	listed  evidence.Raw    // what a list said of it
	site    site
	spent   struct {
		sync.Mutex
		arm, queries int
		pools        map[string]int
	}
	kept  kept
	where sync.Mutex // held while managed Prometheus is looked for
	tried sync.Map   // IDs of sources that were asked
}

// site is what the managed cluster tells about where everything is.
type site struct {
	nodeGroup string
	subnets   []string // resource IDs, of all pools
	workspace string   // resource ID of the monitoring add-on's
	kubelet   string   // object ID of the identity that pulls images
	customer  string   // the workspace's GUID
	promet    string   // endpoint of managed Prometheus
	noPromet  error    // why there is none
}

// kept remembers the base round for a minute, for programs that look again and again.
type kept struct {
	sync.Mutex
	at  time.Time
	of  string
	was *evidence.Snapshot
}

// keep is how long one base round serves: Azure bounds reads of a cluster to one a second.
const keep = time.Minute

// New makes a collector. It makes no request.
func New(o Options) (*Collector, error) {
	if o.Limit <= 0 {
		o.Limit = defaultLimit
	}
	conf, err := o.configuration()
	if err != nil {
		return nil, err
	}
	c := &Collector{opts: o, cloud: conf, meter: &meter{clock: time.Now}}
	if o.Cluster != "" {
		if c.cluster, err = parse(o.Cluster, clusterType); err != nil {
			return nil, err
		}
	}
	if c.cred, err = o.credential(conf); err != nil {
		return nil, err
	}
	c.arm = &arm.ClientOptions{ClientOptions: o.client(conf, c.meter), DisableRPRegistration: true}
	logs := o.client(conf, c.meter)
	logs.Retry.StatusCodes = []int{408, 429, 500, 502, 503} // a query that timed out would time out again
	if c.logs, err = azlogs.NewClient(c.cred, &azlogs.ClientOptions{ClientOptions: logs}); err != nil {
		return nil, err
	}
	c.refill()
	return c, nil
}

// Observe reads what every question about the cluster may need, and returns it as a snapshot of its own, to be merged
// into the given one.
func (c *Collector) Observe(ctx context.Context, s *evidence.Snapshot) *evidence.Snapshot {
	r, stop := c.round(ctx, s)
	defer stop()
	c.refill()
	if c.opts.OnlyAKS && c.cluster == nil && s.Cluster.Provider != "aks" {
		return r.out
	}
	if !c.locate(r) {
		return r.done()
	}
	c.kept.Lock()
	defer c.kept.Unlock()
	if c.kept.was != nil && c.kept.of == c.cluster.String() && time.Since(c.kept.at) < keep {
		return copyOf(c.kept.was)
	}
	r.base()
	out := r.done()
	if len(out.Gaps) == 0 {
		c.kept.was, c.kept.of, c.kept.at = copyOf(out), c.cluster.String(), time.Now()
	}
	return out
}

// copyOf copies what a base round brings so deeply that it may be redacted.
func copyOf(s *evidence.Snapshot) *evidence.Snapshot {
	out := &evidence.Snapshot{Gaps: slices.Clone(s.Gaps)}
	for _, o := range s.Objects {
		raw, err := evidence.ToRaw(o.Raw)
		if err != nil {
			continue // it came as JSON
		}
		o.Raw = raw
		out.Objects = append(out.Objects, o)
	}
	return out
}

// round is one look: what it brings, and what it could not read.
type round struct {
	c    *Collector
	ctx  context.Context
	s    *evidence.Snapshot // what is known of the cluster; it is only read
	mu   sync.Mutex
	out  *evidence.Snapshot
	wait sync.WaitGroup
	once sync.Once
	rows map[string][]*evidence.Row // see living
	// orphan is a pod that is asked about and of which no inventory was kept.
	orphan string
}

func (c *Collector) round(ctx context.Context, s *evidence.Snapshot) (*round, context.CancelFunc) {
	ctx, stop := context.WithTimeout(ctx, c.opts.Limit)
	if !s.CapturedAt.IsZero() {
		ahead := time.Until(s.CapturedAt) // of the cluster's clock before this machine's
		c.meter.clock = func() time.Time { return time.Now().Add(ahead) }
	}
	return &round{c: c, ctx: ctx, s: s, out: &evidence.Snapshot{Redacted: true}}, stop
}

// beside reads one source beside the others.
func (r *round) beside(what string, read func()) {
	r.wait.Go(func() {
		if r.c.opts.Progress != nil {
			r.c.opts.Progress(what)
		}
		read()
	})
}

// try notes that a source is asked, for [Collector.Check].
func (r *round) try(src access.Source) { r.c.tried.Store(src.ID, true) }

func (r *round) keep(kind, name string, raw evidence.Raw) {
	for _, f := range []string{"tags", "systemData", "etag"} { // whose it is, and who made it, is no evidence
		delete(raw, f)
	}
	o := evidence.NewCloudObject(kind, name, raw)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Objects = append(r.out.Objects, o)
}

// done waits for what is still being read, and notes how Azure was read.
func (r *round) done() *evidence.Snapshot {
	r.wait.Wait()
	reads, queries := r.c.meter.counts()
	if reads+queries > 0 {
		r.out.Objects = append(r.out.Objects, evidence.NewCloudObservation(r.c.ahead(), r.c.meter.clock(), reads, queries))
	}
	r.out.Redacted = false
	r.out.Calls = 0
	return r.out
}

// whole is below which a difference of clocks is none: both were read at slightly different moments, in whole seconds.
const whole = 3 * time.Second

func (c *Collector) ahead() time.Duration {
	c.meter.mu.Lock()
	defer c.meter.mu.Unlock()
	if a := c.meter.ahead; a > whole || a < -whole {
		return a.Truncate(time.Second)
	}
	return 0
}

// refill gives a new look its budget.
func (c *Collector) refill() {
	c.spent.Lock()
	defer c.spent.Unlock()
	c.spent.arm, c.spent.queries, c.spent.pools = 0, 0, map[string]int{}
}

// spend takes one ARM read from the budget; reads of an affected pool have their own.
func (c *Collector) spend(pool string) error {
	c.spent.Lock()
	defer c.spent.Unlock()
	switch n, known := c.spent.pools[pool]; {
	case pool == "" && c.spent.arm >= armBudget, pool != "" && !known && len(c.spent.pools) >= mostPools, pool != "" && n >= poolBudget+morePages:
		return errBudget
	case pool == "":
		c.spent.arm++
	default:
		c.spent.pools[pool]++
	}
	return nil
}

// morePages are further pages of instances that a large pool may take: each has about a hundred.
const morePages = listPages - 1

// mostPools is of how many pools the scale sets are read.
const mostPools = 10

func (c *Collector) spendQuery() error {
	c.spent.Lock()
	defer c.spent.Unlock()
	if c.spent.queries >= queryBudget {
		return errBudget
	}
	c.spent.queries++
	return nil
}
