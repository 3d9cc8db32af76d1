package registry

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// RefAnnotation holds an image's full reference in the layout's index (OCI image layout, "org.opencontainers.image.ref.name").
const RefAnnotation = "org.opencontainers.image.ref.name"

// Store finds images in an OCI layout. It reads the index again when it
// changed, so images that are built later are served without a restart.
type Store struct {
	Dir string

	mu       sync.Mutex
	modified time.Time
	byRef    map[string]v1.Descriptor
	byDigest map[string]v1.Descriptor
}

// Manifest returns the descriptor of host/repository with a tag or digest.
func (s *Store) Manifest(host, repository, reference string) (v1.Descriptor, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(); err != nil {
		return v1.Descriptor{}, false, err
	}
	name := host + "/" + repository
	if strings.HasPrefix(reference, "sha256:") {
		d, ok := s.byDigest[name+"@"+reference]
		return d, ok, nil
	}
	d, ok := s.byRef[name+":"+reference]
	return d, ok, nil
}

func (s *Store) refresh() error {
	path := filepath.Join(s.Dir, "index.json")
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("looking at the images: %w", err)
	}
	if info.ModTime().Equal(s.modified) {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the images: %w", err)
	}
	var index v1.IndexManifest
	if err := json.Unmarshal(data, &index); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	s.byRef, s.byDigest = map[string]v1.Descriptor{}, map[string]v1.Descriptor{}
	for _, d := range index.Manifests {
		ref := d.Annotations[RefAnnotation]
		s.byRef[ref] = d
		if i := strings.LastIndex(ref, ":"); i > 0 {
			s.byDigest[ref[:i]+"@"+d.Digest.String()] = d
		}
	}
	s.modified = info.ModTime()
	return nil
}

// Blob opens a blob by its digest.
func (s *Store) Blob(digest string) (*os.File, error) {
	hash, err := v1.NewHash(digest)
	if err != nil {
		return nil, err
	}
	return os.Open(filepath.Join(s.Dir, "blobs", hash.Algorithm, hash.Hex))
}
