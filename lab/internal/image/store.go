package image

import (
	"fmt"
	"sort"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"

	"github.com/crashproof-dev/crashproof/lab/internal/registry"
)

// imageStore is the layout that images are kept in.
type imageStore struct {
	path  layout.Path
	blobs string
}

// Annotations on the index's descriptors: which definition made an image, and the hash of all it was made of.
const (
	nameAnnotation = "dev.crashproof.lab.name"
	keyAnnotation  = "dev.crashproof.lab.key"
)

// references are the names under which an image is served. An image that is
// only a base of others has none and is kept under its definition's name.
func references(d *Definition) []string {
	if len(d.Refs) == 0 {
		return []string{"base.invalid/" + d.Name + ":base"}
	}
	return d.Refs
}

func (s *imageStore) manifest() (*v1.IndexManifest, error) {
	index, err := s.path.ImageIndex()
	if err != nil {
		return nil, err
	}
	return index.IndexManifest()
}

func (s *imageStore) digests() (map[string]string, error) {
	manifest, err := s.manifest()
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, m := range manifest.Manifests {
		found[m.Annotations[registry.RefAnnotation]] = m.Digest.String()
	}
	return found, nil
}

func (s *imageStore) descriptors(d *Definition) (map[string]v1.Descriptor, error) {
	manifest, err := s.manifest()
	if err != nil {
		return nil, err
	}
	found := map[string]v1.Descriptor{}
	for _, m := range manifest.Manifests {
		if m.Annotations[nameAnnotation] == d.Name {
			found[m.Annotations[registry.RefAnnotation]] = m
		}
	}
	return found, nil
}

// has says whether the image is there under all its references and made of the same things.
func (s *imageStore) has(d *Definition, key string) bool {
	found, err := s.descriptors(d)
	if err != nil || len(found) != len(references(d)) {
		return false
	}
	for _, ref := range references(d) {
		if found[ref].Annotations[keyAnnotation] != key {
			return false
		}
	}
	return true
}

func (s *imageStore) get(d *Definition) (v1.Image, error) {
	found, err := s.descriptors(d)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		return s.path.Image(m.Digest)
	}
	return nil, fmt.Errorf("image %s is not built", d.Name)
}

// put replaces what was there of the definition and returns the image's size.
func (s *imageStore) put(d *Definition, key string, img v1.Image) (int64, error) {
	old := func(m v1.Descriptor) bool { return m.Annotations[nameAnnotation] == d.Name }
	if err := s.path.RemoveDescriptors(old); err != nil {
		return 0, err
	}
	for _, ref := range references(d) {
		annotations := map[string]string{registry.RefAnnotation: ref, nameAnnotation: d.Name, keyAnnotation: key}
		if err := s.path.AppendImage(img, layout.WithAnnotations(annotations)); err != nil {
			return 0, fmt.Errorf("storing %s: %w", ref, err)
		}
	}
	layers, err := img.Layers()
	if err != nil {
		return 0, err
	}
	var total int64
	for _, l := range layers {
		size, err := l.Size()
		if err != nil {
			return 0, err
		}
		total += size
	}
	return total, nil
}

func sortedNames(all map[string]*Definition) []string {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
