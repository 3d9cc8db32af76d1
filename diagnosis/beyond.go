package diagnosis

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/crashproof-dev/crashproof/diagnosis/logscan"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/triage"
)

// beyond reports what no pod's present status shows: pods that were evicted and made anew under their old name, Jobs that
// failed and whose pods are gone, and children that are killed while their parent lives on.
func (in *input) beyond() []Finding {
	return slices.Concat(in.evictedAgain(), in.goneJobs(), in.childKills())
}

// again is how many evictions within an hour are a loop, and recent how old the last may be.
const (
	again  = 2
	recent = 30 * time.Minute
)

// evictedAgain: a StatefulSet's pod, or one that somebody makes anew by hand, bears its predecessor's name, and nothing in
// its status tells of that one's end. Events do.
func (in *input) evictedAgain() []Finding {
	type story struct {
		last evidence.Event
		runs map[string]bool
		n    int
	}
	by := map[evidence.Ref]*story{}
	for _, e := range in.s.Events { // in the order of time
		if e.Reason != "Evicted" || e.About.Kind != "Pod" || in.s.CapturedAt.Sub(e.Last) > time.Hour {
			continue
		}
		r := evidence.Ref{Kind: "Pod", Namespace: e.About.Namespace, Name: e.About.Name}
		s := by[r]
		if s == nil {
			s = &story{runs: map[string]bool{}}
			by[r] = s
		}
		s.last = e
		s.runs[cmp.Or(e.About.UID, e.Last.String())] = true
		s.n = max(len(s.runs), e.Count)
	}
	var out []Finding
	for r, s := range by {
		i := slices.IndexFunc(in.pods, func(p *evidence.Pod) bool { return p.Ref.Namespace == r.Namespace && p.Ref.Name == r.Name })
		if i < 0 || s.n < again || in.s.CapturedAt.Sub(s.last.Last) > recent || len(in.verdicts[key(r.Namespace, r.Name)]) > 0 || !in.pods[i].Created.After(s.last.Last.Add(-time.Minute)) {
			continue
		}
		c := &sickCase{input: in}
		c.signatures(playbook.OnEvent, "Evicted", s.last.Message, fact{producer: s.last.Producer(), ref: s.last.Ref().String(), time: s.last.Last, count: s.n,
			text: "Evicted: " + s.last.Message}, nil)
		cause, told, ok := in.firstCause(c.facts)
		if !ok {
			continue
		}
		w := in.workload[key(r.Namespace, r.Name)]
		f := in.toldFinding(cause, Workload{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}, triage.Replaced, told)
		f.Scope = Scope{Level: ScopeWorkload, Subject: w.String(), Affected: 1, Population: 1, Confidence: "medium",
			Statement: fmt.Sprintf("pod %s was evicted %d times within the last hour and made anew each time", r.Name, s.n)}
		out = append(out, f)
	}
	return out
}

// firstCause is the first of facts that supports a cause.
func (in *input) firstCause(list facts) (*playbook.Cause, fact, bool) {
	for _, f := range list {
		if cause, ok := in.pb.Cause(f.cause); ok {
			return cause, f, true
		}
	}
	return nil, fact{}, false
}

// goneJobs: the Job controller deletes the pods of a Job whose deadline has passed (pkg/controller/job, deleteActivePods),
// and their logs go with them.
func (in *input) goneJobs() []Finding {
	cause, ok := in.pb.Cause(unexplainedExit)
	if !ok {
		return nil
	}
	var out []Finding
	for _, job := range in.s.OfKind("Job", in.s.Target.Namespace) {
		cond := failed(job)
		if cond == nil || in.nextRunSucceeded(job) || in.hasPods(job) {
			continue
		}
		if f, ok := in.stillPulling(job, cond); ok {
			out = append(out, f)
			continue
		}
		at, _ := time.Parse(time.RFC3339, cond.Str("lastTransitionTime"))
		w := in.topOf(job.Ref())
		if !at.IsZero() && in.s.CapturedAt.Sub(at) > 24*time.Hour || !in.asked(w) && !in.asked(job.Ref()) {
			continue
		}
		told := fact{id: "job.failed", strength: strong, producer: evidence.Controller, time: at, ref: job.Ref().At("status.conditions[Failed]").String(),
			text: fmt.Sprintf("Failed: %s: %s; no pod of it is left", cond.Str("reason"), cond.Str("message"))}
		f := in.toldFinding(cause, Workload{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}, triage.Replaced, told)
		f.Verdict, f.Hypotheses[0].Status = Unexplained, Untested
		f.Headline = fmt.Sprintf("Job %s/%s: failed (%s), and no pod of it is left to say why", job.Namespace, job.Name, cond.Str("reason"))
		f.Chain = []string{string(triage.Replaced) + ": " + told.text}
		f.Remedies = []Remedy{}
		f.NextChecks = []Check{{Why: "run it once more and read its log while it runs", Command: fmt.Sprintf("kubectl create job %s-again --from=cronjob/%s -n %s", job.Name, w.Name, job.Namespace)}}
		if w.Kind != "CronJob" {
			f.NextChecks = []Check{{Why: "its log, where a collector has kept it; and what the Job allows", Command: fmt.Sprintf("kubectl get job %s -n %s -o yaml", job.Name, job.Namespace)}}
		}
		f.Scope = Scope{Level: ScopeWorkload, Subject: w.String(), Affected: 1, Population: 1, Confidence: "medium", Statement: "one Job"}
		out = append(out, f)
	}
	return out
}

// stillPulling: the Job's time was up while the kubelet still pulled the image of its pod, which is being deleted.
func (in *input) stillPulling(job evidence.Object, cond evidence.Raw) (Finding, bool) {
	cause, ok := in.pb.Cause("image.slow-pull")
	if !ok || cond.Str("reason") != "DeadlineExceeded" || !in.asked(in.topOf(job.Ref())) && !in.asked(job.Ref()) {
		return Finding{}, false
	}
	for _, p := range in.pods {
		owner, _ := p.Owner.Get()
		if p.Ref.Namespace != job.Namespace || owner.Kind != "Job" || owner.Name != job.Name {
			continue
		}
		began := unfinishedPull(in.s.EventsAbout(p.Ref))
		if began == nil {
			continue
		}
		told := fact{id: "pull.running", strength: decisive, producer: evidence.Kubelet, ref: began.Ref().String(), time: began.Last,
			text: began.Reason + ": " + began.Message + "; it had not come when the Job's time was up: " + cond.Str("message"), attrs: map[string]string{"image": pulledImage(began)}}
		w := in.topOf(job.Ref())
		f := in.toldFinding(cause, Workload{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}, triage.Replaced, told)
		f.Scope = Scope{Level: ScopeWorkload, Subject: w.String(), Affected: 1, Population: 1, Confidence: "medium", Statement: "one Job"}
		return f, true
	}
	return Finding{}, false
}

// failed is the condition that says so; while its pods are still ending, a Job has FailureTarget in its place (KEP-3329).
func failed(job evidence.Object) evidence.Raw {
	for _, cond := range job.Raw.List("status", "conditions") {
		if (cond.Str("type") == "Failed" || cond.Str("type") == "FailureTarget") && cond.Str("status") == "True" {
			return cond
		}
	}
	return nil
}

// hasPods tells whether a pod of the Job is known.
func (in *input) hasPods(job evidence.Object) bool {
	return slices.ContainsFunc(in.pods, func(p *evidence.Pod) bool {
		owner, _ := p.Owner.Get()
		return p.Ref.Namespace == job.Namespace && owner.Kind == "Job" && owner.Name == job.Name && p.Deleted.IsZero()
	}) || slices.ContainsFunc(in.s.Population.Rows, func(r evidence.Row) bool {
		return r.Namespace == job.Namespace && strings.HasPrefix(r.Pod, job.Name+"-") && !slices.ContainsFunc(in.pods, func(p *evidence.Pod) bool { return p.Ref.Namespace == r.Namespace && p.Ref.Name == r.Pod })
	})
}

// killedOften is how many children killed in one log are no accident.
const killedOften = 3

// kernel is what the kernel says of a process that it killed for its control group's limit (mm/oom_kill.c, __oom_kill_process).
var kernel = regexp.MustCompile(`Memory cgroup out of memory: Kill(?:ed)? process \d+ \((?P<process>[^)]+)\)`)

// childKills: with version 1 of control groups, and where one process is killed alone, the kernel kills a child, and the
// container's status shows nothing at all as long as its main process starts another. The program says so itself.
func (in *input) childKills() []Finding {
	cause, ok := in.pb.Cause("memory.child-process")
	if !ok {
		return nil
	}
	var out []Finding
	for i := range in.s.Logs {
		l := &in.s.Logs[i]
		n := slices.IndexFunc(in.pods, func(p *evidence.Pod) bool {
			return p.Ref.Namespace == l.Instance.Namespace && p.Ref.Name == l.Instance.Pod
		})
		if l.Previous || n < 0 || len(in.verdicts[key(l.Instance.Namespace, l.Instance.Pod)]) > 0 || bytes.Contains(l.Text, []byte("WORKER TIMEOUT")) {
			continue // gunicorn's master kills workers that hang by the same signal, and says so
		}
		p := in.pods[n]
		for _, h := range logscan.Scan(l, in.pb).Hits {
			if h.Signature.Fact != "log.child-killed" || h.Count < killedOften {
				continue
			}
			told := fact{id: "log.child-killed", strength: strong, producer: evidence.Process, ref: logRef(l, h.Start, h.End), text: h.Text, time: h.Time, count: h.Count, attrs: map[string]string{}}
			if c := p.Container(l.Instance.Container); c != nil {
				if limit, known := c.MemoryLimit.Get(); known && limit > 0 {
					told.attrs["limit"] = bytesText(limit)
				}
			}
			w := in.workload[podKey(p)]
			f := in.toldFinding(cause, Workload{Kind: w.Kind, Namespace: w.Namespace, Name: w.Name}, triage.ChildKilled, told)
			f.Verdict = Likely
			if e, ok := in.kernelKill(p, l.Instance.Container, h.Text); ok {
				f.Verdict = Proven
				second := fact{id: "node.cgroup-kill", strength: decisive, producer: evidence.Node, ref: e.Ref().String(), text: e.Reason + ": " + e.Message, time: e.Last, count: max(e.Count, 1)}
				ev := cite(facts{told, second})
				f.Evidence, f.Hypotheses[0].For = ev.list, ev.ids(facts{told, second})
			}
			if f.Verdict == Likely {
				f.Headline += " (likely)"
			}
			f.Containers = append(f.Containers, ContainerFinding{Pod: p.Ref.Name, Container: l.Instance.Container})
			f.Scope = Scope{Level: ScopeWorkload, Subject: w.String(), Affected: 1, Population: 1, Confidence: "low", Statement: "seen in the log of one pod, which never restarts for it"}
			out = append(out, f)
		}
	}
	return out
}

// kernelKill finds the word of the pod's kernel about a process of this container that was killed for a limit;
// node-problem-detector tells it. A node has many containers: the killed process has to go by a name of this one, which
// its log, its command or its image says, and while it lived.
func (in *input) kernelKill(p *evidence.Pod, container, told string) (evidence.Event, bool) {
	node, known := p.Node.Get()
	c := p.Container(container)
	if !known || c == nil {
		return evidence.Event{}, false
	}
	for i := len(in.s.Events) - 1; i >= 0; i-- {
		e := in.s.Events[i]
		if e.About.Kind != "Node" || e.About.Name != node || e.Last.Before(p.Created) {
			continue
		}
		if found := kernel.FindStringSubmatch(e.Message); found != nil && goesBy(c, told, found[kernel.SubexpIndex("process")]) {
			return e, true
		}
	}
	return evidence.Event{}, false
}

// comm is how much of a program's name the kernel keeps (TASK_COMM_LEN in include/linux/sched.h, less its zero byte).
const comm = 15

// goesBy tells whether a process of this name belongs to the container: its log names it, its command starts it, or its
// image is called after it.
func goesBy(c *evidence.Container, told, process string) bool {
	if len(process) < 2 {
		return false
	}
	if hasWord(told, process) {
		return true
	}
	image := path.Base(c.Image)
	if end := strings.IndexAny(image, ":@"); end >= 0 {
		image = image[:end]
	}
	names := []string{image}
	if c.Spec != nil {
		names = append(names, strings.Fields(strings.Join(append(slices.Clone(c.Spec.Command), c.Spec.Args...), " "))...)
	}
	return slices.ContainsFunc(names, func(n string) bool {
		n = path.Base(n)
		return n == process || len(process) == comm && strings.HasPrefix(n, process)
	})
}

// hasWord tells whether a text has a name as a word of its own.
func hasWord(text, name string) bool {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' && r != '.'
	}) {
		if w == name {
			return true
		}
	}
	return false
}
