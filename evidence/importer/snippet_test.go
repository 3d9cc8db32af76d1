package importer_test

import (
	"testing"

	"github.com/crashproof-dev/crashproof/evidence"
)

// A probe that is copied from a manifest is the probe of the one container that is talked about.
func TestPartsOfManifests(t *testing.T) {
	const events = "events:\n  Warning  BackOff    13s (x70 over 15m)   kubelet  Back-off restarting failed container api in pod api-0_shop(11111111-2222-3333-4444-555555555555)\n"
	for name, text := range map[string]string{
		"below a heading": events + "\nprobe from the yaml:\n        livenessProbe:\n          httpGet:\n            path: /up\n            port: 8080\n          initialDelaySeconds: 5\n",
		"in a fence":      events + "\n```yaml\nlivenessProbe:\n  httpGet:\n    path: /up\n    port: 8080\n```\nIs that wrong?\n",
		"in a list":       events + "\nthe manifest has\n\n  - livenessProbe:\n      httpGet:\n        path: /up\n        port: 8080\n\nlogs:\nlevel=info msg=\"up\"\n",
	} {
		s := loadText(t, text)
		pods := s.OfKind("Pod", "")
		if len(pods) != 1 {
			t.Errorf("%s: %s", name, sum(s))
			continue
		}
		p, err := evidence.PodFromObject(pods[0])
		if err != nil || len(p.Containers) != 1 || p.Containers[0].Spec == nil || p.Containers[0].Spec.LivenessProbe == nil || p.Containers[0].Spec.LivenessProbe.HTTPGet.Path != "/up" {
			t.Errorf("%s: got %+v %v", name, p.Containers, err)
		}
	}
	// of two pods it is nobody's, and that is said
	s := loadText(t, row+well+"\nlivenessProbe:\n  httpGet:\n    path: /up\n    port: 8080\n")
	said := false
	for _, g := range s.Gaps {
		said = said || g.What == "parts of a container's spec"
	}
	if !said {
		t.Error("a probe was dropped without a word")
	}
}
