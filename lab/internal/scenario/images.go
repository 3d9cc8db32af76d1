package scenario

import (
	"fmt"

	"github.com/crashproof-dev/crashproof/lab/internal/objects"
)

// Images lists the images that the scenario's manifests name.
func (s *Scenario) Images() ([]string, error) {
	var refs []string
	for _, step := range s.Steps {
		if step.Apply == "" {
			continue
		}
		manifest, err := s.Read(step.Apply)
		if err != nil {
			return nil, err
		}
		objects, err := objects.Decode(manifest)
		if err != nil {
			return nil, fmt.Errorf("scenario %s: %s: %w", s.Name, step.Apply, err)
		}
		for _, o := range objects {
			refs = appendImages(refs, o.Object)
		}
	}
	return refs, nil
}

// appendImages collects every string called "image" in a tree.
func appendImages(refs []string, node any) []string {
	switch v := node.(type) {
	case map[string]any:
		for key, child := range v {
			if text, ok := child.(string); ok && key == "image" {
				refs = append(refs, text)
				continue
			}
			refs = appendImages(refs, child)
		}
	case []any:
		for _, child := range v {
			refs = appendImages(refs, child)
		}
	}
	return refs
}
