package image

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// recipe changes when this package makes other images of the same definition.
const recipe = "2"

// key is the hash of everything that an image is made of, but for the versions
// of Debian packages: those are taken as they are when it is made.
func (b *Builder) key(d *Definition) (string, error) {
	if key, ok := b.keys[d.Name]; ok {
		return key, nil
	}
	h := sha256.New()
	text, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	fmt.Fprintln(h, recipe, string(text))
	if d.Base != "" {
		base, err := b.key(b.definitions[d.Base])
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, "base", base)
	}
	if err := b.hashInputs(h, d); err != nil {
		return "", err
	}
	b.keys[d.Name] = hex.EncodeToString(h.Sum(nil))[:16]
	return b.keys[d.Name], nil
}

func (b *Builder) hashInputs(h io.Writer, d *Definition) error {
	if d.Go != "" {
		key, err := b.goTarget(d).Key()
		if err != nil {
			return err
		}
		fmt.Fprintln(h, "go", key)
	}
	if err := b.hashProgram(h, d.Program); err != nil {
		return err
	}
	var files []string
	if d.Java != nil {
		files = append(files, d.Java.Sources...)
		_, err := exec.LookPath("javac")
		fmt.Fprintln(h, "compiled", err == nil)
	}
	for _, f := range d.Files {
		if f.From != "" {
			files = append(files, f.From)
		}
	}
	for _, f := range files {
		if err := hashFile(h, filepath.Join(b.LabDir, f)); err != nil {
			return err
		}
	}
	return nil
}

func (b *Builder) hashProgram(h io.Writer, p *Program) error {
	if p == nil {
		return nil
	}
	if p.Name == "busybox" {
		return hashFile(h, busybox)
	}
	target, err := b.programTarget(p.Name)
	if err != nil {
		return err
	}
	key, err := target.Key()
	fmt.Fprintln(h, "program", key)
	return err
}

func hashFile(h io.Writer, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("reading a source of an image: %w", err)
	}
	defer func() { _ = file.Close() }()
	fmt.Fprintln(h, "file", filepath.Base(name))
	_, err = io.Copy(h, file)
	return err
}
