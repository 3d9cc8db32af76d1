package diagnosis

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis/logscan"
	"github.com/crashproof-dev/crashproof/evidence"
)

// listensElsewhere: the program says that it listens, and not on the port that the readiness probe asks.
func (c *sickCase) listensElsewhere(m *member) bool {
	if m.current == nil || m.c.Spec == nil || m.c.Spec.ReadinessProbe == nil {
		return false
	}
	port, known := probePort(m.c, m.c.Spec.ReadinessProbe)
	elsewhere := false
	for _, h := range logscan.Scan(m.current, c.pb).Hits {
		if h.Signature.Fact == "log.listening" && h.Attrs["port"] != "" && !sideChannel.MatchString(h.Text) {
			if h.Attrs["port"] == port {
				return false
			}
			elsewhere = true
		}
	}
	return known && elsewhere
}

// listenFacts compares where the program says that it listens with where the probe asks, and when.
func (c *sickCase) listenFacts(m *member) {
	if m.c == nil {
		return
	}
	w, p, ok := c.window(m)
	port, knownPort := probePort(m.c, p)
	if !ok || !c.facts.has("kill.liveness", "kill.startup", "kill.fits") {
		return
	}
	covered := c.startCovered(m)
	said := c.ports(m)
	refused := c.facts.has("probe.refused")
	onPort := false
	for _, s := range said {
		if !knownPort || s.port != port {
			continue
		}
		f := s.fact
		if loopback(s.address) {
			if refused {
				f.attrs = merged(c.probeAttrs(m, p, w), map[string]string{"serves": s.address + ":" + s.port + " only"})
				c.facts.add(with(f, "listen.loopback", decisive))
			}
			continue
		}
		onPort = true
		if !c.facts.has("probe.http-404", "probe.http-auth", "probe.grpc-unimplemented", "probe.tls-mismatch", "probe.protocol-mismatch") { // the port may be right and the path or scheme wrong
			c.facts.add(with(f, "listen.probe-port", strong))
		}
		if !covered {
			c.lateFact(m, s, w, p)
		}
	}
	// The probe's own words may have been dropped: failures of a startup probe use the kubelet's event budget up.
	unheard := !c.facts.has("probe.http-404", "probe.grpc-unimplemented", "probe.http-4xx", "probe.http-5xx", "probe.timeout", "probe.tls-mismatch", "probe.protocol-mismatch", "probe.exec-missing", "probe.failed")
	if knownPort && !onPort && (refused || unheard) && len(said) > 0 && !c.facts.has("listen.loopback") {
		how := strong
		if refused {
			how = decisive
		}
		f := said[0].fact
		f.attrs = merged(c.probeAttrs(m, p, w), map[string]string{"serves": "port " + said[0].port})
		c.facts.add(with(f, "listen.other-port", how))
	}
	if onPort {
		c.silenceFact(m, p)
	}
	c.answeredFact(m, p)
	c.withdrawnFact()
	if covered {
		return
	}
	if r, found := c.facts.get("log.ready"); found {
		c.lateFact(m, spoken{fact: r}, w, p)
	}
	c.startingFact(m, onPort, w, p)
}

// spoken is one line in which the program says where it listens.
type spoken struct {
	fact          fact
	address, port string
}

// sideChannel is what members of a cluster, debuggers and managers speak to each other on, and no probe asks for.
var sideChannel = regexp.MustCompile(`(?i)\b(?:jgroups|fd_sock\d?|gossip|memberlist|serf|jmx|rmi|jdwp|dt_socket|debugger|epmd|inter-?node|peer (?:port|urls?))\b`)

// ports reads the listening lines of the killed run, and of the present one.
func (c *sickCase) ports(*member) []spoken {
	var out []spoken
	for _, f := range c.facts {
		if f.id == "log.listening" && f.attrs["port"] != "" && !sideChannel.MatchString(f.text) {
			out = append(out, spoken{f, f.attrs["address"], f.attrs["port"]})
		}
	}
	return out
}

// lateFact: the program says that it is ready later after its start than the probe allows.
func (c *sickCase) lateFact(m *member, s spoken, w killWindow, p *corev1.Probe) {
	start, err := time.Parse(time.RFC3339Nano, s.fact.attrs["start"])
	if err != nil || start.IsZero() || s.fact.time.IsZero() {
		return
	}
	took := s.fact.time.Sub(start)
	if took <= w.budget {
		return
	}
	f := s.fact
	f.text = fmt.Sprintf("ready %s after its start, the probe allows %s: %s", took.Round(time.Second), w.budget, f.text)
	f.attrs = merged(c.probeAttrs(m, p, w), map[string]string{"took": took.Round(time.Second).String()})
	c.facts.add(with(f, "ready.after-budget", decisive))
}

// silenceFact: the program served, wrote its log line by line, and then nothing for as long as the probe failed. One that
// is slow goes on writing; one that is stuck does not.
func (c *sickCase) silenceFact(m *member, p *corev1.Probe) {
	if m.log == nil || !m.log.Timestamps || !m.log.Tail || m.dead.FinishedAt.IsZero() || c.facts.has("log.sigterm") {
		return
	}
	var last time.Time
	var longest time.Duration
	lines := 0
	for ln := range m.log.Lines() {
		if ln.Time.IsZero() {
			continue
		}
		if !last.IsZero() {
			longest = max(longest, ln.Time.Sub(last))
		}
		last = ln.Time
		lines++
	}
	silence := m.dead.FinishedAt.Sub(last)
	failing := time.Duration(max(p.FailureThreshold, 1)-1) * time.Duration(max(p.PeriodSeconds, 1)) * time.Second
	if lines < 6 || silence < 2*longest || silence < failing || silence < 5*time.Second {
		return
	}
	c.facts = slices.DeleteFunc(c.facts, func(f fact) bool { return f.id == "kill.never-healthy" }) // the run's length alone does not say so
	c.facts.add(fact{id: "log.fell-silent", strength: strong, producer: evidence.Process, ref: logRef(m.log, 0, len(m.log.Text)), time: last, attrs: c.probeAttrs(m, p, windowOf(p, 0)),
		text: fmt.Sprintf("it served, wrote %d lines with pauses of at most %s, and then nothing for %s until it was killed", lines, longest.Round(time.Second), silence.Round(time.Second))})
}

// answered is a line about a request that was answered well.
var answered = regexp.MustCompile(`\b20[04]\b`)

// answeredFact: the log of the killed run has answers to the very requests that the probe makes, and then none for as long
// as the probe failed: the program was healthy, and stopped answering. One that only is too slow goes on answering.
func (c *sickCase) answeredFact(m *member, p *corev1.Probe) {
	if m.log == nil || !m.log.Timestamps || !m.log.Tail || m.dead.FinishedAt.IsZero() || p.HTTPGet == nil || len(p.HTTPGet.Path) < 3 || !c.facts.has("kill.liveness") || p.FailureThreshold == 1 {
		return // where one failure kills, silence before it is no sign
	}
	var last evidence.Line
	n := 0
	for ln := range m.log.Lines() {
		if text := string(ln.Text); !ln.Time.IsZero() && strings.Contains(text, p.HTTPGet.Path) && answered.MatchString(text) {
			last = ln
			n++
		}
	}
	failing := time.Duration(max(p.FailureThreshold, 1)-1) * time.Duration(max(p.PeriodSeconds, 1)) * time.Second
	silence := m.dead.FinishedAt.Sub(last.Time)
	if n == 0 || silence < max(failing, 2*time.Second) {
		return
	}
	c.facts = slices.DeleteFunc(c.facts, func(f fact) bool { return f.id == "kill.never-healthy" })
	c.facts.add(fact{id: "log.probe-answered", strength: strong, producer: evidence.Process, ref: logRef(m.log, last.Start, last.End), time: last.Time, count: n, attrs: c.probeAttrs(m, p, windowOf(p, 0)),
		text: fmt.Sprintf("it answered %s, %s before it was killed for the last time: %s", p.HTTPGet.Path, silence.Round(time.Second), last.Text)})
}

// withdrawnFact: the program says that it takes its own health back. A run that does so is not too slow to start.
func (c *sickCase) withdrawnFact() {
	if c.facts.has("log.health-withdrawn") && c.facts.has("kill.liveness") {
		c.facts = slices.DeleteFunc(c.facts, func(f fact) bool { return f.id == "kill.never-healthy" })
	}
}

// startingFact: the killed run was still starting when it was told to go.
func (c *sickCase) startingFact(m *member, onPort bool, w killWindow, p *corev1.Probe) {
	st, ok := c.facts.get("log.starting")
	if !ok || onPort || c.facts.has("log.ready", "log.listening") {
		return
	}
	st.attrs = c.probeAttrs(m, p, w)
	c.facts.add(with(st, "log.still-starting", strong))
}

func loopback(a string) bool {
	return strings.HasPrefix(a, "127.") || a == "localhost" || a == "::1"
}
