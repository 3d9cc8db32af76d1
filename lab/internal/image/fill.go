package image

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crashproof-dev/crashproof/lab/internal/gobuild"
)

// addPackages fills in the Debian packages that the base has not.
func (b *Builder) addPackages(ctx context.Context, w *layerWriter, d *Definition) error {
	a := apt{dir: b.Home.Debs()}
	if err := a.prepare(); err != nil {
		return err
	}
	files, err := a.resolve(ctx, d.Debian)
	if err != nil {
		return err
	}
	if base := b.basePackages(d); len(base) > 0 {
		below, err := a.resolve(ctx, base)
		if err != nil {
			return err
		}
		files = slices.DeleteFunc(files, func(f string) bool { return slices.Contains(below, f) })
	} else if err := w.linkMergedDirs(); err != nil {
		return err
	}
	paths, err := a.download(ctx, d.Debian, files)
	if err != nil {
		return err
	}
	var certs bytes.Buffer
	for _, p := range paths {
		if err := w.addDeb(ctx, p, &certs); err != nil {
			return err
		}
	}
	if certs.Len() > 0 {
		return w.content("etc/ssl/certs/ca-certificates.crt", certs.Bytes(), 0o644, 0, 0)
	}
	return nil
}

func (b *Builder) basePackages(d *Definition) []string {
	var all []string
	for name := d.Base; name != ""; name = b.definitions[name].Base {
		all = append(all, b.definitions[name].Debian...)
	}
	return all
}

// addOwn fills in everything that is not a package.
func (b *Builder) addOwn(ctx context.Context, w *layerWriter, d *Definition) error {
	for _, dir := range d.Dirs {
		m, err := mode(dir.Mode, defaultDirMode(clean(dir.Path)))
		if err != nil {
			return err
		}
		if err := w.dir(&tar.Header{Name: dir.Path, Mode: m, Uid: dir.UID, Gid: dir.GID, ModTime: epoch}); err != nil {
			return err
		}
	}
	if d.Go != "" {
		program, err := gobuild.Build(ctx, b.Home.Bin(), b.goTarget(d))
		if err != nil {
			return err
		}
		if err := w.fromFile(d.GoTarget, program, 0o755, 0, 0); err != nil {
			return err
		}
	}
	if d.Program != nil {
		if err := b.addProgram(ctx, w, d.Program); err != nil {
			return err
		}
	}
	if d.Java != nil {
		if err := b.addJava(ctx, w, d.Java); err != nil {
			return err
		}
	}
	for _, f := range d.Files {
		if err := b.addFile(w, f); err != nil {
			return err
		}
	}
	return nil
}

func (b *Builder) addFile(w *layerWriter, f File) error {
	if f.Link != "" {
		return w.link(f.Path, f.Link)
	}
	m, err := mode(f.Mode, 0o644)
	if err != nil {
		return err
	}
	if f.From != "" {
		return w.fromFile(f.Path, filepath.Join(b.LabDir, f.From), m, f.UID, f.GID)
	}
	return w.content(f.Path, []byte(f.Content), m, f.UID, f.GID)
}

// goTarget names the program after the image and its own directory.
func (b *Builder) goTarget(d *Definition) gobuild.Target {
	pkg := "./" + strings.TrimPrefix(clean(d.Go), "./")
	return gobuild.Target{
		Name: "app-" + path.Base(pkg) + d.Config.Arch, Dir: b.LabDir, Package: pkg,
		Arch: d.Config.Arch, Sources: []string{clean(d.Go)},
	}
}

// addJava ships classes when the machine can compile, else the sources, which `java Main.java` runs too.
func (b *Builder) addJava(ctx context.Context, w *layerWriter, j *Java) error {
	var sources []string
	for _, s := range j.Sources {
		sources = append(sources, filepath.Join(b.LabDir, s))
	}
	out, err := os.MkdirTemp("", "crashlab-java-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(out) }()
	if javac, err := exec.LookPath("javac"); err == nil {
		cmd := exec.CommandContext(ctx, javac, append([]string{"--release", "17", "-d", out}, sources...)...)
		if said, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("compiling %v: %w: %s", j.Sources, err, said)
		}
		return addTree(w, out, j.Target)
	}
	for _, s := range sources {
		if err := w.fromFile(path.Join(j.Target, filepath.Base(s)), s, 0o644, 0, 0); err != nil {
			return err
		}
	}
	return nil
}

func addTree(w *layerWriter, from, to string) error {
	return filepath.WalkDir(from, func(p string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		return w.fromFile(path.Join(to, rel), p, 0o644, 0, 0)
	})
}
