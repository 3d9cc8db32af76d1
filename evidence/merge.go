package evidence

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
	s.Usage = append(s.Usage, o.Usage...)
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
		if !have[o.Key()] {
			have[o.Key()] = true
			s.Objects = append(s.Objects, o)
		}
	}
}

func (s *Snapshot) mergeEvents(events []Event) {
	type key struct{ uid, ns, name, reason, message string }
	of := func(e Event) key {
		if e.UID != "" {
			return key{uid: e.UID}
		}
		return key{ns: e.About.Namespace, name: e.About.Name, reason: e.Reason, message: e.Message}
	}
	have := map[key]bool{}
	for _, e := range s.Events {
		have[of(e)] = true
	}
	for _, e := range events {
		if !have[of(e)] {
			have[of(e)] = true
			s.Events = append(s.Events, e)
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
