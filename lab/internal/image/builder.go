package image

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"

	"github.com/crashproof-dev/crashproof/lab/internal/filelock"
	"github.com/crashproof-dev/crashproof/lab/internal/gobuild"
	"github.com/crashproof-dev/crashproof/lab/internal/home"
	"github.com/crashproof-dev/crashproof/lab/internal/progress"
)

// Builder makes images of definitions.
type Builder struct {
	LabDir string
	Home   home.Home

	definitions map[string]*Definition
	keys        map[string]string
	changed     bool // something was made
}

// Build makes the images with these names, or all when there are none, unless
// they are there already.
func (b *Builder) Build(ctx context.Context, names ...string) error {
	release, err := filelock.Take(ctx, filepath.Join(b.Home.Root, "images.lock"))
	if err != nil {
		return err
	}
	defer release()
	if b.definitions, err = Load(b.LabDir); err != nil {
		return err
	}
	b.keys = map[string]string{}
	store, err := openStore(b.Home.Images())
	if err != nil {
		return err
	}
	if len(names) == 0 {
		names = sortedNames(b.definitions)
	}
	for _, name := range names {
		if err := b.ensure(ctx, store, name); err != nil {
			return fmt.Errorf("making image %s: %w", name, err)
		}
	}
	if !b.changed {
		return nil
	}
	return store.prune()
}

func (b *Builder) ensure(ctx context.Context, store *imageStore, name string) error {
	d := b.definitions[name]
	if d == nil {
		return fmt.Errorf("there is no definition lab/images/%s.yaml", name)
	}
	key, err := b.key(d)
	if err != nil {
		return err
	}
	if store.has(d, key) {
		return nil
	}
	if d.Base != "" {
		if err := b.ensure(ctx, store, d.Base); err != nil {
			return err
		}
	}
	began := time.Now()
	img, err := b.build(ctx, store, d)
	if err != nil {
		return err
	}
	b.changed = true
	size, err := store.put(d, key, img)
	if err != nil {
		return err
	}
	progress.Say("image %-24s %4d MB %6.1fs", name, size>>20, time.Since(began).Seconds())
	return nil
}

func (b *Builder) build(ctx context.Context, store *imageStore, d *Definition) (v1.Image, error) {
	base, err := b.base(store, d)
	if err != nil {
		return nil, err
	}
	layers, err := b.layers(ctx, store, d)
	if err != nil {
		return nil, err
	}
	return assemble(base, layers, d)
}

func (b *Builder) base(store *imageStore, d *Definition) (v1.Image, error) {
	if d.Base == "" {
		return empty.Image, nil
	}
	return store.get(b.definitions[d.Base])
}

// layers are at most two: packages, which other images may share, and what is ours.
func (b *Builder) layers(ctx context.Context, store *imageStore, d *Definition) ([]v1.Layer, error) {
	var layers []v1.Layer
	for _, fill := range []struct {
		wanted bool
		with   func(context.Context, *layerWriter, *Definition) error
	}{
		{len(d.Debian) > 0, b.addPackages},
		{d.Go != "" || d.Program != nil || d.Java != nil || len(d.Files)+len(d.Dirs) > 0, b.addOwn},
	} {
		if !fill.wanted {
			continue
		}
		w, err := newLayerWriter(store.blobs)
		if err != nil {
			return nil, err
		}
		if err := fill.with(ctx, w, d); err != nil {
			w.discard()
			return nil, err
		}
		layer, err := w.finish(store.blobs)
		if err != nil {
			return nil, err
		}
		layers = append(layers, layer)
	}
	return layers, nil
}

func (b *Builder) programs() gobuild.Programs { return gobuild.Programs{LabDir: b.LabDir} }

func openStore(dir string) (*imageStore, error) {
	path, err := layout.FromPath(dir)
	if err != nil {
		if path, err = layout.Write(dir, empty.Index); err != nil {
			return nil, fmt.Errorf("making the image layout %s: %w", dir, err)
		}
	}
	blobs := filepath.Join(dir, "blobs", "sha256")
	return &imageStore{path: path, blobs: blobs}, os.MkdirAll(blobs, 0o755)
}

// Digests maps every reference to the digest that it stands for now.
func (b *Builder) Digests() (map[string]string, error) {
	store, err := openStore(b.Home.Images())
	if err != nil {
		return nil, err
	}
	return store.digests()
}
