package diagnosis

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis/change"
	"github.com/crashproof-dev/crashproof/evidence"
)

// scored is a change with how well it explains a finding.
type scored struct {
	change.Change
	score float64
	// touches: it is about something that the sick pods are made of, use or run on.
	touches bool
}

// blamed is from which score on a change is called the trigger.
const blamed = 0.3

// trigger looks for the change that brought a finding about, and tells the timeline around its onset.
func (in *input) trigger(f *Finding) {
	if f.Onset == nil || f.Onset.Time.IsZero() || f.Workload.Kind == "" {
		return
	}
	within, _ := time.ParseDuration(f.Onset.PlusMinus)
	e := effect{input: in, f: f, onset: f.Onset.Time, within: within, parameters: parameters(f)}
	e.look()
	var list []scored
	for _, c := range in.changed() {
		if s := e.score(c); s.touches {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	if len(list) > mostChanges {
		list = list[:mostChanges]
	}
	best := -1
	slices.SortStableFunc(list, func(a, b scored) int { return a.Time.Compare(b.Time) })
	for i, s := range list {
		if s.score >= blamed && (best < 0 || s.score > list[best].score) {
			best = i
		}
		f.Timeline = append(f.Timeline, TimelineEntry{ID: fmt.Sprintf("c%d", i+1), Time: s.Time, Text: s.Text(4), Ref: s.Ref, Score: math.Round(s.score*100) / 100, KeptBy: s.Owner})
	}
	slices.SortStableFunc(f.Timeline, func(a, b TimelineEntry) int { return a.Time.Compare(b.Time) })
	if best < 0 {
		in.unseenSecrets(f, &e)
	}
	if best >= 0 {
		b := list[best]
		b.Items = first(b.Items, e.aspects, e.parameters)
		if b.Kind == change.Cloud || b.Object.Kind == "Secret" {
			told := fact{id: "cloud.changed", producer: evidence.Cloud, ref: b.Ref, time: b.Time, text: b.Text(3)}
			f.Evidence = append(f.Evidence, Evidence{ID: fmt.Sprintf("e%d", len(f.Evidence)+1), Source: told.producer, Ref: told.ref, Time: told.time, Text: told.text, Fact: told.id})
		}
		f.Trigger = &Trigger{Change: fmt.Sprintf("c%d", best+1), Text: b.Text(3), Time: b.Time, Score: math.Round(b.score*100) / 100, By: b.By, KeptBy: b.Owner}
		if b.Kind == change.Rollout {
			f.Pattern = "manifest-drift-after-rollout"
		}
	}
}

// unseenSecrets: nothing that was read explains it, and a Secret may have changed, which is never read. Who may look can.
func (in *input) unseenSecrets(f *Finding, e *effect) {
	if !slices.Contains(e.aspects, "secret") || f.State != "active" {
		return
	}
	for _, u := range e.uses {
		name, ok := strings.CutPrefix(u, "Secret/")
		if !ok || len(f.NextChecks) >= 6 {
			continue
		}
		command := fmt.Sprintf("kubectl get secret %s -n %s --show-managed-fields -o jsonpath='{range .metadata.managedFields[*]}{.time} {.manager}{\"\\n\"}{end}'", name, f.Workload.Namespace)
		f.Gaps = append(f.Gaps, Gap{What: "when Secret " + f.Workload.Namespace + "/" + name + " changed", Source: string(evidence.Spec), Reason: string(evidence.NotAsked), Detail: "crashproof never reads Secrets", Close: command})
		f.NextChecks = append(f.NextChecks, Check{Why: "when the Secret changed, which crashproof never reads", Command: command})
	}
}

// mostChanges bounds the timeline.
const mostChanges = 12

// changed lists the changes of the snapshot, once.
func (in *input) changed() []change.Change {
	if in.changes == nil {
		in.changes = change.All(in.s)
		if in.changes == nil {
			in.changes = []change.Change{}
		}
	}
	return in.changes
}

// parameters are the names that the answer is about: the variable, the file, the host.
func parameters(f *Finding) []string {
	var out []string
	for _, r := range f.Remedies {
		for _, k := range []string{"variable", "object", "key", "image", "file", "host", "target", "flag", "setting", "limit"} {
			if v := r.Parameters[k]; len(v) > 2 && !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// first puts the items that explain before the others.
func first(items []change.Item, aspects, parameters []string) []change.Item {
	out := slices.Clone(items)
	rank := func(i change.Item) int {
		switch {
		case names(i.Text, parameters):
			return 0
		case slices.Contains(aspects, i.Aspect):
			return 1 + slices.Index(aspects, i.Aspect)
		}
		return 100
	}
	slices.SortStableFunc(out, func(a, b change.Item) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

func names(text string, parameters []string) bool {
	return slices.ContainsFunc(parameters, func(p string) bool { return strings.Contains(text, p) })
}

// effect is what is to be explained: a finding, when it began, and what its pods are made of.
type effect struct {
	*input
	f          *Finding
	onset      time.Time
	within     time.Duration
	parameters []string
	aspects    []string // that can bring the cause about; empty where the cause is not known
	uses       []string
	nodes      []string
	labels     map[string]string
	sick, well []*evidence.Row
	target     string // host of what could not be used
}

func (e *effect) look() {
	if c, ok := e.pb.Cause(e.f.Cause); ok && e.f.Cause != unexplainedExit {
		e.aspects = c.ChangedBy
	}
	for _, r := range e.byWorkload().of(evidence.Ref{Kind: e.f.Workload.Kind, Namespace: e.f.Workload.Namespace, Name: e.f.Workload.Name}) {
		if r.Active && r.Symptom == e.f.Symptom {
			e.sick = append(e.sick, r)
		} else if r.Symptom == "" || !r.Active {
			e.well = append(e.well, r)
		}
	}
	for _, p := range e.pods {
		if p.Ref.Namespace != e.f.Workload.Namespace || !slices.ContainsFunc(e.f.Containers, func(c ContainerFinding) bool { return c.Pod == p.Ref.Name }) {
			continue
		}
		for _, u := range evidence.Uses(p) {
			if !slices.Contains(e.uses, u) {
				e.uses = append(e.uses, u)
			}
		}
		if len(e.aspects) > 0 && !slices.Contains(e.aspects, "node") && slices.ContainsFunc(p.Spec.Volumes, func(v corev1.Volume) bool { return v.HostPath != nil }) {
			e.aspects = append(slices.Clone(e.aspects), "node") // it reads what lies on its node
		}
		if n := p.Node.Or(""); n != "" && !slices.Contains(e.nodes, n) {
			e.nodes = append(e.nodes, n)
		}
		e.labels = p.Labels
	}
	for _, r := range e.f.Remedies {
		e.target = cmp.Or(e.target, r.Parameters["service"], r.Parameters["host"], r.Parameters["target"])
	}
	e.target = hostOf(e.target)
}

// slack is by how much clocks and whole seconds may put an effect before its cause.
const slack = 10 * time.Second

// score says how well a change explains the finding: by time, by whether it touches what the sick pods are made of, and by
// whether it is of a kind that brings the cause about.
func (e *effect) score(c change.Change) scored {
	out := scored{Change: c}
	touch := e.touch(&c)
	if touch == 0 || c.Time.IsZero() {
		return out
	}
	out.touches = true
	if c.Time.After(e.onset.Add(e.within + slack)) {
		return out // what comes later is no cause; a repair may be among it
	}
	lag := max(0, e.onset.Sub(c.Time))
	half := 30 * time.Minute
	if slices.Contains(e.aspects, "load") || strings.HasPrefix(e.f.Cause, "memory.") {
		half = 6 * time.Hour // what fills up takes its time
	}
	near := 1 / (1 + float64(lag)/float64(half))
	if c.Kind == change.Edited || c.Kind == change.Created {
		near = e.latent(&c, near)
	}
	why := e.explains(c.Items)
	if own := c.Kind == change.Rollout && c.Object.Name == e.f.Workload.Name; own && why < 0.6 && e.ofItsOwn() && !idle(c.Items) {
		why = 0.6 // pods of a new template that fail from their start: what it is that they cannot bear may be unusual
	}
	out.score = min(1, near*touch*why)
	return out
}

// ofItsOwn: the cause is about the pods themselves, not about what lies around them.
func (e *effect) ofItsOwn() bool {
	area, _, _ := strings.Cut(e.f.Cause, ".")
	return !slices.Contains([]string{"dependency", "network", "node"}, area)
}

// idle: nothing in it changes what a program does.
func idle(items []change.Item) bool {
	return !slices.ContainsFunc(items, func(i change.Item) bool { return i.Aspect != "" && !harmless.MatchString(i.Text) })
}

// explains says how well the differences fit the cause: best where one names what the cause is about.
func (e *effect) explains(items []change.Item) float64 {
	best := 0.2
	for _, i := range items {
		fits := (len(e.aspects) == 0 || slices.Contains(e.aspects, i.Aspect) || e.refusedThere(i.Aspect)) && !e.sameRights(i)
		switch {
		case i.Aspect == "" || !fits:
		case names(i.Text, e.parameters):
			best = max(best, 1.3)
		case i.Aspect == "env" && (harmless.MatchString(i.Text) || strings.HasPrefix(e.f.Cause, "dependency.") && !ofAddresses.MatchString(i.Text)):
		case len(e.aspects) == 0:
			best = max(best, 0.6)
		default:
			best = max(best, 1)
		}
	}
	return best
}

// sameRights: another tag of the same repository is asked for with the same rights.
func (e *effect) sameRights(i change.Item) bool {
	m := otherTag.FindStringSubmatch(i.Text)
	return e.f.Cause == "image.pull-unauthorized" && i.Aspect == "image" && m != nil && m[1] == m[2]
}

var otherTag = regexp.MustCompile(`^image of \S+: ([^:@\s]+(?::\d+/[^:@\s]+)?)[:@]\S+ → ([^:@\s]+(?::\d+/[^:@\s]+)?)[:@]`)

// harmless are variables that say how much is told, and nothing of what is done; ofAddresses are such as say where
// something is.
var (
	harmless    = regexp.MustCompile(`(?i)^env (?:\w*LOG_?(?:LEVEL|FORMAT|COLOU?R)|\w*VERBOS\w*|TZ|BUILD_\w+|GIT_\w+|COMMIT\w*|VERSION|RELEASE\w*|DEPLOYED\w*|RESTARTED\w*)\b`)
	ofAddresses = regexp.MustCompile(`(?i)^env \w*(?:HOST|URL|URI|ADDR|ENDPOINT|SERVER|DSN|BROKER|PORT|CONN|PEER|UPSTREAM|PROXY|SERVICE|DATABASE|DB|QUEUE|REDIS|KAFKA|MQTT|AMQP|NATS|CACHE|STORE|API|HOME|BASE|TARGET|SOURCE|SINK|CLUSTER|NODES|SEEDS|BOOTSTRAP|DNS|DOMAIN|ZONE|REGION|TLS|SSL|TIMEOUT|POOL|MODE)|→ "?\w+://|: "?\w+://|:\d{2,5}\b`)
)

// latent: what is read at a start shows at the first start after it changed, however long that took. A pod that started
// after the change and is well says that the change is harmless.
func (e *effect) latent(c *change.Change, near float64) float64 {
	if c.Object.Kind != "ConfigMap" && c.Object.Kind != "ServiceAccount" {
		return near
	}
	for _, r := range e.well {
		if r.Created.After(c.Time) && r.Symptom == "" {
			return near / 10
		}
	}
	older := slices.ContainsFunc(e.well, func(r *evidence.Row) bool { return r.Created.Before(c.Time) })
	fresh := !slices.ContainsFunc(e.sick, func(r *evidence.Row) bool { return r.Created.Before(c.Time) })
	if older && fresh {
		return max(near, 0.8)
	}
	return near
}
