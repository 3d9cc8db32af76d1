package describe

import (
	"regexp"
	"strings"
)

// topKeys are the keys that describe prints without indentation, over all kinds and versions.
var topKeys = keySet(`Name|Namespace|Labels|Annotations|Events|Status|Reason|Message|Conditions|Selector|Replicas|Type
Priority|Priority Class Name|PriorityClassName|Runtime Class Name|Service Account|Service Account Name|Node|Start Time
Termination Grace Period|SeccompProfile|LocalhostProfile|Security Policy|IP|IPs|Controlled By|Created By|Controllers
NominatedNodeName|Resources|Init Containers|Containers|Ephemeral Containers|Readiness Gates|Volumes|QoS Class|QoS Tier
Node-Selectors|Tolerations|Topology Spread Constraints|SchedulingGroup|Image(s)|Replication Controllers
Roles|Role|CreationTimestamp|Taints|Unschedulable|Lease|Addresses|Capacity|Allocatable|System Info|PodCIDR|PodCIDRs
ProviderID|ExternalID|Non-terminated Pods|Allocated resources|Pods|Phase|Resource Slices
StrategyType|MinReadySeconds|RollingUpdateStrategy|Pod Template|OldReplicaSets|NewReplicaSet|Pods Status|Node-Selector
Desired Number of Nodes Scheduled|Current Number of Nodes Scheduled|Number of Nodes Scheduled with Up-to-date Pods
Number of Nodes Scheduled with Available Pods|Number of Nodes Misscheduled|Update Strategy|Volume Claims|Service Name
Pod Management Policy|Persistent Volume Claim Retention Policy|Parallelism|Completions|Completion Mode|Suspend
Backoff Limit|TTL Seconds After Finished|Completed At|Duration|Active Deadline Seconds|Pods Statuses|Completed Indexes
Schedule|Concurrency Policy|Time Zone|Successful Job History Limit|Failed Job History Limit
Starting Deadline Seconds|Last Schedule Time|Active Jobs|StorageClass|Volume|Finalizers|Access Modes|VolumeMode
DataSource|Used By|Mounted By|Claim|Reclaim Policy|Node Affinity|Source|IP Family Policy|IP Families|IP Family
External IPs|Desired LoadBalancer IP|External Name|LoadBalancer Ingress|Port|TargetPort|AppProtocol|NodePort|Endpoints
Session Affinity|External Traffic Policy|Internal Traffic Policy|HealthCheck NodePort|LoadBalancer Source Ranges
Traffic Distribution|Subsets|Image pull secrets|Mountable secrets|Tokens|Address|Ingress Class|Default backend|TLS|Rules
Reference|Metrics|Min replicas|Max replicas|Behavior|Target CPU utilization|Current CPU utilization
Deployment pods|ReplicaSet pods|StatefulSet pods|ReplicationController pods|Created on|Spec|Scopes
API Version|Kind|Metadata|Count|First Timestamp|Last Timestamp|Event Time|Involved Object|Reporting Component
Reporting Instance|Action|Series|Related`)

// weak are those of them that logs contain too: they do not show that a block goes on.
var weak = keySet(`Name|Status|Reason|Message|Type|Priority|Node|IP|Role|Phase|Lease|Port|Count|Kind|Source|Address|TLS
Rules|Schedule|Duration|Volume|Spec|Action|Series|Suspend|Reference|Pods|Resources|Metadata|Address|Claim|Capacity
Labels|Events|Endpoints|Metrics|Conditions|Behavior|Related|Tokens`)

var containerKeys = keySet(`State|Last State|Ready|Restart Count|Limits|Requests|Liveness|Readiness|Startup|Environment
Environment Variables from|Environment Variables|Mounts|Args|Command|Image|Image ID|Port|Ports|Host Port|Host Ports|Devices`)

func keySet(s string) map[string]bool {
	m := map[string]bool{}
	for _, k := range strings.FieldsFunc(s, func(r rune) bool { return r == '|' || r == '\n' }) {
		m[k] = true
	}
	return m
}

// section is a key with its value and the lines below it.
type section struct {
	key, val string
	col      int // column of the value, from the block's left edge
	line     int
	from, to int // body
}

// block is a describe block while it is read.
type block struct {
	view
	obj  *Object
	secs []section
	raw  map[int]int // from the line of a value that goes on over raw lines to the line after them
	used map[int]bool
	// resume is a line at which the block is known to go on
	resume   int
	sections map[string]*section // the first of each key
	// inState is true below a terminated state, where a message may stand
	inState   bool
	eventsCut bool
	noExit    int // no exit code between the present message and this line
}

// phrases are unindented lines without a colon that begin a section: tables of quotas and limits, a namespace's
// sections, a config map's data.
var phrases = regexp.MustCompile(`^(No resource quota\.|Resource Quotas|No LimitRange resource\.|Resource Limits|No events\.|Data|BinaryData|Resource +Used +Hard|Type +Resource +Min .*)$`)

var rule = regexp.MustCompile(`^[=-]{3,}( +-{3,})*$`)

// split reads the block's sections from line start on and returns the line after its last.
func (b *block) split(start int) int {
	i, last := start, start
	for {
		l := b.at(i)
		if l.out || (i > start && b.startsAt(i)) {
			return last
		}
		switch {
		case l.blank:
			if !b.goesOnAfterBlank(i) {
				return last
			}
			i++
			continue
		case l.n == 0:
			next, ok := b.top(l)
			if !ok {
				return last
			}
			i = next
			if b.obj.EventsShown {
				return i
			}
		default:
			if len(b.secs) == 0 {
				b.secs = append(b.secs, section{line: i, from: i})
				b.inState = true
			}
			i = b.containerMessage(l)
		}
		last = i
		if n := len(b.secs); n > 0 {
			b.secs[n-1].to = i
		}
	}
}

// top reads an unindented line and returns the line to go on at, or false where the block is over.
func (b *block) top(l line) (int, bool) {
	key, val, col, ok := keyValue(l.s)
	if n := len(b.secs); n > 0 && (ok && topKeys[key] || phrases.MatchString(l.s)) {
		b.secs[n-1].to = l.i // with the blank lines before this one
	}
	switch {
	case ok && topKeys[key]:
		if key == "Events" {
			if next, ok := b.events(l, val); ok {
				return next, true
			}
		}
		b.secs = append(b.secs, section{key: key, val: val, col: l.n + col, line: l.i, from: l.i + 1})
		if n := len(b.secs); key == "Message" && n > 1 && messageAfter[b.secs[n-2].key] {
			return b.statusMessage(l.i), true
		}
		return l.i + 1, true
	case phrases.MatchString(l.s):
		return b.phrase(l)
	case b.tableRow(l):
		return l.i + 1, true
	case b.resumes(l.i):
		if len(b.secs) == 0 {
			b.secs = append(b.secs, section{line: l.i, from: l.i})
		}
		return l.i + 1, true
	}
	return 0, false
}

// phrase reads a section that begins with a line without a colon.
func (b *block) phrase(l line) (int, bool) {
	next := b.at(l.i + 1)
	switch l.s {
	case "No events.":
		b.obj.EventsShown = true
		return l.i + 1, true
	case "Data", "BinaryData":
		if next.out || !rule.MatchString(next.s) {
			return 0, false
		}
		b.use(l.i + 1)
		b.secs = append(b.secs, section{key: l.s, line: l.i, from: l.i + 2})
		if l.s == "Data" {
			return b.data(l.i + 2), true
		}
		return l.i + 2, true
	}
	key, _, _ := strings.Cut(l.s, "  ")
	if strings.HasPrefix(l.s, "Type ") {
		key = "Limits table"
	} else if strings.HasPrefix(l.s, "Resource ") && strings.HasSuffix(l.s, "Hard") {
		key = "Quota table"
	}
	b.secs = append(b.secs, section{key: key, val: l.s, line: l.i, from: l.i + 1})
	return l.i + 1, true
}

// tableRow accepts the unindented rows of quotas, limits and binary data.
func (b *block) tableRow(l line) bool {
	if len(b.secs) == 0 {
		return false
	}
	switch b.secs[len(b.secs)-1].key {
	case "Quota table":
		return rule.MatchString(l.s) || len(strings.Fields(l.s)) == 3
	case "Limits table":
		return rule.MatchString(l.s) || len(strings.Fields(l.s)) == 7
	case "BinaryData":
		return strings.HasSuffix(l.s, " bytes")
	}
	return false
}

// data skips a config map's values, which are printed raw, to the BinaryData heading that follows them (since 1.19),
// or to the Events section.
func (b *block) data(i int) int {
	for j := i; ; j++ {
		l := b.at(j)
		if l.out {
			return j
		}
		if l.s == "BinaryData" && rule.MatchString(b.at(j+1).s) {
			return j
		}
		if strings.HasPrefix(l.s, "Events:") && l.n == 0 && (strings.HasSuffix(l.s, "<none>") || eventsHeader(b.at(j+1).s) != noHeader) {
			return j
		}
		if b.startsAt(j) && b.at(j-1).blank && b.at(j-2).blank {
			return j
		}
	}
}

// goesOnAfterBlank reports whether the block goes on after blank lines.
func (b *block) goesOnAfterBlank(i int) bool {
	for j := i + 1; j < i+40; j++ {
		l := b.at(j)
		if l.blank {
			continue
		}
		if l.out || b.startsAt(j) {
			return false
		}
		if key, val, _, ok := keyValue(l.s); l.n == 0 && ok && topKeys[key] && (!weak[key] || key == "Events" && (val == "<none>" || val == "")) {
			return true
		}
		return (l.n == 0 && phrases.MatchString(l.s)) || b.resumes(j)
	}
	return false
}

// resumes reports whether describe output goes on within the next lines, so that line i is a part of a value that
// was printed raw (a termination message, a script among the arguments).
func (b *block) resumes(i int) bool {
	if i < b.resume {
		return true
	}
	inContainers := false
	if n := len(b.secs); n > 0 {
		k := b.secs[n-1].key
		inContainers = k == "" || k == "Pod Template" || strings.HasSuffix(k, "Containers")
	}
	for j := i; j < i+200; j++ {
		l := b.at(j)
		if l.out || (j > i && b.startsAt(j)) {
			return false
		}
		key, val, _, ok := keyValue(l.s)
		if !ok {
			continue
		}
		padded := val == "" || strings.HasPrefix(l.s[len(key)+1:], "  ")
		switch {
		case !padded:
		case l.n == 0 && topKeys[key] && !weak[key], l.n == 0 && key == "Events" && (val == "<none>" || val == "" && eventsHeader(b.at(j+1).s) != noHeader),
			l.n == 4 && inContainers && containerKeys[key]:
			b.resume = j
			return true
		}
	}
	return false
}
