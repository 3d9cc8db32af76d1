package triage

import (
	"github.com/crashproof-dev/crashproof/evidence"
)

// Row makes a pod's row of the population, triage's verdict included.
func Row(p *evidence.Pod, at Clock) (evidence.Row, []Verdict) {
	r := evidence.Row{Namespace: p.Ref.Namespace, Pod: p.Ref.Name, UID: p.Ref.UID, Node: p.Node.Or(""),
		Revision: evidence.RevisionOf(p.Labels), Created: p.Created, Uses: evidence.Uses(p)}
	if owner, ok := p.Owner.Get(); ok && owner.Kind != "" {
		r.OwnerKind, r.Owner = owner.Kind, owner.Name
	}
	r.WorkloadKind, r.Workload = evidence.GuessWorkload(p)
	for i := range p.Containers {
		if p.Containers[i].Role == evidence.RoleMain {
			r.Images = append(r.Images, p.Containers[i].Image)
		}
	}
	verdicts := Pod(p, at)
	worst := -1
	for i, v := range verdicts {
		if v.Symptom == Restarted {
			continue
		}
		r.Active = r.Active || v.Active
		if v.Container != "" {
			r.SickContainers = append(r.SickContainers, v.Container)
		}
		if worst < 0 || v.Symptom.Rank() < verdicts[worst].Symptom.Rank() {
			worst = i
		}
	}
	if worst >= 0 {
		r.Symptom = string(verdicts[worst].Symptom)
	}
	return r, verdicts
}
