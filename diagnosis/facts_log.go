package diagnosis

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crashproof-dev/crashproof/diagnosis/logscan"
	"github.com/crashproof-dev/crashproof/evidence"
	"github.com/crashproof-dev/crashproof/triage"
)

// logFacts reads the log of the newest finished run.
func (c *sickCase) logFacts(m *member) {
	l := m.log
	if l == nil {
		c.presentFacts(m)
		return
	}
	base := fact{producer: evidence.Process, ref: logRef(l, 0, len(l.Text))}
	if len(strings.TrimSpace(string(l.Text))) == 0 {
		base.text = "the log of the run that ended is empty"
		c.facts.add(with(base, "log.empty", strong))
		return
	}
	c.scanned(m, l, base)
}

// presentFacts reads the log of the present run where that of the run that ended is gone. Only a message that the
// program itself treats as fatal counts, since a run that still lives may complain of what does not kill it; and it
// only supports, since the run that ended is another.
func (c *sickCase) presentFacts(m *member) {
	l := m.current
	if l != nil && (c.symptom == triage.InitStuck || c.symptom == triage.NotReady || m.c != nil && m.c.Role == evidence.RoleInit && m.c.State.Kind == evidence.Running) {
		c.waitingFacts(l)
	}
	if l == nil || m.dead.Kind != evidence.Terminated {
		return
	}
	if c.facts.has("end.restart-all") {
		c.hintFacts(l)
		return
	}
	killed := c.facts.has("kill.liveness", "kill.startup", "kill.poststart")
	for _, h := range logscan.Scan(l, c.pb).Hits {
		if killed {
			if h.Signature.Fact == "log.listening" { // where it listens is the program's, not the run's
				c.facts.add(fact{id: h.Signature.Fact, strength: strong, producer: evidence.Process, ref: logRef(l, h.Start, h.End), text: h.Text, attrs: h.Attrs})
			}
			continue
		}
		if h.Weight < logscan.Deadly || h.Signature.Fact != "" {
			continue
		}
		c.facts.add(fact{id: "log:" + h.Signature.ID, cause: h.Signature.Cause, strength: strong, producer: evidence.Process,
			ref: logRef(l, h.Start, h.End), text: h.Text, time: h.Time, attrs: h.Attrs, count: h.Count})
	}
}

// hintFacts: which of the containers made the kubelet restart them all is not told any more. What they complain of now is
// worth a look, and no more than that.
func (c *sickCase) hintFacts(l *evidence.Log) {
	for _, h := range logscan.Scan(l, c.pb).Hits {
		if h.Signature.Cause != "" && h.Level >= logscan.Warn {
			c.facts.add(fact{id: "log:" + h.Signature.ID, cause: h.Signature.Cause, strength: weak, producer: evidence.Process,
				ref: logRef(l, h.Start, h.End), text: h.Text, time: h.Time, attrs: h.Attrs, count: h.Count})
		}
	}
}

// waitingFacts reads the log of a container that runs and does not finish or get ready: what it says over and over is what
// it waits for.
func (c *sickCase) waitingFacts(l *evidence.Log) {
	res := logscan.Scan(l, c.pb)
	for _, h := range res.Hits {
		if h.Signature.Cause == "" || h.Count < 3 && h.Weight < logscan.Deadly {
			continue
		}
		f := fact{id: "log:" + h.Signature.ID, cause: h.Signature.Cause, strength: strong, producer: evidence.Process,
			ref: logRef(l, h.Start, h.End), text: h.Text, time: h.Time, attrs: h.Attrs, count: h.Count}
		c.facts.add(f)
		if strings.HasPrefix(h.Signature.Cause, "dependency.") {
			c.facts.add(with(f, "log.dependency", weak))
		}
	}
	if slices.ContainsFunc(c.facts, func(f fact) bool { return strings.HasPrefix(f.id, "log:") }) {
		// that no run has ended excludes what ends runs, and no reason for not getting ready
		c.facts = slices.DeleteFunc(c.facts, func(f fact) bool { return f.id == "never.ended" })
	}
	if res.LastLine != nil && repeats(l) >= 3 {
		c.facts.add(fact{id: "log.repeats", strength: strong, producer: evidence.Process, ref: logRef(l, res.LastLine.Start, res.LastLine.End),
			text: res.LastLine.Text, time: res.LastLine.Time})
	}
}

// portFacts: a program that calls a port used after any error of trying it may lack the right to bind it. In a network of
// the pod's own nobody else has the port.
func (c *sickCase) portFacts(m *member) {
	f, ok := c.facts.get("log.port-unavailable")
	if !ok {
		return
	}
	f.id, f.cause, f.strength = "log:ingress-nginx-port", "app.port-in-use", strong
	if port, err := strconv.Atoi(f.attrs["port"]); err == nil && port < privileged && m.pod.SpecComplete && !m.pod.Spec.HostNetwork && len(m.pod.Spec.Containers) == 1 {
		f.cause = "security.capability"
	}
	c.facts.add(f)
}

// privileged is the first port that needs no right (net.ipv4.ip_unprivileged_port_start); containerd and CRI-O of recent
// years set it to 0 in pods with a network of their own, older ones and Docker's shim do not.
const privileged = 1024

// repeats counts the lines of a log that say what its last one says, numbers aside.
func repeats(l *evidence.Log) int {
	count, last, line := map[string]int{}, "", ""
	for ln := range l.Lines() {
		text := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '0'
			}
			return r
		}, strings.TrimSpace(string(ln.Text)))
		if text != "" {
			count[text]++
			last, line = text, string(ln.Text)
		}
	}
	if progress.MatchString(line) && !tries.MatchString(line) {
		return 0
	}
	return count[last]
}

// progress is a part of a whole; tries is what also counts and gets nowhere.
var (
	progress = regexp.MustCompile(`\b\d+ ?(?:/|of) ?\d+\b|\b\d+(?:\.\d+)? ?%`)
	tries    = regexp.MustCompile(`(?i)\b(?:attempt|retry|retries|try|tries|trying|wait\w*|round)\b`)
)

// scanned adds the facts of one text of the process.
func (c *sickCase) scanned(m *member, l *evidence.Log, base fact) {
	res := logscan.Scan(l, c.pb)
	killed := c.facts.has("kill.liveness", "kill.startup", "kill.poststart")
	told := slices.ContainsFunc(res.Hits, func(h logscan.Hit) bool { return h.Signature.Fact == "log.sigterm" })
	for _, h := range res.Hits {
		f := base
		f.text, f.time, f.attrs, f.count = h.Text, h.Time, h.Attrs, h.Count
		if strings.HasPrefix(base.ref, "Log/") {
			f.ref = logRef(l, h.Start, h.End)
		}
		if h.Signature.Fact != "" {
			f.id, f.strength = h.Signature.Fact, strong
			f.attrs["start"] = l.Instance.Start.Format(time.RFC3339Nano)
			c.facts.add(f)
			continue
		}
		f.id, f.cause, f.strength = "log:"+h.Signature.ID, h.Signature.Cause, strength(h.Weight)
		if h.Signature.Cap == "strong" {
			f.strength = min(f.strength, strong)
		}
		if killed {
			f.strength = c.underKill(m, h, res)
			if h.Level >= logscan.Warn || h.Level == logscan.Unstated {
				c.complains(f)
			}
		}
		if c.background(h, told) {
			f.strength = weak
		}
		if f.strength == decisive && (!l.Sure || aimless(h) || h.Final && h.Level < logscan.Fatal && c.facts.has("end.zero")) {
			f.strength = strong // it may be another run's, or about anything
		}
		c.facts.add(f)
		if strings.HasPrefix(h.Signature.Cause, "dependency.") {
			c.facts.add(with(f, "log.dependency", weak))
		}
	}
	c.summary(l, res, base)
}

// complains: a process that a probe has killed said what it lacked, or said of its own surroundings at least three times
// what was wrong with them. Whether that is why it never got ready is open, and so is whether the probe is to blame.
func (c *sickCase) complains(f fact) {
	if f.strength >= strong {
		c.facts.add(fact{id: "log.complains", strength: weak, producer: f.producer, ref: f.ref, text: f.text, time: f.time, count: f.count})
		return
	}
	area, _, _ := strings.Cut(f.cause, ".")
	switch area {
	case "config", "security", "storage", "node", "network":
		if f.count < 3 {
			return
		}
		fallthrough
	case "dependency", "access":
		c.facts.add(fact{id: "log.complains", strength: weak, producer: f.producer, ref: f.ref, text: f.text, time: f.time, count: f.count})
	}
}

// aimless: a connection fails and the message does not say to what, so that nothing about the target can be checked.
func aimless(h logscan.Hit) bool {
	switch h.Signature.Cause {
	case "dependency.refused", "dependency.timeout":
		return h.Attrs["target"] == "" && h.Attrs["host"] == ""
	}
	return false
}

// background: a run that the kernel ended for memory did not end of what it had complained about, nor did one that ended
// by itself with 0 unless it called the complaint fatal, or went straight out after the stack trace of it without being
// told to go.
func (c *sickCase) background(h logscan.Hit, told bool) bool {
	switch {
	case c.facts.has("end.oom"):
		return !strings.HasPrefix(h.Signature.Cause, "memory.")
	case c.facts.has("end.zero") && !c.facts.has("kill.liveness", "kill.startup", "kill.poststart"):
		return h.Level < logscan.Fatal && (!h.Final || told)
	}
	return false
}

// underKill: a process that the kubelet killed did not die of what it last complained about, unless it complained of
// the same thing over and over instead of getting ready, or it answered the probe that it is not well (5xx) while it
// complained of the same thing as often as the probe asked.
func (c *sickCase) underKill(m *member, h logscan.Hit, res logscan.Result) strength {
	rest := res.Entries - h.Count
	if h.Count >= 3 && rest < 3*h.Count+20 || h.Count >= 8 && h.Level >= logscan.Error && rest < 5*h.Count+20 { // an attempt may print many lines
		return strong
	}
	if h.Level == logscan.Fatal && h.Signature.Cause != "app.exception" {
		return strong // it called that fatal, and lived on until it was killed
	}
	if c.facts.has("probe.http-5xx") && c.facts.has("kill.startup") && h.Weight >= logscan.Mention && strings.HasPrefix(h.Signature.Cause, "access.") {
		return strong // it answers, says that it is not well, and was refused something at its start
	}
	if c.facts.has("probe.http-5xx") && h.Level >= logscan.Warn && strings.HasPrefix(h.Signature.Cause, "dependency.") && (health.MatchString(h.Head) || health.MatchString(h.Text)) {
		return strong // its health check says why it is not well
	}
	_, p, ok := c.window(m)
	if !ok || p.HTTPGet == nil || !c.facts.has("probe.http-5xx") || h.Level < logscan.Error || h.Time.IsZero() {
		return weak
	}
	span := time.Duration(max(p.FailureThreshold, 1)*max(p.PeriodSeconds, 1))*time.Second + graceOf(m.pod)
	if h.Count >= int(max(p.FailureThreshold, 1)) && m.dead.FinishedAt.Sub(h.Time) <= span {
		return strong
	}
	return weak
}

// health is how programs call what answers probes.
var health = regexp.MustCompile(`(?i)\bhealth(?:z\b|[ _-]?check|[ _-]?indicator|[ _-]?probe|:)|HealthIndicator|HealthContributor|\b(?:readiness|liveness) (?:check|probe)`)

// summary adds what the log as a whole says.
func (c *sickCase) summary(l *evidence.Log, res logscan.Result, base fact) {
	explained, strongest := false, logscan.Weight(0)
	for _, h := range res.Hits {
		if h.Signature.Cause != "" {
			strongest = max(strongest, h.Weight)
			explained = explained || h.Weight >= logscan.Strong
		}
	}
	f := base
	switch {
	case strongest == logscan.Deadly:
		f.text = "the log ends with an error that the program itself treats as fatal"
		c.facts.add(with(f, "log.fatal", weak))
		if !c.facts.has("log.sigterm", "kill.liveness", "kill.startup") {
			c.foreignCode(f)
		}
	case !explained && res.LastError != nil:
		f.text, f.time = res.LastError.Text, res.LastError.Time
		if strings.HasPrefix(base.ref, "Log/") {
			f.ref = logRef(l, res.LastError.Start, res.LastError.End)
		}
		c.facts.add(with(f, "log.error", weak))
	case !explained && l.Tail && res.LastLine != nil:
		f.text = "no line of the log explains the end; its last line: " + res.LastLine.Text
		c.facts.add(with(f, "log.silent", weak))
	}
}

// foreignCode: an exit code that neither SIGTERM nor SIGKILL gives, after a fatal error of the program's own and
// without a sign of SIGTERM, is the program's, not the kubelet's doing.
func (c *sickCase) foreignCode(base fact) {
	e, ok := c.facts.get("end.exit-code")
	if !ok {
		return
	}
	base.text = "the program reports a fatal error of its own, logs no SIGTERM, and ends with " + e.attrs["code"]
	c.facts.add(with(base, "end.foreign-code", strong))
}

// logRef points to a byte range of a log: Log/namespace/pod/container[.previous]#bytes=a-b.
func logRef(l *evidence.Log, from, to int) string {
	name := l.Instance.Container
	if l.Previous {
		name += ".previous"
	}
	return fmt.Sprintf("Log/%s/%s/%s#bytes=%d-%d", l.Instance.Namespace, l.Instance.Pod, name, from, to)
}
