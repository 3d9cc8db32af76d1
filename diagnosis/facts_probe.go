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
	"github.com/crashproof-dev/crashproof/triage"
)

// probeFacts compares the run with what the container's probes can do.
func (c *sickCase) probeFacts(m *member) {
	if m.c == nil || m.dead.Kind != evidence.Terminated {
		c.readinessFacts(m)
		return
	}
	live, start, known := killers(m.c)
	ref := m.pod.Ref.At("spec.containers[" + m.c.Name + "]").String()
	if known && live == nil && start == nil && !c.facts.has("kill.liveness", "kill.startup") {
		c.facts.add(fact{id: "probe.none", strength: strong, producer: evidence.Spec, ref: ref, text: "no livenessProbe and no startupProbe"})
		return
	}
	w, p, ok := c.window(m)
	d, timed := run(m.dead)
	if !ok || !timed {
		return
	}
	base := fact{strength: strong, producer: evidence.Kubelet, ref: m.ref(), time: m.dead.FinishedAt, attrs: c.probeAttrs(m, p, w)}
	base.text = fmt.Sprintf("ran %s; the probe can end a run that is never healthy after %s to %s (%s)", d.Round(time.Second), max(w.from, 0), w.to, probeText(p))
	if c.startCovered(m) {
		c.coveredFacts(m, p, base)
		return
	}
	if k := c.killedAt(m); !k.IsZero() {
		prompt := *p // the kill's own time: how long the process then took does not count
		prompt.TerminationGracePeriodSeconds = nil
		d, w.to = k.Sub(m.dead.StartedAt), windowOf(&prompt, 0).to
	}
	switch {
	case d < c.soonest(m, w):
		base.text = fmt.Sprintf("ran %s, too short for the probes, which cannot kill before %s (%s)", d.Round(time.Second), c.soonest(m, w), probeText(p))
		c.facts.add(with(base, "probe.too-short", strong))
	case d <= w.to:
		if signalled(m.dead) || c.facts.has("kill.liveness", "kill.startup") {
			c.facts.add(with(base, "kill.fits", weak))
		}
		if c.facts.has("kill.liveness", "kill.startup") {
			c.facts.add(with(base, "kill.never-healthy", strong))
		}
	case c.facts.has("kill.liveness") && w.to > 0:
		base.text = fmt.Sprintf("ran %s before the probe had it killed; a run that is never healthy ends after at most %s, so it was healthy for a time (%s)", d.Round(time.Second), w.to, probeText(p))
		c.facts.add(with(base, "kill.after-health", decisive))
	}
}

// hairTrigger: liveness that gives up at its first failure kills what pauses once, so that the kill proves nothing. A
// program that then says that it goes was not stuck.
func (c *sickCase) hairTrigger(m *member) {
	f, ok := c.facts.get("kill.after-health")
	if !ok || m.c == nil {
		return
	}
	live, start, _ := killers(m.c)
	if live == nil || live.FailureThreshold != 1 || start != nil && c.facts.has("kill.startup") {
		return
	}
	c.facts = slices.DeleteFunc(c.facts, func(f fact) bool { return f.id == "kill.after-health" })
	if !c.facts.has("log.sigterm") {
		c.facts.add(with(f, "kill.after-health", strong))
		return
	}
	f.text = fmt.Sprintf("the probe kills at its first failure (timeout %ds, failureThreshold 1), and the program, told to go, says so and goes", max(live.TimeoutSeconds, 1))
	f.attrs = merged(f.attrs, map[string]string{"hair": "true"})
	c.facts.add(with(f, "kill.hair-trigger", strong))
}

// killedAt is when the kubelet decided to kill the run that ended, for its liveness; zero where that is not known: ages
// counted back from the newest time that was seen are too early by as much as was read after it.
func (c *sickCase) killedAt(m *member) time.Time {
	var at time.Time
	if c.s.AtLeast {
		return at
	}
	for _, e := range c.s.EventsAbout(m.pod.Ref) {
		if e.Reason == "Killing" && strings.Contains(e.Message, "failed liveness probe") && (e.Container == "" || e.Container == m.c.Name) &&
			e.Last.After(m.dead.StartedAt.Add(skew)) && !e.Last.After(m.dead.FinishedAt) && m.dead.FinishedAt.Sub(e.Last) <= graceOf(m.pod)+skew {
			at = e.Last
		}
	}
	return at
}

// coveredFacts: the startup probe had succeeded before liveness began. Where both ask the same place, the program was
// healthy; where they do not, liveness may never have been answered.
func (c *sickCase) coveredFacts(m *member, live *corev1.Probe, base fact) {
	_, start, _ := killers(m.c)
	base.text = "the startup probe succeeded (" + endpoint(start) + ") before liveness (" + endpoint(live) + ") had the container killed"
	c.facts.add(with(base, "start.covered", strong))
	if endpoint(start) == endpoint(live) {
		c.facts.add(with(base, "kill.after-health", decisive))
	}
}

func (c *sickCase) probeAttrs(m *member, p *corev1.Probe, w killWindow) map[string]string {
	kind := "liveness"
	if _, start, _ := killers(m.c); start == p {
		kind = "startup"
	}
	return map[string]string{"probe": kind, "budget": w.budget.String(), "endpoint": endpoint(p)}
}

// readinessFacts: it runs, nothing restarts it, and it is not ready.
func (c *sickCase) readinessFacts(m *member) {
	if m.c == nil || c.symptom != triage.NotReady {
		return
	}
	c.facts.add(fact{id: "probe.not-ready", strength: decisive, producer: evidence.Kubelet, ref: m.pod.Ref.At("status.containers[" + m.c.Name + "].ready").String(),
		text: "running since " + m.c.State.StartedAt.Format(time.RFC3339) + " without a restart, ready is false", time: c.s.CapturedAt, attrs: c.readinessDetail(m)})
	c.facts.add(fact{id: "never.ended", strength: strong, producer: evidence.Runtime, ref: m.pod.Ref.At("status.containers[" + m.c.Name + "].restartCount").String(),
		text: "no run of the container has ended", time: c.s.CapturedAt})
	broken := 0 // events of exec probes differ in the ID of the call and count one each
	for _, e := range c.s.EventsAbout(m.pod.Ref) {
		if e.Reason == "Unhealthy" && strings.HasPrefix(e.Message, "Readiness") {
			f := fact{id: "probe.readiness-fails", strength: weak, producer: e.Producer(), ref: e.Ref().String(), text: e.Reason + ": " + e.Message, time: e.Last, count: max(e.Count, 1)}
			c.facts.add(f)
			if id, how := answer(e.Message); how == decisive || id == "probe.refused" && c.listensElsewhere(m) {
				if broken += f.count; broken >= 2 {
					c.facts.add(with(f, "probe.readiness-broken", strong))
				}
			}
		}
	}
}

func (c *sickCase) readinessDetail(m *member) map[string]string {
	for _, e := range c.s.EventsAbout(m.pod.Ref) {
		if e.Reason == "Unhealthy" && strings.HasPrefix(e.Message, "Readiness") {
			return map[string]string{"detail": e.Message}
		}
	}
	return nil
}

// unhealthyFact reads a probe's own words (pkg/kubelet/prober/prober.go: "Liveness probe failed: …").
func (c *sickCase) unhealthyFact(m *member, e evidence.Event, base fact) {
	kind, detail, ok := strings.Cut(e.Message, " probe ")
	if !ok || kind == "Readiness" {
		return
	}
	if c.refusedUsage(m, kind, detail) {
		c.facts.add(with(base, "probe.exec-usage", decisive)) // of whatever run: it never succeeds
	}
	if !m.dead.FinishedAt.IsZero() && e.Last.Before(m.dead.StartedAt) {
		if kind == "Liveness" {
			c.facts.add(with(base, "probe.failed.before", weak)) // of an earlier run
		}
		return
	}
	w, p, _ := c.window(m)
	if p != nil {
		base.attrs = c.probeAttrs(m, p, w)
		if base.attrs["probe"] != strings.ToLower(kind) {
			return // another probe than the one that kills: failures of a startup probe are part of every slow start
		}
	}
	id, how := answer(detail)
	c.facts.add(with(base, id, how))
	if id == "probe.http-404" || id == "probe.http-auth" {
		c.facts.add(with(base, "probe.http-4xx", strong))
	}
}

// answer tells what a probe's words mean: decisive is what it will answer as long as probe and program are as they are.
func answer(detail string) (id string, how strength) {
	lower := strings.ToLower(detail)
	switch code := statusCode(lower); {
	case code == 404 || code == 410 || code == 405:
		return "probe.http-404", decisive
	case code == 401 || code == 403: // the kubelet sends no credentials but what httpHeaders holds
		return "probe.http-auth", decisive
	case strings.Contains(lower, "does not implement the grpc health protocol"), strings.Contains(lower, "health rpc probe failed") && strings.Contains(lower, "unknown service"):
		return "probe.grpc-unimplemented", decisive // pkg/probe/grpc/grpc.go
	case code >= 400 && code < 500:
		return "probe.http-4xx", strong
	case code >= 500:
		return "probe.http-5xx", strong
	case strings.Contains(lower, "connection refused"):
		return "probe.refused", strong
	case strings.Contains(lower, "malformed http response"), strings.Contains(lower, "http response to https"),
		strings.Contains(lower, "first record does not look like a tls"), strings.Contains(lower, "http request to an https"):
		return "probe.tls-mismatch", decisive
	case strings.Contains(lower, "executable file not found"), strings.Contains(lower, "no such file or directory") && strings.Contains(lower, "exec"):
		return "probe.exec-missing", decisive
	case strings.Contains(lower, "deadline exceeded"), strings.Contains(lower, "timeout"), strings.Contains(lower, "timed out"):
		return "probe.timeout", strong
	}
	return "probe.failed", weak
}

// mismatchFacts: the program says of requests that it cannot read them, as one does that is asked in plain HTTP and speaks
// TLS, or that is asked in HTTP/2, which gRPC probes speak, and knows HTTP/1 alone; and a probe of that kind gets no
// answer, or 400 (Go's net/http, nginx).
func (c *sickCase) mismatchFacts(m *member) {
	if m.c == nil || !c.facts.has("kill.liveness", "kill.startup") {
		return
	}
	w, p, known := c.window(m)
	attrs := map[string]string{}
	if known {
		attrs = c.probeAttrs(m, p, w)
	}
	plain := !known || p.HTTPGet != nil && p.HTTPGet.Scheme != corev1.URISchemeHTTPS
	if f, ok := c.facts.get("log.tls-expected"); ok && plain && f.count >= 2 && (c.facts.has("probe.http-4xx") || known && c.facts.has("probe.failed")) {
		f.attrs = attrs
		c.facts.add(with(f, "probe.protocol-mismatch", decisive))
	}
	if f, ok := c.facts.get("log.http2-refused"); ok && known && p.GRPC != nil && f.count >= 2 {
		f.attrs = attrs
		c.facts.add(with(f, "probe.protocol-mismatch", decisive))
	}
}

// usage is what parsers of command lines say of an argument that a program does not know: Go's flag and pflag, getopt,
// argparse, clap.
var usage = regexp.MustCompile(`(?i)\b(?:flag provided but not defined|unknown (?:shorthand )?flag|unknown (?:option|(?:sub)?command)|(?:unrecognized|unknown|invalid|illegal) option|unrecognized arguments?|unexpected argument '-)`)

// refusedUsage: an exec probe whose command does not know its own arguments fails every time, so every run that lasts
// long enough is killed, whether that kill's event is left or not.
func (c *sickCase) refusedUsage(m *member, kind, detail string) bool {
	if m.c == nil || m.c.Spec == nil || m.c.RestartCount.Or(0) < 2 || !usage.MatchString(detail) {
		return false
	}
	p := m.c.Spec.LivenessProbe
	if kind == "Startup" {
		p = m.c.Spec.StartupProbe
	}
	if p == nil || p.Exec == nil {
		return false
	}
	d, timed := run(m.dead)
	return timed && d >= windowOf(p, graceOf(m.pod)).from
}

// statusCode reads "HTTP probe failed with statuscode: 503" (pkg/probe/http/http.go).
func statusCode(s string) int {
	_, rest, ok := strings.Cut(s, "statuscode: ")
	if !ok || len(rest) < 3 {
		return 0
	}
	n, _ := strconv.Atoi(rest[:3])
	return n
}

func merged(a, b map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range []map[string]string{a, b} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// probePort resolves a probe's port, by name through the container's ports.
func probePort(c *evidence.Container, p *corev1.Probe) (string, bool) {
	if p == nil {
		return "", false
	}
	switch {
	case p.HTTPGet != nil:
		return namedPort(c, p.HTTPGet.Port.String())
	case p.TCPSocket != nil:
		return namedPort(c, p.TCPSocket.Port.String())
	case p.GRPC != nil:
		return strconv.Itoa(int(p.GRPC.Port)), true
	}
	return "", false
}

func namedPort(c *evidence.Container, port string) (string, bool) {
	if _, err := strconv.Atoi(port); err == nil {
		return port, true
	}
	for _, cp := range c.Spec.Ports {
		if cp.Name == port {
			return strconv.Itoa(int(cp.ContainerPort)), true
		}
	}
	return "", false
}

// endpoint says in a few words what a probe asks.
func endpoint(p *corev1.Probe) string {
	switch {
	case p.HTTPGet != nil:
		return strings.ToLower(string(p.HTTPGet.Scheme)) + " port " + p.HTTPGet.Port.String() + " path " + p.HTTPGet.Path
	case p.TCPSocket != nil:
		return "TCP port " + p.TCPSocket.Port.String()
	case p.GRPC != nil:
		return "gRPC port " + strconv.Itoa(int(p.GRPC.Port))
	case p.Exec != nil:
		return "command " + strings.Join(p.Exec.Command, " ")
	}
	return "an unknown endpoint"
}

func probeText(p *corev1.Probe) string {
	return fmt.Sprintf("initialDelay %ds, period %ds, timeout %ds, failureThreshold %d", p.InitialDelaySeconds, p.PeriodSeconds, p.TimeoutSeconds, p.FailureThreshold)
}
