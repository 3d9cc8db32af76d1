package diagnosis

// Probability is how often findings with a verdict were right on incidents that no rule was written against; false
// where that was not measured.
func Probability(v Verdict) (float64, bool) {
	return 0, false
}
