package pipeline

import (
	"context"

	"github.com/crashproof-dev/crashproof/evidence"
)

// Side reads another system's view of the same cluster. It never fails: what it could not read are gaps of the snapshot
// that it returns.
type Side interface {
	Observe(context.Context, *evidence.Snapshot) *evidence.Snapshot
	Follow(context.Context, *evidence.Snapshot, []evidence.Request) *evidence.Snapshot
}

// Joined is a collector with a side beside it: what the cluster's API says goes above what the side says.
type Joined struct {
	Collector
	Side Side
	// Lost, where set, gives the collector to go on with after an error of the first one: a workload that is gone has a
	// history. It returns nil where the error stands.
	Lost func(error) Collector
}

// Collect reads the cluster, then the side.
func (j *Joined) Collect(ctx context.Context) (*evidence.Snapshot, error) {
	s, err := j.Collector.Collect(ctx)
	if err != nil && j.Lost != nil && ctx.Err() == nil {
		if other := j.Lost(err); other != nil {
			j.Collector = other
			s, err = other.Collect(ctx)
		}
	}
	if err != nil || ctx.Err() != nil {
		return s, err
	}
	s.Merge(j.Side.Observe(ctx, s))
	return s, nil
}

// Follow gives each its part of the plan.
func (j *Joined) Follow(ctx context.Context, s *evidence.Snapshot, plan []evidence.Request) error {
	var ours, theirs []evidence.Request
	for _, q := range plan {
		if q.OfAzure() {
			theirs = append(theirs, q)
		} else {
			ours = append(ours, q)
		}
	}
	if len(ours) > 0 {
		if err := j.Collector.Follow(ctx, s, ours); err != nil {
			return err
		}
	}
	if len(theirs) > 0 && ctx.Err() == nil {
		s.Merge(j.Side.Follow(ctx, s, theirs))
	}
	return nil
}
