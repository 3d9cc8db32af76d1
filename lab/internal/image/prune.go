package image

import (
	"fmt"
	"os"
	"path/filepath"
)

// prune removes the blobs that no image uses: those of images that were made
// anew, and what an interruption left.
func (s *imageStore) prune() error {
	used, err := s.usedBlobs()
	if err != nil {
		return err
	}
	files, err := os.ReadDir(s.blobs)
	if err != nil {
		return fmt.Errorf("looking for blobs that no image uses: %w", err)
	}
	for _, file := range files {
		if used[file.Name()] {
			continue
		}
		if err := os.Remove(filepath.Join(s.blobs, file.Name())); err != nil {
			return fmt.Errorf("removing a blob that no image uses: %w", err)
		}
	}
	return nil
}

// usedBlobs are the manifests of the index, their configurations and their layers.
func (s *imageStore) usedBlobs() (map[string]bool, error) {
	index, err := s.manifest()
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	for _, m := range index.Manifests {
		img, err := s.path.Image(m.Digest)
		if err != nil {
			return nil, fmt.Errorf("reading image %s: %w", m.Digest, err)
		}
		manifest, err := img.Manifest()
		if err != nil {
			return nil, fmt.Errorf("reading image %s: %w", m.Digest, err)
		}
		used[m.Digest.Hex], used[manifest.Config.Digest.Hex] = true, true
		for _, layer := range manifest.Layers {
			used[layer.Digest.Hex] = true
		}
	}
	return used, nil
}
