package image

import (
	"os"
	"path/filepath"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
)

// put stores an image of one file with some content.
func put(t *testing.T, s *imageStore, d *Definition, key, content string) {
	t.Helper()
	w, err := newLayerWriter(s.blobs)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.content("etc/file", []byte(content), 0o644, 0, 0); err != nil {
		t.Fatal(err)
	}
	layer, err := w.finish(s.blobs)
	if err != nil {
		t.Fatal(err)
	}
	img, err := assemble(empty.Image, []v1.Layer{layer}, d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.put(d, key, img); err != nil {
		t.Fatal(err)
	}
}

func blobs(t *testing.T, s *imageStore) int {
	t.Helper()
	files, err := os.ReadDir(s.blobs)
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func TestStoreKnowsWhatAnImageWasMadeOf(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "images"))
	if err != nil {
		t.Fatal(err)
	}
	d := &Definition{Name: "x", Refs: []string{"registry.lab.local/x:1", "registry.lab.local/x:latest"}}
	if s.has(d, "k1") {
		t.Error("an empty store has the image")
	}
	put(t, s, d, "k1", "one")
	if !s.has(d, "k1") || s.has(d, "k2") {
		t.Error("the store does not tell the key that the image was made with")
	}
	more := &Definition{Name: "x", Refs: append(d.Refs, "registry.lab.local/x:2")}
	if s.has(more, "k1") {
		t.Error("a reference that was added is taken for served")
	}
	before, err := s.digests()
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, d, "k2", "two")
	after, err := s.digests()
	if err != nil {
		t.Fatal(err)
	}
	if len(after) != 2 || before[d.Refs[0]] == after[d.Refs[0]] {
		t.Errorf("references are %v after %v; want both to stand for the new image", after, before)
	}
}

func TestPruneKeepsWhatIsUsed(t *testing.T) {
	s, err := openStore(filepath.Join(t.TempDir(), "images"))
	if err != nil {
		t.Fatal(err)
	}
	d := &Definition{Name: "x", Refs: []string{"registry.lab.local/x:1"}}
	put(t, s, d, "k1", "one")
	put(t, s, d, "k2", "two")
	if err := os.WriteFile(filepath.Join(s.blobs, "layer-1.tar"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.prune(); err != nil {
		t.Fatal(err)
	}
	if got := blobs(t, s); got != 3 {
		t.Errorf("%d blobs are left; want manifest, configuration and layer", got)
	}
	img, err := s.get(d)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		body, err := l.Compressed()
		if err != nil {
			t.Fatalf("a layer of the image is gone: %v", err)
		}
		_ = body.Close()
	}
}
