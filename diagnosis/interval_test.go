package diagnosis

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// The window must hold every time at which the kubelet can end a run that is never healthy: any phase of the ticker,
// any use of the time-outs and of the grace period; and it must not hold times that need a success in between.
func TestKillWindowHoldsEveryPossibleKill(t *testing.T) {
	for _, p := range []corev1.Probe{
		{PeriodSeconds: 10, FailureThreshold: 3, TimeoutSeconds: 1},
		{InitialDelaySeconds: 5, PeriodSeconds: 3, FailureThreshold: 3, TimeoutSeconds: 2},
		{InitialDelaySeconds: 30, PeriodSeconds: 1, FailureThreshold: 1, TimeoutSeconds: 5},
		{}, // the defaults
	} {
		period, timeout, threshold := max(p.PeriodSeconds, 0), max(p.TimeoutSeconds, 0), max(p.FailureThreshold, 0)
		if period == 0 {
			period, timeout, threshold = 10, 1, 3
		}
		w := windowOf(&p, 30*time.Second)
		for phase := 0.0; phase < float64(period); phase += 0.5 {
			for _, slow := range []float64{0, float64(timeout)} {
				for _, grace := range []float64{0, 30} {
					first := phase
					for first < float64(p.InitialDelaySeconds) {
						first += float64(period)
					}
					kill := time.Duration((first + float64(threshold-1)*float64(period) + slow + grace) * float64(time.Second))
					if kill < w.from || kill > w.to {
						t.Errorf("%+v: a kill after %s (phase %gs) lies outside %s to %s", p, kill, phase, w.from, w.to)
					}
				}
			}
		}
		tooShort := time.Duration(p.InitialDelaySeconds+(threshold-1)*period)*time.Second - 2*time.Second
		if tooShort > 0 && tooShort >= w.from {
			t.Errorf("%+v: %s lies inside the window, although the threshold cannot be reached by then", p, tooShort)
		}
	}
}
