package diagnosis_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/crashproof-dev/crashproof/diagnosis"
)

// A missing variable is told by the program in so many words, and the spec must not say otherwise. A key that is missing
// in some dictionary is only likely to be a variable.
func TestMissingVariable(t *testing.T) {
	env := func(e ...corev1.EnvVar) func(*corev1.Container) {
		return func(c *corev1.Container) { c.Env = e }
	}
	const said = "1s required key PAYMENTS_URL missing value"
	for name, tt := range map[string]struct {
		world   *world
		verdict diagnosis.Verdict
	}{
		"the spec lacks it":           {crashed(t, 1, 2e9, env(corev1.EnvVar{Name: "OTHER", Value: "x"})).says(said), diagnosis.Proven},
		"the spec sets it":            {crashed(t, 1, 2e9, env(corev1.EnvVar{Name: "PAYMENTS_URL", Value: "http://payments"})).says(said), diagnosis.Likely},
		"the spec sets it to nothing": {crashed(t, 1, 2e9, env(corev1.EnvVar{Name: "PAYMENTS_URL"})).says(said), diagnosis.Proven},
		"a key of some dictionary":    {crashed(t, 1, 2e9, env()).says("2s Traceback (most recent call last):", "2s   File \"/app/rates.py\", line 9, in rate", "1s KeyError: 'USD'"), diagnosis.Likely},
		"a key that is no upper-case": {crashed(t, 1, 2e9, env()).says("2s Traceback (most recent call last):", "2s   File \"/app/rates.py\", line 9, in rate", "1s KeyError: 'usd'"), ""},
	} {
		f := tt.world.one()
		if tt.verdict == "" {
			if f.Cause == "config.env-missing" {
				t.Errorf("%s: %s %s", name, f.Verdict, f.Cause)
			}
			continue
		}
		if f.Cause != "config.env-missing" || f.Verdict != tt.verdict {
			t.Errorf("%s: %s %s, want %s", name, f.Verdict, f.Cause, tt.verdict)
		}
	}
}
