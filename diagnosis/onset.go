package diagnosis

import (
	"regexp"
	"time"

	"github.com/crashproof-dev/crashproof/evidence"
)

// onset is no later than the start of the oldest run that the status shows to have ended badly, and no sooner than the
// pod. In between, the number of restarts tells: each took a run and the kubelet's back-off.
func (c *sickCase) onset(f *Finding, m *member) {
	t, within := c.began(m)
	if t.IsZero() || (f.Onset != nil && !t.Before(f.Onset.Time)) {
		return
	}
	f.Onset = &Moment{Time: t.Truncate(time.Second), PlusMinus: max(within, time.Second).Round(time.Second).String()}
}

// The kubelet's back-off (pkg/kubelet/kubelet.go, backOffPeriod and MaxContainerBackOff; KEP-4603 makes the longest one a
// setting): the first restart comes at once, the next after 10 s, each further one after twice as long.
const (
	firstBackOff   = 10 * time.Second
	longestBackOff = 5 * time.Minute
	backOffReset   = 10 * time.Minute // a run of twice the longest back-off starts it anew
)

var backingOff = regexp.MustCompile(`back-off (\S+) restarting`)

func (c *sickCase) began(m *member) (time.Time, time.Duration) {
	oldest := m.dead.StartedAt
	if m.c != nil && m.c.Last.Kind == evidence.Terminated && !m.c.Last.StartedAt.IsZero() {
		oldest = m.c.Last.StartedAt
	}
	born := m.pod.Created
	if oldest.IsZero() {
		oldest = m.verdict.Since
	}
	if oldest.IsZero() { // it never ran
		oldest = born
	}
	before := runsBefore(m)
	if oldest.IsZero() || before == 0 || born.IsZero() || !born.Before(oldest) {
		return oldest, 0
	}
	d, known := run(m.dead)
	if !known {
		half := oldest.Sub(born) / 2
		return born.Add(half), half
	}
	took := spent(before, d, longest(m, before))
	if took < 0 || took > oldest.Sub(born) { // more than there was, and the sum may not even fit
		took = oldest.Sub(born)
	}
	begin, within := oldest.Add(-took), max(took*3/10, 30*time.Second)
	if begin.Before(born.Add(within)) { // as far as can be told it has failed from its start on
		return born, min(oldest.Sub(born), max(took/10, 10*time.Second))
	}
	for _, e := range c.s.EventsAbout(m.pod.Ref) { // counted since First, which is no later than the second failure
		if e.Reason == "BackOff" && (e.Container == "" || e.Container == m.verdict.Container) && !e.First.IsZero() && e.First.Before(begin) {
			begin = e.First
		}
	}
	if begin.Before(born) {
		begin = born
	}
	return begin, min(within, oldest.Sub(born))
}

// runsBefore is how many runs there were before the oldest one that the status shows. While a container waits, its last run
// is the newest; otherwise the present one is.
func runsBefore(m *member) int {
	if m.c == nil {
		return 0
	}
	n := m.c.RestartCount.Or(0)
	if m.c.State.Kind != evidence.Waiting && m.c.Last.Kind == evidence.Terminated {
		n--
	}
	return max(0, n)
}

// longest is the longest back-off of this kubelet: the one that is told, where the restarts should have made it longer.
func longest(m *member, before int) time.Duration {
	if m.c == nil {
		return longestBackOff
	}
	if found := backingOff.FindStringSubmatch(m.c.State.Message); found != nil {
		if told, err := time.ParseDuration(found[1]); err == nil && before < 30 && firstBackOff<<max(0, before-1) > told {
			return told
		}
	}
	return longestBackOff
}

// spent is how long so many runs took, with the back-off before each.
func spent(runs int, each, longest time.Duration) time.Duration {
	total, wait := time.Duration(0), time.Duration(0)
	for range runs {
		total += each + wait
		switch {
		case each >= backOffReset:
			wait = 0
		case wait == 0:
			wait = firstBackOff
		default:
			wait = min(2*wait, longest)
		}
	}
	return total
}
