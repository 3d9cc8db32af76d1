package importer

import (
	"context"
	"reflect"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// builder gathers what the inputs hold, in any order, until all of it is there.
type builder struct {
	ctx context.Context
	o   Options

	origin string // the source that is being read
	piped  bool   // it is a stream
	single bool   // it is one file: the folders above it are the user's own and name nothing
	alone  bool   // it is a folder with one file in it

	namespace string // what the commands in a pasted text say

	told  []logName        // the pods that commands name
	parts []map[string]any // parts of container specs among prose

	objects map[string]*object
	order   []string // keys of objects as they came, so that the result does not depend on a map
	// rows are the pods of which no more than a row is kept, by key; kept counts those that are whole, by group.
	rows       map[string]int
	kept       map[string]int
	wells      []wellPod // of those that are well
	roomWell   int       // how many of them are kept before some are let go
	sickOf     map[string]bool
	population evidence.Population

	events  []evidence.Event
	ages    []agedEvent // events whose times are ages
	listed  map[string]bool
	logs    []logFile
	links   map[string]string // second names of files, by the path that they lead to
	usage   []evidence.Usage
	gaps    []evidence.Gap
	named   map[evidence.Gap]bool
	bundles []*evidence.Snapshot
	cluster evidence.Cluster

	newest      time.Time
	dated       bool // an age told when it was taken; else newest is no more than a lower bound
	files       int
	bytes       int64
	used        int    // objects, events and logs that were understood
	left        int    // files that were left out
	gone        int    // pods of which events tell and that are not among those given
	unreadParts int    // parts of texts that were not understood
	useless     string // what the last file was of which nothing could be used
	lastBroken  error
}

// object is one object as the surest source tells it.
type object struct {
	evidence.Object
	rank   int // how much its source shows: a table's row, a description, the API's own form
	newest time.Time
	uid    string
}

// The ranks of sources.
const (
	fromTable    = 1
	fromDescribe = 2
	fromAPI      = 3
)

func newBuilder(ctx context.Context, o Options) *builder {
	return &builder{ctx: ctx, o: o, objects: map[string]*object{}, rows: map[string]int{}, kept: map[string]int{}, listed: map[string]bool{}, links: map[string]string{}, named: map[evidence.Gap]bool{}, roomWell: wholeWell, sickOf: map[string]bool{}}
}

func (b *builder) gap(g evidence.Gap) {
	if !b.named[g] {
		b.named[g] = true
		b.gaps = append(b.gaps, g)
	}
}

func (b *builder) contradiction(name, what string) {
	b.gap(evidence.Gap{What: "contradiction in " + b.called(name), Source: evidence.Spec, Reason: evidence.Mismatched, Detail: what + "; what is newer was used"})
}

// document takes one decoded object. kind is what its list or path says it is, where it does not say so itself.
func (b *builder) document(raw evidence.Raw, kind string) {
	if k := raw.Str("kind"); k != "" {
		kind = k
	}
	if kind == "" {
		kind = kindByShape(raw)
	}
	switch kind {
	case "", "Status", "Table", "manifest", "Config", "APIResourceList", "APIGroupList", "crashproof.dev/bundle", "Report":
		return
	case "Event":
		b.event(raw)
		return
	case "PodMetrics":
		b.podMetrics(raw)
		return
	}
	if raw.Str("metadata", "name") == "" {
		return
	}
	o := evidence.NewObject(strip(raw, kind), "", kind, "file")
	if kind == "Pod" && b.well(o) {
		return
	}
	b.keep(o, fromAPI)
}

// keep stores an object. Of two forms of one object the fuller source wins, of equal sources the newer one.
func (b *builder) keep(o evidence.Object, rank int) {
	b.used++
	newest := newestOf(o.Raw)
	b.saw(newest)
	key := o.Key()
	next := &object{Object: o, rank: rank, newest: newest, uid: o.Raw.Str("metadata", "uid")}
	old, ok := b.objects[key]
	if !ok {
		b.objects[key] = next
		b.order = append(b.order, key)
		return
	}
	switch {
	case o.Kind == "Pod" && max(rank, old.rank) < fromAPI && (rank != old.rank || o.Name == evidence.Unnamed && agree(old.Raw, o.Raw) != contradicts):
		fill(old.Raw, o.Raw, old.rank >= rank)
		old.rank, old.newest = max(rank, old.rank), newestOf(old.Raw)
	case rank != old.rank:
		if rank > old.rank {
			b.objects[key] = next
		}
	case old.uid != "" && next.uid != "" && old.uid != next.uid:
		b.contradiction("", o.Kind+" "+o.Namespace+"/"+o.Name+" is there as two objects of different UIDs")
		fallthrough
	default:
		v, w := o.Raw.Str("metadata", "resourceVersion"), old.Raw.Str("metadata", "resourceVersion")
		if rank == fromAPI && old.uid == next.uid && v == w && !reflect.DeepEqual(old.Raw, next.Raw) {
			b.contradiction("", o.Kind+" "+o.Namespace+"/"+o.Name+" is there twice in one version, and not the same")
		}
		if c := next.newest.Compare(old.newest); c > 0 || c == 0 && newerVersion(v, w) {
			b.objects[key] = next
		}
	}
}

// newerVersion compares resource versions, which the API server counts up (KEP-5504); of equal ones the later reading
// counts as the newer.
func newerVersion(v, old string) bool {
	return len(v) > len(old) || len(v) == len(old) && v >= old
}

// saw moves the moment of capture: nothing can have been seen before it happened.
func (b *builder) saw(t time.Time) {
	if t.After(b.newest) {
		b.newest = t.UTC()
	}
}

// kindByShape recognises objects that do not name their kind, such as the items of a list.
func kindByShape(raw evidence.Raw) string {
	switch {
	case raw.Has("involvedObject"), raw.Has("regarding"):
		return "Event"
	case raw.Has("spec", "containers"), raw.Has("status", "containerStatuses"), raw.Has("status", "podIP"):
		return "Pod"
	case raw.Has("status", "nodeInfo"), raw.Has("spec", "providerID"), raw.Has("spec", "podCIDR"):
		return "Node"
	case raw.Has("spec", "jobTemplate"):
		return "CronJob"
	case raw.Has("spec", "serviceName"), raw.Has("spec", "volumeClaimTemplates"):
		return "StatefulSet"
	case raw.Has("status", "desiredNumberScheduled"):
		return "DaemonSet"
	case raw.Has("spec", "strategy"), raw.Has("status", "unavailableReplicas"):
		return "Deployment"
	case raw.Has("status", "fullyLabeledReplicas"):
		return "ReplicaSet"
	case raw.Has("spec", "completions"), raw.Has("spec", "backoffLimit"):
		return "Job"
	case raw.Has("subsets"):
		return "Endpoints"
	case raw.Has("addressType"):
		return "EndpointSlice"
	case raw.Has("spec", "clusterIP"):
		return "Service"
	}
	return ""
}

// strip drops what is no evidence, and the values of Secrets: only that a key exists matters.
func strip(raw evidence.Raw, kind string) evidence.Raw {
	if m, ok := raw["metadata"].(map[string]any); ok && (kind == "Pod" || kind == "Node") { // which nobody edits; of others they tell who changed what, and when
		delete(m, "managedFields")
	}
	switch kind {
	case "Secret":
		for _, field := range []string{"data", "stringData"} {
			if m, ok := raw[field].(map[string]any); ok {
				for k := range m {
					m[k] = ""
				}
			}
		}
		if m := raw.Map("metadata", "annotations"); m != nil {
			delete(m, "kubectl.kubernetes.io/last-applied-configuration")
		}
	case "Node":
		if m, ok := raw["status"].(map[string]any); ok {
			delete(m, "images")
		}
	}
	return raw
}

// newestOf finds the latest moment of which an object tells. Only times of what has happened count: in metadata and
// status, and not when something expires or is due.
func newestOf(raw evidence.Raw) time.Time {
	var out time.Time
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				walk(k, x)
			}
		case []any:
			for _, x := range v {
				walk(key, x)
			}
		case string:
			if len(v) < 20 || v[4] != '-' || !happened(key) {
				return
			}
			if t, err := time.Parse(time.RFC3339Nano, v); err == nil && t.After(out) {
				out = t
			}
		}
	}
	if m := raw.Map("metadata"); m != nil {
		walk("creationTimestamp", m["creationTimestamp"])
	}
	walk("", map[string]any(raw.Map("status")))
	return out
}

func happened(key string) bool {
	k := strings.ToLower(key)
	return (strings.HasSuffix(k, "time") || strings.HasSuffix(k, "timestamp") || strings.HasSuffix(k, "at")) &&
		!strings.Contains(k, "deletion") && !strings.Contains(k, "expir") && !strings.Contains(k, "next") && !strings.Contains(k, "notafter")
}
