package kube

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Options say what to collect, and how much of it.
type Options struct {
	// Target is one workload. Its Kind may be a kind, a resource or a short name, with or without a group
	// (Deployment, deployments, deploy, rollouts.argoproj.io). An empty Kind collects every sick workload.
	Target evidence.Target
	// Namespace is where Target is looked for, or to which the sick pods are narrowed.
	Namespace     string
	AllNamespaces bool
	// Selector is a label selector that narrows the sick pods.
	Selector string
	// PerGroup is how many pods of the same workload, revision, container and symptom are read in depth; 3 where 0.
	PerGroup int
	// LogBytes is how much of the end of each log is kept; 1 MiB where 0.
	LogBytes int64
	// Progress, where set, is told after each step; calls never overlap.
	Progress func(done, total int, what string)
}

const (
	defaultPerGroup = 3
	defaultLogBytes = 1 << 20
	// inFlight bounds the requests that run at once.
	inFlight = 8
	// callBudget is the number of API calls, log reads aside, that the base round of one workload may make.
	callBudget = 15
	// scanLogPods bounds the pods whose logs one scan reads, however many workloads fail.
	scanLogPods = 300
)

// Collector reads one cluster.
type Collector struct {
	opts     Options
	selector labels.Selector
	rest     *rest.RESTClient
	host     string
	meter    *meter
	slots    chan struct{}
	kinds    *kinds
	progress progress
	// answered remembers the items of collection plans that were followed.
	answered map[evidence.Request]bool
	// asked remembers the owners that were asked for, found or not.
	asked map[owner]bool
	// clock is replaced in tests.
	clock func() time.Time
	// statusLag is how long a kubelet may take to report an end that it has noticed; tests shorten it.
	statusLag time.Duration
	// deniedLogs holds the namespaces in which reading logs was refused once.
	deniedLogs sync.Map
}

// New makes a collector for the cluster that cfg points to. It makes no request.
func New(cfg *rest.Config, o Options) (*Collector, error) {
	if o.PerGroup <= 0 {
		o.PerGroup = defaultPerGroup
	}
	if o.LogBytes <= 0 {
		o.LogBytes = defaultLogBytes
	}
	sel, err := labels.Parse(o.Selector)
	if err != nil {
		return nil, &Error{Reason: BadRequest, Sentence: "the label selector " + quote(o.Selector) + " cannot be read: " + err.Error(), Err: err}
	}
	c := &Collector{opts: o, selector: sel, host: cfg.Host, meter: &meter{}, slots: make(chan struct{}, inFlight),
		answered: map[evidence.Request]bool{}, asked: map[owner]bool{}, progress: progress{tell: o.Progress}, statusLag: time.Second}
	c.clock = c.meter.serverTime
	cfg = rest.CopyConfig(cfg)
	cfg.QPS = -1 // the slots bound what runs at once, and the server's own 429 and Retry-After are obeyed by client-go
	cfg.WarningHandler = rest.NoWarnings{}
	if cfg.UserAgent == "" {
		cfg.UserAgent = "crashproof (" + runtime.GOOS + "/" + runtime.GOARCH + ")"
	}
	cfg.Wrap(func(next http.RoundTripper) http.RoundTripper { return &transport{next: next, meter: c.meter} })
	cfg.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	client, err := rest.HTTPClientFor(cfg)
	if err != nil {
		return nil, &Error{Reason: BadRequest, Sentence: "the connection to " + cfg.Host + " cannot be set up: " + err.Error() + "; check the kubeconfig", Err: err}
	}
	if c.rest, err = rest.UnversionedRESTClientForConfigAndClient(cfg, client); err != nil {
		return nil, &Error{Reason: BadRequest, Sentence: "the connection to " + cfg.Host + " cannot be set up: " + err.Error() + "; check the kubeconfig", Err: err}
	}
	c.kinds = newKinds(c.rest)
	return c, nil
}

// namespace is where a target lives.
func (c *Collector) namespace() string {
	switch {
	case c.opts.Target.Namespace != "":
		return c.opts.Target.Namespace
	case c.opts.Namespace != "":
		return c.opts.Namespace
	}
	return "default"
}

// forTarget tells a collection of one workload from a scan.
func (c *Collector) forTarget() bool { return c.opts.Target.Kind != "" }

// within is the namespace to which sick pods are narrowed; "" is all of them.
func (c *Collector) within() string {
	switch {
	case c.forTarget():
		return c.namespace()
	case c.opts.AllNamespaces:
		return ""
	}
	return c.opts.Namespace
}

// Collect makes the base round. Its error, where there is one, is an [*Error]; a cancelled context is none: what was
// read until then is returned, with a gap that says so.
func (c *Collector) Collect(ctx context.Context) (*evidence.Snapshot, error) {
	r := c.newRound(ctx, &evidence.Snapshot{})
	defer r.cancel(nil)
	s := r.s
	s.Target = c.opts.Target
	if c.forTarget() {
		s.Target.Namespace = c.namespace()
	} else if s.Target.Namespace == "" {
		s.Target.Namespace = c.within()
	}
	r.base()
	if err := r.fatal(); err != nil {
		return nil, err
	}
	r.deepen()
	if err := r.fatal(); err != nil {
		return nil, err
	}
	s.CapturedAt = c.clock()
	r.finish()
	return s, nil
}
