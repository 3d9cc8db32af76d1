package evidence

import "slices"

// Merge adds what another source observed. The receiver wins where both know the same object, log or event: callers
// merge history into what is live, never the other way round.
func (s *Snapshot) Merge(o *Snapshot) {
	if s.CapturedAt.IsZero() {
		s.CapturedAt = o.CapturedAt
	}
	if s.Cluster.UID == "" {
		s.Cluster = o.Cluster
	}
	if s.Target == (Target{}) {
		s.Target = o.Target
	}
	s.mergeObjects(o.Objects)
	s.mergeEvents(o.Events)
	s.mergeLogs(o.Logs)
	s.mergePopulation(o.Population)
	s.mergeUsage(o.Usage)
	s.Samples = append(s.Samples, o.Samples...)
	s.EventsListed = append(s.EventsListed, o.EventsListed...)
	for _, g := range o.Gaps {
		s.AddGap(g)
	}
	s.Calls += o.Calls
	s.LogReads += o.LogReads
	s.Redacted = s.Redacted && o.Redacted
	s.Sort()
}

func (s *Snapshot) mergeObjects(objects []Object) {
	have := map[string]bool{}
	for _, o := range s.Objects {
		have[o.Key()] = true
	}
	for _, o := range objects {
		switch {
		case !have[o.Key()]:
			have[o.Key()] = true
			s.Objects = append(s.Objects, o)
		case o.Kind == CloudObservation: // counts, which grow
			i := slices.IndexFunc(s.Objects, func(x Object) bool { return x.Key() == o.Key() })
			s.Objects[i] = o
		}
	}
}

// mergeEvents knows an event again by its UID, and where one of two has none, as in a history, by what it is about and says:
// the same event is not counted twice.
func (s *Snapshot) mergeEvents(events []Event) {
	type words struct{ ns, name, reason, message string }
	of := func(e Event) words { return words{e.About.Namespace, e.About.Name, e.Reason, e.Message} }
	uids, said, nameless := map[string]bool{}, map[words]bool{}, map[words]bool{}
	note := func(e Event) {
		said[of(e)] = true
		if e.UID != "" {
			uids[e.UID] = true
		} else {
			nameless[of(e)] = true
		}
	}
	for _, e := range s.Events {
		note(e)
	}
	for _, e := range events {
		if known := e.UID != "" && (uids[e.UID] || nameless[of(e)]) || e.UID == "" && said[of(e)]; !known {
			note(e)
			s.Events = append(s.Events, e)
		}
	}
}

// mergeUsage knows a sample again by its container, time and source.
func (s *Snapshot) mergeUsage(usage []Usage) {
	type key struct {
		ns, pod, container, source string
		at                         int64
	}
	of := func(u Usage) key { return key{u.Namespace, u.Pod, u.Container, u.Source, u.Time.UnixNano()} }
	have := map[key]bool{}
	for _, u := range s.Usage {
		have[of(u)] = true
	}
	for _, u := range usage {
		if !have[of(u)] {
			have[of(u)] = true
			s.Usage = append(s.Usage, u)
		}
	}
}

func (s *Snapshot) mergeLogs(logs []Log) {
	for _, l := range logs {
		if s.log(l.Instance, l.Previous) == nil {
			s.Logs = append(s.Logs, l)
		}
	}
}

func (s *Snapshot) log(in Instance, previous bool) *Log {
	for i := range s.Logs {
		l := &s.Logs[i]
		same := l.Instance.Namespace == in.Namespace && l.Instance.Pod == in.Pod && l.Instance.Container == in.Container
		if same && (l.Instance.ContainerID == in.ContainerID) && l.Previous == previous {
			return l
		}
	}
	return nil
}

func (s *Snapshot) mergePopulation(p Population) {
	have := map[string]bool{}
	for _, r := range s.Population.Rows {
		have[r.Namespace+"/"+r.Pod] = true
	}
	for _, r := range p.Rows {
		if !have[r.Namespace+"/"+r.Pod] {
			s.Population.Add(r)
		}
	}
	for _, n := range p.Nodes {
		if _, ok := s.Population.Node(n.Name); !ok {
			s.Population.Nodes = append(s.Population.Nodes, n)
		}
	}
	s.Population.Complete = s.Population.Complete || p.Complete
}
