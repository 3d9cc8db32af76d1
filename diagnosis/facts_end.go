package diagnosis

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/playbook"
	"github.com/crashproof-dev/crashproof/triage"
)

// endFacts says how the newest run ended, from the status alone.
func (c *sickCase) endFacts(m *member) {
	if m.c == nil {
		return
	}
	s := m.dead
	if s.Kind != evidence.Terminated {
		c.noEnd(m)
		return
	}
	base := fact{producer: evidence.Runtime, ref: m.ref(), text: endText(s), time: s.FinishedAt, strength: strong}
	if c.symptom == triage.ConfigFailure || c.symptom == triage.ImagePull {
		c.noEnd(m) // what stops it now comes before what ended an earlier run
		return
	}
	c.oldRestarts(m)
	if s.Synthetic() {
		base.producer = evidence.Kubelet // it made the status up
	}
	switch {
	case s.Reason == "RestartingAllContainers":
		c.facts.add(with(base, "end.restart-all", decisive))
		return
	case s.Lost():
		how := decisive
		if _, told := m.pod.Conditions[corev1.PodReady]; !told && m.pod.Reason == "" && m.pod.Phase.Or("") == corev1.PodFailed {
			how = strong // an eviction ends so too, and what the kubelet says of it is missing
		}
		c.facts.add(with(base, "end.lost", how))
		return
	case s.Reason == "StartError" || s.Reason == "ContainerCannotRun":
		c.facts.add(with(base, "start.failed", strong))
		c.signatures(playbook.OnStart, s.Reason, s.Message, base, nil)
		return
	}
	c.exitFacts(s, base)
	if m.c.State.Kind == evidence.Running && !m.c.RestartCount.Known() && !m.c.Ready.Known() && c.symptom == triage.CrashLoop {
		c.facts.add(fact{id: "loop.unsure", strength: weak, producer: evidence.Kubelet, ref: m.pod.Ref.At("status.containers[" + m.c.Name + "]").String(), time: c.s.CapturedAt,
			text: "it runs again; how often it was restarted and whether it is ready now is not known"})
	}
	if n := m.c.RestartCount.Or(0); n >= 2 && m.c.Last.Kind == evidence.Terminated && m.c.State.Reason == "CrashLoopBackOff" {
		c.facts.add(fact{id: "restarted.in-place", strength: strong, producer: evidence.Kubelet, ref: m.pod.Ref.At("status.containers[" + m.c.Name + "].restartCount").String(), time: c.s.CapturedAt,
			text: fmt.Sprintf("the kubelet of the same node has restarted it %d times and is about to do so again", n)})
	}
	if s.Message != "" && s.Reason != "OOMKilled" {
		c.messageFacts(m, s)
	}
}

// manyRestarts is a count that looks like a loop to whoever reads it as one of today.
const manyRestarts = 5

// oldRestarts: the count is high, and the container has outlived what made it so.
func (c *sickCase) oldRestarts(m *member) {
	n := m.c.RestartCount.Or(0)
	if c.symptom != triage.Restarted || n < manyRestarts {
		return
	}
	c.facts.add(fact{id: "restarts.old", strength: weak, producer: evidence.Kubelet, ref: m.pod.Ref.At("status.containers[" + m.c.Name + "].restartCount").String(), time: c.s.CapturedAt,
		text: fmt.Sprintf("restarted %d times, the last time at %s; it runs since and has outlived its crashes", n, m.dead.FinishedAt.Format(time.RFC3339))})
}

// noEnd: the container never ran, or its end is not known.
func (c *sickCase) noEnd(m *member) {
	st := c.told(m)
	base := fact{producer: evidence.Kubelet, ref: m.pod.Ref.At("status.containers[" + m.c.Name + "].state").String(), text: strings.TrimSpace("waiting: " + st.Reason + ": " + st.Message), time: c.s.CapturedAt}
	switch c.symptom {
	case triage.ConfigFailure:
		c.facts.add(with(base, "never.created", strong))
		c.signatures(playbook.OnWaiting, st.Reason, st.Message, base, nil)
		c.signatures(playbook.OnStart, st.Reason, st.Message, base, nil)
	case triage.StartFailure:
		c.facts.add(with(base, "start.failed", strong))
		c.signatures(playbook.OnStart, st.Reason, st.Message, base, nil)
	case triage.ImagePull:
		c.facts.add(with(base, "never.created", strong))
		c.facts.add(with(base, "image.failed", strong))
		base.producer = evidence.Registry
		c.signatures(playbook.OnEvent, st.Reason, st.Message, base, map[string]string{"image": m.c.Image})
	default:
		if m.c.State.Kind == evidence.Waiting && m.c.Last.Kind == evidence.NoState && c.symptom != triage.CrashLoop {
			c.facts.add(with(base, "never.created", strong))
		}
	}
}

// told is the present state with its message. Where the source does not show the message of a waiting state, as a
// description does not, the kubelet's Failed event bears the same words after "Error: " (kuberuntime_container.go,
// startContainer: recordContainerEvent(FailedToCreateContainer, "Error: %v")).
func (c *sickCase) told(m *member) evidence.State {
	st := m.c.State
	if st.Message != "" || st.Kind != evidence.Waiting {
		return st
	}
	for _, e := range c.s.EventsAbout(m.pod.Ref) { // the last one counts
		if e.Reason == "Failed" && (e.Container == m.c.Name || e.Container == "") {
			if words, ok := strings.CutPrefix(e.Message, "Error: "); ok && words != st.Reason {
				st.Message = words
			}
		}
	}
	return st
}

// exitFacts reads the exit code. Codes above 128 are signals by the runtime's convention (containerd: 128+n); a
// program may return any of them by itself, so they are named for what is seen.
func (c *sickCase) exitFacts(s evidence.State, base fact) {
	code, known := s.ExitCode.Get()
	base.attrs = map[string]string{"reason": s.Reason}
	if known {
		base.attrs["code"] = strconv.Itoa(code)
	}
	if s.Reason == "OOMKilled" {
		if known && code != 137 {
			c.facts.add(with(base, "end.oom-child", decisive))
		} else {
			c.facts.add(with(base, "end.oom", decisive))
		}
		return
	}
	if !known {
		if s.Reason == "Completed" {
			c.facts.add(with(base, "end.zero", strong))
			return
		}
		c.facts.add(with(base, "end.unknown", weak))
		return
	}
	id := "end.exit-code"
	switch code {
	case 0:
		id = "end.zero"
	case 126:
		id = "end.exit-126"
	case 127:
		id = "end.exit-127"
	case 137:
		id = "end.sigkill"
	case 143:
		id = "end.sigterm"
	case 132, 134, 135, 136, 139:
		id = "end.crash-signal"
		base.attrs["signal"] = map[int]string{132: "SIGILL", 134: "SIGABRT", 135: "SIGBUS", 136: "SIGFPE", 139: "SIGSEGV"}[code]
	}
	if code == 132 {
		c.facts.add(with(base, "end.sigill", strong))
	} else {
		c.facts.add(with(base, "end.no-sigill", strong))
	}
	s0 := strong
	if id == "end.crash-signal" {
		s0 = decisive
	}
	c.facts.add(with(base, id, s0))
	if code != 137 { // a main process killed for memory dies of SIGKILL
		c.facts.add(with(base, "end.not-oom", strong))
	}
}

// saidUnsupported: a program, or its loader, that says itself that the processor lacks what it needs ends in its own way:
// glibc's loader with 127 ("Fatal glibc error: CPU does not support x86-64-v2", sysdeps/x86/dl-get-cpu-features.c).
func (c *sickCase) saidUnsupported() {
	if slices.ContainsFunc(c.facts, func(f fact) bool {
		return f.cause == "image.cpu-unsupported" && f.strength >= strong && !illegal.MatchString(f.text)
	}) {
		c.facts = slices.DeleteFunc(c.facts, func(f fact) bool { return f.id == "end.no-sigill" })
	}
}

// swallowed: Erlang's releases end with 0 under some start scripts although the runtime says that it terminates in its
// start (init: do_boot, application_controller): that 0 says nothing.
func (c *sickCase) swallowed(m *member) {
	f, ok := c.facts.get("end.zero")
	if d, timed := run(m.dead); ok && m.log == nil && (!timed || d >= brief) {
		c.facts = slices.DeleteFunc(c.facts, func(f fact) bool { return f.id == "end.zero" })
		c.facts.add(with(f, "end.zero", weak))
		return
	}
	if !ok || m.log == nil || !erlangEnd.Match(m.log.Text[max(0, len(m.log.Text)-4096):]) {
		return
	}
	c.facts = slices.DeleteFunc(c.facts, func(f fact) bool { return f.id == "end.zero" })
	c.facts.add(with(f, "end.swallowed", weak))
}

// brief is how long a program runs that has nothing to do. One that worked for longer and then ended with 0 may have been
// told to, by its own supervisor or by anybody who can signal it; only its log says so.
const brief = 10 * time.Second

var erlangEnd = regexp.MustCompile(`(?m)(?:^|Z )(?:\{"Kernel pid terminated"|Kernel pid terminated |Runtime terminating during boot|init terminating in )`)

// illegal is the word for the signal; who prints it and does not die of it speaks of something else.
var illegal = regexp.MustCompile(`(?i)illegal instruction|SIGILL`)

// messageFacts reads the termination message: the program's word, or the end of its log again
// (FallbackToLogsOnError), and so in either case the process as producer.
func (c *sickCase) messageFacts(m *member, s evidence.State) {
	base := fact{producer: evidence.Process, ref: m.ref() + ".terminated.message", time: s.FinishedAt}
	l := evidence.Log{Instance: m.pod.Instance(m.c, s), Text: []byte(s.Message), Head: true, Tail: true, Sure: true}
	c.scanned(m, &l, base)
}

func endText(s evidence.State) string {
	out := "terminated"
	if s.Reason != "" {
		out += ": reason " + s.Reason
	}
	if code, ok := s.ExitCode.Get(); ok {
		out += fmt.Sprintf(", exit code %d", code)
	}
	if d, ok := run(s); ok {
		out += ", ran " + d.Round(time.Second).String()
	}
	if s.Message != "" && (s.Reason == "StartError" || s.Reason == "ContainerCannotRun") {
		out += ": " + s.Message
	}
	return out
}

func with(f fact, id string, s strength) fact {
	f.id, f.strength = id, s
	return f
}

// signatures adds the facts of the playbook's signatures that match a message of the platform.
func (c *sickCase) signatures(in, reason, message string, base fact, attrs map[string]string) {
	if reason == "FailedScheduling" {
		message = furthest(message)
	}
	lower := strings.ToLower(message)
	for i := range c.pb.Signatures {
		sig := &c.pb.Signatures[i]
		if sig.In != in || (len(sig.Reasons) > 0 && !hasString(sig.Reasons, reason)) {
			continue
		}
		found, ok := sig.Find(message, lower)
		if !ok {
			continue
		}
		for k, v := range attrs {
			if _, set := found[k]; !set {
				found[k] = v
			}
		}
		f := base
		f.id, f.cause, f.strength, f.attrs = "says:"+sig.ID, sig.Cause, decisive, found
		if sig.Cap == "strong" {
			f.strength = strong
		}
		if sig.Fact != "" {
			f.id, f.cause = sig.Fact, ""
		}
		c.facts.add(f)
	}
}

// ruledOut are the nodes that the scheduler's filters leave out by the pod's own choice before they ask for room (the order of
// the plugins, pkg/scheduler/apis/config/v1/default_plugins.go; RunFilterPlugins ends at a node's first refusal), or that are set
// apart for good: for the control plane and AKS' system pods, as spot machines, as virtual nodes.
var ruledOut = regexp.MustCompile(`\d+ (?:node\(s\) didn't match Pod's node affinity/selector|` +
	`node\(s\) had untolerated taint \{(?:CriticalAddonsOnly|node-role\.kubernetes\.io/[\w-]+|kubernetes\.azure\.com/scalesetpriority|virtual-kubelet\.io/provider)[^}]*\})(?:, |\. |\.$)`)

// furthest leaves out of a scheduler's message, where some nodes lack room, those that the pod itself does not want and those
// that are not for it. Nodes with another taint stay: it may be one that came.
func furthest(message string) string {
	if head, tail, _ := strings.Cut(message, " preemption:"); strings.Contains(head, "Insufficient ") {
		return ruledOut.ReplaceAllString(head, "") + " preemption:" + tail
	}
	return message
}

func hasString(list []string, v string) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}
