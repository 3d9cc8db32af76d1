package eval

import "math"

// Rate is a share with its 95 % interval.
type Rate struct {
	Right, Of int
	Low, High float64
}

// Share is the rate itself, 0 where nothing was counted.
func (r Rate) Share() float64 {
	if r.Of == 0 {
		return 0
	}
	return float64(r.Right) / float64(r.Of)
}

// clustered counts yes and no per cluster: what comes from one scenario is not independent.
type clustered map[string]*Rate

func (c clustered) add(cluster string, right bool) {
	r := c[cluster]
	if r == nil {
		r = &Rate{}
		c[cluster] = r
	}
	r.Of++
	if right {
		r.Right++
	}
}

// rate is the pooled share with Wilson's score interval at the effective sample size: the number of observations
// divided by the design effect, which is the ratio of the cluster-robust variance of the share to the variance that
// independent observations would have (Kish 1965, Survey Sampling, 8.2). It is never taken for less than one
// observation per cluster nor for more than there are; where all agree, no effect can be measured and the clusters
// alone count.
func (c clustered) rate() Rate {
	var total Rate
	for _, r := range c {
		total.Right += r.Right
		total.Of += r.Of
	}
	if total.Of == 0 {
		return total
	}
	n, clusters, p := float64(total.Of), float64(len(c)), total.Share()
	effective := clusters
	if p > 0 && p < 1 && clusters > 1 {
		var sum float64
		for _, r := range c {
			d := float64(r.Right) - p*float64(r.Of)
			sum += d * d
		}
		robust := clusters / (clusters - 1) * sum / (n * n)
		effective = math.Min(n, math.Max(clusters, p*(1-p)/robust))
	}
	total.Low, total.High = wilson(p, effective)
	return total
}

// wilson is the 95 % score interval of a share p of n observations (Wilson 1927).
func wilson(p, n float64) (low, high float64) {
	const z = 1.959964
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return math.Max(0, centre-half), math.Min(1, centre+half)
}

// brier is the mean squared distance between what was forecast and what came true; less is better. constant is the
// score of somebody who always forecasts the share of all that came true.
func brier(forecasts []forecast) (score, constant float64) {
	if len(forecasts) == 0 {
		return 0, 0
	}
	var right float64
	for _, f := range forecasts {
		right += f.truth()
	}
	base := right / float64(len(forecasts))
	for _, f := range forecasts {
		score += math.Pow(f.probability-f.truth(), 2)
		constant += math.Pow(base-f.truth(), 2)
	}
	n := float64(len(forecasts))
	return score / n, constant / n
}

type forecast struct {
	probability float64
	right       bool
}

func (f forecast) truth() float64 {
	if f.right {
		return 1
	}
	return 0
}
